/* Gathers the names in arrays of a fixed width. All ranks agree that their arrays are allocated before the
 * first collective call that uses them, so that none waits for a rank that has failed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "hosts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "moonsweep/plural.h"
#include "moonsweep/sweep.h"

char *ms_hosts_join(int ranks, const char *names)
{
    char *joined = calloc((size_t)ranks, MS_HOST_BYTES);

    for (int rank = 0; joined != NULL && rank < ranks; rank++) {
        const char *host = names + (size_t)rank * MS_HOST_BYTES;
        bool known = false;

        for (int other = 0; other < rank && !known; other++)
            known = strcmp(host, names + (size_t)other * MS_HOST_BYTES) == 0;
        if (!known)
            strcat(strcat(joined, *joined ? "," : ""), host);
    }
    return joined;
}

enum ms_code ms_hosts_gather(MPI_Comm comm, char **names, struct ms_error *err)
{
    char own[MS_HOST_BYTES] = "";
    char *found;
    enum ms_code code = MS_OK;
    int length, rank, ranks;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    MPI_Get_processor_name(own, &length);
    found = calloc(rank == 0 ? (size_t)ranks : 1, MS_HOST_BYTES);
    if (found == NULL)
        code = ms_fail_memory(err, NULL, "for the names of %d %s", ranks, ms_plural(ranks, "host", "hosts"));
    code = ms_agree(comm, code, err);
    if (code != MS_OK) {
        free(found);
        return code;
    }
    MPI_Gather(own, MS_HOST_BYTES, MPI_CHAR, found, MS_HOST_BYTES, MPI_CHAR, 0, comm);
    MPI_Bcast(found, MS_HOST_BYTES, MPI_CHAR, 0, comm);
    *names = found;
    return MS_OK;
}
