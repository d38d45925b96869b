#include "moonsweep/launch.h"

#include <stdlib.h>

/* The nearest launcher first: mpirun inside an allocation counts for more than the allocation around it. */
static const struct {
    const char *variable; /* how many processes the launcher started */
    const char *launcher;
    const char *advice;
} launchers[] = {
    {"OMPI_COMM_WORLD_SIZE", "Open MPI's mpirun", "use the mpirun of the MPI that moonsweep was built with"},
    {"PMI_SIZE", "the launcher",
     "use srun --mpi=pmix, or the mpirun of the MPI that moonsweep was built with"},
    {"SLURM_STEP_NUM_TASKS", "Slurm", "use srun --mpi=pmix, or mpirun"},
    {"SLURM_NTASKS", "Slurm", "use srun --mpi=pmix, or mpirun"},
};

enum ms_code ms_launch_check(int world_size, struct ms_error *err)
{
    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++) {
        const char *text = getenv(launchers[i].variable);
        long started = text != NULL ? strtol(text, NULL, 10) : 0;

        if (started <= 0)
            continue;
        if (world_size > 1 || started == 1)
            return MS_OK;
        return ms_fail(err, MS_BAD_LAUNCH, "%s started %ld tasks (%s), but MPI sees 1; %s",
                       launchers[i].launcher, started, launchers[i].variable, launchers[i].advice);
    }
    return MS_OK;
}
