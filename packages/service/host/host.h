/*
 * What Windows's service control manager starts in Sluice's place: it speaks the manager's protocol, which a program on Node cannot.
 * It has no C library, so that all it contains is in these files: only kernel32 and advapi32 are called.
 */
#ifndef SLUICE_SERVICE_HOST_H
#define SLUICE_SERVICE_HOST_H

#define WIN32_LEAN_AND_MEAN
#define UNICODE
#include <windows.h>

/** The name of the service, of its event source, and of its account below `NT SERVICE`. */
#define SERVICE_NAME L"Sluice"
/** The longest path and command line of Windows, in characters. */
#define LONGEST 32768

/* settings.c */

/** What `sluice service install` has written next to this program, into `sluice-service.ini`. */
struct settings {
  const wchar_t *account;
  /** As `CreateProcess` takes it: never taken apart here. It may be written into. */
  wchar_t *command;
  DWORD stop_within_ms;
};

/** @returns an error of Windows; 0: it was read */
DWORD read_settings(struct settings *settings);
/** How the manager starts this program: its path, quoted, and `service`. */
const wchar_t *own_command(void);

/* agent.c */

struct agent {
  HANDLE job, process, standard_input, reader;
};

/** @returns an error of Windows; 0: it runs */
DWORD start_agent(struct agent *agent, wchar_t *command);
/** It ends by itself then, cleanly. */
void close_agents_input(struct agent *agent);
/** Ends what is left of it. @returns its exit code */
DWORD finish_agent(struct agent *agent);
/** Of the agent that was finished: the end of what it wrote to standard error, UTF-8. */
const char *last_words(void);

/* service.c */

/** Is the service until it ends. @returns an error of Windows where the manager has not started this program */
DWORD serve(void);

/* manager.c */

/** `create`, `start`, `delete` or `running`. @returns the exit code of this program: 0, or 1 with words on standard error */
DWORD manage(const wchar_t *verb);

/* events.c */

void tell_event_log(WORD type, const wchar_t *what, const char *utf8);
/** Has Windows show the text of an event as it is. */
DWORD register_events(void);
void unregister_events(void);

/* text.c */

/** The end of a text within its buffer, `capacity` characters long: what does not fit is cut. */
void append(wchar_t *text, DWORD capacity, const wchar_t *more);
void append_number(wchar_t *text, DWORD capacity, DWORD number);
void append_utf8(wchar_t *text, DWORD capacity, const char *utf8);
BOOL same_text(const wchar_t *a, const wchar_t *b);
BOOL begins_with(const wchar_t *text, const wchar_t *beginning);
/** UTF-8, with a line end. @param stream `STD_OUTPUT_HANDLE` or `STD_ERROR_HANDLE` */
void say(DWORD stream, const wchar_t *text);

#endif
