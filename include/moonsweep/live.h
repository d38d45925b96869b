/* One line that is renewed in place while something goes on, and then taken away.
 *
 *     struct ms_live live = ms_live_begin(stderr);
 *     if (ms_terminal_is_live(live.terminal)) ms_live_draw(&live, "50%");     // again and again
 *     ms_live_end(&live);
 *
 * The line is written over the one before, with spaces where that was longer: terminals of every kind show it well, and
 * so do programs that copy it. One byte is one column. */
#ifndef MOONSWEEP_LIVE_H
#define MOONSWEEP_LIVE_H

#include "moonsweep/terminal.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_live {
    FILE *stream;
    int terminal; /* a file descriptor of the terminal that stream ends at; -1: none */
    int shown;    /* columns of the line on the screen */
};

/* Looks for the terminal. Never fails. */
struct ms_live ms_live_begin(FILE *stream);

/* How long a line may be now: the last column would wrap. */
int ms_live_columns(const struct ms_live *live);

/* Shows line, cut to as many columns. */
void ms_live_draw(struct ms_live *live, const char *line);

/* Takes the line away and closes the terminal. */
void ms_live_end(struct ms_live *live);

#ifdef __cplusplus
}
#endif

#endif
