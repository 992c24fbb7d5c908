#include "host.h"

#define KEY L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" SERVICE_NAME
/** A program of Windows whose messages 1 to 1000 consist of the text that is passed with them. */
#define MESSAGES L"%SystemRoot%\\System32\\EventCreate.exe"
#define MESSAGE 1
/** One event holds at most 31,839 characters. */
#define CAPACITY 8192

void tell_event_log(WORD type, const wchar_t *what, const char *utf8) {
  static wchar_t text[CAPACITY];
  const wchar_t *texts[] = {text};
  HANDLE log = RegisterEventSourceW(NULL, SERVICE_NAME);
  if (log == NULL) return;
  text[0] = 0;
  append(text, CAPACITY, what);
  if (utf8[0] != 0) append(text, CAPACITY, L"\r\n\r\n");
  append_utf8(text, CAPACITY, utf8);
  ReportEventW(log, type, 0, MESSAGE, NULL, 1, 0, texts, NULL);
  DeregisterEventSource(log);
}

DWORD register_events(void) {
  HKEY key;
  DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
  DWORD error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, KEY, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
  if (error != 0) return error;
  error = RegSetValueExW(key, L"EventMessageFile", 0, REG_EXPAND_SZ, (const BYTE *)MESSAGES, sizeof MESSAGES);
  if (error == 0) error = RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, (const BYTE *)&types, sizeof types);
  RegCloseKey(key);
  return error;
}

void unregister_events(void) { RegDeleteKeyW(HKEY_LOCAL_MACHINE, KEY); }
