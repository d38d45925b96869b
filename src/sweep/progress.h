/* Shows the progress of a sweep: by a live line on a terminal, or by a plain line every few seconds in a log.
 *
 *     struct ms_progress progress = ms_progress_begin(stream, now_s);
 *     if (ms_progress_is_due(&progress, now_s))          // cheap
 *         ms_progress_show(&progress, &figures, now_s);
 *     ms_progress_end(&progress);                        // removes the live line
 *
 * Numbers have a decimal point in every locale.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
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
    int64_t configs, done, diverged, stopped, dropped; /* of the whole file */
    double fraction;                                   /* of the work of the whole file, 0 .. 1 */
    double elapsed_s;
    double left_s; /* remaining time; NaN: not known yet */
    bool is_bound; /* it may be less, and the fraction more, because trajectories may be dropped */
    double iterations_per_s;
    int32_t stalled_rank; /* has reported no progress for stalled_s; there is none if that is 0 */
    double stalled_s;
    struct ms_best best;
};

struct ms_progress {
    enum ms_progress_mode mode;
    struct ms_live live;
    double next_s;
};

/* Chooses the mode from the value of MOONSWEEP_PROGRESS (NULL: not set) and from whether the output can update lines in
 * place (is_live). Returns false, and chooses as if the variable were not set, if its value is invalid. */
bool ms_progress_choose(const char *moonsweep_progress, bool is_live, enum ms_progress_mode *mode);

/* Chooses the mode by stream and the environment. stream NULL: off. Never fails. */
struct ms_progress ms_progress_begin(FILE *stream, double now_s);
bool ms_progress_is_due(const struct ms_progress *progress, double now_s);
void ms_progress_show(struct ms_progress *progress, const struct ms_progress_figures *figures, double now_s);
void ms_progress_clear(struct ms_progress *progress); /* removes the live line until it is shown again */
void ms_progress_end(struct ms_progress *progress);

/* Write the lines to line, without end of line, at most size - 1 bytes; one byte is one column. The live line takes at
 * most `columns` columns: it omits the bar first, and then parts from the right. */
void ms_progress_live_line(char *line, size_t size, int columns, const struct ms_progress_figures *figures);
void ms_progress_plain_line(char *line, size_t size, const struct ms_progress_figures *figures);

#endif
