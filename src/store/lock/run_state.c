/* Looks at the lock, reads the row of the latest run, and judges by both; if the row is open and the lock does
 * not confirm it, looks at the lock once more.
 *
 * Neither the row nor the lock suffices: a killed run could not record its end in its row, and a run that
 * holds the lock may not have written its row yet. Both contain the id of the run. Times are not compared:
 * the clocks of two machines may differ.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "run_state.h"

#include <string.h>

#include "reader_state.h"

/* The row of the latest run. */
struct last_run {
    uint64_t id; /* 0 if there was none */
    int32_t row; /* -1 if there was none */
    int32_t ranks;
    uint8_t how_ended;
    bool asked_to_stop;
};

static enum ms_code read_last_run(const struct ms_file *file, struct last_run *last, struct ms_error *err)
{
    uint64_t current, asked, ids[MS_RUNS];
    int64_t row = 0;
    enum ms_code code;

    *last = (struct last_run){.row = -1};
    code = ms_file_read(file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_RUN_STOP, 0, 1, &asked, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_RUN_ID, 0, MS_RUNS, ids, err);
    while (code == MS_OK && row < MS_RUNS && ids[row] != current)
        row++;
    if (code != MS_OK || current == 0 || row == MS_RUNS)
        return code;
    last->id = current;
    last->row = (int32_t)row;
    last->asked_to_stop = asked == current;
    code = ms_file_read(file, MS_VAR_RUN_RANKS, row, 1, &last->ranks, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_RUN_HOW_ENDED, row, 1, &last->how_ended, err);
    return code;
}

static enum ms_run_activity judge(const struct last_run *last, const struct ms_lock_look *look)
{
    bool is_open = last->id != 0 && last->how_ended == MS_RUN_RUNNING;

    if (look->state == MS_LOCK_HELD && is_open && look->run_id == 0)
        return MS_RUN_UNNAMED;
    /* Otherwise an open row belongs to an earlier run, which was killed. */
    if (look->state == MS_LOCK_HELD)
        return is_open && last->id == look->run_id ? MS_RUN_AT_WORK : MS_RUN_PASSING;
    if (!is_open)
        return MS_RUN_NONE;
    if (!look->has_file)
        return MS_RUN_OTHER_NAME;
    return look->state == MS_LOCK_FREE && !look->elsewhere ? MS_RUN_KILLED : MS_RUN_UNSEEN;
}

enum ms_code ms_run_state_read(const struct ms_file *file, struct ms_run_state *state, struct ms_error *err)
{
    enum ms_run_activity activity;
    struct ms_lock_look look;
    struct last_run last;
    enum ms_code code;

    ms_lock_look(file->path, &look);
    code = read_last_run(file, &last, err);
    if (code != MS_OK)
        return code;
    activity = judge(&last, &look);
    /* The run may have begun after its lock was examined: a killed run does not hold it the second time
     * either. */
    if (activity == MS_RUN_KILLED || activity == MS_RUN_UNSEEN || activity == MS_RUN_OTHER_NAME) {
        ms_lock_look(file->path, &look);
        activity = judge(&last, &look);
    }
    *state = (struct ms_run_state){.activity = activity,
                                   .id = last.id,
                                   .row = last.row,
                                   .ranks = last.ranks,
                                   .how_ended = last.how_ended,
                                   .asked_to_stop = last.asked_to_stop};
    memcpy(state->holder, look.holder, sizeof state->holder);
    if (activity == MS_RUN_AT_WORK)
        memcpy(state->silent, look.silent, sizeof state->silent);
    return MS_OK;
}

enum ms_code ms_reader_run_state(struct ms_reader *reader, struct ms_run_state *state, struct ms_error *err)
{
    return ms_run_state_read(&reader->file, state, err);
}
