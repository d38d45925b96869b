#include "collective.h"

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
    if (MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, first, comm) != MPI_SUCCESS)
        return ms_fail(err, MS_INTERNAL, "MPI_Bcast failed while the ranks compared their errors");
    return err->code;
}
