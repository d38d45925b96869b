/* Takes over rows, each after the costs that belong to it, and then the state between two iteration counts.
 *
 * Costs, rows and checkpoints go through the writer as those of a training do (rule 3 of docs/file-format.md), so that a
 * run that is killed meanwhile loses only what it has not yet committed.
 *
 * Before a row is committed, its checksum in the older result is compared once more, with the costs that the new file
 * has: those that the new file had before are then the same ones, too.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "taking.h"

#include <stdlib.h>
#include <string.h>

#include "source.h"

enum { COSTS_AT_ONCE = 8192, UNKNOWN_ROW = -1 };

void ms_taking_begin(struct ms_taking *taking)
{
    for (int i = 0; i <= MS_RUNS; i++)
        taking->source[i] = UNKNOWN_ROW;
}

/* ---- costs ---------------------------------------------------------------------------------------------- */

/* Appends costs of the older result to the present history until it has `to` of them. */
static enum ms_code copy_costs(struct ms_taking *taking, const struct ms_offer *offer, int64_t to,
                               struct ms_error *err)
{
    struct ms_writer *writer = taking->writer;
    double costs[COSTS_AT_ONCE];
    enum ms_code code = MS_OK;

    while (code == MS_OK && writer->history.count < to) {
        const int64_t from = writer->history.count;
        const int64_t count = to - from < COSTS_AT_ONCE ? to - from : COSTS_AT_ONCE;

        code = ms_costs_read(taking->older->file, offer->trajectory->costs.start + from, count, costs, err);
        if (code == MS_OK)
            code = ms_writer_costs(writer, count, costs, err);
    }
    return code;
}

enum ms_code ms_taking_compare(const struct ms_taking *taking, const struct ms_offer *offer, bool *are,
                               struct ms_error *err)
{
    const struct ms_history *history = &taking->writer->history;
    const struct ms_costs costs = {.start = offer->trajectory->costs.start, .count = history->count};

    *are = history->count <= offer->trajectory->room;
    return history->count == 0 || !*are ? MS_OK
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
                             struct ms_error *err)
{
    const struct ms_choice *choice = &taking->choice;
    const unsigned char *bytes = row_bytes(offer, choice->row[i]);
    const enum ms_ended_by by = i < choice->n_done ? MS_ENDED_BY_NOTHING : choice->by;
    struct ms_result result = {.config = taking->members[i].config,
                               .ended_by = by,
                               .network = &taking->network,
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

/* Appends the costs that a row of the older result has. */
static enum ms_code copy_costs_of_row(struct ms_taking *taking, const struct ms_offer *offer,
                                      int64_t position, struct ms_error *err)
{
    struct ms_row row;

    ms_record_unpack(&taking->older->layout, row_bytes(offer, position), &row);
    return copy_costs(taking, offer, ms_costs_within(&offer->trajectory->costs, row.iterations), err);
}

enum ms_code ms_taking_rows(struct ms_taking *taking, const struct ms_offer *offer, int64_t count,
                            bool *are_equal, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && *are_equal && i < count; i++) {
        const int64_t position = taking->choice.row[i];

        if (position < 0)
            continue;
        code = copy_costs_of_row(taking, offer, position, err);
        if (code == MS_OK)
            *are_equal = is_row_of_history(taking, offer, position);
        if (code == MS_OK && *are_equal)
            code = take_row(taking, offer, i, err);
    }
    return code;
}

/* ---- states between two iteration counts ---------------------------------------------------------------- */

/* Reads the chosen checkpoint of the older result; *is_right: it matches its checksum and the present history. */
static enum ms_code read_slot(struct ms_taking *taking, const struct ms_offer *offer,
                              struct ms_checkpoint *state, bool *is_right, struct ms_error *err)
{
    const struct ms_record_layout *layout = &taking->older->slot_layout;
    unsigned char *bytes = malloc(layout->bytes);
    struct ms_slot_record record;
    enum ms_code code;

    if (bytes == NULL)
        return ms_fail_memory(err, taking->older->file->path, "to read a checkpoint");
    code = ms_records_read(taking->older->file, layout, offer->slot.slot, 1, bytes, err);
    if (code == MS_OK) {
        ms_record_unpack(layout, bytes, &record);
        *is_right = record.trajectory == offer->trajectory->index &&
                    record.iteration == offer->slot.iteration &&
                    record.cost_hash == ms_chain_hash(&taking->writer->history.chain) &&
                    ms_record_checksum_ok(layout, taking->older->file->job_hash, offer->slot.slot, 0, bytes);
        ms_record_network(layout, bytes, &taking->network);
        state->seconds = record.seconds;
        state->cpu_seconds = record.cpu_seconds;
    }
    free(bytes);
    return code;
}

enum ms_code ms_taking_start(struct ms_taking *taking, const struct ms_offer *offer, bool *are_equal,
                             struct ms_error *err)
{
    const struct ms_choice *choice = &taking->choice;
    struct ms_checkpoint state = {.iteration = choice->start, .network = &taking->network};
    struct ms_row row;
    enum ms_code code = copy_costs(taking, offer, choice->start, err);

    if (code == MS_OK && choice->start_row < 0)
        code = read_slot(taking, offer, &state, are_equal, err);
    if (code == MS_OK && choice->start_row >= 0) {
        *are_equal = is_row_of_history(taking, offer, choice->start_row);
        ms_record_unpack(&taking->older->layout, row_bytes(offer, choice->start_row), &row);
        ms_record_network(&taking->older->layout, row_bytes(offer, choice->start_row), &taking->network);
        state.seconds = row.train_seconds;
        state.cpu_seconds = row.train_cpu_seconds;
    }
    if (code != MS_OK || !*are_equal)
        return code;
    code = ms_writer_checkpoint(taking->writer, &state, err);
    taking->starts += code == MS_OK;
    return code;
}
