#include "collective.h"

/* Says where an error was met that rank 0 did not meet: that machine is worth a look. */
static void sign(int rank, struct ms_error *err)
{
    struct ms_error plain = *err;
    char host[MPI_MAX_PROCESSOR_NAME] = "";
    int length = 0;

    (void)MPI_Get_processor_name(host, &length);
    (void)ms_fail(err, plain.code, "rank %d on %.*s: %s", rank, length, host, plain.text);
}

enum ms_code ms_collective_code(MPI_Comm comm, enum ms_code code, struct ms_error *err)
{
    int rank, size, first;

    if (MPI_Comm_rank(comm, &rank) != MPI_SUCCESS || MPI_Comm_size(comm, &size) != MPI_SUCCESS)
        return ms_fail(err, MS_INTERNAL, "MPI does not know its own ranks");
    first = code == MS_OK ? size : rank;
    if (MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm) != MPI_SUCCESS)
        return ms_fail(err, MS_INTERNAL, "MPI_Allreduce failed while the ranks compared their errors");
    if (first == size)
        return MS_OK;
    if (rank == first && rank != 0)
        sign(rank, err);
    if (MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, first, comm) != MPI_SUCCESS)
        return ms_fail(err, MS_INTERNAL, "MPI_Bcast failed while the ranks compared their errors");
    return err->code;
}
