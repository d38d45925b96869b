/* The check that what a launcher started is what MPI sees.
 *
 * `srun` without a matching PMI starts every task as rank 0 of a world of its own, and so does Open MPI 5's launcher
 * with a program of Open MPI 4: each would run the whole sweep. A single process that a launcher counts as one of
 * several is refused before anything is touched; so is one of a launcher that says how many there are to MPI alone, if
 * MPI does not know that launcher. */
#ifndef MOONSWEEP_LAUNCH_H
#define MOONSWEEP_LAUNCH_H

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Before MPI_Init: under `srun` without a PMI Open MPI ends the process inside it, with a page of its own. The
 * first task's error holds the sentence, that of the others is empty. Errors: MS_BAD_LAUNCH. */
enum ms_code ms_launch_precheck(struct ms_error *err);

/* After MPI_Init. world_size: of MPI_COMM_WORLD. Errors: MS_BAD_LAUNCH with the counts and what to do. Reads the launchers'
 * environment variables (launch.c has the table); without any, all is well. */
enum ms_code ms_launch_check(int world_size, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
