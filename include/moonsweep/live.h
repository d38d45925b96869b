/* One line that is redrawn in place during a long operation and erased at the end.
 *
 *     struct ms_live live = ms_live_begin(stderr);
 *     if (ms_terminal_is_live(live.terminal)) ms_live_draw(&live, "50%");     // again and again
 *     ms_live_end(&live);
 *
 * Each line overwrites the one before and is padded with spaces if that was longer: every kind of terminal shows this
 * correctly, and so do programs that copy the output. One byte is one column.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_LIVE_H
#define MOONSWEEP_LIVE_H

#include "moonsweep/terminal.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_live {
    FILE *stream;
    int terminal; /* a file descriptor of the terminal that shows stream; -1: none */
    int shown;    /* columns of the line on the screen */
};

/* Finds the terminal. Never fails. */
struct ms_live ms_live_begin(FILE *stream);

/* The largest number of columns of a line at this moment. The last column of the terminal is left free: a line that
 * reached it would wrap. */
int ms_live_columns(const struct ms_live *live);

/* Shows line, cut to ms_live_columns. */
void ms_live_draw(struct ms_live *live, const char *line);

/* Erases the line and closes the terminal. */
void ms_live_end(struct ms_live *live);

#ifdef __cplusplus
}
#endif

#endif
