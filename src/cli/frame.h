/* Lines that are renewed in place on a terminal, whatever its size and whatever is in them.
 *
 *     struct frame frame = frame_begin(stdout, terminal);
 *     frame_draw(&frame, lines, count);      // again and again
 *     frame_end(&frame, lines, count);       // the last state, in full, which stays
 *
 * A line that is longer than the terminal is wide takes several rows, which are broken here: the terminal's own
 * wrapping is off meanwhile, so that the number of rows is known even if a character turns out wider than thought.
 * Where the lines take more rows than the terminal has, those of least interest are left out, and a row says how many.
 * After a change of the terminal's size everything is drawn anew on a cleared screen: terminals differ in what they do
 * with rows that no longer fit. Control characters and bytes that are no characters show as '?'. */
#ifndef MOONSWEEP_CLI_FRAME_H
#define MOONSWEEP_CLI_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct frame_line {
    char *text;      /* without its end */
    bool is_settled; /* it will not change any more: of less interest */
};

struct frame {
    FILE *file;
    int terminal;        /* as moonsweep/terminal.h has it */
    int columns, height; /* of the terminal when the rows were drawn */
    int rows;            /* that are on the screen */
};

/* Takes the encoding of the user's locale for this process (LC_CTYPE). terminal: where file ends up, borrowed; -1: its size
 * is not known. */
struct frame frame_begin(FILE *file, int terminal);
void frame_draw(struct frame *frame, const struct frame_line *lines, int count);
void frame_end(struct frame *frame, const struct frame_line *lines, int count);

/* Writes as much of text as fits in `columns` columns (at least one character) to file; returns where the rest begins.
 * *used: the columns that it takes. file NULL: only counts. */
const char *frame_write_row(FILE *file, const char *text, int columns, int *used);

/* How many rows a line takes: at least 1. */
int frame_rows(const char *text, int columns);

/* Which lines to show in `room` rows, given how many each takes; returns how many are left out. If that is not 0, a row
 * is left free for saying so. */
int frame_choose(const struct frame_line *lines, const int *rows, int count, int room, bool *shown);

#endif
