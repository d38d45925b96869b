#include "program_version.h"

#include <mpi.h>
#include <string.h>

#include "moonsweep/store.h"
#include "moonsweep/version.h"

void program_version_write(FILE *file)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;

    /* Open MPI puts its build's details behind a comma, MPICH in further lines. */
    (void)MPI_Get_library_version(mpi, &length);
    mpi[strcspn(mpi, ",\n")] = '\0';
    (void)fprintf(file, "moonsweep %s (%s)\nnumerics %d\nMPI %s\nHDF5 %s\n", ms_version, ms_git_commit,
                  MS_NUMERICS, mpi, ms_store_hdf5_version());
}
