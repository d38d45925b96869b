/* Waits by sleeping. MPI's blocking calls spin, which occupies a core.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_WAIT_H
#define MOONSWEEP_SWEEP_WAIT_H

#include <mpi.h>
#include <stdbool.h>

/* The sleeps of one wait: the first is short, to react quickly to a quick answer, and each is twice as long as the
 * last, up to a limit. */
struct ms_wait {
    long next_ns, limit_ns;
    long slept_ns; /* in total, so that the caller can do other things during a long wait */
    bool is_patient;
};

/* The sleeps grow from 50 microseconds to limit_ns. */
struct ms_wait ms_wait_begin(long limit_ns);

/* The same, but after a long wait they grow further, to a sixteenth of all that was slept and to 50 milliseconds at most:
 * if hundreds of ranks share a few cores and all of them wait, looking often takes these cores. */
struct ms_wait ms_wait_begin_patiently(long limit_ns);

/* Sleeps once. */
void ms_wait_sleep(struct ms_wait *wait);

/* Waits until request is completed, sleeping between tests. */
void ms_wait_request(MPI_Request *request);

#endif
