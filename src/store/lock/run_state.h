/* Finds out whether a run is writing a result, from its row in /runs and from the lock.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_RUN_STATE_H
#define MOONSWEEP_STORE_RUN_STATE_H

#include "file.h"
#include "moonsweep/lock.h"

/* Does the same as ms_reader_run_state for an open file. */
enum ms_code ms_run_state_read(const struct ms_file *file, struct ms_run_state *state, struct ms_error *err);

#endif
