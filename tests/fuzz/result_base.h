/* A small result and how its sweep goes on, by the store's own functions: what the cases of fuzz_result change. */
#ifndef MOONSWEEP_TESTS_RESULT_BASE_H
#define MOONSWEEP_TESTS_RESULT_BASE_H

#include "moonsweep/job.h"
#include "moonsweep/writer.h"

/* The job of the base: four trajectories (n_h 1 and 2, tanh and relu) of two configurations each (2 and 4 iterations).
 * The caller frees it. */
void result_base_job(struct ms_job *job);

/* Writes the base to path, which does not exist yet: the first trajectory is finished, the second has its first
 * configuration only, the third has diverged, of the fourth there is a checkpoint. spec: of its job. */
void result_base_write(const char *path, const struct ms_writer_spec *spec);

/* Trains a trajectory from iteration `from` on, as a sweep does, up to `to`, with numbers that are made up.
 * Errors: those of the store. */
enum ms_code result_base_train(struct ms_writer *store, const struct ms_grid *grid, int64_t trajectory,
                               int64_t from, int64_t to, enum ms_status status, struct ms_error *err);

#endif
