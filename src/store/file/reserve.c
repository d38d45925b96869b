/* Reserves space by fallocate, and compares sizes with the free space (statvfs) where a file system cannot
 * reserve any. Messages contain the sizes in readable units.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fallocate */

#include "reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "moonsweep/size_text.h"

enum { BLOCK_BYTES = 512 }; /* the unit of st_blocks */

bool ms_reserve_free(const char *path, int64_t *bytes)
{
    struct statvfs status;
    char *copy = strdup(path);
    bool is_known = copy != NULL && statvfs(dirname(copy), &status) == 0;
    int cause = errno;

    free(copy);
    errno = cause;
    if (is_known && __builtin_mul_overflow(status.f_bavail, status.f_frsize, bytes))
        *bytes = INT64_MAX;
    return is_known;
}

static enum ms_code too_little(const char *path, int64_t needed, int64_t available, struct ms_error *err)
{
    char need[MS_SIZE_TEXT_CHARS], have[MS_SIZE_TEXT_CHARS];

    return ms_fail(err, MS_CANNOT_CREATE,
                   "%s needs %s, and the file system has %s free; free some space, or use another folder",
                   path, ms_size_text(needed, need), ms_size_text(available, have));
}

static enum ms_code too_large(const char *path, int64_t needed, int64_t allowed, struct ms_error *err)
{
    char need[MS_SIZE_TEXT_CHARS], have[MS_SIZE_TEXT_CHARS];

    return ms_fail(err, MS_CANNOT_CREATE, "%s needs %s, but the file size is limited to %s (ulimit -f)", path,
                   ms_size_text(needed, need), ms_size_text(allowed, have));
}

/* Returns the size of the largest file that this process may write (`ulimit -f`). */
static int64_t largest_file(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX)
        return INT64_MAX;
    return (int64_t)limit.rlim_cur;
}

enum ms_code ms_reserve_check(const char *path, int64_t bytes, struct ms_error *err)
{
    int64_t available;

    if (bytes > largest_file())
        return too_large(path, bytes, largest_file(), err);
    if (!ms_reserve_free(path, &available))
        return ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE), "%s cannot be created: %s", path,
                       strerror(errno));
    return available < bytes ? too_little(path, bytes, available, err) : MS_OK;
}

/* Uses Linux's fallocate because glibc's posix_fallocate would write the whole file where the file system
 * cannot reserve space. A signal must not interrupt it: the stop flag that the signal sets is checked
 * later. */
static int allocate(int fd, int mode, int64_t bytes)
{
    int failed;

    do
        failed = fallocate(fd, mode, 0, bytes);
    while (failed != 0 && errno == EINTR);
    return failed == 0 ? 0 : errno;
}

static bool is_unknown_call(int cause)
{
    return cause == EOPNOTSUPP || cause == ENOSYS;
}

enum ms_code ms_reserve_ahead(const char *path, int fd, int64_t bytes, struct ms_error *err)
{
    int cause = allocate(fd, FALLOC_FL_KEEP_SIZE, bytes);

    if (cause == 0 || is_unknown_call(cause))
        return MS_OK;
    return ms_fail(err, MS_IO_ERROR, "%s: reserving its space failed: %s", path, strerror(cause));
}

enum ms_code ms_reserve_file(const char *path, int fd, bool *reserved, struct ms_error *err)
{
    struct stat status;
    int64_t available, missing;
    int cause;

    if (fstat(fd, &status) != 0)
        return ms_fail(err, MS_IO_ERROR, "%s: %s", path, strerror(errno));
    cause = allocate(fd, 0, status.st_size);
    if (cause != 0 && !is_unknown_call(cause))
        return ms_fail(err, MS_IO_ERROR, "%s: reserving its space failed: %s", path, strerror(cause));
    *reserved = cause == 0;
    /* If the space cannot be reserved, the holes of the file must at least fit into the free space. */
    missing = status.st_size - (int64_t)status.st_blocks * BLOCK_BYTES;
    if (cause != 0 && ms_reserve_free(path, &available) && available < missing)
        return too_little(path, missing, available, err);
    return MS_OK;
}

enum ms_code ms_reserve_explain(const char *path, int64_t bytes, struct ms_error *err)
{
    char need[MS_SIZE_TEXT_CHARS], have[MS_SIZE_TEXT_CHARS];
    struct ms_error plain = *err;
    int64_t available;

    if (!ms_reserve_free(path, &available))
        return ms_fail(err, MS_CANNOT_CREATE, "%s", plain.text);
    return ms_fail(err, MS_CANNOT_CREATE, "%.900s; it needs %s, and the file system has %s free", plain.text,
                   ms_size_text(bytes, need), ms_size_text(available, have));
}
