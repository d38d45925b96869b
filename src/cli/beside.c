/* Tries the places one after another, and returns the first path that realpath accepts. Only lack of memory
 * ends the search early: a folder that is missing or may not be read is like one without the file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */

#include "beside.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sets *found to the absolute path of `name` in the folder that is the first `length` bytes of text, if it exists there.
 */
static enum ms_code look(const char *text, int length, const char *name, char **found, struct ms_error *err)
{
    const size_t room = (size_t)length + strlen(name) + 3;
    char *path = malloc(room);

    if (path == NULL)
        return ms_fail_memory(err, name, "to find it");
    if (name[0] == '/')
        (void)snprintf(path, room, "%s", name);
    else
        (void)snprintf(path, room, "%.*s/%s", length > 0 ? length : 1, length > 0 ? text : ".", name);
    errno = 0;
    *found = realpath(path, NULL);
    free(path);
    return *found == NULL && errno == ENOMEM ? ms_fail_memory(err, name, "to find it") : MS_OK;
}

/* The length of the folder of the file at path. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? 0 : slash == path ? 1 : (int)(slash - path);
}

enum ms_code beside_find(const char *const folders[BESIDE_FOLDERS], const char *name, char **found,
                         struct ms_error *err)
{
    enum ms_code code = MS_OK;

    *found = NULL;
    if (name == NULL)
        return MS_OK;
    for (int i = 0; code == MS_OK && *found == NULL && i < BESIDE_FOLDERS; i++) {
        const bool is_file = i == 1 || i == 2;

        if (folders[i] != NULL)
            code = look(folders[i], is_file ? folder_length(folders[i]) : (int)strlen(folders[i]), name,
                        found, err);
        if (folders[0] != NULL)
            break;
    }
    if (code == MS_OK && *found == NULL)
        code = ms_fail(err, MS_NO_INPUT,
                       "%s: the samples of the job were not found; give the folder of its job file with "
                       "--data-folder",
                       name);
    return code;
}
