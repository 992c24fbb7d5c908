#include "host.h"

#define RESTART_AFTER_MS 5000
#define A_DAY_SECONDS 86400
#define LOOK_EVERY_MS 100
/** When a command ends an agent, the agent ends a moment before its service does. */
#define JUST_ENDING_MS 3000
#define GRACE_MS 15000

static DWORD fail(const wchar_t *what, DWORD error) {
  static wchar_t text[LONGEST];
  text[0] = 0;
  append(text, LONGEST, what);
  append(text, LONGEST, L" (error ");
  append_number(text, LONGEST, error);
  append(text, LONGEST, L"): ");
  DWORD length = lstrlenW(text);
  FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, text + length, LONGEST - length, NULL);
  for (DWORD end = lstrlenW(text); end > 0 && text[end - 1] <= L' '; end--) text[end - 1] = 0;
  if (error == ERROR_ACCESS_DENIED) append(text, LONGEST, L" Only an administrator may: open a command prompt with \"Run as administrator\".");
  say(STD_ERROR_HANDLE, text);
  return 1;
}

/** @returns what the manager knows about a service; null: it does not say */
static QUERY_SERVICE_CONFIGW *config_of(SC_HANDLE service) {
  static union { QUERY_SERVICE_CONFIGW config; BYTE bytes[8192]; } known;
  DWORD needed;
  return QueryServiceConfigW(service, &known.config, sizeof known, &needed) ? &known.config : NULL;
}

/** Returns whether the service is Sluice's, and not another program's service of the same name. */
static BOOL is_ours(SC_HANDLE service) {
  QUERY_SERVICE_CONFIGW *config = config_of(service);
  return config != NULL && same_text(config->lpBinaryPathName, own_command());
}

static DWORD refuse_foreign(SC_HANDLE service) {
  static wchar_t text[LONGEST];
  QUERY_SERVICE_CONFIGW *config = config_of(service);
  text[0] = 0;
  append(text, LONGEST, L"a service " SERVICE_NAME L" is there already, and is not of this program: ");
  append(text, LONGEST, config == NULL ? L"(it is not told)" : config->lpBinaryPathName);
  say(STD_ERROR_HANDLE, text);
  return 1;
}

/** Changes a setting. One that the manager of this system does not know (imitations of Windows) is reported and left out. */
static DWORD set(SC_HANDLE service, DWORD level, void *value, const wchar_t *what) {
  if (ChangeServiceConfig2W(service, level, value)) return 0;
  DWORD error = GetLastError();
  if (error != ERROR_INVALID_LEVEL) return fail(what, error);
  fail(what, error);
  return 0;
}

static DWORD configure(SC_HANDLE service, DWORD stop_within_ms) {
  SERVICE_DESCRIPTIONW description = {L"Carries recordings to storage and proves every byte. Written by \"sluice service install\"; see sluice-service.ini."};
  SC_ACTION again[] = {{SC_ACTION_RESTART, RESTART_AFTER_MS}, {SC_ACTION_RESTART, RESTART_AFTER_MS}, {SC_ACTION_RESTART, RESTART_AFTER_MS}};
  SERVICE_FAILURE_ACTIONSW actions = {A_DAY_SECONDS, NULL, NULL, 3, again};
  SERVICE_PRESHUTDOWN_INFO preshutdown = {stop_within_ms};
  // With this, the rights of the service do not depend on the account that it gets later.
  SERVICE_SID_INFO own_sid = {SERVICE_SID_TYPE_UNRESTRICTED};
  DWORD failed = set(service, SERVICE_CONFIG_DESCRIPTION, &description, L"the description is not set");
  failed |= set(service, SERVICE_CONFIG_FAILURE_ACTIONS, &actions, L"that it starts again is not set");
  failed |= set(service, SERVICE_CONFIG_PRESHUTDOWN_INFO, &preshutdown, L"the time to end before a shutdown is not set");
  failed |= set(service, SERVICE_CONFIG_SERVICE_SID_INFO, &own_sid, L"its separate identity is not set");
  DWORD error = register_events();
  return error == 0 ? failed : fail(L"the source of its events is not registered", error);
}

/** Virtual and managed accounts have no password. The password of another account is entered in services.msc. */
static const wchar_t *password_of(const wchar_t *account) {
  int length = lstrlenW(account);
  BOOL has_none = begins_with(account, L"NT SERVICE\\") || (length > 0 && account[length - 1] == L'$');
  return has_none ? NULL : L"";
}

static DWORD change(SC_HANDLE service, const struct settings *settings) {
  QUERY_SERVICE_CONFIGW *config = config_of(service);
  // A password that was entered in services.msc stays if the account does.
  BOOL stays = config != NULL && config->lpServiceStartName != NULL && same_text(config->lpServiceStartName, settings->account);
  const wchar_t *account = stays ? NULL : settings->account;
  const wchar_t *password = stays ? NULL : password_of(settings->account);
  DWORD type = SERVICE_WIN32_OWN_PROCESS, same = SERVICE_NO_CHANGE;
  if (ChangeServiceConfigW(service, type, same, same, NULL, NULL, NULL, NULL, account, password, NULL)) return 0;
  return fail(L"the service cannot be changed", GetLastError());
}

