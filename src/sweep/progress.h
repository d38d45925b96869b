/* How far a sweep is, for people: a live line on a terminal, a plain line now and then in a log.
 *
 *     struct ms_progress progress = ms_progress_begin(stream, now_s);
 *     if (ms_progress_is_due(&progress, now_s))          // cheap
 *         ms_progress_show(&progress, &figures, now_s);
 *     ms_progress_end(&progress);                        // takes the live line away
 *
 * Numbers have a decimal point in every locale. */
#ifndef MOONSWEEP_SWEEP_PROGRESS_H
#define MOONSWEEP_SWEEP_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/live.h"

enum ms_progress_mode { MS_PROGRESS_OFF, MS_PROGRESS_PLAIN, MS_PROGRESS_LIVE };

struct ms_progress_figures {
    int64_t configs, done, diverged; /* of the whole file */
    double fraction;                 /* of the work of the whole file, 0 .. 1 */
    double elapsed_s;
    double left_s; /* NaN: not known yet */
    double iterations_per_s;
    struct ms_best best;
};

struct ms_progress {
    enum ms_progress_mode mode;
    struct ms_live live;
    double next_s;
};

/* The mode, from the value of MOONSWEEP_PROGRESS (NULL: not set) and whether lines may be renewed where they are shown.
 * False (and the mode as without it) if MOONSWEEP_PROGRESS is none of its values. */
bool ms_progress_choose(const char *moonsweep_progress, bool is_live, enum ms_progress_mode *mode);

/* Looks at stream and the environment. stream NULL: off. Never fails. */
struct ms_progress ms_progress_begin(FILE *stream, double now_s);
bool ms_progress_is_due(const struct ms_progress *progress, double now_s);
void ms_progress_show(struct ms_progress *progress, const struct ms_progress_figures *figures, double now_s);
void ms_progress_end(struct ms_progress *progress);

/* The lines themselves, without end of line, cut at size - 1 bytes; one byte is one column. The live line
 * takes at most `columns`, leaving parts out from the right, the bar first of all. */
void ms_progress_live_line(char *line, size_t size, int columns, const struct ms_progress_figures *figures);
void ms_progress_plain_line(char *line, size_t size, const struct ms_progress_figures *figures);

#endif
