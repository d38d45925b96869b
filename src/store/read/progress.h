/* How many iterations of each trajectory of a result are done.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_PROGRESS_H
#define MOONSWEEP_STORE_PROGRESS_H

#include "file.h"
#include "moonsweep/reader.h"

struct ms_trajectory_progress {
    int64_t config;  /* one of its configurations */
    int64_t last;    /* its largest iteration count */
    int64_t done;    /* where a later run resumes; last if nothing is left */
    int64_t trained; /* updates made; fewer than done if training ended early */
    double seconds;  /* that they took */
    int64_t gap;     /* the smallest iteration count whose configuration is pending; INT64_MAX: none */
};

struct ms_progress {
    int64_t trajectories;
    struct ms_trajectory_progress *of; /* [trajectories] owned */
};

/* Sets the pace of the run in *found from the progress of all trajectories. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_progress_pace(const struct ms_file *file, const struct ms_progress_table *table,
                              const struct ms_progress *progress, const struct ms_run_state *run,
                              struct ms_reader_progress *found, struct ms_error *err);

#endif
