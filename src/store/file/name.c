/* Checks that the system accepts the names that a run needs: that of the result, and longer ones beside it
 * (.part, .lock). A name that is too long is refused before anything is created.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "moonsweep/writer.h"

enum { SUFFIX_BYTES = sizeof ".part" - 1 }; /* of the longest name beside the result */

/* Returns how many bytes a name may have in the folder of path; 0 without memory. */
static size_t name_room(const char *path)
{
    char *copy = strdup(path);
    long room;

    if (copy == NULL)
        return 0;
    room = pathconf(dirname(copy), _PC_NAME_MAX);
    free(copy);
    return room > SUFFIX_BYTES ? (size_t)room : NAME_MAX;
}

/* The path comes last in the messages because it is long and may be truncated. */
enum ms_code ms_writer_check_name(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    size_t room = name_room(path), length;

    if (copy == NULL || room == 0) {
        free(copy);
        return ms_fail_memory(err, path, "to check its name");
    }
    length = strlen(basename(copy));
    free(copy);
    if (length > room - SUFFIX_BYTES)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "the name of a result may have %zu bytes here, because files beside it have %d "
                       "more; this one has %zu: %s",
                       room - SUFFIX_BYTES, SUFFIX_BYTES, length, path);
    if (strlen(path) + SUFFIX_BYTES >= PATH_MAX)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "the path of a result may have %d bytes, because files beside it have %d more; "
                       "this one has %zu: %s",
                       PATH_MAX - 1 - SUFFIX_BYTES, SUFFIX_BYTES, strlen(path), path);
    return MS_OK;
}
