/* Whether a run is at work on a result: by its row in /runs, and by the lock. */
#ifndef MOONSWEEP_STORE_RUN_STATE_H
#define MOONSWEEP_STORE_RUN_STATE_H

#include "file.h"
#include "moonsweep/lock.h"

/* As ms_reader_run_state, of an open file. */
enum ms_code ms_run_state_read(const struct ms_file *file, struct ms_run_state *state, struct ms_error *err);

#endif
