/* The ids runs/current and runs/stop, which are outside the records of the runs and have no checksum. Each
 * is 0 or the id of a run; one that differs from all of these, and from one of them by a single bit, is
 * corrupt.
 *
 *     struct ms_run_id id;
 *     ms_run_id_begin(&id, stored);
 *     for (each run) ms_run_id_compare(&id, run.id);
 *     if (ms_run_id_is_damaged(&id)) ... id.expected ...
 *
 * ms_run_id_random makes the id of a new run.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_RUN_ID_H
#define MOONSWEEP_STORE_RUN_ID_H

#include <stdbool.h>
#include <stdint.h>

struct ms_run_id {
    uint64_t stored;
    uint64_t expected; /* the original id, if the stored one is corrupt */
    bool is_known, is_near;
};

void ms_run_id_begin(struct ms_run_id *id, uint64_t stored);
void ms_run_id_compare(struct ms_run_id *id, uint64_t other);
bool ms_run_id_is_damaged(const struct ms_run_id *id);

/* Returns a random number other than 0; 0, with errno, if the system returns none. */
uint64_t ms_run_id_random(void);

#endif
