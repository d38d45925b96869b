/* Takes over what an older result offers to all trajectories, one after another (taking.c).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "taking.h"

/* The state of ms_older_take. */
struct pass {
    struct ms_taking taking; /* its members, rows of the choice, and network are owned */
    const struct ms_writer_scan *scan;
    const struct ms_older_goals *goals;
    bool *is_used;     /* [scan->pairs] owned: whether a pair of slots belongs to a trajectory */
    int32_t next_pair; /* no pair before it is free */
    int64_t differing;
};

/* ---- a trajectory --------------------------------------------------------------------------------------- */

/* Sets pair to the slots for a checkpoint of the trajectory: its own, or free ones; -1 if there are none. */
static void choose_pair(struct pass *pass, int64_t trajectory, int32_t slots[2])
{
    int32_t pair = pass->scan->pair[trajectory];

    if (pair < 0 && pass->taking.choice.start > 0) {
        while (pass->next_pair < pass->scan->pairs && pass->is_used[pass->next_pair])
            pass->next_pair++;
        pair = pass->next_pair < pass->scan->pairs ? pass->next_pair : -1;
    }
    slots[0] = pair < 0 ? -1 : 2 * pair;
    slots[1] = pair < 0 ? -1 : 2 * pair + 1;
}

/* Sets *is to whether a rule of the job ends the trajectory in the state that the new file has at iteration `from`: then
 * its last rows may be missing. */
static enum ms_code is_over(struct pass *pass, int64_t count, const struct ms_resume *resume, bool *is,
                            struct ms_error *err)
{
    const struct ms_end_rules *rules = pass->taking.use->rules;
    double accuracy = -1;
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && resume->iteration > 0 && i < count; i++)
        if (pass->taking.members[i].iterations == resume->iteration)
            code = ms_file_read(&pass->taking.writer->file, MS_VAR_DEV_ACCURACY,
                                pass->taking.members[i].config, 1, &accuracy, err);
    *is = (rules->target_dev_accuracy > 0 && accuracy >= rules->target_dev_accuracy) ||
          (rules->max_seconds > 0 && resume->cpu_seconds >= rules->max_seconds);
    return code;
}

/* Begins the trajectory where the new file has got to, and chooses what is taken over from there. */
static enum ms_code begin(struct pass *pass, const struct ms_offer *offer, int64_t index,
                          struct ms_choose_for *wanted, struct ms_error *err)
{
    struct ms_choice *choice = &pass->taking.choice;
    struct ms_resume resume = {.iteration = wanted->from, .network = &pass->taking.network};
    bool is_it_over = false;
    enum ms_code code;

    choose_pair(pass, index, resume.slots);
    code = ms_writer_begin(pass->taking.writer, index, &resume, err);
    if (code == MS_OK)
        code = is_over(pass, wanted->count, &resume, &is_it_over, err);
    if (code != MS_OK)
        return code;
    pass->taking.patience = resume.iteration > 0 ? resume.patience
                                                 : ms_patience_begin(pass->taking.use->rules);
    wanted->from = resume.iteration;
    if (is_it_over)
        wanted->limit = 0;
    ms_choose(offer, wanted, choice);
    if (choice->start > 0 && resume.slots[0] >= 0)
        pass->is_used[resume.slots[0] / 2] = true;
    if (resume.slots[0] < 0)
        choice->start = 0;
    return MS_OK;
}

static enum ms_code take_trajectory(struct pass *pass, const struct ms_offer *offer, int64_t index,
                                    struct ms_choose_for *wanted, struct ms_error *err)
{
    struct ms_taking *taking = &pass->taking;
    bool are_equal = true;
    enum ms_code code = begin(pass, offer, index, wanted, err);

