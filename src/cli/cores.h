/* How many cores this process may use.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_CORES_H
#define MOONSWEEP_CLI_CORES_H

#include <stdint.h>

/* The number that tools/cores.sh prints: the physical cores among the processors of the affinity mask, of which two
 * hardware threads count once, or the processors whose time the control groups grant if these are fewer; at least 1.
 * root: the folder that contains /proc and /sys, "" except in tests. */
int32_t cores_allowed(const char *root);

#endif
