/* Takes over rows, each after the costs that belong to it, and then the state between two iteration counts.
 *
 * Costs, rows and checkpoints go through the writer as those of a training do (rule 3 of docs/file-format.md), so that a
 * run that is killed meanwhile loses only what it has not yet committed.
 *
 * Before a row is committed, its checksum in the older result is compared once more, with the costs in the new file, so
 * that those which were already there are known to be the same.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "taking.h"

#include <stdlib.h>
#include <string.h>

#include "moonsweep/cost_stride.h"
#include "moonsweep/float_environment.h"
#include "source.h"

enum { COSTS_AT_ONCE = 8192, UNKNOWN_ROW = -1 };

void ms_taking_begin(struct ms_taking *taking)
{
    for (int i = 0; i <= MS_RUNS; i++)
        taking->source[i] = UNKNOWN_ROW;
}

/* ---- costs ---------------------------------------------------------------------------------------------- */

/* Whether the older result has all costs. Otherwise it has the same rule about costs as the job, and what the rule knows in
 * each state. */
static bool has_all_costs(const struct ms_offer *offer)
{
    return offer->trajectory->costs.stride == 1;
}

/* Tells the rule about costs further ones. */
static void note_costs(struct ms_taking *taking, int64_t count, const double *costs)
{
    const struct ms_float_environment found = ms_float_environment_enter();

    for (int64_t i = 0; i < count; i++)
        ms_patience_note(&taking->patience, taking->use->rules, costs[i]);
    ms_float_environment_leave(&found);
}

/* A state of the older result. */
struct state {
    int64_t iterations, costs;   /* updates; costs, of which the last one may be that of a failed update */
    double final_cost;           /* the last of them */
    struct ms_patience patience; /* as the older result has it */
};

/* Returns how far to append costs at once so that they are read in pieces, and those of a failed update by themselves. */
static int64_t next_piece(const struct state *state, int64_t from)
{
    const int64_t end = from < state->iterations ? state->iterations : state->costs;

    return end - from < COSTS_AT_ONCE ? end : from + COSTS_AT_ONCE;
}

/* Appends the costs of the older result to the present history up to a state, for which *patience is set. */
static enum ms_code copy_costs(struct ms_taking *taking, const struct ms_offer *offer,
                               const struct state *state, struct ms_patience *patience, struct ms_error *err)
{
    const struct ms_costs *older = &offer->trajectory->costs;
    struct ms_history *history = &taking->writer->history;
    double entries[COSTS_AT_ONCE];
    enum ms_code code = MS_OK;

    while (code == MS_OK && history->count < state->costs) {
        const int64_t from = history->count, to = next_piece(state, from);
        const int64_t first = ms_cost_stride_entries(older->stride, from);
        const int64_t count = ms_cost_stride_entries(older->stride, to) - first;

        if (count > 0)
            code = ms_costs_read(taking->older->file, older, first, count, entries, err);
        if (code == MS_OK && has_all_costs(offer) && from < state->iterations)
            note_costs(taking, count, entries);
        if (code == MS_OK)
            code = ms_history_append(taking->writer, to, entries, state->final_cost, err);
    }
    *patience = has_all_costs(offer) || taking->use->rules->patience == 0 ? taking->patience
                                                                          : state->patience;
    return code;
}

enum ms_code ms_taking_compare(const struct ms_taking *taking, const struct ms_offer *offer, bool *are,
                               struct ms_error *err)
{
    const struct ms_history *history = &taking->writer->history;
    const struct ms_costs *older = &offer->trajectory->costs;
    const struct ms_costs costs = {.start = older->start,
                                   .count = ms_cost_stride_entries(older->stride, history->count),
                                   .stride = older->stride};

