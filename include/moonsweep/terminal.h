/* Finds the terminal that shows a stream, also through the mpirun of Open MPI or MPICH, and tells whether lines may be
 * redrawn there.
 *
 *     int terminal = ms_terminal_open(stderr);
 *     if (ms_terminal_is_live(terminal)) ... draw ...        // otherwise write ordinary lines
 *     ms_terminal_close(terminal);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TERMINAL_H
#define MOONSWEEP_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns a file descriptor of the terminal that shows what is written to stream; -1: none.
 *
 * mpirun gives its ranks a pipe or a pseudo-terminal for standard output and error and copies them to its own streams.
 * So if mpirun has started this process, the stream of mpirun is examined instead (Linux: /proc). */
int ms_terminal_open(FILE *stream);
void ms_terminal_close(int terminal); /* -1 has no effect */

/* Whether lines may be redrawn on the terminal: it supports that (TERM is set, and not "dumb"), and the user has not
 * asked for simple output (NO_COLOR is not set, or empty). */
bool ms_terminal_is_live(int terminal);

/* The same decision from the values of the variables (NULL: not set). */
bool ms_terminal_is_live_with(bool is_terminal, const char *term, const char *no_color);

/* The current size of the terminal; 80 columns and 24 rows if it does not report a size. */
void ms_terminal_size(int terminal, int *columns, int *rows);

#ifdef __cplusplus
}
#endif

#endif
