#define _GNU_SOURCE /* fallocate */

#include "reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* A size as people say it: "61 bytes", "1.5 GB". */
static const char *size_text(int64_t bytes, size_t room, char *text)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 999.95 && unit + 1 < sizeof units / sizeof units[0]) {
        size /= 1000;
        unit++;
    }
    (void)snprintf(text, room, "%.*f %s", unit == 0 ? 0 : 1, size, units[unit]);
    return text;
}

static enum ms_code too_little(const char *path, int64_t needed, int64_t available, struct ms_error *err)
{
    char need[32], have[32];

    return ms_fail(err, MS_CANNOT_CREATE, "%s needs %s, and the file system has %s free", path,
                   size_text(needed, sizeof need, need), size_text(available, sizeof have, have));
}

/* The largest file that this process may write (`ulimit -f`). */
static int64_t largest_file(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX)
        return INT64_MAX;
    return (int64_t)limit.rlim_cur;
}

/* What an ordinary user may still write to the file system of status. */
static int64_t bytes_free(const struct statvfs *status)
{
    int64_t bytes;

    if (__builtin_mul_overflow(status->f_bavail, status->f_frsize, &bytes))
        return INT64_MAX;
    return bytes;
}

enum ms_code ms_reserve_check(const char *path, int64_t bytes, struct ms_error *err)
{
    struct statvfs status;
    char *copy = NULL, need[32], have[32];
    enum ms_code code = MS_OK;

    if (bytes > largest_file())
        return ms_fail(err, MS_CANNOT_CREATE, "%s needs %s, and files may have %s here (ulimit -f)", path,
                       size_text(bytes, sizeof need, need), size_text(largest_file(), sizeof have, have));
    copy = strdup(path);
    if (copy == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its file system", path);
    if (statvfs(dirname(copy), &status) != 0)
        code = ms_fail(err, errno == EACCES ? MS_NO_PERMISSION : MS_CANNOT_CREATE, "%s cannot be created: %s",
                       path, strerror(errno));
    else if (bytes_free(&status) < bytes)
        code = too_little(path, bytes, bytes_free(&status), err);
    free(copy);
    return code;
}

/* Linux's own fallocate: glibc's posix_fallocate would write the whole file where the file system has none.
 */
enum ms_code ms_reserve_file(const char *path, int fd, bool *reserved, struct ms_error *err)
{
    struct stat status;
    struct statvfs system;

    if (fstat(fd, &status) != 0 || fstatvfs(fd, &system) != 0)
        return ms_fail(err, MS_IO_ERROR, "%s: %s", path, strerror(errno));
    if (fallocate(fd, 0, 0, status.st_size) == 0) {
        *reserved = true;
        return MS_OK;
    }
    if (errno == ENOSPC || errno == EDQUOT)
        return too_little(path, status.st_size, bytes_free(&system), err);
    if (errno != EOPNOTSUPP && errno != ENOSYS)
        return ms_fail(err, MS_IO_ERROR, "%s: reserving its space failed: %s", path, strerror(errno));
    /* No such call here: the holes that are still to be filled must fit. */
    if (bytes_free(&system) < status.st_size - (int64_t)status.st_blocks * 512)
        return too_little(path, status.st_size, bytes_free(&system), err);
    *reserved = false;
    return MS_OK;
}
