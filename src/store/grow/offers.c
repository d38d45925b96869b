/* Makes the offers of an older result. The settings of its trajectories follow from its job, as everywhere (rule 5 of
 * docs/file-format.md); rows, costs, checkpoints and samples are compared with their checksums.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "moonsweep/cost_stride.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/patience.h"
#include "offer.h"
#include "reader_state.h"
#include "trajectory_index.h"

enum { COSTS_AT_ONCE = 8192 };

/* The state of ms_offers_walk. */
struct pass {
    struct ms_older *older;
    const struct ms_older_use *use;
    const struct ms_writer_spec *spec;
    struct ms_older_match *match;
    const struct ms_offer_visits *visits;
    struct ms_trajectory_index index;
    struct ms_offer_slot *slots;   /* [trajectories of the older result] owned: their newest checkpoints */
    bool *ok;                      /* [capacity] owned */
    struct ms_offer_state *states; /* [capacity] owned */
    int64_t capacity;              /* rows of a trajectory */
};

static enum ms_code fail_memory(const struct ms_older *older, struct ms_error *err)
{
    return ms_fail_memory(err, older->file->path, "to take over its rows");
}

/* ---- before the walk ------------------------------------------------------------------------------------ */

/* Whether both arrays, which may be NULL, are the same. */
static bool is_same_array(const double *a, const double *b, int32_t count)
{
    return a == NULL || b == NULL ? a == b : memcmp(a, b, (size_t)count * sizeof *a) == 0;
}

/* Whether two data sets have the same samples, as the networks see them, and the same standardization. */
static bool is_same_dataset(const struct ms_dataset *a, const struct ms_dataset *b)
{
    return a->train.n_x == b->train.n_x && a->train.rows == b->train.rows && a->dev.rows == b->dev.rows &&
           ms_checksum_dataset(a) == ms_checksum_dataset(b) &&
           is_same_array(a->feature_mean, b->feature_mean, a->train.n_x) &&
           is_same_array(a->feature_scale, b->feature_scale, a->train.n_x);
}

/* Compares every data set of the older result, which must match its checksum, with those of the job, the first time. */
static enum ms_code compare_datasets(struct pass *pass, struct ms_error *err)
{
    const int32_t olds = (int32_t)pass->older->file->shape.size[MS_DIM_DATASET];
    const int32_t news = pass->spec->grid->n_datasets;
    enum ms_code code = MS_OK;

    if (pass->older->is_same != NULL)
        return MS_OK;
    pass->older->is_same = calloc((size_t)olds * (size_t)news, sizeof *pass->older->is_same);
    if (pass->older->is_same == NULL)
        return fail_memory(pass->older, err);
    for (int32_t d = 0; code == MS_OK && d < olds; d++) {
        struct ms_dataset data = {0};

        code = ms_reader_dataset(pass->older->reader, d, &data, err);
        for (int32_t e = 0; code == MS_OK && e < news; e++)
            pass->older->is_same[(size_t)d * (size_t)news + (size_t)e] = is_same_dataset(
                &data, &pass->spec->datasets[e]);
        ms_dataset_free(&data);
    }
    return code;
}

/* Remembers a checkpoint that matches its checksum if it is the newest of its trajectory. */
static enum ms_code visit_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct pass *pass = context;
    const struct ms_file *file = pass->older->file;
    struct ms_slot_record record;

    (void)err;
    ms_record_unpack(&pass->older->slot_layout, bytes, &record);
    if (record.trajectory < 0 || record.trajectory >= file->shape.size[MS_DIM_TRAJECTORY] ||
        record.iteration <= pass->slots[record.trajectory].iteration ||
        !ms_record_checksum_ok(&pass->older->slot_layout, file->job_hash, index, 0, bytes))
        return MS_OK;
    pass->slots[record.trajectory] = (struct ms_offer_slot){
        .iteration = record.iteration, .cpu_seconds = record.cpu_seconds, .slot = (int32_t)index};
    return MS_OK;
}

