/* Checks that MPI sees the processes that the launcher has started.
 *
 * `srun` without a matching PMI starts every task as rank 0 of a separate MPI_COMM_WORLD, and so does Open MPI 5's
 * launcher with a program of Open MPI 4: each process would run the whole sweep. A process that MPI sees alone although
 * the launcher has started several is refused before any file is touched. Some launchers tell only MPI how many
 * processes there are; a process of such a launcher is refused if MPI does not know the launcher.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_LAUNCH_H
#define MOONSWEEP_LAUNCH_H

#include <stdbool.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether no launcher has told this process its rank. MPI_Init of Open MPI then starts a helper, which does the work of
 * a launcher. */
bool ms_launch_is_alone(void);

/* To be called before MPI_Init: under `srun` without a PMI, Open MPI would end the process inside MPI_Init with a long
 * message, and if the file size is limited to less than the files that MPI makes (ulimit -f), the helper of a process
 * that runs alone would wait for ever. The error of the first task contains the message; that of the other tasks is
 * empty. Errors: MS_BAD_LAUNCH, MS_CANNOT_CREATE. */
enum ms_code ms_launch_precheck(struct ms_error *err);

/* To be called after MPI_Init. world_size: of MPI_COMM_WORLD. Reads the environment variables of launchers (the table
 * is in launch.c); without any of them the check succeeds. Errors: MS_BAD_LAUNCH with the counts and what to do; the error
 * of another process than the launcher's first one is empty, so that the message is shown once. */
enum ms_code ms_launch_check(int world_size, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
