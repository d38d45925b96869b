/* The processor time that control groups grant.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_CPU_QUOTA_H
#define MOONSWEEP_CLI_CPU_QUOTA_H

#include <stdint.h>

/* The number of processors whose time the control groups of this process grant, including all enclosing ones, rounded
 * down (it may be 0); INT64_MAX if they do not limit it. root: as of cores_allowed. */
int64_t cpu_quota(const char *root);

#endif
