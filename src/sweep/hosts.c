#include "hosts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "moonsweep/plural.h"

enum { HOST_BYTES = MPI_MAX_PROCESSOR_NAME + 1 };

/* Joins names [ranks][HOST_BYTES] with commas, each once; joined is large enough for all of them. */
static void join_hosts(int ranks, const char *names, char *joined)
{
    for (int rank = 0; rank < ranks; rank++) {
        const char *host = names + (size_t)rank * HOST_BYTES;
        bool known = false;

        for (int other = 0; other < rank && !known; other++)
            known = strcmp(host, names + (size_t)other * HOST_BYTES) == 0;
        if (!known)
            strcat(strcat(joined, *joined ? "," : ""), host);
    }
}

enum ms_code ms_hosts_gather(MPI_Comm comm, char **hosts, struct ms_error *err)
{
    char own[HOST_BYTES] = "";
    char *all = NULL, *found = NULL;
    enum ms_code code = MS_OK;
    int length, rank, ranks;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    MPI_Get_processor_name(own, &length);
    if (rank == 0) {
        all = calloc((size_t)ranks, HOST_BYTES);
        found = calloc((size_t)ranks, HOST_BYTES);
        if (!all || !found)
            code = ms_fail_memory(err, NULL, "for the names of %d %s", ranks,
                                  ms_plural(ranks, "host", "hosts"));
    }
    code = ms_agree(comm, code, err);
    if (code != MS_OK) {
        free(all);
        free(found);
        return code;
    }
    MPI_Gather(own, HOST_BYTES, MPI_CHAR, all, HOST_BYTES, MPI_CHAR, 0, comm);
    if (all && found)
        join_hosts(ranks, all, found);
    free(all);
    *hosts = found;
    return MS_OK;
}