    *are = costs.count <= offer->trajectory->room;
    return costs.count == 0 || !*are ? MS_OK
                                     : ms_costs_have_hash(taking->older->file, &costs, costs.count,
                                                          ms_chain_hash(&history->chain), are, err);
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

static const unsigned char *row_bytes(const struct ms_offer *offer, int64_t position)
{
    return offer->trajectory->rows + (size_t)position * offer->older->layout.bytes;
}

/* Whether a row of the older result matches its checksum with the costs of the present history. */
static bool is_row_of_history(const struct ms_taking *taking, const struct ms_offer *offer, int64_t position)
{
    return ms_record_checksum_ok(&taking->older->layout, taking->older->file->job_hash,
                                 offer->trajectory->members[position],
                                 ms_chain_hash(&taking->writer->history.chain), row_bytes(offer, position));
}

/* Sets *row to the row of /runs for what a run of the older result committed. */
static enum ms_code find_source(struct ms_taking *taking, int32_t run, int32_t *row, struct ms_error *err)
{
    const int32_t known = run >= 0 && run < MS_RUNS ? run + 1 : 0;
    enum ms_code code = MS_OK;

    if (taking->source[known] == UNKNOWN_ROW)
        code = ms_source_row(taking->older, taking->use, taking->writer, known - 1, &taking->source[known],
                             err);
    *row = taking->source[known];
    return code;
}

/* Commits a configuration with the results of a row of the older result, which may be those of another configuration of
 * the same trajectory: then the status is not that of the row. */
static enum ms_code take_row(struct ms_taking *taking, const struct ms_offer *offer, int64_t i,
                             const struct ms_patience *patience, struct ms_error *err)
{
    const struct ms_choice *choice = &taking->choice;
    const unsigned char *bytes = row_bytes(offer, choice->row[i]);
    const enum ms_ended_by by = i < choice->n_done ? MS_ENDED_BY_NOTHING : choice->by;
    struct ms_result result = {.config = taking->members[i].config,
                               .ended_by = by,
                               .network = &taking->network,
                               .patience = *patience,
                               .is_taken_over = true};
    struct ms_row row;
    enum ms_code code;

    ms_record_unpack(&taking->older->layout, bytes, &row);
    ms_record_network(&taking->older->layout, bytes, &taking->network);
    result.status = ms_status_of_end(row.status == MS_DIVERGED, by);
    result.iterations_done = row.iterations_done;
    result.train.accuracy = row.train_accuracy;
    result.train.cost = row.train_cost;
    memcpy(result.train.outcomes, row.train_outcomes, sizeof result.train.outcomes);
    result.dev.accuracy = row.dev_accuracy;
    result.dev.cost = row.dev_cost;
    memcpy(result.dev.outcomes, row.dev_outcomes, sizeof result.dev.outcomes);
    result.train_seconds = row.train_seconds;
    result.train_cpu_seconds = row.train_cpu_seconds;
    code = find_source(taking, row.run, &result.source, err);
    if (code == MS_OK)
        code = ms_writer_result(taking->writer, &result, err);
    taking->rows += code == MS_OK;
    return code;
}

/* Returns the state in a row of the older result. Of a trajectory that has diverged, the cost after the last update may be
 * finite; if it is not stored, it does not matter whether it was. */
static struct state state_of_row(const struct ms_taking *taking, const struct ms_offer *offer,
                                 int64_t position)
{
    const struct ms_costs *costs = &offer->trajectory->costs;
    struct ms_row row;
    struct state state;

    ms_record_unpack(&taking->older->layout, row_bytes(offer, position), &row);
    state = (struct state){.iterations = row.iterations_done,
                           .costs = row.iterations_done,
                           .final_cost = row.final_cost,
                           .patience = {row.stop_best, row.stop_count}};
    if (row.status == MS_DIVERGED &&
        ms_costs_within(costs, row.iterations) > ms_cost_stride_entries(costs->stride, row.iterations_done))
        state.costs++;
    return state;
}

enum ms_code ms_taking_rows(struct ms_taking *taking, const struct ms_offer *offer, int64_t count,
                            bool *are_equal, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && *are_equal && i < count; i++) {
        const int64_t position = taking->choice.row[i];
        struct ms_patience patience;
        struct state state;

        if (position < 0)
            continue;
        state = state_of_row(taking, offer, position);
        code = copy_costs(taking, offer, &state, &patience, err);
        if (code == MS_OK)
            *are_equal = is_row_of_history(taking, offer, position);
        if (code == MS_OK && *are_equal)
            code = take_row(taking, offer, i, &patience, err);
    }
    return code;
}

