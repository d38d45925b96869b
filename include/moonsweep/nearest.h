/* The known word that a misspelt one was probably meant to be, for error messages.
 *
 *     const char *meant = ms_nearest("learning_rte", keys, n_keys);     // "learning_rate", or NULL
 */
#ifndef MOONSWEEP_NEAREST_H
#define MOONSWEEP_NEAREST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The word of words[n] that takes the fewest changes to get from text, where a change inserts, drops or
 * replaces a letter or swaps two neighbours, and letters that differ in case only count as equal; the first
 * of several. NULL when every word would take more than a third of its letters (but 1 always may). */
const char *ms_nearest(const char *text, const char *const *words, size_t n);

#ifdef __cplusplus
}
#endif

#endif
