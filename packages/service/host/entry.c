#include "host.h"

/** Symbols that the linker needs, and those that a compiler uses for loops and structures, because there is no C library. */
unsigned long _tls_index = 0;

void *memset(void *to, int value, size_t bytes) {
  volatile unsigned char *each = to;
  while (bytes-- > 0) *each++ = (unsigned char)value;
  return to;
}

void *memcpy(void *to, const void *from, size_t bytes) {
  volatile unsigned char *each = to;
  const unsigned char *next = from;
  while (bytes-- > 0) *each++ = *next++;
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if (target <= source) return memcpy(to, from, bytes);
  while (bytes-- > 0) ((volatile unsigned char *)target)[bytes] = source[bytes];
  return to;
}

/** Returns the last word of the command line, which is the only argument of this program. */
static const wchar_t *last_word(void) {
  const wchar_t *line = GetCommandLineW();
  const wchar_t *word = line;
  for (; *line != 0; line++)
    if (*line == L' ' && line[1] != L' ' && line[1] != 0) word = line + 1;
  return word;
}

void start_here(void) {
  const wchar_t *word = last_word();
  ExitProcess(same_text(word, L"service") ? serve() : manage(word));
}
