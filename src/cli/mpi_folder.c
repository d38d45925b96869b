/* Names a new folder in TMPDIR while MPI starts, and restores TMPDIR afterwards. A start never fails because
 * of it: after every failure here, TMPDIR is what it was.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */

#include "mpi_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char variable[] = "TMPDIR";

void mpi_folder_make(struct mpi_folder *folder)
{
    const char *place = getenv(variable);
    /* The name is short because the folder contains sockets. */
    static const char name[] = "/ms.XXXXXX";
    size_t room;

    *folder = (struct mpi_folder){.before = place == NULL ? NULL : strdup(place)};
    if (place != NULL && folder->before == NULL)
        return;
    if (place == NULL || place[0] == '\0')
        place = "/tmp";
    room = strlen(place) + sizeof name;
    folder->path = malloc(room);
    if (folder->path != NULL) {
        (void)snprintf(folder->path, room, "%s%s", place, name);
        if (mkdtemp(folder->path) != NULL && setenv(variable, folder->path, 1) == 0)
            return;
    }
    free(folder->path);
    free(folder->before);
    *folder = (struct mpi_folder){0};
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    (void)remove(path);
    return 0;
}

void mpi_folder_remove(struct mpi_folder *folder)
{
    enum { DESCRIPTORS = 8 };

    if (folder->path == NULL)
        return;
    if (folder->before != NULL)
        (void)setenv(variable, folder->before, 1);
    else
        (void)unsetenv(variable);
    (void)nftw(folder->path, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
    free(folder->path);
    free(folder->before);
    *folder = (struct mpi_folder){0};
}
