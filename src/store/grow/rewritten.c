/* Creates a file without a name, or removes its name at once, lets the separate process copy the values into
 * it (rewritten_copy.c), and gives the reader the descriptor of the copy instead of that of the result.
 * Whatever ends the program then, the system frees the space.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* O_TMPFILE, mkostemp */
#include "rewritten.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rewritten_copy.h"
#include "separate.h"

/* Opens a new file without a name in the folder; -1 with errno. Not all file systems can make one; then a name exists
 * for a moment. */
static int open_nameless(const char *folder)
{
    char name[PATH_MAX];
    int opened = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (opened >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return opened;
    if (snprintf(name, sizeof name, "%s/.moonsweep-copy-XXXXXX", folder) >= (int)sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    opened = mkostemp(name, O_CLOEXEC);
    if (opened >= 0)
        (void)unlink(name);
    return opened;
}

static enum ms_code open_copy(const char *path, const char *beside, int *copy, struct ms_error *err)
{
    char *name = strdup(beside);

    if (name == NULL)
        return ms_fail_memory(err, path, "to copy it");
    *copy = open_nameless(dirname(name));
    if (*copy < 0)
        (void)ms_fail(err, ms_code_of_errno(errno, MS_CANNOT_CREATE),
                      "%s: a temporary copy of its values cannot be created beside %s: %s", path, beside,
                      strerror(errno));
    free(name);
    return *copy < 0 ? err->code : MS_OK;
}

/* Lets the other process copy the values of work->descriptor to work->copy. */
static enum ms_code open_by_copy(const struct ms_rewritten_copy *work, const struct ms_stop_request *stop,
                                 struct ms_reader **reader, struct ms_error *err)
{
    const struct ms_separate_work separate = {.run = ms_rewritten_copy, .context = work, .is_growing = true};
    struct ms_reader *opened = calloc(1, sizeof *opened);
    enum ms_code code;

    if (opened == NULL)
        return ms_fail_memory(err, work->path, "to open it");
    code = ms_separate_open_by(work->path, work->descriptor, &separate, stop, opened, err);
    opened->file.descriptor = code == MS_OK ? work->copy : -1; /* the reader reads the copy, and owns it */
    if (code == MS_OK)
        *reader = opened;
    else
        ms_reader_close(opened);
    return code;
}

enum ms_code ms_rewritten_open(const char *path, const char *beside, const struct ms_stop_request *stop,
                               struct ms_reader **reader, struct ms_error *err)
{
    struct ms_rewritten_copy work = {.path = path, .beside = beside, .copy = -1};
    enum ms_code code = ms_file_descriptor(path, O_RDONLY, &work.descriptor, err);

    if (code != MS_OK)
        return code;
    code = open_copy(path, beside, &work.copy, err);
    if (code == MS_OK)
        code = open_by_copy(&work, stop, reader, err);
    if (code != MS_OK && work.copy >= 0)
        (void)close(work.copy);
    (void)close(work.descriptor);
    return code;
}
