/* Whether the system takes the names that a run needs: the result's, and longer ones beside it (.part, .lock). What it
 * does not take is refused before anything is made. */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "moonsweep/writer.h"

enum { SUFFIX_BYTES = sizeof ".part" - 1 }; /* of the longest name beside the result that must be made */

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

/* The explanations come first: a name that is too long is cut in a message. */
enum ms_code ms_writer_check_name(const char *path, struct ms_error *err)
{
    char *copy = strdup(path);
    size_t room = name_room(path), length;

    if (copy == NULL || room == 0) {
        free(copy);
        return ms_fail_memory(err, path, "to look at its name");
    }
    length = strlen(basename(copy));
    free(copy);
    if (length > room - SUFFIX_BYTES)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "a result's name may have %zu bytes here, since files beside it have %d more; this "
                       "one has %zu: %s",
                       room - SUFFIX_BYTES, SUFFIX_BYTES, length, path);
    if (strlen(path) + SUFFIX_BYTES >= PATH_MAX)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "a result's path may have %d bytes, since files beside it have %d more; this one has "
                       "%zu: %s",
                       PATH_MAX - 1 - SUFFIX_BYTES, SUFFIX_BYTES, strlen(path), path);
    return MS_OK;
}
