/* Opens an older result, and finds out what it contains for a job.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "choose.h"
#include "reader_state.h"
#include "rewritten.h"

/* Opens the file as it is, or if that fails because another program has rewritten it, a copy. */
static enum ms_code open_reader(const char *path, const struct ms_writer_spec *spec, const char *beside,
                                struct ms_reader **reader, struct ms_error *err)
{
    const enum ms_code code = ms_reader_open(path, reader, err);

    return code == MS_BAD_INPUT ? ms_rewritten_open(path, beside, spec->stop, reader, err) : code;
}

enum ms_code ms_older_open(const char *path, const struct ms_writer_spec *spec, const char *beside,
                           struct ms_older **older, struct ms_error *err)
{
    struct ms_older *opened = calloc(1, sizeof *opened);
    enum ms_code code;

    if (opened == NULL)
        return ms_fail_memory(err, path, "to open it");
    code = open_reader(path, spec, beside, &opened->reader, err);
    if (code != MS_OK) {
        ms_older_close(opened);
        return code;
    }
    opened->file = &opened->reader->file;
    ms_record_layout(&opened->file->shape, MS_RECORD_CONFIG, &opened->layout);
    ms_record_layout(&opened->file->shape, MS_RECORD_SLOT, &opened->slot_layout);
    *older = opened;
    return MS_OK;
}

void ms_older_close(struct ms_older *older)
{
    if (older == NULL)
        return;
    ms_reader_close(older->reader);
    free(older->is_same);
    free(older);
}

struct ms_reader *ms_older_reader(struct ms_older *older)
{
    return older->reader;
}

/* The state of ms_older_match. */
struct count {
    const struct ms_grid *grid;
    struct ms_grid_member *members; /* [ms_grid_max_members] owned */
    struct ms_choice choice;        /* its rows are owned */
    struct ms_older_match match;
};

/* An ms_offer_visit. Counts also what is taken over after parts of the trajectory are trained. */
static enum ms_code count_offer(void *context, const struct ms_offer *offer, int64_t index,
                                struct ms_error *err)
{
    struct count *count = context;
    struct ms_choose_for wanted = {.members = count->members,
                                   .count = ms_grid_members(count->grid, index, count->members),
                                   .cost_room = ms_grid_trajectory(count->grid, index).cost_room,
                                   .limit = INT64_MAX};
    bool has_start = false;

    (void)err;
    do {
        ms_choose(offer, &wanted, &count->choice);
        count->match.rows += count->choice.rows;
        has_start = has_start || count->choice.start > 0;
        wanted.from = count->choice.goal;
    } while (count->choice.goal > 0);
    count->match.starts += has_start;
    return MS_OK;
}

enum ms_code ms_older_match(struct ms_older *older, const struct ms_older_use *use,
                            const struct ms_writer_spec *spec, struct ms_older_match *match,
                            struct ms_error *err)
{
    const size_t most = (size_t)ms_grid_max_members(spec->grid);
    struct count count = {.grid = spec->grid};
    const struct ms_offer_visits visits = {.visit = count_offer, .context = &count};
    enum ms_code code = MS_OK;

    count.members = malloc(most * sizeof *count.members);
    count.choice.row = malloc(most * sizeof *count.choice.row);
    if (count.members == NULL || count.choice.row == NULL)
        code = ms_fail_memory(err, older->file->path, "to take over its rows");
    if (code == MS_OK)
        code = ms_offers_walk(older, use, spec, &count.match, &visits, err);
    if (code == MS_OK)
        *match = count.match;
    free(count.members);
    free(count.choice.row);
    return code;
}
