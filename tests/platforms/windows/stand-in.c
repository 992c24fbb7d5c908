/*
 * One program in place of three that Wine lacks. The name by which it is called decides:
 *
 * certutil -hashfile FILE SHA256  answers like that of Windows 10, with CERTUTIL_OF=7 like that of Windows 7. With CERTUTIL_HOLDS another
 *     program keeps FILE open afterwards, like a virus scanner; with CERTUTIL_HOLDS=answer it keeps the file of the answer open.
 *     With CERTUTIL_REMOVES=OTHER it removes that file first, like a stick that has other content at the next read.
 * hold FILE how  says "held", and keeps the file open until it is ended: "alone" lets nobody else open it, "reading" lets others read
 *     and run it.
 * sluice service status  is a service.
 * sluice kit verify --help  describes the command, and  sluice kit verify STICK  fails, each with SLUICE_FAILS.
 *
 * Only Windows itself is linked, because the C library would take a minute to compile. https://learn.microsoft.com/windows/win32/seccng
 */
#include <windows.h>
#include <bcrypt.h>
#include <shellapi.h>

unsigned long _tls_index;
static unsigned char block[1 << 16];
static wchar_t command[2048];
static char line[2048];

static void say(const char *text) {
  DWORD written;
  WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, lstrlenA(text), &written, NULL);
}

static int is_set(const wchar_t *variable) { return GetEnvironmentVariableW(variable, NULL, 0) > 0; }

static int failed(DWORD code) {
  wsprintfA(line, "CertUtil: -hashfile command FAILED: 0x8007%04x (WIN32: %u)\r\n", code, code);
  say(line);
  return (int)(0x80070000u | code);
}

static int hold(const wchar_t *path, DWORD sharing) {
  if (CreateFileW(path, GENERIC_READ, sharing, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE) return (int)GetLastError();
  say("held\r\n");
  Sleep(INFINITE);
  return 0;
}

/* Waits until the program says "held" into a pipe. */
static int leave_held(const wchar_t *self, const wchar_t *path) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  STARTUPINFOW how = {.cb = sizeof how, .dwFlags = STARTF_USESTDHANDLES};
  PROCESS_INFORMATION started;
  wchar_t value[16];
  HANDLE ours;
  DWORD got;
  if (!CreatePipe(&ours, &how.hStdOutput, &inherited, 0)) return 1;
  GetEnvironmentVariableW(L"CERTUTIL_HOLDS", value, 16);
  const int is_answer = lstrcmpW(value, L"answer") == 0;
  if (!is_answer) SetHandleInformation(GetStdHandle(STD_OUTPUT_HANDLE), HANDLE_FLAG_INHERIT, 0);
  wsprintfW(command, L"\"%ls\" hold \"%ls\" reading", self, is_answer ? L"NUL" : path);
  if (!CreateProcessW(self, command, NULL, NULL, TRUE, 0, NULL, NULL, &how, &started)) return 1;
  return ReadFile(ours, line, 4, &got, NULL) ? 0 : 1;
}

static int tell_sha256(const wchar_t *path) {
  BCRYPT_ALG_HANDLE algorithm;
  BCRYPT_HASH_HANDLE hash;
  unsigned char sum[32];
  DWORD got;
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return failed(GetLastError());
  if (BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0) != 0) return 1;
  if (BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0) != 0) return 1;
  while (ReadFile(file, block, sizeof block, &got, NULL) && got > 0) BCryptHashData(hash, block, got, 0);
  BCryptFinishHash(hash, sum, sizeof sum, 0);
  wsprintfA(line, is_set(L"CERTUTIL_OF") ? "SHA256 hash of file %ls:\r\n" : "SHA256 hash of %ls:\r\n", path);
  say(line);
  for (int at = 0; at < 32; at++) {
    wsprintfA(line, at > 0 && is_set(L"CERTUTIL_OF") ? " %02x" : "%02x", sum[at]);
    say(line);
  }
  say("\r\nCertUtil: -hashfile command completed successfully.\r\n");
  return 0;
}

static void remove_other(void) {
  static wchar_t other[1024];
  if (GetEnvironmentVariableW(L"CERTUTIL_REMOVES", other, 1024) > 0) DeleteFileW(other);
}

static int answer(int count, wchar_t **words) {
  if (count == 4 && lstrcmpW(words[1], L"hold") == 0) return hold(words[2], lstrcmpW(words[3], L"alone") == 0 ? 0 : FILE_SHARE_READ);
  if (count > 3 && lstrcmpW(words[1], L"kit") == 0 && is_set(L"SLUICE_FAILS"))
    return lstrcmpW(words[3], L"--help") == 0 ? say("  --seal <dir>  the seal\r\n"), 0 : 3;
  if (count > 2 && lstrcmpW(words[1], L"service") == 0) return say("installed (of the test), it runs\r\n"), 0;
  if (count != 4 || lstrcmpW(words[1], L"-hashfile") != 0 || lstrcmpW(words[3], L"SHA256") != 0) return 2;
  remove_other();
  const int code = tell_sha256(words[2]);
  return code == 0 && is_set(L"CERTUTIL_HOLDS") ? leave_held(words[0], words[2]) : code;
}

void mainCRTStartup(void) {
  int count;
  wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
  ExitProcess(answer(count, words));
}
