#include "host.h"

#define FILE_NAME L"sluice-service.ini"

static wchar_t own_path[LONGEST];

static DWORD read_own_path(void) {
  DWORD length = GetModuleFileNameW(NULL, own_path, LONGEST);
  return length == 0 || length == LONGEST ? ERROR_BUFFER_OVERFLOW : 0;
}

const wchar_t *own_command(void) {
  static wchar_t command[LONGEST];
  command[0] = 0;
  if (read_own_path() != 0) return command;
  append(command, LONGEST, L"\"");
  append(command, LONGEST, own_path);
  append(command, LONGEST, L"\" service");
  return command;
}

/**
 * @returns an error of Windows; 0: `text` has the content of the file, which is UTF-16 with a byte order mark. The text has no
 * mark and ends with 0
 */
static DWORD read_file(const wchar_t *path, wchar_t *text, DWORD capacity) {
  DWORD bytes = 0, error = 0;
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return GetLastError();
  if (!ReadFile(file, text, (capacity - 1) * sizeof *text, &bytes, NULL)) error = GetLastError();
  CloseHandle(file);
  if (error != 0) return error;
  if (bytes < sizeof *text || text[0] != 0xfeff) return ERROR_INVALID_DATA;
  text[0] = L';';
  text[bytes / sizeof *text] = 0;
  return 0;
}

/** Cuts off one line. @returns what follows it; null: nothing does */
static wchar_t *cut_line(wchar_t *line) {
  while (*line != 0 && *line != L'\n') {
    if (*line == L'\r') *line = 0;
    line++;
  }
  if (*line == 0) return NULL;
  *line = 0;
  return line + 1;
}

static DWORD number_of(const wchar_t *digits) {
  DWORD number = 0;
  for (; *digits >= L'0' && *digits <= L'9'; digits++) number = number * 10 + (*digits - L'0');
  return number;
}

static void take(wchar_t *line, struct settings *settings) {
  if (begins_with(line, L"account=")) settings->account = line + 8;
  if (begins_with(line, L"stop_within_ms=")) settings->stop_within_ms = number_of(line + 15);
  if (begins_with(line, L"command=")) settings->command = line + 8;
}

DWORD read_settings(struct settings *settings) {
  static wchar_t path[LONGEST], text[2 * LONGEST];
  wchar_t *line = text, *next;
  DWORD error = read_own_path();
  if (error != 0) return error;
  append(path, LONGEST, own_path);
  int end = lstrlenW(path);
  while (end > 0 && path[end - 1] != L'\\') end--;
  path[end] = 0;
  append(path, LONGEST, FILE_NAME);
  error = read_file(path, text, 2 * LONGEST);
  if (error != 0) return error;
  settings->account = settings->command = NULL;
  settings->stop_within_ms = 0;
  for (; line != NULL; line = next) {
    next = cut_line(line);
    take(line, settings);
  }
  return settings->account == NULL || settings->command == NULL || settings->stop_within_ms == 0 ? ERROR_INVALID_DATA : 0;
}