/* Checks that the file has the sizes of its job, whose grid tells the settings of every trajectory. */
static enum ms_code check_sizes(const struct ms_older *older, const struct ms_grid *grid,
                                struct ms_error *err)
{
    const int64_t *size = older->file->shape.size;

    if (size[MS_DIM_CONFIG] == ms_grid_configs(grid) &&
        size[MS_DIM_TRAJECTORY] == ms_grid_trajectories(grid) && size[MS_DIM_DATASET] == grid->n_datasets)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s: its sizes are not those of its job: the file is corrupt",
                   older->file->path);
}

/* ---- one trajectory of the older result ----------------------------------------------------------------- */

static enum ms_code make_room(struct pass *pass, int64_t rows, struct ms_error *err)
{
    if (rows <= pass->capacity)
        return MS_OK;
    free(pass->ok);
    free(pass->states);
    pass->ok = malloc((size_t)rows * sizeof *pass->ok);
    pass->states = malloc((size_t)rows * sizeof *pass->states);
    pass->capacity = rows;
    return pass->ok == NULL || pass->states == NULL ? fail_memory(pass->older, err) : MS_OK;
}

/* Whether a row has the settings that its configuration has in the grid of its job. */
static bool is_of_job(const struct pass *pass, int64_t config, int64_t trajectory, const struct ms_row *row)
{
    const struct ms_config expected = ms_grid_config(pass->use->grid, config);

    return expected.trajectory == trajectory && row->iterations == expected.iterations &&
           row->n_h == expected.n_h && row->activation == expected.activation &&
           row->learning_rate == expected.learning_rate && row->init_scale == expected.init_scale &&
           row->seed == expected.seed && row->config_dataset == expected.dataset;
}

static int by_iterations(const void *a, const void *b)
{
    const struct ms_offer_state *left = a, *right = b;

    return (left->iterations > right->iterations) - (left->iterations < right->iterations);
}

/* Sorts the states, and keeps one of each: all rows that a rule has ended have the same one. */
static void sort_states(struct ms_offer *offer)
{
    int64_t kept = 0;

    qsort(offer->states, (size_t)offer->n_states, sizeof *offer->states, by_iterations);
    for (int64_t i = 0; i < offer->n_states; i++)
        if (kept == 0 || offer->states[kept - 1].iterations < offer->states[i].iterations)
            offer->states[kept++] = offer->states[i];
        else
            offer->states[kept - 1].is_end_by_time |= offer->states[i].is_end_by_time;
    offer->n_states = kept;
}

/* Whether the values of a final row, which matches its checksums, are those of its status. */
static bool is_state(const struct ms_offer *offer, const struct ms_row *row)
{
    if (row->status == MS_DONE)
        return row->iterations_done == row->iterations;
    return row->status == MS_STOPPED && row->iterations_done >= 0 && row->iterations_done < row->iterations &&
           ms_cost_stride_entries(offer->trajectory->costs.stride, row->iterations_done) ==
               ms_costs_within(&offer->trajectory->costs, row->iterations);
}

/* Adds a row to the offer if it is final and right. */
static void add_row(struct pass *pass, struct ms_offer *offer, int64_t position, bool is_ok)
{
    const struct ms_walk_trajectory *trajectory = offer->trajectory;
    const struct ms_record_layout *layout = &pass->older->layout;
    struct ms_row row;

    ms_record_unpack(layout, trajectory->rows + (size_t)position * layout->bytes, &row);
    if (row.status == MS_PENDING)
        return;
    if (!is_ok || !is_of_job(pass, trajectory->members[position], trajectory->index, &row)) {
        pass->match->damaged++;
    } else if (is_state(offer, &row)) {
        offer->states[offer->n_states++] = (struct ms_offer_state){
            .iterations = row.iterations_done,
            .row = position,
            .dev_accuracy = row.dev_accuracy,
            .cpu_seconds = row.train_cpu_seconds,
            .stop_count = row.stop_count,
            .is_end_by_time = row.status == MS_STOPPED && row.ended_by == MS_ENDED_BY_TIME};
    } else if (row.status == MS_DIVERGED && row.iterations_done >= 0 &&
               row.iterations_done < row.iterations) {
        offer->diverged = position;
        offer->diverged_at = row.iterations_done;
        offer->diverged_cpu_s = row.train_cpu_seconds;
    }
}