/* ---- states between two iteration counts ---------------------------------------------------------------- */

/* Reads the chosen checkpoint of the older result; *is_right: it matches its checksum. */
static enum ms_code read_slot(struct ms_taking *taking, const struct ms_offer *offer,
                              struct ms_slot_record *record, bool *is_right, struct ms_error *err)
{
    const struct ms_record_layout *layout = &taking->older->slot_layout;
    unsigned char *bytes = malloc(layout->bytes);
    enum ms_code code;

    if (bytes == NULL)
        return ms_fail_memory(err, taking->older->file->path, "to read a checkpoint");
    code = ms_records_read(taking->older->file, layout, offer->slot.slot, 1, bytes, err);
    if (code == MS_OK) {
        ms_record_unpack(layout, bytes, record);
        *is_right = record->trajectory == offer->trajectory->index &&
                    record->iteration == offer->slot.iteration &&
                    ms_record_checksum_ok(layout, taking->older->file->job_hash, offer->slot.slot, 0, bytes);
        ms_record_network(layout, bytes, &taking->network);
    }
    free(bytes);
    return code;
}

/* Writes the checkpoint if the costs of its state have that hash, or belong to the chosen row if hash is NULL. */
static enum ms_code write_start(struct ms_taking *taking, const struct ms_offer *offer,
                                const struct state *state, const uint64_t *hash,
                                struct ms_checkpoint *checkpoint, bool *are_equal, struct ms_error *err)
{
    enum ms_code code = copy_costs(taking, offer, state, &checkpoint->patience, err);

    if (code != MS_OK)
        return code;
    *are_equal = hash != NULL ? *hash == ms_chain_hash(&taking->writer->history.chain)
                              : is_row_of_history(taking, offer, taking->choice.start_row);
    if (*are_equal)
        code = ms_writer_checkpoint(taking->writer, checkpoint, err);
    taking->starts += *are_equal && code == MS_OK;
    return code;
}

static enum ms_code start_from_slot(struct ms_taking *taking, const struct ms_offer *offer, bool *are_equal,
                                    struct ms_error *err)
{
    struct ms_slot_record record;
    struct ms_checkpoint checkpoint;
    struct state state;
    enum ms_code code = read_slot(taking, offer, &record, are_equal, err);

    if (code != MS_OK || !*are_equal)
        return code;
    state = (struct state){.iterations = record.iteration,
                           .costs = record.iteration,
                           .final_cost = record.final_cost,
                           .patience = {record.stop_best, record.stop_count}};
    checkpoint = (struct ms_checkpoint){.iteration = record.iteration,
                                        .seconds = record.seconds,
                                        .cpu_seconds = record.cpu_seconds,
                                        .network = &taking->network};
    return write_start(taking, offer, &state, &record.cost_hash, &checkpoint, are_equal, err);
}

static enum ms_code start_from_row(struct ms_taking *taking, const struct ms_offer *offer, bool *are_equal,
                                   struct ms_error *err)
{
    const int64_t position = taking->choice.start_row;
    const struct state state = state_of_row(taking, offer, position);
    struct ms_checkpoint checkpoint = {.iteration = state.iterations, .network = &taking->network};
    struct ms_row row;

    ms_record_unpack(&taking->older->layout, row_bytes(offer, position), &row);
    ms_record_network(&taking->older->layout, row_bytes(offer, position), &taking->network);
    checkpoint.seconds = row.train_seconds;
    checkpoint.cpu_seconds = row.train_cpu_seconds;
    return write_start(taking, offer, &state, NULL, &checkpoint, are_equal, err);
}

enum ms_code ms_taking_start(struct ms_taking *taking, const struct ms_offer *offer, bool *are_equal,
                             struct ms_error *err)
{
    return taking->choice.start_row < 0 ? start_from_slot(taking, offer, are_equal, err)
                                        : start_from_row(taking, offer, are_equal, err);
}
