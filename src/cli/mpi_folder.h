/* A separate folder for the files with which MPI starts.
 *
 * Open MPI's helper makes folders below one that is the same for all programs of a user, and removes that one when it
 * ends. Two processes without a launcher that start and end at the same time disturb each other there: one cannot start
 * because the other has just removed the common folder.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_MPI_FOLDER_H
#define MOONSWEEP_CLI_MPI_FOLDER_H

/* The contents are private to the functions. */
struct mpi_folder {
    char *path;   /* NULL if there is none */
    char *before; /* TMPDIR of the caller; NULL if it was not set */
};

/* To be called before MPI_Init, if no launcher has started this process: makes the folder in that for temporary files
 * and makes MPI use it, by TMPDIR. If the folder cannot be made, MPI uses what it would have used otherwise. */
void mpi_folder_make(struct mpi_folder *folder);

/* To be called after MPI_Init, which has opened all that it needs: restores TMPDIR, and removes the folder, so that
 * nothing is left even if the process is killed later. Does nothing if there is no folder. */
void mpi_folder_remove(struct mpi_folder *folder);

#endif