    if (code == MS_OK)
        code = ms_taking_compare(taking, offer, &are_equal, err);
    if (code == MS_OK && are_equal)
        code = ms_taking_rows(taking, offer, wanted->count, &are_equal, err);
    if (code == MS_OK && are_equal && taking->choice.start > 0)
        code = ms_taking_start(taking, offer, &are_equal, err);
    if (code == MS_OK && !are_equal) {
        pass->differing++;
        taking->choice.goal = 0;
    }
    return code == MS_OK ? ms_writer_tick(taking->writer, err) : code;
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

/* An is_wanted of struct ms_offer_visits. */
static bool is_wanted(void *context, int64_t index)
{
    const struct pass *pass = context;
    const volatile sig_atomic_t *stop = pass->taking.use->stop;

    return !pass->scan->finished[index] && pass->goals->limit[index] > pass->scan->from_iteration[index] &&
           (stop == NULL || *stop == 0);
}

/* An ms_offer_visit. */
static enum ms_code visit_offer(void *context, const struct ms_offer *offer, int64_t index,
                                struct ms_error *err)
{
    struct pass *pass = context;
    struct ms_taking *taking = &pass->taking;
    const struct ms_grid *grid = taking->writer->spec.grid;
    const struct ms_grid_trajectory place = ms_grid_trajectory(grid, index);
    struct ms_choose_for wanted = {.members = taking->members,
                                   .count = ms_grid_members(grid, index, taking->members),
                                   .cost_room = place.cost_room,
                                   .from = pass->scan->from_iteration[index],
                                   .limit = pass->goals->limit[index]};
    enum ms_code code = MS_OK;

    ms_choose(offer, &wanted, &taking->choice);
    if (taking->choice.rows > 0 || taking->choice.start > 0) {
        code = ms_network_alloc(&taking->network, (int32_t)taking->writer->file.shape.size[MS_DIM_FEATURE],
                                place.longest.n_h, place.longest.activation, err);
        if (code == MS_OK)
            code = take_trajectory(pass, offer, index, &wanted, err);
        ms_network_free(&taking->network);
    }
    if (code == MS_OK && taking->choice.goal > 0 && taking->choice.goal < pass->goals->goal[index])
        pass->goals->goal[index] = taking->choice.goal;
    return code;
}

static enum ms_code allocate(struct pass *pass, struct ms_error *err)
{
    struct ms_taking *taking = &pass->taking;
    const size_t most = (size_t)ms_grid_max_members(taking->writer->spec.grid);

    ms_taking_begin(taking);
    taking->members = malloc(most * sizeof *taking->members);
    taking->choice.row = malloc(most * sizeof *taking->choice.row);
    pass->is_used = calloc((size_t)pass->scan->pairs, sizeof *pass->is_used);
    if (taking->members == NULL || taking->choice.row == NULL || pass->is_used == NULL)
        return ms_fail_memory(err, taking->older->file->path, "to take over its rows");
    for (int64_t t = 0; t < pass->scan->trajectories; t++)
        if (pass->scan->pair[t] >= 0)
            pass->is_used[pass->scan->pair[t]] = true;
    return MS_OK;
}

/* Makes durable what was taken over, which may be costs alone, and updates the scan if it is more. */
static enum ms_code finish(struct ms_writer *writer, bool has_taken, struct ms_writer_scan *scan,
                           struct ms_error *err)
{
    enum ms_code code = ms_writer_flush(writer, err);

    if (code != MS_OK || !has_taken)
        return code;
    ms_writer_scan_free(scan);
    return ms_writer_scan(writer, scan, err);
}

enum ms_code ms_older_take(struct ms_older *older, const struct ms_older_use *use, struct ms_writer *writer,
                           struct ms_writer_scan *scan, const struct ms_older_goals *goals,
                           struct ms_older_taken *taken, struct ms_error *err)
{
    struct pass pass = {
        .taking = {.older = older, .use = use, .writer = writer}, .scan = scan, .goals = goals};
    const struct ms_offer_visits visits = {.visit = visit_offer, .is_wanted = is_wanted, .context = &pass};
    struct ms_older_match match = {0};
    enum ms_code code = allocate(&pass, err);

    writer->is_alone = true;
    if (code == MS_OK)
        code = ms_offers_walk(older, use, &writer->spec, &match, &visits, err);
    if (code == MS_OK)
        code = finish(writer, pass.taking.rows > 0 || pass.taking.starts > 0, scan, err);
    writer->is_alone = false;
    if (code == MS_OK)
        *taken = (struct ms_older_taken){
            .rows = pass.taking.rows, .starts = pass.taking.starts, .differing = pass.differing};
    free(pass.taking.members);
    free(pass.taking.choice.row);
    free(pass.is_used);
    return code;
}
