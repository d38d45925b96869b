/* How long an ask of a worker waits until rank 0 takes it, by MPI's profiling interface. To be preloaded:
 *
 *     ASK_TIMES=/tmp/x.times LD_PRELOAD=libask_times.so moonsweep run ...
 *
 * Each rank appends lines to that file: "sent RANK SECONDS" where it asks, "taken RANK SECONDS" where rank 0 takes an ask
 * of that rank. Asks of one rank are taken in the order in which they are sent; the clock is that of the machine, so all
 * ranks must be on one. */
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* An ask is the shortest message to the coordinator, and the only one of kind 0 (sweep/protocol.h). */
enum { ASK_KIND = 0, LONGEST_ASK = 4 };

static int is_ask(const void *bytes, int count)
{
    return count > 0 && count <= LONGEST_ASK && *(const unsigned char *)bytes == ASK_KIND;
}

/* A line is one append, which other ranks do not divide. */
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
