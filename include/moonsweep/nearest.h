/* Finds the known word that a misspelt one was probably meant to be, for error messages.
 *
 *     const char *meant = ms_nearest("learning_rte", keys, n_keys);     // "learning_rate", or NULL
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_NEAREST_H
#define MOONSWEEP_NEAREST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the word of words[n] that is the fewest changes away from text, the first one if there are several. A change
 * inserts, deletes or replaces a letter or swaps two neighbouring ones; upper and lower case count as equal. Returns
 * NULL if every word needs more changes than a third of its letters (words of two letters and more may need one). */
const char *ms_nearest(const char *text, const char *const *words, size_t n);

#ifdef __cplusplus
}
#endif

#endif
