/* The summary of a sweep: what it took, what came out, and the best configurations. */
#ifndef MOONSWEEP_CLI_SUMMARY_H
#define MOONSWEEP_CLI_SUMMARY_H

#include <stdio.h>

#include "moonsweep/sweep.h"

enum { SUMMARY_DROPPED_BYTES = 40 };

/* Writes ", N dropped" to text, or nothing if no configuration was dropped. Returns text. */
const char *summary_dropped(const struct ms_sweep_summary *summary, char text[SUMMARY_DROPPED_BYTES]);

/* Writes the summary to file. path: the result file, from which the best configurations are read; ranks: cores used.
 * Errors: those of reading the result. */
enum ms_code summary_write(FILE *file, const char *path, int ranks, const struct ms_sweep_summary *summary,
                           struct ms_error *err);

#endif