static DWORD create(SC_HANDLE manager) {
  struct settings settings;
  DWORD error = read_settings(&settings);
  if (error != 0) return fail(L"sluice-service.ini, which is next to this program, cannot be used", error);
  SC_HANDLE service = OpenServiceW(manager, SERVICE_NAME, SERVICE_ALL_ACCESS);
  if (service != NULL) {
    if (!is_ours(service)) return refuse_foreign(service);
    DWORD failed = change(service, &settings);
    return failed == 0 ? configure(service, settings.stop_within_ms) : failed;
  }
  if (GetLastError() != ERROR_SERVICE_DOES_NOT_EXIST) return fail(L"the service cannot be opened", GetLastError());
  service = CreateServiceW(manager, SERVICE_NAME, L"Sluice", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                           SERVICE_ERROR_NORMAL, own_command(), NULL, NULL, NULL, settings.account, password_of(settings.account));
  if (service == NULL) return fail(L"the service cannot be made", GetLastError());
  if (configure(service, settings.stop_within_ms) == 0) return 0;
  DeleteService(service);
  return 1;
}

static DWORD state_of(SC_HANDLE service, SERVICE_STATUS *status) {
  return QueryServiceStatus(service, status) ? status->dwCurrentState : 0;
}

static BOOL is_up(DWORD state) { return state == SERVICE_RUNNING || state == SERVICE_START_PENDING; }

static DWORD start(SC_HANDLE service) {
  SERVICE_STATUS status;
  for (DWORD waited_ms = 0;; waited_ms += LOOK_EVERY_MS) {
    if (StartServiceW(service, 0, NULL)) return 0;
    DWORD error = GetLastError();
    BOOL is_there = error == ERROR_SERVICE_ALREADY_RUNNING || error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    if (!is_there) return fail(L"the service cannot be started", error);
    BOOL is_ending = state_of(service, &status) == SERVICE_STOP_PENDING;
    if (!is_ending && waited_ms >= JUST_ENDING_MS) return 0;
    if (waited_ms >= JUST_ENDING_MS + 10 * GRACE_MS) return fail(L"the service does not come to its end", error);
    Sleep(LOOK_EVERY_MS);
  }
}

static DWORD stop(SC_HANDLE service) {
  struct settings settings;
  SERVICE_STATUS status;
  DWORD patience_ms = GRACE_MS;
  if (read_settings(&settings) == 0) patience_ms += settings.stop_within_ms;
  if (!ControlService(service, SERVICE_CONTROL_STOP, &status) && GetLastError() != ERROR_SERVICE_NOT_ACTIVE &&
      GetLastError() != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
    return fail(L"the service cannot be ended", GetLastError());
  for (DWORD waited_ms = 0; state_of(service, &status) != SERVICE_STOPPED; waited_ms += LOOK_EVERY_MS) {
    if (waited_ms >= patience_ms) return fail(L"the service does not end", ERROR_SERVICE_REQUEST_TIMEOUT);
    Sleep(LOOK_EVERY_MS);
  }
  return 0;
}

static DWORD delete(SC_HANDLE service) {
  DWORD failed = stop(service);
  if (failed != 0) return failed;
  if (!DeleteService(service)) return fail(L"the service cannot be removed", GetLastError());
  unregister_events();
  return 0;
}

/** Writes the last exit code to standard output, if it says more than that the service does not run. */
static DWORD running(SC_HANDLE service) {
  SERVICE_STATUS status;
  wchar_t code[11];
  if (is_up(state_of(service, &status))) return 0;
  code[0] = 0;
  append_number(code, 11, status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR ? status.dwServiceSpecificExitCode : 0);
  if (code[0] != L'0') say(STD_OUTPUT_HANDLE, code);
  return 1;
}

/** The commands for a service that exists. */
static const struct {
  const wchar_t *verb;
  DWORD rights;
  DWORD (*act)(SC_HANDLE service);
} acts[] = {{L"start", SERVICE_START, start}, {L"delete", SERVICE_STOP | DELETE, delete}, {L"running", 0, running}};

DWORD manage(const wchar_t *verb) {
  BOOL creates = same_text(verb, L"create");
  DWORD at = 0, count = sizeof acts / sizeof acts[0];
  while (!creates && at < count && !same_text(verb, acts[at].verb)) at++;
  if (at == count) {
    say(STD_ERROR_HANDLE, L"the service of Sluice: run \"sluice service\"");
    return 1;
  }
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, creates ? SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE : SC_MANAGER_CONNECT);
  if (manager == NULL) return fail(L"the services of Windows cannot be opened", GetLastError());
  if (creates) return create(manager);
  SC_HANDLE service = OpenServiceW(manager, SERVICE_NAME, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | acts[at].rights);
  if (service == NULL) return fail(L"the service cannot be opened", GetLastError());
  return is_ours(service) ? acts[at].act(service) : refuse_foreign(service);
}
