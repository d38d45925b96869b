/* Replaces the C library's functions on files by functions that call the library's hooks around them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE      /* RTLD_NEXT, fallocate, preadv, the functions whose names end in 64 */
#undef _FILE_OFFSET_BITS /* it would rename the functions without 64 to those with it */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define OURS __attribute__((visibility("default")))

_Static_assert(sizeof(off_t) == sizeof(off64_t), "calls with and without 64 are the same on 64-bit machines");

enum { PATH_BYTES = 4096 };

enum preload_file preload_file(const char *path)
{
    static const struct {
        const char *suffix;
        enum preload_file file;
    } beside[] = {{"", PRELOAD_RESULT}, {".part", PRELOAD_PART}, {".lock", PRELOAD_LOCK}};
    const char *result = getenv("MOONSWEEP_FAULT_FILE");
    size_t length, folder;

    if (result == NULL || result[0] != '/')
        return PRELOAD_OTHER;
    length = strlen(result);
    folder = (size_t)(strrchr(result, '/') - result);
    if (strncmp(path, result, folder) == 0 && path[folder] == '\0')
        return PRELOAD_FOLDER;
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++)
        if (strncmp(path, result, length) == 0 && strcmp(path + length, beside[i].suffix) == 0)
            return beside[i].file;
    return PRELOAD_OTHER;
}

int preload_rank(void)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");

    if (rank == NULL)
        rank = getenv("PMI_RANK"); /* MPICH's launcher sets it */
    return rank == NULL ? 0 : (int)strtol(rank, NULL, 10);
}

/* ---- around each call ---------------------------------------------------------------------------------- */

/* True in calls that the library makes itself, which are not intercepted. */
static __thread bool inside __attribute__((tls_model("initial-exec")));

/* Returns the C library's function of this name. It is looked up each time, because other libraries may call before a
 * constructor of this one has run. */
static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (function == NULL)
        abort();
    return function;
}

/* Writes the present name of a descriptor's file to name[PATH_BYTES], or "" if it has none, and returns it. */
static const char *name_of(int fd, char *name)
{
    char entry[64];
    int kept = errno;
    ssize_t length;

    (void)snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
    length = readlink(entry, name, PATH_BYTES - 1);
    name[length < 0 ? 0 : length] = '\0';
    errno = kept;
    return name;
}

/* Returns the file offset of a descriptor, or -1 for a pipe. */
static off_t position(int fd)
{
    int kept = errno;
    off_t offset = lseek(fd, 0, SEEK_CUR);

    errno = kept;
    return offset;
}

/* Returns whether the call is to be made, and sets errno if not. */
static bool allow(struct preload_call *call)
{
    int kept = errno, error;

    if (inside)
        return true;
    inside = true;
    error = preload_before(call);
    inside = false;
    errno = error == 0 ? kept : error;
    return error == 0;
}

/* Reports a call that was made, and returns its result. */
static int64_t report(const struct preload_call *call, int64_t result)
{
    int kept = errno;

    if (!inside) {
        inside = true;
        preload_after(call, result);
        inside = false;
    }
    errno = kept;
    return result;
}

/* ---- calls with a path --------------------------------------------------------------------------------- */

static int watched_open(const char *function, const char *path, int flags, mode_t mode)
{
    struct preload_call call = {.kind = PRELOAD_OPEN, .path = path, .fd = -1};
    int (*call_next)(const char *, int, ...) = (int (*)(const char *, int, ...))next(function);

    return allow(&call) ? (int)report(&call, call_next(path, flags, mode)) : -1;
}

/* The mode is passed only if a file may be created. clang's analyzer does not see that the callers began the list. */
static mode_t mode_of(int flags, va_list arguments)
{
    const bool may_create = (flags & (O_CREAT | __O_TMPFILE)) != 0;

    return may_create ? va_arg(arguments, mode_t) : 0; /* NOLINT(clang-analyzer-valist.Uninitialized) */
}

OURS int open(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = mode_of(flags, arguments);
    va_end(arguments);
    return watched_open("open", path, flags, mode);
}

OURS int open64(const char *path, int flags, ...)
{
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = mode_of(flags, arguments);
    va_end(arguments);
    return watched_open("open64", path, flags, mode);
}

OURS int rename(const char *from, const char *to)
{
    struct preload_call call = {.kind = PRELOAD_RENAME, .path = from, .fd = -1};
    int (*call_next)(const char *, const char *) = (int (*)(const char *, const char *))next("rename");

    return allow(&call) ? (int)report(&call, call_next(from, to)) : -1;
}

OURS int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    struct preload_call call = {.kind = PRELOAD_RENAME, .path = from, .fd = -1};
    int (*call_next)(int, const char *, int, const char *,
                     unsigned) = (int (*)(int, const char *, int, const char *, unsigned))next("renameat2");

    return allow(&call) ? (int)report(&call, call_next(from_folder, from, to_folder, to, flags)) : -1;
}

OURS int unlink(const char *path)
{
    struct preload_call call = {.kind = PRELOAD_UNLINK, .path = path, .fd = -1};
    int (*call_next)(const char *) = (int (*)(const char *))next("unlink");

    return allow(&call) ? (int)report(&call, call_next(path)) : -1;
}

/* ---- transfers ----------------------------------------------------------------------------------------- */

OURS ssize_t read(int fd, void *data, size_t bytes)
{
    char path[PATH_BYTES];
    struct preload_call call = {
        .kind = PRELOAD_READ, .path = name_of(fd, path), .fd = fd, .offset = position(fd), .bytes = bytes};
    ssize_t (*call_next)(int, void *, size_t) = (ssize_t(*)(int, void *, size_t))next("read");

    return allow(&call) ? report(&call, call_next(fd, data, call.bytes)) : -1;
}

