#include "leftovers.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What follows the result's name; a # stands for digits. */
static const char *const endings[] = {".locktest.#", "-#-#.lock"};

/* Names that a user might think of as well: only empty files of these names are Open MPI's. */
static const char *const empty_endings[] = {".data.0", ".metadata.0"};

static bool matches(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '#') {
            if (!isdigit((unsigned char)*text))
                return false;
            while (isdigit((unsigned char)*text))
                text++;
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static bool is_leftover(const char *entry, const char *name)
{
    size_t length = strlen(name);
    bool found = false;

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        found |= strncmp(entry, name, length) == 0 && matches(entry + length, endings[i]);
    return found;
}

static void remove_from_folder(const char *path)
{
    char *copy = strdup(path), *copy_for_name = strdup(path);
    DIR *folder = copy == NULL ? NULL : opendir(dirname(copy));
    const char *name = copy_for_name == NULL ? "" : basename(copy_for_name);
    const struct dirent *entry;

    while (folder != NULL && name[0] != '\0' && (entry = readdir(folder)) != NULL) {
        if (is_leftover(entry->d_name, name))
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL)
        (void)closedir(folder);
    free(copy_for_name);
    free(copy);
}

/* Removes the file of that name if it is empty; one that is not must not be there. */
static enum ms_code remove_if_empty(const char *name, struct ms_error *err)
{
    struct stat status;

    if (lstat(name, &status) != 0)
        return MS_OK;
    if (!S_ISREG(status.st_mode) || status.st_size > 0)
        return ms_fail(err, MS_CANNOT_CREATE,
                       "%s is in the way: Open MPI makes and removes a file of that name; rename it, or the "
                       "result",
                       name);
    (void)unlink(name);
    return MS_OK;
}

enum ms_code ms_leftovers_remove(const char *path, struct ms_error *err)
{
    size_t room = strlen(path) + sizeof ".metadata.0";
    char *name = malloc(room);
    enum ms_code code = MS_OK;

    if (name == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look beside it", path);
    remove_from_folder(path);
    for (size_t i = 0; code == MS_OK && i < sizeof empty_endings / sizeof empty_endings[0]; i++) {
        (void)snprintf(name, room, "%s%s", path, empty_endings[i]);
        code = remove_if_empty(name, err);
    }
    free(name);
    return code;
}
