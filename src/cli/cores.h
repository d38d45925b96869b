/* How many ranks this process may start on the cores that it may use.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_CORES_H
#define MOONSWEEP_CLI_CORES_H

#include <stdint.h>

#include "moonsweep/error.h"

/* Sets *threads to the number of hyperthreads of each core that ranks use: MOONSWEEP_THREADS_PER_CORE in the environment, 1
 * or 2, and 1 without it. Errors: MS_BAD_USAGE. */
enum ms_code cores_threads_per_core(int *threads, struct ms_error *err);

/* The number that tools/cores.sh prints: the processors of the affinity mask, at most threads_per_core of each physical
 * core, or the processors whose time the control groups grant if these are fewer; at least 1. root: the folder that
 * contains /proc and /sys, "" except in tests. */
int32_t cores_allowed(const char *root, int threads_per_core);

#endif
