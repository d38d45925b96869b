/* The progress of one result file, and the line that `moonsweep status` shows for it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_LOOK_H
#define MOONSWEEP_CLI_LOOK_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/reader.h"

struct look {
    bool exists; /* if not, the other members are meaningless */
    int64_t configs;
    int64_t by_status[MS_STATUS_COUNT]; /* they sum to configs */
    struct ms_best best;                /* of the done configurations */
    bool is_bound;                      /* rules of the job can still end trajectories before progress.all */
    struct ms_reader_progress progress; /* with the pace of an active run, if asked for */
    struct ms_run_state run;
};

enum look_option {
    LOOK_MAY_BE_MISSING = 1, /* a missing file is no error */
    LOOK_WITH_PACE = 2
};

/* Opens path and reads its state; a file that stays open would show an old state. options: a sum of enum look_option.
 * Errors: those of reading it, MS_NO_INPUT if it is missing. */
enum ms_code look_at(const char *path, unsigned options, struct look *look, struct ms_error *err);

/* Whether a run is at work on the file, or just starting or ending. */
bool look_is_held(const struct look *look);

/* Sets the counts and the best configuration of look from a table. */
void look_count(struct look *look, const struct ms_progress_table *table);

/* Writes the line without a newline. was_there: whether a file that does not exist now existed before. */
void look_write(FILE *file, const char *path, const struct look *look, bool was_there);

#endif
