#include "host.h"

#define RESTART_AFTER_MS 5000
/** How long the manager waits for a report. */
#define SIGN_OF_LIFE_MS 15000
#define TELL_EVERY_MS 1000

static SERVICE_STATUS_HANDLE handle;
static HANDLE stop_asked;
static struct settings settings;

/** Reports a state to the manager. Only one thread calls it, because nothing can be reported after the end. */
static void tell(DWORD state, DWORD error, DWORD agents_code) {
  static SERVICE_STATUS status;
  BOOL is_pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
  status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
  status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PRESHUTDOWN : 0;
  status.dwCheckPoint = is_pending ? status.dwCheckPoint + 1 : 0;
  status.dwWaitHint = is_pending ? SIGN_OF_LIFE_MS : 0;
  status.dwCurrentState = state;
  status.dwWin32ExitCode = agents_code == 0 ? error : ERROR_SERVICE_SPECIFIC_ERROR;
  status.dwServiceSpecificExitCode = agents_code;
  SetServiceStatus(handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context) {
  (void)type, (void)data, (void)context;
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
    case SERVICE_CONTROL_PRESHUTDOWN:
      SetEvent(stop_asked);
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

/** A wrong configuration, an unusable journal, or an agent that runs already: another attempt would end the same way. */
static BOOL is_final(DWORD code) { return code == 2 || code == 4 || code == 5; }

/** Waits for the end of the agent, for as long as `sluice service install` has calculated. */
static void wind_down(struct agent *agent) {
  close_agents_input(agent);
  DWORD waited_ms = 0;
  do {
    tell(SERVICE_STOP_PENDING, 0, 0);
    if (WaitForSingleObject(agent->process, TELL_EVERY_MS) == WAIT_OBJECT_0) break;
  } while ((waited_ms += TELL_EVERY_MS) < settings.stop_within_ms);
  BOOL ended = WaitForSingleObject(agent->process, 0) == WAIT_OBJECT_0;
  finish_agent(agent);
  if (!ended) tell_event_log(EVENTLOG_WARNING_TYPE, L"Sluice did not end in time, and was ended hard.", last_words());
}

static void tell_failure(DWORD code) {
  wchar_t what[200];
  what[0] = 0;
  append(what, 200, L"Sluice ended with ");
  append_number(what, 200, code);
  append(what, 200, is_final(code) ? L", and is not started again. It said last:" : L", and is started again. It said last:");
  tell_event_log(EVENTLOG_ERROR_TYPE, what, last_words());
}

/** @returns the exit code of the agent; 0: the manager or `sluice stop` ended it */
static DWORD run_agent(struct agent *agent) {
  HANDLE either[] = {stop_asked, agent->process};
  tell(SERVICE_RUNNING, 0, 0);
  if (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
    wind_down(agent);
    return 0;
  }
  DWORD code = finish_agent(agent);
  if (code != 0) tell_failure(code);
  return code;
}

/** Runs one agent after the other, until another attempt is useless. */
static void run_agents(void) {
  struct agent agent;
  BOOL has_run = FALSE;
  do {
    DWORD error = start_agent(&agent, settings.command);
    if (error != 0) tell_event_log(EVENTLOG_ERROR_TYPE, L"Sluice cannot be started. The command of its service is in sluice-service.ini.", "");
    // Later the program may be missing for a moment, during an upgrade.
    if (error != 0 && !has_run) return tell(SERVICE_STOPPED, error, 0);
    DWORD code = error == 0 ? run_agent(&agent) : error;
    if (error == 0 && (code == 0 || is_final(code))) return tell(SERVICE_STOPPED, 0, code);
    has_run = TRUE;
  } while (WaitForSingleObject(stop_asked, RESTART_AFTER_MS) != WAIT_OBJECT_0);
  tell(SERVICE_STOPPED, 0, 0);
}

static void WINAPI service_main(DWORD count, wchar_t **words) {
  (void)count, (void)words;
  handle = RegisterServiceCtrlHandlerExW(SERVICE_NAME, on_control, NULL);
  if (handle == NULL) return;
  tell(SERVICE_START_PENDING, 0, 0);
  DWORD error = read_settings(&settings);
  if (error == 0) return run_agents();
  tell_event_log(EVENTLOG_ERROR_TYPE, L"sluice-service.ini, which is next to this program, cannot be used. Run \"sluice service install\".", "");
  tell(SERVICE_STOPPED, error, 0);
}

DWORD serve(void) {
  SERVICE_TABLE_ENTRYW table[2];
  table[0].lpServiceName = SERVICE_NAME;
  table[0].lpServiceProc = service_main;
  table[1].lpServiceName = NULL;
  table[1].lpServiceProc = NULL;
  stop_asked = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (stop_asked == NULL) return GetLastError();
  return StartServiceCtrlDispatcherW(table) ? 0 : GetLastError();
}
