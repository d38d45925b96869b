/* The version of the program, filled in by the build.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_VERSION_H
#define MOONSWEEP_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* "0.1.0" */
extern const char ms_version[];

/* The commit that the program was built from, followed by "-dirty" if the working tree had changes; "unknown" outside
 * git. */
extern const char ms_git_commit[];

/* Raised whenever results may change: a result file with another number is neither resumed nor reused. */
#define MS_NUMERICS 5

#ifdef __cplusplus
}
#endif

#endif
