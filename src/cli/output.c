/* Writes to a temporary file, and gives it the final name once it is durable: so under that name there is the
 * old file or the complete new one, even if the process is killed. What must not be replaced is refused
 * before the temporary file is made. Only regular files are written in this way.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "moonsweep/printable.h"

static const unsigned char hdf5_signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

static enum ms_code fail_create(const char *path, int cause, struct ms_error *err)
{
    const enum ms_code code = cause == ENOMEM                                       ? MS_NO_MEMORY
                              : cause == EACCES || cause == EPERM || cause == EROFS ? MS_NO_PERMISSION
                                                                                    : MS_CANNOT_CREATE;

    return ms_fail(err, code, "%s: cannot be written: %s", path, strerror(cause));
}

/* Refuses an HDF5 file, and also a file that cannot be read, since it might be one. */
static enum ms_code check_not_hdf5(const char *path, struct ms_error *err)
{
    unsigned char start[sizeof hdf5_signature];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC), cause;
    ssize_t got;

    if (descriptor < 0)
        return fail_create(path, errno, err);
    got = pread(descriptor, start, sizeof start, 0);
    cause = errno;
    (void)close(descriptor);
    if (got < 0)
        return fail_create(path, cause, err);
    if (got == sizeof start && memcmp(start, hdf5_signature, sizeof start) == 0)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "%s: is an HDF5 file, which is never replaced by text; name another file", path);
    return MS_OK;
}

/* The permissions of a new file, according to the umask. */
static mode_t new_file_mode(void)
{
    const mode_t mask = umask(0);

    (void)umask(mask);
    return 0666 & ~mask;
}

/* Opens a temporary file in the folder of output->path. */
static enum ms_code open_temporary(struct output *output, mode_t mode, struct ms_error *err)
{
    static const char suffix[] = ".XXXXXX";
    const size_t length = strlen(output->path);
    int descriptor, cause;

    output->temporary = malloc(length + sizeof suffix);
    if (!output->temporary)
        return ms_fail_memory(err, output->path, "to write it");
    memcpy(output->temporary, output->path, length);
    memcpy(output->temporary + length, suffix, sizeof suffix);

    descriptor = mkstemp(output->temporary);
    if (descriptor < 0) {
        cause = errno;
        free(output->temporary);
        output->temporary = NULL;
        return fail_create(output->path, cause, err);
    }
    output->file = fchmod(descriptor, mode) == 0 ? fdopen(descriptor, "wb") : NULL;
    if (!output->file) {
        cause = errno;
        (void)close(descriptor);
        return fail_create(output->path, cause, err);
    }
    return MS_OK;
}

enum ms_code output_check_protection(const char *path, struct ms_error *err)
{
    struct stat status;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return MS_OK;
    if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        return ms_fail(err, MS_NO_PERMISSION,
                       "%s: is write-protected (mode %04o); file not changed; make it writable (chmod u+w), "
                       "or name another file",
                       path, (unsigned)status.st_mode & 07777);
    if (access(path, W_OK) != 0)
        return ms_fail(err, MS_NO_PERMISSION, "%s: may not be written: %s; file not changed", path,
                       strerror(errno));
    return MS_OK;
}

/* Whether a file is the pipe or socket that is standard output, under a name such as /dev/stdout. A socket cannot be
 * opened by its name. */
static bool is_piped_stdout(const struct stat *status)
{
    struct stat own;

    return (S_ISFIFO(status->st_mode) || S_ISSOCK(status->st_mode)) && fstat(STDOUT_FILENO, &own) == 0 &&
           own.st_dev == status->st_dev && own.st_ino == status->st_ino;
}

enum ms_code output_open(const char *path, struct output *output, struct ms_error *err)
{
    struct output opened = {0};
    enum ms_code code = MS_OK;
    struct stat status;
    bool exists;

    *output = opened;
    if (strcmp(path, "-") == 0) {
        output->file = stdout;
        return MS_OK;
    }
    exists = stat(path, &status) == 0;
    if (exists && is_piped_stdout(&status)) {
        output->file = stdout;
        return MS_OK;
    }
    if (exists && S_ISDIR(status.st_mode))
        return ms_fail(err, MS_CANNOT_CREATE, "%s: is a folder; a file's name is needed", path);
    if (exists && S_ISREG(status.st_mode) &&
        (check_not_hdf5(path, err) != MS_OK || output_check_protection(path, err) != MS_OK))
        return err->code;
    if (!exists && lstat(path, &status) == 0) /* otherwise the link itself would be replaced */
        return ms_fail(
            err, MS_CANNOT_CREATE,
            "%s: is a symbolic link to a file that does not exist; remove it, or name another file", path);

    /* The file to which a link leads is replaced. What is not a file may have no path (`/dev/stdout | ...`). */
    opened.path = exists && S_ISREG(status.st_mode) ? realpath(path, NULL) : strdup(path);
    if (!opened.path)
        return fail_create(path, errno, err);
    if (exists && !S_ISREG(status.st_mode)) {
        opened.file = fopen(path, "wb");
        if (!opened.file)
            code = fail_create(path, errno, err);
    } else {
        code = open_temporary(&opened, exists ? status.st_mode & 0777 : new_file_mode(), err);
    }
    if (code != MS_OK)
        output_discard(&opened);
    *output = opened;
    return code;
}

enum ms_code output_commit(struct output *output, struct ms_error *err)
{
    int failed, cause;

    if (output->file == stdout)
        return output_flush_stdout(err);
    errno = 0;
    failed = fflush(output->file) != 0 || ferror(output->file);
    if (!failed && output->temporary)
        failed = fsync(fileno(output->file)) != 0; /* otherwise a crash could leave an empty file */
    cause = errno;
    if (fclose(output->file) != 0 && !failed) {
        failed = 1;
        cause = errno;
    }
    output->file = NULL;
    if (failed)
        return ms_fail(err, MS_IO_ERROR, "%s: writing failed: %s", output->path,
                       cause ? strerror(cause) : "input/output error");
    if (output->temporary && rename(output->temporary, output->path) != 0)
        return fail_create(output->path, errno, err);
    free(output->temporary);
    output->temporary = NULL;
    return MS_OK;
}

void output_discard(struct output *output)
{
    if (output->file && output->file != stdout)
        (void)fclose(output->file);
    if (output->temporary)
        (void)unlink(output->temporary);
    free(output->temporary);
    free(output->path);
    *output = (struct output){0};
}

enum ms_code output_flush_stdout(struct ms_error *err)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return MS_OK;
    if (errno == EPIPE)
        return ms_fail(err, MS_IO_ERROR, "%s", "");
    return ms_fail(err, MS_IO_ERROR, "cannot write to standard output: %s",
                   errno ? strerror(errno) : "input/output error");
}

void output_error(struct ms_error *err)
{
    if (err->text[0] == '\0')
        return;
    (void)fputs("moonsweep: ", stderr);
    ms_printable_write(stderr, err->text);
    (void)fputc('\n', stderr);
    err->text[0] = '\0';
}

void output_note(FILE *file, const char *path)
{
    (void)fputs("moonsweep: ", file);
    ms_printable_write(file, path);
    (void)fputs(": note: ", file);
}

bool output_is_same_file(const char *a, const char *b)
{
    struct stat a_status, b_status;

    return stat(a, &a_status) == 0 && stat(b, &b_status) == 0 && a_status.st_dev == b_status.st_dev &&
           a_status.st_ino == b_status.st_ino;
}
