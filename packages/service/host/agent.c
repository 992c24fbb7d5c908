#include "host.h"

/** The end of the agent's output: an agent that refuses to run ends with a sentence or a stack. */
static char said[4096];
static DWORD said_bytes;

/** Reads to the end, so that the agent never waits for a reader, and keeps the last bytes. */
static DWORD WINAPI read_said(void *pipe) {
  static char chunk[1024];
  DWORD bytes;
  said_bytes = 0;
  while (ReadFile(pipe, chunk, sizeof chunk, &bytes, NULL) && bytes > 0) {
    DWORD room = sizeof said - 1 - said_bytes;
    if (bytes > room) {
      DWORD gone = bytes - room;
      for (DWORD at = gone; at < said_bytes; at++) said[at - gone] = said[at];
      said_bytes -= gone;
    }
    for (DWORD at = 0; at < bytes; at++) said[said_bytes++] = chunk[at];
  }
  CloseHandle(pipe);
  return 0;
}

const char *last_words(void) {
  said[said_bytes] = 0;
  // A character must not be cut in two.
  DWORD begin = 0;
  while (begin < said_bytes && ((unsigned char)said[begin] & 0xc0) == 0x80) begin++;
  return said + begin;
}

/** Makes a job that ends all processes of an agent with this program, however it ends. */
static DWORD make_job(HANDLE *job) {
  static JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  *job = CreateJobObjectW(NULL, NULL);
  if (*job == NULL) return GetLastError();
  return SetInformationJobObject(*job, JobObjectExtendedLimitInformation, &limits, sizeof limits) ? 0 : GetLastError();
}

/** @param ours the end of the pipe that the agent must not inherit, because it would keep the pipe open */
static DWORD make_pipe(HANDLE *read, HANDLE *write, HANDLE *ours) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  if (!CreatePipe(read, write, &inherited, 0)) return GetLastError();
  return SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0) ? 0 : GetLastError();
}

static void let_go(HANDLE *handle) {
  if (*handle != NULL) CloseHandle(*handle);
  *handle = NULL;
}

/** Puts the agent into its job before its first instruction runs. */
static DWORD start_in_job(struct agent *agent, wchar_t *command, STARTUPINFOW *how) {
  PROCESS_INFORMATION made;
  DWORD error = 0;
  if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL, NULL, how, &made)) return GetLastError();
  if (!AssignProcessToJobObject(agent->job, made.hProcess)) error = GetLastError();
  if (error == 0) ResumeThread(made.hThread);
  else TerminateProcess(made.hProcess, 1);
  CloseHandle(made.hThread);
  agent->process = made.hProcess;
  return error;
}

DWORD start_agent(struct agent *agent, wchar_t *command) {
  static STARTUPINFOW how;
  HANDLE input = NULL, said_to_us = NULL, output = NULL;
  agent->job = agent->process = agent->standard_input = agent->reader = NULL;
  DWORD error = make_job(&agent->job);
  if (error == 0) error = make_pipe(&input, &agent->standard_input, &agent->standard_input);
  if (error == 0) error = make_pipe(&said_to_us, &output, &said_to_us);
  how.cb = sizeof how;
  how.dwFlags = STARTF_USESTDHANDLES;
  how.hStdInput = input;
  how.hStdError = output;
  if (error == 0) error = start_in_job(agent, command, &how);
  let_go(&input);
  let_go(&output);
  if (error == 0) agent->reader = CreateThread(NULL, 0, read_said, said_to_us, 0, NULL);
  else let_go(&said_to_us);
  if (error != 0) finish_agent(agent);
  return error;
}

void close_agents_input(struct agent *agent) { let_go(&agent->standard_input); }

DWORD finish_agent(struct agent *agent) {
  DWORD code = 1;
  TerminateJobObject(agent->job, 1);
  if (agent->process != NULL) {
    WaitForSingleObject(agent->process, 5000);
    GetExitCodeProcess(agent->process, &code);
  }
  // When the last process of the job has ended, its end of the pipe is closed.
  if (agent->reader != NULL) WaitForSingleObject(agent->reader, 5000);
  let_go(&agent->reader);
  let_go(&agent->process);
  let_go(&agent->standard_input);
  let_go(&agent->job);
  return code;
}
