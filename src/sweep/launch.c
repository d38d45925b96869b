/* Reads the variables that launchers set, in a table from the innermost launcher to the outermost: the first
 * one that tells how many processes it has started decides. Two cases are not in the table: a process that
 * runs alone under Open MPI, whose helper must be able to start, and prterun, which tells only MPI how many
 * processes there are.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/launch.h"

#include <mpi.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The innermost launcher comes first: mpirun inside an allocation takes precedence over the allocation. */
enum { MPIRUN, ANY_PMI, SRUN, ALLOCATION };
static const struct {
    const char *variable; /* contains the number of processes that the launcher started */
    const char *rank;     /* the variable with the number of this process among them */
    const char *launcher;
    const char *advice;
} launchers[] = {
    [MPIRUN] = {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "Open MPI's mpirun",
                "use the mpirun of the MPI that moonsweep was built with"},
    [ANY_PMI] = {"PMI_SIZE", "PMI_RANK", "the launcher",
                 "use srun --mpi=pmix, or the mpirun of the MPI that moonsweep was built with"},
    [SRUN] = {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "Slurm", "use srun --mpi=pmix, or mpirun"},
    [ALLOCATION] = {"SLURM_NTASKS", "SLURM_PROCID", "Slurm", "use srun --mpi=pmix, or mpirun"},
};

/* Variables that tell a process its rank. Every PMI sets at least one of them. */
static const char *const identities[] = {"PMIX_RANK", "PMI_RANK", "PMI_FD", "OMPI_COMM_WORLD_RANK"};

/* The number of processes that the launcher in row i of the table has started; 0 if it is not the launcher. */
static long started_by(size_t i)
{
    const char *text = getenv(launchers[i].variable);

    return text != NULL ? strtol(text, NULL, 10) : 0;
}

/* Whether a variable has another number than 0: this process is not the one that reports what is wrong with all. */
static bool is_another(const char *variable)
{
    const char *text = getenv(variable);

    return text != NULL && strtol(text, NULL, 10) > 0;
}

static enum ms_code refuse(size_t i, struct ms_error *err)
{
    if (is_another(launchers[i].rank))
        return ms_fail(err, MS_BAD_LAUNCH, "%s", "");
    return ms_fail(err, MS_BAD_LAUNCH, "%s started %ld tasks (%s), but MPI sees 1; %s", launchers[i].launcher,
                   started_by(i), launchers[i].variable, launchers[i].advice);
}

bool ms_launch_is_alone(void)
{
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++)
        if (getenv(identities[i]) != NULL)
            return false;
    return true;
}

#ifdef OPEN_MPI
/* The largest file that the helper of Open MPI 4 makes: shared memory. */
static const rlim_t helper_file_bytes = 4 << 20;

/* At the limit the helper fails, and tries without end to write its messages if they go to a file. */
static enum ms_code check_file_size(struct ms_error *err)
{
    struct rlimit limit;

    if (OMPI_MAJOR_VERSION >= 5 || getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= helper_file_bytes)
        return MS_OK;
    return ms_fail(
        err, MS_CANNOT_CREATE,
        "the file size is limited to %llu KiB (ulimit -f), but MPI needs files of %llu KiB to start",
        (unsigned long long)limit.rlim_cur >> 10, (unsigned long long)helper_file_bytes >> 10);
}
#endif

enum ms_code ms_launch_precheck(struct ms_error *err)
{
#ifdef OPEN_MPI
    if (!ms_launch_is_alone())
        return MS_OK;
    if (started_by(SRUN) <= 1)
        return check_file_size(err);
    return refuse(SRUN, err);
#else
    (void)err;
    return MS_OK;
#endif
}

/* Whether prterun (PRRTE, the launcher of Open MPI 5) started this process and MPI is an Open MPI 4, which did not find
 * prterun and runs this process alone. prterun tells only MPI how many processes there are; when it runs as Open MPI
 * 5's mpirun, it also sets the variable of MPIRUN. */
static bool is_alone_under_prrte(void)
{
    const char *how = getenv("OMPI_MCA_ess"); /* MPI_Init of Open MPI 4 sets it */

    return getenv("PRTE_LAUNCHED") != NULL && started_by(MPIRUN) <= 0 && how != NULL &&
           strcmp(how, "singleton") == 0;
}

enum ms_code ms_launch_check(int world_size, struct ms_error *err)
{
    if (world_size == 1 && is_alone_under_prrte() && is_another("PMIX_RANK"))
        return ms_fail(err, MS_BAD_LAUNCH, "%s", "");
    if (world_size == 1 && is_alone_under_prrte())
        return ms_fail(
            err, MS_BAD_LAUNCH,
            "prterun started this process (PRTE_LAUNCHED), but MPI does not know of it and sees 1 task; "
            "use the mpirun of the MPI that moonsweep was built with");
    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++) {
        long started = started_by(i);

        if (started <= 0)
            continue;
        if (world_size > 1 || started == 1)
            return MS_OK;
        return refuse(i, err);
    }
    return MS_OK;
}
