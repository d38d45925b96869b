/* Opens a file without waiting for it, examines what was opened, and only then reads it, so that neither a
 * pipe nor a name that is given to another file meanwhile matters. A file whose size changes while it is read
 * is refused.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_kind.h"
#include "moonsweep/plural.h"

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
static enum ms_code check_kind(const char *path, const struct stat *status, struct ms_error *err)
{
    const char *kind = S_ISDIR(status->st_mode)    ? "a directory"
                       : S_ISFIFO(status->st_mode) ? "a pipe"
                       : S_ISSOCK(status->st_mode) ? "a socket"
                                                   : "a device";

    if (!S_ISREG(status->st_mode))
        return ms_fail(err, MS_NO_INPUT, "%s: this is %s; it must be a regular file", path, kind);
    return MS_OK;
}

/* Refuses a file that is too large. If it is of another kind, that says more than its size. */
static enum ms_code check_size(int file, const char *path, off_t size, size_t limit, struct ms_error *err)
{
    char start[MS_FILE_KIND_BYTES];
    ssize_t bytes;

    if (size <= 0 || (uintmax_t)size <= limit)
        return MS_OK;
    bytes = pread(file, start, sizeof start, 0);
    if (bytes > 0 && ms_file_kind_check(path, start, (size_t)bytes, err) != MS_OK)
        return MS_BAD_INPUT;
    return ms_fail(err, MS_BAD_INPUT, "%s: the file has %jd bytes; it may have at most %zu", path,
                   (intmax_t)size, limit);
}

/* Bytes between two looks for requests to stop. */
enum { AT_ONCE = 4 << 20 };

/* What has been read of a file. */
struct content {
    char *text; /* [capacity] owned */
    size_t bytes, capacity;
};

static enum ms_code grow(struct content *content, size_t capacity, const char *path, struct ms_error *err)
{
    char *text = realloc(content->text, capacity);

    if (text == NULL)
        return ms_fail_memory(err, path, "for its %zu %s", capacity - 1,
                              ms_plural((int64_t)capacity - 1, "byte", "bytes"));
    content->text = text;
    content->capacity = capacity;
    return MS_OK;
}

/* Reads to the end of the file, which need not be where its size says: in /proc and /sys it is not. There is always
 * space for one more byte. */
static enum ms_code read_to_end(int file, const char *path, size_t expected, size_t limit,
                                const struct ms_stop_request *stop, struct content *content,
                                struct ms_error *err)
{
    enum ms_code code = grow(content, expected + 2, path, err);

    while (code == MS_OK) {
        const size_t room = content->capacity - content->bytes - 1;
        const ssize_t now = read(file, content->text + content->bytes, room < AT_ONCE ? room : AT_ONCE);

        if (stop != NULL && stop->is_asked(stop->context))
            return ms_stop_request_error(err, "reading the data");
        if (now == 0)
            return MS_OK;
        if (now < 0 && errno != EINTR)
            return ms_fail(err, MS_IO_ERROR, "%s: reading failed (%s)", path, strerror(errno));
        if (now > 0)
            content->bytes += (size_t)now;
        if (content->bytes > limit)
            return ms_fail(err, MS_BAD_INPUT, "%s: the file has more than %zu bytes; it may have at most %zu",
                           path, limit, limit);
        if (content->bytes + 1 == content->capacity)
            code = grow(content, 2 * content->capacity + 4096, path, err);
    }
    return code;
}

/* Reads the whole open file. Its size is compared before and after, and with what was read if it is not 0: the files
 * of /proc have size 0, and those of /sys may have fewer bytes than their size. */
static enum ms_code read_whole(int file, const char *path, size_t limit, const struct ms_stop_request *stop,
                               struct content *content, struct ms_error *err)
{
    struct stat before, after;
    enum ms_code code;

    if (fstat(file, &before) != 0)
        return fail_open(path, errno, err);
    code = check_kind(path, &before, err);
    if (code == MS_OK)
        code = check_size(file, path, before.st_size, limit, err);
    if (code == MS_OK)
        code = read_to_end(file, path, (size_t)before.st_size, limit, stop, content, err);
    if (code != MS_OK)
        return code;
    if (fstat(file, &after) != 0 || after.st_size != before.st_size ||
        (before.st_size > 0 && content->bytes > (size_t)before.st_size))
        return ms_fail(err, MS_IO_ERROR, "%s: the file changed while it was read; try again", path);
    return MS_OK;
}

enum ms_code ms_textfile_read(const char *path, size_t limit, const struct ms_stop_request *stop, char **text,
                              size_t *bytes, struct ms_error *err)
{
    struct content content = {0};
    enum ms_code code;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (file < 0)
        return fail_open(path, errno, err);
    code = read_whole(file, path, limit, stop, &content, err);
    (void)close(file);
    if (code != MS_OK) {
        free(content.text);
        return code;
    }
    content.text[content.bytes] = '\0';
    *text = content.text;
    *bytes = content.bytes;
    return MS_OK;
}

static bool begins_with(const char *text, size_t bytes, const char *mark, size_t length)
{
    return bytes >= length && memcmp(text, mark, length) == 0;
}

enum ms_code ms_textfile_check_start(const char *path, const char *text, size_t bytes, struct ms_error *err)
{
    const char *encoding = NULL;

    /* The mark of UTF-16 is the beginning of that of UTF-32. */
    if (begins_with(text, bytes, "\xFF\xFE\0\0", 4) || begins_with(text, bytes, "\0\0\xFE\xFF", 4))
        encoding = "UTF-32";
    else if (begins_with(text, bytes, "\xFF\xFE", 2) || begins_with(text, bytes, "\xFE\xFF", 2))
        encoding = "UTF-16";
    if (encoding != NULL)
        return ms_fail(err, MS_BAD_INPUT, "%s:1:1: the file is in %s; save it as UTF-8", path, encoding);
    if (begins_with(text, bytes, "\xEF\xBB\xBF\xEF\xBB\xBF", 6))
        return ms_fail(err, MS_BAD_INPUT,
                       "%s:1:1: the file begins with two byte order marks (EF BB BF); remove at least one",
                       path);
    return ms_file_kind_check(path, text, bytes, err);
}
