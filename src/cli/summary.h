/* The words after a sweep: what it took, what came out, which configurations are the best. */
#ifndef MOONSWEEP_CLI_SUMMARY_H
#define MOONSWEEP_CLI_SUMMARY_H

#include <stdio.h>

#include "moonsweep/sweep.h"

/* Writes them to file. path: the result file, read for the best configurations; ranks: cores used. Errors:
 * those of reading it. */
enum ms_code summary_write(FILE *file, const char *path, int ranks, const struct ms_sweep_summary *summary,
                           struct ms_error *err);

#endif
