/*
 * A folder behind FUSE whose calls fail, are slow or never return. It takes these commands on a socket:
 *
 *   rule OPERATION errno|late|delay|hang ARGUMENT SUBSTRING   ARGUMENT: a number of errno(3), or milliseconds; `-` for a hang;
 *                                                        late: the call is carried out, and answered by an error (link only)
 *   clear                                                removes all rules; calls that hang continue
 *   hanging                                              answers with the number of calls that hang now
 *   uncached                                             gives no page cache to files that are opened from here on
 *   read                                                 answers with the number of bytes that were read of files
 *   link RATE LATENCY                                    from here on the files are behind a link: bytes per second in each direction,
 *                                                        milliseconds for each call. As on a network share, attributes are
 *                                                        remembered on this side, and what is written waits here until it is synced or
 *                                                        closed. SOCKET.syncs gets a line for each sync: its begin, its duration, its
 *                                                        bytes, the bytes and the files that waited at its begin (milliseconds, bytes)
 *
 * OPERATION is a name as passed to `gate` below, or `*`. SUBSTRING is searched in the path; `-` matches every path.
 * A call obeys the rules at its start, and one that is released continues normally.
 *
 * faultfs BACKING SOCKET MOUNTPOINT [OPTIONS]
 */
#define FUSE_USE_VERSION FUSE_MAKE_VERSION(3, 12)
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum action { FAIL, LATE, DELAY, HANG };
struct rule { char operation[16], substring[256]; enum action action; int argument; };
struct handle { int fd; long long unsent; char path[]; };

static struct rule rules[32];
static int ruleCount, hanging, backing, isUncached;
static unsigned long long readBytes;
static unsigned released;
/* The link: bytes per second, milliseconds, when each direction is free, and what waits to be sent. Rate 0: there is none. */
static long long rate, latency, sendsAt, receivesAt, unsentBytes;
static int unsentFiles;
static FILE *syncs;
static const long long mostUnsent = 32 << 20;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t release = PTHREAD_COND_INITIALIZER;

static int matches(const struct rule *rule, const char *operation, const char *path) {
  int named = strcmp(rule->operation, "*") == 0 || strcmp(rule->operation, operation) == 0;
  return named && (strcmp(rule->substring, "-") == 0 || strstr(path, rule->substring) != NULL);
}

static long long nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Waits until these bytes are through the link, behind all that were given to it before. To be called with the lock. */
static void pass(long long *freeAt, long long bytes) {
  long long now = nowMs();
  *freeAt = (*freeAt > now ? *freeAt : now) + bytes * 1000 / rate;
  long long pause = *freeAt - now;
  pthread_mutex_unlock(&lock);
  usleep((useconds_t)pause * 1000);
  pthread_mutex_lock(&lock);
}

/* Sends what was written to a file. */
static void sendWritten(struct handle *handle, int isSync) {
  pthread_mutex_lock(&lock);
  long long beganAt = nowMs(), bytes = handle->unsent, waiting = unsentBytes;
  int files = unsentFiles;
  if (rate > 0 && bytes > 0) {
    handle->unsent = 0;
    pass(&sendsAt, bytes);
    unsentBytes -= bytes;
    unsentFiles--;
    if (isSync && syncs != NULL) {
      fprintf(syncs, "%lld %lld %lld %lld %d\n", beganAt, nowMs() - beganAt, bytes, waiting, files);
      fflush(syncs);
    }
  }
  pthread_mutex_unlock(&lock);
}

/* Notes what was written. Where too much waits, it is sent at once. */
static void noteWritten(struct handle *handle, long long bytes) {
  pthread_mutex_lock(&lock);
  if (rate > 0) {
    if (handle->unsent == 0) unsentFiles++;
    handle->unsent += bytes;
    unsentBytes += bytes;
  }
  int isTooMuch = unsentBytes > mostUnsent;
  pthread_mutex_unlock(&lock);
  if (isTooMuch) sendWritten(handle, 0);
}

static void noteRead(long long bytes) {
  pthread_mutex_lock(&lock);
  if (rate > 0) pass(&receivesAt, bytes);
  pthread_mutex_unlock(&lock);
}

/* Applies the first rule that matches this call. Returns 0 if the call may continue. */
static int gate(const char *operation, const char *path) {
  int result = 0;
  useconds_t pause = 0;
  pthread_mutex_lock(&lock);
  if (strcmp(operation, "write") != 0 && strcmp(operation, "getattr") != 0) pause = (useconds_t)latency * 1000;
  for (int i = 0; i < ruleCount; i++) {
    if (!matches(&rules[i], operation, path)) continue;
    if (rules[i].action == FAIL) result = -rules[i].argument;
    if (rules[i].action == DELAY) pause = (useconds_t)rules[i].argument * 1000;
    if (rules[i].action == HANG) {
      unsigned round = released;
      hanging++;
      while (round == released) pthread_cond_wait(&release, &lock);
      hanging--;
    }
    break;
  }
  pthread_mutex_unlock(&lock);
  if (pause > 0) usleep(pause);
  return result;
}

