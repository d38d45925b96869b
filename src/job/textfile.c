#include "textfile.h"
#include "moonsweep/plural.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum ms_code fail_open(const char *path, int error, struct ms_error *err)
{
    if (error == EACCES || error == EPERM)
        return ms_fail(err, MS_NO_PERMISSION,
                       "%s: no permission to read the file (%s); ask its owner or change its mode", path,
                       strerror(error));
    if (error == ENOENT || error == ENOTDIR)
        return ms_fail(err, MS_NO_INPUT, "%s: there is no such file", path);
    return ms_fail(err, MS_NO_INPUT, "%s: cannot be opened (%s)", path, strerror(error));
}

/* Accepts only regular files: a FIFO or device could block or be endless, and only one process can read it. */
static enum ms_code check_kind(const char *path, const struct stat *status, size_t limit,
                               struct ms_error *err)
{
    const char *kind = S_ISDIR(status->st_mode)    ? "a directory"
                       : S_ISFIFO(status->st_mode) ? "a pipe"
                       : S_ISSOCK(status->st_mode) ? "a socket"
                                                   : "a device";

    if (!S_ISREG(status->st_mode))
        return ms_fail(err, MS_NO_INPUT, "%s: this is %s; it must be a regular file", path, kind);
    if (status->st_size > 0 && (uintmax_t)status->st_size > limit)
        return ms_fail(err, MS_BAD_INPUT, "%s: the file has %jd bytes; it may have at most %zu", path,
                       (intmax_t)status->st_size, limit);
    return MS_OK;
}

/* Reads up to size bytes; returns -1 with errno set on failure. */
static ssize_t read_all(int file, char *to, size_t size)
{
    size_t got = 0;

    while (got < size) {
        ssize_t now = read(file, to + got, size - got);

        if (now == 0)
            break;
        if (now > 0)
            got += (size_t)now;
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)got;
}

enum ms_code ms_textfile_read(const char *path, size_t limit, char **text, size_t *bytes,
                              struct ms_error *err)
{
    enum ms_code code;
    struct stat status;
    char *buffer = NULL;
    size_t size;
    ssize_t got;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (file < 0)
        return fail_open(path, errno, err);
    if (fstat(file, &status) != 0) {
        code = fail_open(path, errno, err);
        goto cleanup;
    }
    code = check_kind(path, &status, limit, err);
    if (code != MS_OK)
        goto cleanup;
    size = (size_t)status.st_size;
    buffer = malloc(size + 1);
    if (buffer == NULL) {
        code = ms_fail_memory(err, path, "for its %zu %s", size, ms_plural((int64_t)size, "byte", "bytes"));
        goto cleanup;
    }
    got = read_all(file, buffer, size + 1); /* one more byte than expected, to detect growth */
    if (got < 0) {
        code = ms_fail(err, MS_IO_ERROR, "%s: reading failed (%s)", path, strerror(errno));
    } else if ((size_t)got != size) {
        code = ms_fail(err, MS_IO_ERROR, "%s: the file changed while it was read; try again", path);
    } else {
        buffer[size] = '\0';
        *text = buffer;
        *bytes = size;
        buffer = NULL;
    }
cleanup:
    free(buffer);
    (void)close(file);
    return code;
}

bool ms_textfile_is_utf16(const char *text, size_t bytes)
{
    return bytes >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}
