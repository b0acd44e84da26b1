/* Preloaded before the C library: the nth call that touches files fails, or ends the process. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int armed, calls, chosen, error;
static const char *name_of_chosen = "";

/* From now on the call number `nth` fails with `number`; with 0 the process is killed there. */
void faults_arm(int nth, int number) {
    calls = 0;
    chosen = nth;
    error = number;
    name_of_chosen = "";
    armed = 1;
}

/* No more faults; how many calls there were. */
int faults_disarm(void) {
    armed = 0;
    return calls;
}

/* The name of the call that failed. */
const char *faults_name(void) { return name_of_chosen; }

static int strikes(const char *name) {
    if (!armed || ++calls != chosen) return 0;
    name_of_chosen = name;
    if (error == 0) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = error;
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define WRAP(type, name, parameters, arguments) \
    type name parameters { \
        REAL(name); \
        if (strikes(#name)) return (type)-1; \
        return real arguments; \
    }

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        if (strikes(#name)) return -1; \
        return real(path, flags, mode); \
    }
#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        if (strikes(#name)) return -1; \
        return real(folder, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int file) { /* Linux closes it whatever it answers */
    REAL(close);
    int strike = strikes("close");
    int answer = real(file);
    if (strike) errno = error;
    return strike ? -1 : answer;
}

int fcntl64(int file, int command, ...) {
    REAL(fcntl64);
    va_list more;
    va_start(more, command);
    long value = va_arg(more, long);
    va_end(more);
    if (strikes("fcntl")) return -1;
    return real(file, command, value);
}

DIR *opendir(const char *path) {
    REAL(opendir);
    return strikes("opendir") ? NULL : real(path);
}

WRAP(ssize_t, read, (int file, void *to, size_t size), (file, to, size))
WRAP(ssize_t, write, (int file, const void *from, size_t size), (file, from, size))
WRAP(off_t, lseek, (int file, off_t place, int whence), (file, place, whence))
WRAP(off64_t, lseek64, (int file, off64_t place, int whence), (file, place, whence))
WRAP(int, fsync, (int file), (file))
WRAP(int, dup, (int file), (file))
WRAP(int, flock, (int file, int operation), (file, operation))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, link, (const char *from, const char *to), (from, to))
WRAP(int, linkat, (int a, const char *from, int b, const char *to, int flags),
     (a, from, b, to, flags))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, rmdir, (const char *path), (path))
WRAP(int, chmod, (const char *path, mode_t mode), (path, mode))
WRAP(int, fchmod, (int file, mode_t mode), (file, mode))
WRAP(int, fchown, (int file, uid_t user, gid_t group), (file, user, group))
WRAP(ssize_t, readlink, (const char *path, char *to, size_t size), (path, to, size))
WRAP(int, stat, (const char *path, struct stat *to), (path, to))
WRAP(int, lstat, (const char *path, struct stat *to), (path, to))
WRAP(int, fstat, (int file, struct stat *to), (file, to))
WRAP(int, stat64, (const char *path, struct stat64 *to), (path, to))
WRAP(int, lstat64, (const char *path, struct stat64 *to), (path, to))
WRAP(int, fstat64, (int file, struct stat64 *to), (file, to))
WRAP(int, fstatat64, (int folder, const char *path, struct stat64 *to, int flags),
     (folder, path, to, flags))
WRAP(ssize_t, listxattr, (const char *path, char *to, size_t size), (path, to, size))
WRAP(ssize_t, getxattr, (const char *path, const char *name, void *to, size_t size),
     (path, name, to, size))
WRAP(int, fsetxattr, (int file, const char *name, const void *value, size_t size, int flags),
     (file, name, value, size, flags))