/* Returns the error of a call that is carried out nevertheless, or 0. */
static int lateError(const char *operation, const char *path) {
  int result = 0;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < ruleCount; i++)
    if (rules[i].action == LATE && matches(&rules[i], operation, path)) result = -rules[i].argument;
  pthread_mutex_unlock(&lock);
  return result;
}

#define GATE(operation, path) do { int refused = gate(operation, path); if (refused != 0) return refused; } while (0)
#define ANSWER(call) return (call) == -1 ? -errno : 0
#define OF(info) ((struct handle *)(uintptr_t)(info)->fh)

/* Paths have the form `/a/b`, and are looked up below the backing folder. */
static const char *below(const char *path) { return path[1] == '\0' ? "." : path + 1; }

static int keep(int fd, const char *path, struct fuse_file_info *info) {
  if (fd == -1) return -errno;
  struct handle *handle = malloc(sizeof(struct handle) + strlen(path) + 1);
  if (handle == NULL) return -ENOMEM;
  handle->fd = fd;
  handle->unsent = 0;
  strcpy(handle->path, path);
  info->fh = (uintptr_t)handle;
  return 0;
}

static void *fs_init(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  config->use_ino = 1;
  config->nullpath_ok = 1;
  config->hard_remove = 1;
  config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
  return NULL;
}

static int fs_getattr(const char *path, struct stat *facts, struct fuse_file_info *info) {
  GATE("getattr", info != NULL ? OF(info)->path : path);
  if (info != NULL) ANSWER(fstat(OF(info)->fd, facts));
  ANSWER(fstatat(backing, below(path), facts, AT_SYMLINK_NOFOLLOW));
}

static int fs_opendir(const char *path, struct fuse_file_info *info) {
  GATE("opendir", path);
  return keep(openat(backing, below(path), O_RDONLY | O_DIRECTORY), path, info);
}

static int fs_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *info,
                      enum fuse_readdir_flags flags) {
  (void)path, (void)offset, (void)flags;
  GATE("readdir", OF(info)->path);
  DIR *folder = fdopendir(openat(OF(info)->fd, ".", O_RDONLY | O_DIRECTORY));
  if (folder == NULL) return -errno;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) fill(buffer, entry->d_name, NULL, 0, 0);
  closedir(folder);
  return 0;
}

static int fs_open(const char *path, struct fuse_file_info *info) {
  GATE("open", path);
  info->direct_io = isUncached;
  return keep(openat(backing, below(path), info->flags & ~O_DIRECT), path, info);
}

static int fs_create(const char *path, mode_t mode, struct fuse_file_info *info) {
  GATE("create", path);
  return keep(openat(backing, below(path), (info->flags & ~O_DIRECT) | O_CREAT, mode), path, info);
}

static int fs_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)path;
  GATE("read", OF(info)->path);
  ssize_t count = pread(OF(info)->fd, buffer, size, offset);
  if (count > 0) __atomic_add_fetch(&readBytes, (unsigned long long)count, __ATOMIC_RELAXED);
  if (count > 0) noteRead(count);
  return count == -1 ? -errno : (int)count;
}

static int fs_write(const char *path, const char *buffer, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)path;
  GATE("write", OF(info)->path);
  ssize_t count = pwrite(OF(info)->fd, buffer, size, offset);
  if (count > 0) noteWritten(OF(info), count);
  return count == -1 ? -errno : (int)count;
}

static int fs_fsync(const char *path, int data, struct fuse_file_info *info) {
  (void)path;
  GATE("fsync", OF(info)->path);
  sendWritten(OF(info), 1);
  ANSWER(data ? fdatasync(OF(info)->fd) : fsync(OF(info)->fd));
}

static int fs_flush(const char *path, struct fuse_file_info *info) {
  (void)path;
  GATE("flush", OF(info)->path);
  sendWritten(OF(info), 0);
  return 0;
}

static int fs_release(const char *path, struct fuse_file_info *info) {
  (void)path;
  close(OF(info)->fd);
  free(OF(info));
  return 0;
}

static int fs_statfs(const char *path, struct statvfs *room) {
  GATE("statfs", path);
  ANSWER(fstatvfs(backing, room));
}

static int fs_mkdir(const char *path, mode_t mode) { GATE("mkdir", path); ANSWER(mkdirat(backing, below(path), mode)); }
static int fs_unlink(const char *path) { GATE("unlink", path); ANSWER(unlinkat(backing, below(path), 0)); }
static int fs_rmdir(const char *path) { GATE("rmdir", path); ANSWER(unlinkat(backing, below(path), AT_REMOVEDIR)); }

static int fs_link(const char *from, const char *to) {
  GATE("link", to);
  if (linkat(backing, below(from), backing, below(to), 0) == -1) return -errno;
  return lateError("link", to);
}

static int fs_rename(const char *from, const char *to, unsigned flags) {
  GATE("rename", to);
  ANSWER(renameat2(backing, below(from), backing, below(to), flags));
}

