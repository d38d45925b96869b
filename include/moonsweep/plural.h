/* The form of a word that goes with a count:
 *
 *     fprintf(stderr, "%lld %s %s pending\n", (long long)n, ms_plural(n, "configuration", "configurations"),
 *             ms_plural(n, "is", "are"));
 *
 * In "3 of 7 configurations" the count is 7.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_PLURAL_H
#define MOONSWEEP_PLURAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns `one` if count is 1, otherwise `many`. */
const char *ms_plural(int64_t count, const char *one, const char *many);

#ifdef __cplusplus
}
#endif

#endif
