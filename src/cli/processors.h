/* The processors of this machine: those that this process may use, and which of them are hyperthreads of one core.
 *
 *     struct processors allowed;
 *     if (processors_allowed("", &allowed))
 *         ... allowed.has[4], processors_place("", 4, &allowed) ...
 *
 * root is the folder that contains /proc and /sys: "" except in tests.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PROCESSORS_H
#define MOONSWEEP_CLI_PROCESSORS_H

#include <stdbool.h>

#include "moonsweep/error.h"

enum { PROCESSORS_MOST = 8192 };

/* A set of processors, by their numbers. */
struct processors {
    bool has[PROCESSORS_MOST];
};

/* Sets *allowed to the affinity mask of this process, which cpusets of its control group limit as well. Returns false if
 * the system does not say it. */
bool processors_allowed(const char *root, struct processors *allowed);

/* The number of allowed processors that come before this one in its core: 0 for the first of each core, 1 for its second
 * hyperthread. It is 0 if the system does not say what belongs to a core. */
int processors_place(const char *root, int processor, const struct processors *allowed);

/* Sets pair[] to two processors that are hyperthreads of one core, the first such core that this process may use. Errors:
 * MS_BUSY, with the reason: the machine shows no hyperthreads, this process may use only one of each core, or its control
 * groups grant the time of less than two processors. */
enum ms_code processors_find_pair(const char *root, int pair[2], struct ms_error *err);

#endif