OURS ssize_t pread(int fd, void *data, size_t bytes, off_t offset)
{
    char path[PATH_BYTES];
    struct preload_call call = {
        .kind = PRELOAD_READ, .path = name_of(fd, path), .fd = fd, .offset = offset, .bytes = bytes};
    ssize_t (*call_next)(int, void *, size_t, off_t) = (ssize_t(*)(int, void *, size_t, off_t))next("pread");

    return allow(&call) ? report(&call, call_next(fd, data, call.bytes, offset)) : -1;
}

OURS ssize_t pread64(int fd, void *data, size_t bytes, off64_t offset)
{
    return pread(fd, data, bytes, offset);
}

OURS ssize_t write(int fd, const void *data, size_t bytes)
{
    char path[PATH_BYTES];
    struct preload_call call = {.kind = PRELOAD_WRITE,
                                .path = name_of(fd, path),
                                .fd = fd,
                                .offset = position(fd),
                                .bytes = bytes,
                                .data = data};
    ssize_t (*call_next)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))next("write");

    return allow(&call) ? report(&call, call_next(fd, data, call.bytes)) : -1;
}

OURS ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset)
{
    char path[PATH_BYTES];
    struct preload_call call = {.kind = PRELOAD_WRITE,
                                .path = name_of(fd, path),
                                .fd = fd,
                                .offset = offset,
                                .bytes = bytes,
                                .data = data};
    ssize_t (*call_next)(int, const void *, size_t,
                         off_t) = (ssize_t(*)(int, const void *, size_t, off_t))next("pwrite");

    return allow(&call) ? report(&call, call_next(fd, data, call.bytes, offset)) : -1;
}

OURS ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t offset)
{
    return pwrite(fd, data, bytes, offset);
}

static size_t total(const struct iovec *pieces, int count)
{
    size_t bytes = 0;

    for (int i = 0; i < count; i++)
        bytes += pieces[i].iov_len;
    return bytes;
}

/* Intercepts a transfer of several pieces. A short one ends within the first piece. */
static ssize_t watched_pieces(const char *function, enum preload_kind kind, int fd,
                              const struct iovec *pieces, int count, off_t offset)
{
    char path[PATH_BYTES];
    size_t all = total(pieces, count);
    struct preload_call call = {
        .kind = kind, .path = name_of(fd, path), .fd = fd, .offset = offset, .bytes = all};
    struct iovec first;
    ssize_t (*call_next)(int, const struct iovec *, int,
                         off_t) = (ssize_t(*)(int, const struct iovec *, int, off_t))next(function);

    if (!allow(&call))
        return -1;
    if (call.bytes < all) {
        first = pieces[0];
        first.iov_len = call.bytes < first.iov_len ? call.bytes : first.iov_len;
        pieces = &first;
        count = 1;
    }
    return report(&call, call_next(fd, pieces, count, offset));
}

OURS ssize_t preadv(int fd, const struct iovec *pieces, int count, off_t offset)
{
    return watched_pieces("preadv", PRELOAD_READ, fd, pieces, count, offset);
}

OURS ssize_t preadv64(int fd, const struct iovec *pieces, int count, off64_t offset)
{
    return preadv(fd, pieces, count, offset);
}

OURS ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t offset)
{
    return watched_pieces("pwritev", PRELOAD_WRITE, fd, pieces, count, offset);
}

OURS ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset)
{
    return pwritev(fd, pieces, count, offset);
}

/* ---- other calls with a descriptor --------------------------------------------------------------------- */

OURS int ftruncate(int fd, off_t size)
{
    char path[PATH_BYTES];
    struct preload_call call = {
        .kind = PRELOAD_TRUNCATE, .path = name_of(fd, path), .fd = fd, .offset = size};
    int (*call_next)(int, off_t) = (int (*)(int, off_t))next("ftruncate");

    return allow(&call) ? (int)report(&call, call_next(fd, size)) : -1;
}

OURS int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

OURS int fallocate(int fd, int mode, off_t offset, off_t bytes)
{
    char path[PATH_BYTES];
    struct preload_call call = {.kind = PRELOAD_ALLOCATE,
                                .path = name_of(fd, path),
                                .fd = fd,
                                .offset = offset,
                                .bytes = (size_t)bytes};
    int (*call_next)(int, int, off_t, off_t) = (int (*)(int, int, off_t, off_t))next("fallocate");

    return allow(&call) ? (int)report(&call, call_next(fd, mode, offset, bytes)) : -1;
}

OURS int fallocate64(int fd, int mode, off64_t offset, off64_t bytes)
{
    return fallocate(fd, mode, offset, bytes);
}

static int watched_descriptor(const char *function, enum preload_kind kind, int fd)
{
    char path[PATH_BYTES];
    struct preload_call call = {.kind = kind, .path = name_of(fd, path), .fd = fd};
    int (*call_next)(int) = (int (*)(int))next(function);

    return allow(&call) ? (int)report(&call, call_next(fd)) : -1;
}

OURS int fsync(int fd)
{
    return watched_descriptor("fsync", PRELOAD_SYNC, fd);
}

OURS int fdatasync(int fd)
{
    return watched_descriptor("fdatasync", PRELOAD_SYNC, fd);
}

OURS int close(int fd)
{
    return watched_descriptor("close", PRELOAD_CLOSE, fd);
}
