/* Measures how long an ASK message of a worker waits until rank 0 receives it, through MPI's profiling interface. A
 * library to preload:
 *
 *     ASK_TIMES=/tmp/x.times LD_PRELOAD=libask_times.so moonsweep run ...
 *
 * Each rank appends lines to that file: "sent RANK SECONDS" when it sends an ASK, "taken RANK SECONDS" when rank 0
 * receives one from that rank. The messages of one rank are received in the order in which they are sent. The clock is
 * that of the machine, so all ranks must be on the same one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* An ASK is the shortest message to the coordinator, and the only one of kind 0 (sweep/protocol.h). */
enum { ASK_KIND = 0, LONGEST_ASK = 4 };

static int is_ask(const void *bytes, int count)
{
    return count > 0 && count <= LONGEST_ASK && *(const unsigned char *)bytes == ASK_KIND;
}

/* Appends a line by one write, so that lines of different ranks are not mixed. */
static void note(const char *what, int rank)
{
    static int log = -2;
    const char *path = getenv("ASK_TIMES");
    struct timespec now;

    if (log == -2)
        log = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (log >= 0)
        (void)dprintf(log, "%s %d %ld.%09ld\n", what, rank, (long)now.tv_sec, now.tv_nsec);
}

__attribute__((visibility("default"))) int MPI_Isend(const void *bytes, int count, MPI_Datatype type, int to,
                                                     int tag, MPI_Comm comm, MPI_Request *request)
{
    int rank;

    MPI_Comm_rank(comm, &rank);
    if (to == 0 && rank != 0 && is_ask(bytes, count))
        note("sent", rank);
    return PMPI_Isend(bytes, count, type, to, tag, comm, request);
}

__attribute__((visibility("default"))) int MPI_Recv(void *bytes, int count, MPI_Datatype type, int from,
                                                    int tag, MPI_Comm comm, MPI_Status *status)
{
    MPI_Status own;
    int code = PMPI_Recv(bytes, count, type, from, tag, comm, &own), rank, got = 0;

    MPI_Comm_rank(comm, &rank);
    MPI_Get_count(&own, MPI_BYTE, &got);
    if (code == MPI_SUCCESS && rank == 0 && own.MPI_SOURCE != 0 && is_ask(bytes, got))
        note("taken", own.MPI_SOURCE);
    if (status != MPI_STATUS_IGNORE)
        *status = own;
    return code;
}
