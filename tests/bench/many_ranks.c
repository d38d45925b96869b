/* The messages to rank 0 wait in one array, in the order of sending, which starts again when all were received.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "many_ranks.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

/* The longest message other than ERROR has 132 bytes. */
enum { WAITING_BYTES = 160, WAITING_OF_RANK = 2 };

struct waiting {
    int from, count;
    unsigned char bytes[WAITING_BYTES];
};

static int ranks; /* 0: MPI's functions are its own */
static struct waiting *waiting;
static int first, end;
static int64_t *leases; /* [ranks] */
static int64_t sent;

bool many_ranks_begin(int count)
{
    waiting = calloc((size_t)count, WAITING_OF_RANK * sizeof *waiting);
    leases = malloc((size_t)count * sizeof *leases);
    if (waiting == NULL || leases == NULL) {
        many_ranks_end();
        return false;
    }
    for (int rank = 0; rank < count; rank++)
        leases[rank] = -1;
    ranks = count;
    return true;
}

void many_ranks_end(void)
{
    ranks = first = end = 0;
    free(waiting);
    free(leases);
    waiting = NULL;
    leases = NULL;
}

void many_ranks_send(int rank, const struct ms_message *message)
{
    unsigned char bytes[MS_MESSAGE_BYTES];
    struct waiting *place = &waiting[end++];

    place->from = rank;
    place->count = (int)ms_protocol_encode(message, bytes);
    memcpy(place->bytes, bytes, (size_t)place->count);
}

int64_t many_ranks_lease(int rank)
{
    return leases[rank];
}

int64_t many_ranks_sent(void)
{
    const int64_t count = sent;

    sent = 0;
    return count;
}

/* ---- MPI's functions ------------------------------------------------------------------------------------- */

int MPI_Comm_size(MPI_Comm comm, int *size)
{
    if (ranks == 0)
        return PMPI_Comm_size(comm, size);
    *size = ranks;
    return MPI_SUCCESS;
}

int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status)
{
    if (ranks == 0)
        return PMPI_Iprobe(source, tag, comm, flag, status);
    *flag = first < end;
    if (first < end)
        status->MPI_SOURCE = waiting[first].from;
    else
        first = end = 0;
    return MPI_SUCCESS;
}

int MPI_Recv(void *buffer, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm,
             MPI_Status *status)
{
    const struct waiting *place = &waiting[first];

    if (ranks == 0)
        return PMPI_Recv(buffer, count, type, source, tag, comm, status);
    memcpy(buffer, place->bytes, (size_t)place->count);
    status->MPI_SOURCE = place->from;
    first++;
    return PMPI_Status_set_elements(status, MPI_BYTE, place->count);
}

int MPI_Isend(const void *buffer, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request *request)
{
    const unsigned char *bytes = buffer;
    int64_t id = 0;

    if (ranks == 0)
        return PMPI_Isend(buffer, count, type, to, tag, comm, request);
    if (bytes[0] == MS_MESSAGE_LEASE) { /* its id follows the kind (docs/protocol.md) */
        for (int i = 0; i < 8; i++)
            id |= (int64_t)bytes[4 + i] << (8 * i);
        leases[to] = id;
    }
    sent += bytes[0] != MS_MESSAGE_ALIVE;
    *request = MPI_REQUEST_NULL; /* it is sent */
    return MPI_SUCCESS;
}
