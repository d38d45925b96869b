/* Where a stream ends up: on a terminal, also behind Open MPI's mpirun. */
#ifndef MOONSWEEP_SWEEP_TERMINAL_H
#define MOONSWEEP_SWEEP_TERMINAL_H

#include <stdio.h>

/* A file descriptor (the caller closes it) of the terminal that shows what is written to stream; -1: none.
 *
 * mpirun gives its ranks a pipe (or a terminal of their own) for standard error and copies it to its own. So
 * when this process's parent is mpirun, the parent's standard error is looked at (Linux: /proc). */
int ms_terminal_open(FILE *stream);

/* Its width in columns now; 80 where it does not say. */
int ms_terminal_columns(int terminal);

#endif
