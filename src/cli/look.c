/* Opens the result anew for each look, counts the configurations by status, and writes what it found as a
 * line. The words about the last run are left out if no configuration is pending and no run is at work.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "look_bound.h"
#include "moonsweep/plural.h"
#include "moonsweep/printable.h"

/* ---- reading ------------------------------------------------------------------------------------------- */

void look_count(struct look *look, const struct ms_progress_table *table)
{
    look->configs = table->configs;
    memset(look->by_status, 0, sizeof look->by_status);
    look->best = ms_best_none;
    for (int64_t config = 0; config < table->configs; config++) {
        look->by_status[table->rows[config].status]++;
        if (table->rows[config].status == MS_DONE || table->rows[config].status == MS_STOPPED)
            ms_best_take(&look->best, config, table->rows[config].dev_accuracy);
    }
}

bool look_is_held(const struct look *look)
{
    const enum ms_run_activity activity = look->run.activity;

    return activity == MS_RUN_AT_WORK || activity == MS_RUN_PASSING || activity == MS_RUN_UNNAMED;
}

static enum ms_code read_state(const char *path, bool with_pace, struct look *look, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct ms_progress_table table = {0};
    int64_t *most = NULL;
    enum ms_code code;

    code = ms_reader_open(path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_run_state(reader, &look->run, err);
    if (code == MS_OK)
        code = ms_reader_progress_table(reader, &table, err);
    if (code == MS_OK)
        look_count(look, &table);
    if (code == MS_OK && look->by_status[MS_PENDING] > 0)
        code = look_bound(path, reader, &table, &look->is_bound, &most, err);
    if (code == MS_OK)
        code = ms_reader_progress(reader, &table, most, with_pace && look_is_held(look) ? &look->run : NULL,
                                  &look->progress, err);
    free(most);
    ms_progress_table_free(&table);
    ms_reader_close(reader);
    return code;
}

static bool is_missing(const char *path)
{
    struct stat status;

    return stat(path, &status) != 0 && errno == ENOENT;
}

enum ms_code look_at(const char *path, unsigned options, struct look *look, struct ms_error *err)
{
    enum ms_code code;

    *look = (struct look){.exists = true};
    code = read_state(path, (options & LOOK_WITH_PACE) != 0, look, err);
    if (code == MS_NO_INPUT && (options & LOOK_MAY_BE_MISSING) != 0 && is_missing(path)) {
        look->exists = false;
        return MS_OK;
    }
    return code;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* Writes the state of the last run, unless it is of no interest. */
static void write_run(FILE *file, const struct look *look)
{
    static const char *const words[] = {
        [MS_RUN_AT_WORK] = "running",
        [MS_RUN_PASSING] = "a run is just starting or ending",
        [MS_RUN_UNNAMED] = "running, or another run is just starting",
        [MS_RUN_KILLED] = "killed",
        [MS_RUN_UNSEEN] = "killed, or running where this host sees no lock",
        [MS_RUN_OTHER_NAME] = "killed, or running under another name of the file",
    };
    const struct ms_run_state *run = &look->run;
    const char *word = words[run->activity];

    if (run->activity == MS_RUN_NONE)
        word = run->how_ended == MS_RUN_STOPPED  ? "stopped"
               : run->how_ended == MS_RUN_FAILED ? "ended by an error"
                                                 : NULL;
    if (word == NULL || (look->by_status[MS_PENDING] == 0 && !look_is_held(look)))
        return;
    (void)fprintf(file, "; %s", word);
    if (run->holder[0] != '\0' && run->activity != MS_RUN_NONE)
        (void)fprintf(file, " (%s)", run->holder);
    if (run->asked_to_stop && run->activity != MS_RUN_PASSING)
        (void)fputs(", asked to stop", file);
    if (run->silent[0] != '\0')
        (void)fprintf(file, "; %s", run->silent);
}

void look_write(FILE *file, const char *path, const struct look *look, bool was_there)
{
    ms_printable_write(file, path);
    if (!look->exists) {
        (void)fprintf(file, ": %s", was_there ? "no longer exists" : "does not exist yet");
        return;
    }
    (void)fprintf(file, ": %lld of %lld done, %lld diverged", (long long)look->by_status[MS_DONE],
                  (long long)look->configs, (long long)look->by_status[MS_DIVERGED]);
    for (int status = MS_STOPPED; status < MS_STATUS_COUNT; status++)
        if (look->by_status[status] > 0)
            (void)fprintf(file, ", %lld %s", (long long)look->by_status[status],
                          ms_status_name((enum ms_status)status));
    (void)fprintf(file, ", %lld pending; %lld of %s%lld %s", (long long)look->by_status[MS_PENDING],
                  (long long)look->progress.done, look->is_bound ? "at most " : "",
                  (long long)look->progress.all, ms_plural(look->progress.all, "iteration", "iterations"));
    if (look->best.config >= 0)
        (void)fprintf(file, "; best dev accuracy %.2f%% (configuration %lld)", look->best.dev_accuracy,
                      (long long)look->best.config);
    write_run(file, look);
}
