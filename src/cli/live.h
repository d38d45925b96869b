/* Whether lines can be renewed in place on a stream. */
#ifndef MOONSWEEP_CLI_LIVE_H
#define MOONSWEEP_CLI_LIVE_H

#include <stdbool.h>
#include <stdio.h>

/* It is a terminal that knows how to. */
bool live_terminal(FILE *stream);

/* How large the terminal at the end of stream is now; 80 columns and 24 rows where it does not say. */
void live_size(FILE *stream, int *columns, int *rows);

#endif
