/* A small result that the cases of fuzz_result change, and how its sweep resumes, by the store's own functions.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_RESULT_BASE_H
#define MOONSWEEP_TESTS_RESULT_BASE_H

#include "moonsweep/job.h"
#include "moonsweep/writer.h"

/* The job of the base: four trajectories (n_h 1 and 2, tanh and relu) of two configurations each (2 and 4 iterations).
 * The caller frees it. */
void result_base_job(struct ms_job *job);

/* Writes the base to path, which must not exist: the first trajectory is finished, the second has only its first
 * configuration, the third has diverged, and the fourth has a checkpoint. spec: the one of the job. */
void result_base_write(const char *path, const struct ms_writer_spec *spec);

/* Stores a trajectory from iteration `from` to `to` as a sweep does, with made-up numbers. Errors: the store's. */
enum ms_code result_base_train(struct ms_writer *store, const struct ms_grid *grid, int64_t trajectory,
                               int64_t from, int64_t to, enum ms_status status, struct ms_error *err);

#endif
