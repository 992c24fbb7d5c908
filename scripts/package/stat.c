/*
 * `stat` of glibc before 2.33 is not a function of the library but a piece that is linked into each program. The piece that this
 * compiler brings has a separate `errno`, so SQLite would take a missing file for one that cannot be opened. The function below calls
 * what the piece calls, which every glibc has; its first argument is _STAT_VER of <bits/stat.h>.
 */
#ifdef __x86_64__
#define VERSION 1
#else
#define VERSION 0
#endif
#define LOCAL __attribute__((visibility("hidden")))

int __xstat64(int, const char *, void *);
int __lxstat64(int, const char *, void *);
int __fxstat64(int, int, void *);

LOCAL int stat(const char *path, void *out) { return __xstat64(VERSION, path, out); }
LOCAL int stat64(const char *path, void *out) { return __xstat64(VERSION, path, out); }
LOCAL int lstat(const char *path, void *out) { return __lxstat64(VERSION, path, out); }
LOCAL int lstat64(const char *path, void *out) { return __lxstat64(VERSION, path, out); }
LOCAL int fstat(int file, void *out) { return __fxstat64(VERSION, file, out); }
LOCAL int fstat64(int file, void *out) { return __fxstat64(VERSION, file, out); }
