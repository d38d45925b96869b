/* Where a stream ends up: on a terminal, also behind Open MPI's mpirun; and whether lines may be renewed there.
 *
 *     int terminal = ms_terminal_open(stderr);
 *     if (ms_terminal_is_live(terminal)) ... draw ...        // otherwise write lines that stay
 *     ms_terminal_close(terminal);
 */
#ifndef MOONSWEEP_TERMINAL_H
#define MOONSWEEP_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A file descriptor of the terminal that shows what is written to stream; -1: none.
 *
 * mpirun gives its ranks a pipe (or a terminal of their own) for standard output and error and copies them to its own. So
 * when this process's parent is mpirun, the parent's stream is looked at (Linux: /proc). */
int ms_terminal_open(FILE *stream);
void ms_terminal_close(int terminal); /* -1 is harmless */

/* Whether what is shown there is renewed in place: it is a terminal that can (TERM is set, and not "dumb"), and the user
 * has not asked for simple output (NO_COLOR is not set, or empty). */
bool ms_terminal_is_live(int terminal);

/* The same decision from the values of the variables (NULL: not set). */
bool ms_terminal_is_live_with(bool is_terminal, const char *term, const char *no_color);

/* Its size now; 80 columns and 24 rows where it does not say. */
void ms_terminal_size(int terminal, int *columns, int *rows);

#ifdef __cplusplus
}
#endif

#endif