static int fs_chmod(const char *path, mode_t mode, struct fuse_file_info *info) {
  GATE("chmod", info != NULL ? OF(info)->path : path);
  if (info != NULL) ANSWER(fchmod(OF(info)->fd, mode));
  ANSWER(fchmodat(backing, below(path), mode, 0));
}

static int fs_truncate(const char *path, off_t size, struct fuse_file_info *info) {
  GATE("truncate", info != NULL ? OF(info)->path : path);
  if (info != NULL) ANSWER(ftruncate(OF(info)->fd, size));
  int fd = openat(backing, below(path), O_WRONLY);
  int result = fd == -1 || ftruncate(fd, size) == -1 ? -errno : 0;
  if (fd != -1) close(fd);
  return result;
}

static int fs_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *info) {
  GATE("utimens", info != NULL ? OF(info)->path : path);
  if (info != NULL) ANSWER(futimens(OF(info)->fd, times));
  ANSWER(utimensat(backing, below(path), times, AT_SYMLINK_NOFOLLOW));
}

static const struct fuse_operations operations = {
  .init = fs_init, .getattr = fs_getattr, .opendir = fs_opendir, .readdir = fs_readdir, .open = fs_open, .create = fs_create, .read = fs_read,
  .write = fs_write, .fsync = fs_fsync, .fsyncdir = fs_fsync, .flush = fs_flush, .release = fs_release,
  .releasedir = fs_release, .statfs = fs_statfs, .mkdir = fs_mkdir, .unlink = fs_unlink, .rmdir = fs_rmdir, .link = fs_link, .rename = fs_rename,
  .chmod = fs_chmod, .truncate = fs_truncate, .utimens = fs_utimens,
};

static int addRule(const char *line) {
  struct rule *rule = &rules[ruleCount];
  char action[8], argument[16];
  if (ruleCount == (int)(sizeof rules / sizeof *rules)) return 0;
  if (sscanf(line, "rule %15s %7s %15s %255s", rule->operation, action, argument, rule->substring) != 4) return 0;
  rule->action = strcmp(action, "errno") == 0 ? FAIL : strcmp(action, "late") == 0 ? LATE : strcmp(action, "delay") == 0 ? DELAY : HANG;
  rule->argument = atoi(argument);
  ruleCount++;
  return 1;
}

static void obey(const char *line, char *answer) {
  pthread_mutex_lock(&lock);
  strcpy(answer, "ok\n");
  if (strncmp(line, "hanging", 7) == 0) sprintf(answer, "%d\n", hanging);
  else if (strncmp(line, "uncached", 8) == 0) isUncached = 1;
  else if (strncmp(line, "read", 4) == 0) sprintf(answer, "%llu\n", __atomic_load_n(&readBytes, __ATOMIC_RELAXED));
  else if (strncmp(line, "link", 4) == 0) sscanf(line, "link %lld %lld", &rate, &latency);
  else if (strncmp(line, "clear", 5) == 0) {
    ruleCount = 0;
    released++;
    pthread_cond_broadcast(&release);
  } else if (!addRule(line)) strcpy(answer, "not understood\n");
  pthread_mutex_unlock(&lock);
}

static void *listenTo(void *listener) {
  for (;;) {
    char line[512], answer[32];
    int client = accept((int)(intptr_t)listener, NULL, NULL);
    ssize_t count = client == -1 ? 0 : read(client, line, sizeof line - 1);
    if (count > 0) {
      line[count] = '\0';
      obey(line, answer);
      if (write(client, answer, strlen(answer)) == -1) perror("answer");
    }
    if (client != -1) close(client);
  }
  return NULL;
}

/* Not by `fuse_main`, which has too few threads: calls that hang must not block others. */
static int serve(char *name, const char *mountpoint, char *options) {
  char *words[] = { name, "-o", options };
  struct fuse_args args = FUSE_ARGS_INIT(3, words);
  struct fuse *fuse = fuse_new(&args, &operations, sizeof operations, NULL);
  struct fuse_loop_config *loop = fuse_loop_cfg_create();
  if (fuse == NULL || fuse_mount(fuse, mountpoint) != 0) return 1;
  fuse_loop_cfg_set_max_threads(loop, 256);
  return fuse_loop_mt(fuse, loop);
}

int main(int argc, char *argv[]) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  pthread_t thread;
  if (argc < 4) return 2;
  backing = open(argv[1], O_RDONLY | O_DIRECTORY);
  strncpy(address.sun_path, argv[2], sizeof address.sun_path - 1);
  if (backing == -1 || bind(listener, (struct sockaddr *)&address, sizeof address) == -1 || listen(listener, 8) == -1) {
    perror("faultfs");
    return 1;
  }
  char log[sizeof address.sun_path + 8];
  snprintf(log, sizeof log, "%s.syncs", argv[2]);
  syncs = fopen(log, "w");
  umask(0);
  pthread_create(&thread, NULL, listenTo, (void *)(intptr_t)listener);
  return serve(argv[0], argv[3], argc > 4 ? argv[4] : "rw");
}