/* Drops the checkpoint of an offer if its costs are not those that it was written with. */
static enum ms_code check_slot(const struct pass *pass, struct ms_offer *offer, struct ms_error *err)
{
    const struct ms_file *file = pass->older->file;
    const struct ms_costs *known = &offer->trajectory->costs;
    const struct ms_costs costs = {.start = known->start,
                                   .count = ms_cost_stride_entries(known->stride, offer->slot.iteration),
                                   .stride = known->stride};
    uint64_t hash;
    bool has = false;
    enum ms_code code = MS_OK;

    if (offer->slot.iteration > 0 && costs.count <= offer->trajectory->room) {
        code = ms_file_read(file, MS_VAR_SLOT_COST_HASH, offer->slot.slot, 1, &hash, err);
        if (code == MS_OK)
            code = ms_costs_have_hash(file, &costs, costs.count, hash, &has, err);
    }
    if (!has)
        offer->slot = (struct ms_offer_slot){0};
    return code;
}

/* Returns the number of costs that match the checksums of what is offered. */
static int64_t known_costs(const struct ms_offer *offer)
{
    int64_t known = offer->slot.iteration;

    if (offer->n_states > 0 && offer->states[offer->n_states - 1].iterations > known)
        known = offer->states[offer->n_states - 1].iterations;
    return offer->diverged >= 0 && offer->diverged_at > known ? offer->diverged_at : known;
}

/* Finds out from the costs, which are all stored, where the job's rule about them ends the trajectory. */
static enum ms_code find_patience_end_in_costs(struct ms_offer *offer, struct ms_error *err)
{
    const int64_t known = known_costs(offer);
    double costs[COSTS_AT_ONCE];
    struct ms_patience patience = ms_patience_begin(offer->rules);
    const struct ms_float_environment found = ms_float_environment_enter();
    enum ms_code code = MS_OK;

    for (int64_t at = 0; code == MS_OK && offer->patience_end == INT64_MAX && at < known;
         at += COSTS_AT_ONCE) {
        const int64_t count = known - at < COSTS_AT_ONCE ? known - at : COSTS_AT_ONCE;

        code = ms_costs_read(offer->older->file, &offer->trajectory->costs, at, count, costs, err);
        for (int64_t i = 0; code == MS_OK && offer->patience_end == INT64_MAX && i < count; i++) {
            ms_patience_note(&patience, offer->rules, costs[i]);
            if (ms_patience_is_over(&patience, offer->rules))
                offer->patience_end = at + i + 1;
        }
    }
    ms_float_environment_leave(&found);
    return code;
}

/* Finds out from the states where the rule about costs, which both jobs have, ends the trajectory. */
static void find_patience_end_in_states(struct ms_offer *offer)
{
    for (int64_t i = 0; i < offer->n_states && offer->patience_end == INT64_MAX; i++)
        if (offer->states[i].stop_count >= offer->rules->patience)
            offer->patience_end = offer->states[i].iterations;
}

/* Finds out where the job's rule about costs ends the trajectory. */
static enum ms_code find_patience_end(struct ms_offer *offer, struct ms_error *err)
{
    offer->patience_end = INT64_MAX;
    if (offer->rules->patience == 0)
        return MS_OK;
    if (offer->trajectory->costs.stride == 1)
        return find_patience_end_in_costs(offer, err);
    find_patience_end_in_states(offer);
    return MS_OK;
}

/* Fills an offer with the rows and the checkpoint of its trajectory that match their checksums. */
static enum ms_code fill(struct pass *pass, struct ms_offer *offer, struct ms_error *err)
{
    const struct ms_walk_trajectory *trajectory = offer->trajectory;
    enum ms_code code = make_room(pass, trajectory->count, err);

