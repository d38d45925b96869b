/* Whether the system takes the names that a run needs: the result's, and longer ones beside it (.part, .lock). What it
 * does not take is refused before anything is made. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "moonsweep/store.h"

enum { SUFFIX_BYTES = sizeof ".part" - 1 }; /* of the longest name beside the result that must be made */

static enum ms_code fail_memory(const char *path, struct ms_error *err)
{
    return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its name", path);
}

/* How many bytes a name may have in the folder of path; 0: no memory. */
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

/* How many bytes the working directory and the slash behind it have. */
static enum ms_code working_directory_length(const char *path, size_t *length, struct ms_error *err)
{
    char *directory = getcwd(NULL, 0);

    if (directory == NULL)
        return ms_fail(
            err, errno == ENOMEM ? MS_NO_MEMORY : MS_CANNOT_CREATE,
            "the working directory cannot be named (%s), which Open MPI needs for a result that is not named "
            "from the root on: change to another folder, or give the whole path instead of %s",
            strerror(errno), path);
    *length = strlen(directory) + 1;
    free(directory);
    return MS_OK;
}

/* The explanations come first: a name that is too long is cut in a message. */
enum ms_code ms_store_check_name(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    size_t room = name_room(path), length, before = 0;
    enum ms_code code = MS_OK;

    if (copy == NULL || room == 0) {
        free(copy);
        return fail_memory(path, err);
    }
    length = strlen(basename(copy));
    free(copy);
    if (length > room - SUFFIX_BYTES)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "a result's name may have %zu bytes here, since files beside it have %d more; this "
                       "one has %zu: %s",
                       room - SUFFIX_BYTES, SUFFIX_BYTES, length, path);
    if (path[0] != '/')
        code = working_directory_length(path, &before, err);
    if (code == MS_OK && before + strlen(path) + SUFFIX_BYTES >= PATH_MAX)
        code = ms_fail(
            err, MS_CANNOT_CREATE,
            "a result's path may have %d bytes from the root on, since files beside it have %d more; this "
            "one has %zu: %s",
            PATH_MAX - 1 - SUFFIX_BYTES, SUFFIX_BYTES, before + strlen(path), path);
    return code;
}
