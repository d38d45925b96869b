/* Neither of the two tells alone: a run that was killed could not say so in its row, and one that holds the lock
 * may not have begun its row yet. */
#include "presence.h"

#include <string.h>

#include "reader_state.h"

/* The row of the run that came last. */
struct last_run {
    uint64_t id; /* 0: there was none */
    uint8_t how_ended;
    double started;
    bool asked_to_stop;
};

static enum ms_code read_last_run(const struct ms_file *file, struct last_run *last, struct ms_error *err)
{
    uint64_t current, asked, ids[MS_RUNS];
    int64_t row = 0;
    enum ms_code code = MS_OK;

    *last = (struct last_run){0};
    if (file->shape.size[MS_DIM_RUN] != MS_RUNS)
        code = ms_fail(err, MS_BAD_INPUT, "%s: /runs must have %d rows", file->path, MS_RUNS);
    if (code == MS_OK)
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
    last->asked_to_stop = asked == current;
    code = ms_file_read(file, MS_VAR_RUN_HOW_ENDED, row, 1, &last->how_ended, err);
    return code == MS_OK ? ms_file_read(file, MS_VAR_RUN_STARTED, row, 1, &last->started, err) : code;
}

static enum ms_presence_state judge(const struct last_run *last, const struct ms_lock_look *look)
{
    bool is_open = last->id != 0 && last->how_ended == MS_RUN_RUNNING;

    /* A row that is older than the lock is of a run that was killed before. */
    if (look->state == MS_LOCK_HELD)
        return is_open && last->started >= look->since ? MS_PRESENCE_AT_WORK : MS_PRESENCE_PASSING;
    if (!is_open)
        return MS_PRESENCE_NONE;
    if (!look->has_file)
        return MS_PRESENCE_UNNAMED;
    return look->state == MS_LOCK_FREE && !look->elsewhere ? MS_PRESENCE_KILLED : MS_PRESENCE_UNSEEN;
}

enum ms_code ms_presence_read(const struct ms_file *file, struct ms_presence *presence, struct ms_error *err)
{
    enum ms_presence_state state;
    struct ms_lock_look look;
    struct last_run last;
    enum ms_code code;

    ms_store_look_at_lock(file->path, &look);
    code = read_last_run(file, &last, err);
    if (code != MS_OK)
        return code;
    state = judge(&last, &look);
    /* The run may have begun after the look at its lock: who was killed does not hold it at a second look either. */
    if (state == MS_PRESENCE_KILLED || state == MS_PRESENCE_UNSEEN || state == MS_PRESENCE_UNNAMED) {
        ms_store_look_at_lock(file->path, &look);
        state = judge(&last, &look);
    }
    *presence = (struct ms_presence){
        .state = state, .run_id = last.id, .how_ended = last.how_ended, .asked_to_stop = last.asked_to_stop};
    memcpy(presence->holder, look.holder, sizeof presence->holder);
    return MS_OK;
}

enum ms_code ms_reader_presence(struct ms_reader *reader, struct ms_presence *presence, struct ms_error *err)
{
    return ms_presence_read(&reader->file, presence, err);
}