    if (code != MS_OK)
        return code;
    offer->states = pass->states;
    if (trajectory->rows != NULL) {
        code = ms_costs_rows_ok(pass->older->file, &pass->older->layout, &trajectory->costs,
                                trajectory->members, trajectory->count, trajectory->rows, pass->ok, err);
        for (int64_t i = 0; code == MS_OK && i < trajectory->count; i++)
            add_row(pass, offer, i, pass->ok[i]);
        sort_states(offer);
    }
    if (code == MS_OK)
        code = check_slot(pass, offer, err);
    return code == MS_OK ? find_patience_end(offer, err) : code;
}

static int64_t count_final(const struct pass *pass, const struct ms_walk_trajectory *trajectory)
{
    const struct ms_record_layout *layout = &pass->older->layout;
    int64_t final = 0;

    for (int64_t i = 0; trajectory->rows != NULL && i < trajectory->count; i++)
        final += ms_record_status(layout, trajectory->rows + (size_t)i * layout->bytes) != MS_PENDING;
    return final;
}

/* A ms_walk_visit: makes an offer to each trajectory of the job with the same settings and the same samples. */
static enum ms_code visit_trajectory(void *context, const struct ms_walk_trajectory *trajectory,
                                     struct ms_error *err)
{
    struct pass *pass = context;
    const struct ms_config config = ms_grid_trajectory(pass->use->grid, trajectory->index).longest;
    const bool *is_same = pass->older->is_same +
                          (size_t)config.dataset * (size_t)pass->spec->grid->n_datasets;
    const int64_t final = count_final(pass, trajectory);
    struct ms_offer offer = {.older = pass->older,
                             .trajectory = trajectory,
                             .older_rules = pass->use->older_rules,
                             .rules = pass->use->rules,
                             .diverged = -1,
                             .slot = pass->slots[trajectory->index]};
    bool has_data = false, is_filled = false;
    enum ms_code code = MS_OK;

    pass->match->final += final;
    if (final == 0 && offer.slot.iteration == 0)
        return MS_OK;
    for (int32_t d = 0; code == MS_OK && d < pass->spec->grid->n_datasets; d++) {
        const int64_t index = is_same[d] ? ms_trajectory_index_find(&pass->index, &config, d) : -1;

        has_data = has_data || is_same[d];
        if (index < 0 ||
            (pass->visits->is_wanted != NULL && !pass->visits->is_wanted(pass->visits->context, index)))
            continue;
        if (!is_filled)
            code = fill(pass, &offer, err);
        is_filled = true;
        if (code == MS_OK)
            code = pass->visits->visit(pass->visits->context, &offer, index, err);
    }
    if (!is_filled)
        *(has_data ? &pass->match->outside : &pass->match->other_data) += final;
    return code;
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

static enum ms_code prepare(struct pass *pass, struct ms_error *err)
{
    const struct ms_older *older = pass->older;
    enum ms_code code = check_sizes(older, pass->use->grid, err);

    if (code == MS_OK)
        code = compare_datasets(pass, err);
    if (code == MS_OK)
        code = ms_trajectory_index_make(pass->spec->grid, &pass->index, err);
    if (code != MS_OK)
        return code;
    pass->slots = calloc((size_t)older->file->shape.size[MS_DIM_TRAJECTORY], sizeof *pass->slots);
    if (pass->slots == NULL)
        return fail_memory(older, err);
    return ms_walk_records(older->file, &older->slot_layout, visit_slot, pass, err);
}

enum ms_code ms_offers_walk(struct ms_older *older, const struct ms_older_use *use,
                            const struct ms_writer_spec *spec, struct ms_older_match *match,
                            const struct ms_offer_visits *visits, struct ms_error *err)
{
    struct pass pass = {.older = older, .use = use, .spec = spec, .match = match, .visits = visits};
    struct ms_trajectories trajectories = {0};
    enum ms_code code = prepare(&pass, err);

    if (code == MS_OK)
        code = ms_trajectories_read(older->file, &trajectories, err);
    if (code == MS_OK)
        code = ms_walk(older->file, &older->layout, &trajectories, true, visit_trajectory, &pass, err);
    ms_trajectories_free(&trajectories);
    ms_trajectory_index_free(&pass.index);
    free(pass.slots);
    free(pass.ok);
    free(pass.states);
    return code;
}
