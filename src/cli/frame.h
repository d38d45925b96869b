/* Lines that are updated in place on a terminal of any size, with any content.
 *
 *     struct frame frame = frame_begin(stdout, terminal);
 *     frame_draw(&frame, lines, count);      // again and again
 *     frame_end(&frame, lines, count);       // the final state, complete and permanent
 *
 * A line that is wider than the terminal takes several rows, and is split here. The terminal's own wrapping is off in
 * the meantime, so that the number of rows is known even if a character is wider than expected. If the lines take more
 * rows than the terminal has, the least interesting ones are omitted, and a row says how many. After a change of the
 * terminal's size the screen is cleared and everything is drawn again, because terminals treat rows that no longer fit
 * differently. Control characters and invalid bytes are shown as '?'.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_FRAME_H
#define MOONSWEEP_CLI_FRAME_H

#include <stdbool.h>
#include <stdio.h>

struct frame_line {
    char *text;      /* without the newline */
    bool is_settled; /* it will not change any more, so it is less interesting */
};

struct frame {
    FILE *file;
    int terminal;        /* see moonsweep/terminal.h */
    int columns, height; /* of the terminal when the rows were drawn */
    int rows;            /* now on the screen */
};

/* Sets the process to the encoding of the user's locale (LC_CTYPE). terminal: the terminal to which file is written,
 * borrowed; -1 if its size is not known. */
struct frame frame_begin(FILE *file, int terminal);
void frame_draw(struct frame *frame, const struct frame_line *lines, int count);
void frame_end(struct frame *frame, const struct frame_line *lines, int count);

/* Writes as much of text as fits in `columns` columns (at least one character) to file; returns the rest of text.
 * *used: the columns that were used. file NULL: only counts. */
const char *frame_write_row(FILE *file, const char *text, int columns, int *used);

/* The number of rows that a line takes, at least 1. */
int frame_rows(const char *text, int columns);

/* Chooses the lines to show in `room` rows, if line i takes rows[i]; returns how many are omitted. If that is not 0,
 * one row is left free for a message. */
int frame_choose(const struct frame_line *lines, const int *rows, int count, int room, bool *shown);

#endif
