#include "host.h"

void append(wchar_t *text, DWORD capacity, const wchar_t *more) {
  DWORD length = lstrlenW(text);
  if (length + 1 < capacity) lstrcpynW(text + length, more, capacity - length);
}

void append_number(wchar_t *text, DWORD capacity, DWORD number) {
  wchar_t digits[11];
  int at = 10;
  digits[at] = 0;
  do digits[--at] = L'0' + number % 10;
  while ((number /= 10) > 0);
  append(text, capacity, digits + at);
}

void append_utf8(wchar_t *text, DWORD capacity, const char *utf8) {
  DWORD length = lstrlenW(text);
  int room = capacity - length - 1;
  int written = MultiByteToWideChar(CP_UTF8, 0, utf8, lstrlenA(utf8), text + length, room);
  text[length + written] = 0;
}

BOOL same_text(const wchar_t *a, const wchar_t *b) { return CompareStringOrdinal(a, -1, b, -1, TRUE) == CSTR_EQUAL; }

BOOL begins_with(const wchar_t *text, const wchar_t *beginning) {
  int length = lstrlenW(beginning);
  return lstrlenW(text) >= length && CompareStringOrdinal(text, length, beginning, length, TRUE) == CSTR_EQUAL;
}

void say(DWORD stream, const wchar_t *text) {
  static char bytes[3 * LONGEST];
  DWORD written;
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL, NULL);
  if (length == 0) return;
  bytes[length - 1] = '\n';
  WriteFile(GetStdHandle(stream), bytes, length, &written, NULL);
}
