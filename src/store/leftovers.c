#include "leftovers.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What follows the result's name; a # stands for digits. */
static const char *const endings[] = {".locktest.#", "-#-#.lock"};

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

void ms_leftovers_remove(const char *path)
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
