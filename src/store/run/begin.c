/* Begins a trajectory from its newest state that matches its checksums, including those of its costs: a
 * checkpoint or a committed configuration (rule 5 of docs/file-format.md).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "moonsweep/writer.h"
#include "writer_state.h"

/* The state of ms_writer_begin. */
struct search {
    struct ms_writer *writer;
    struct ms_resume *resume;
    int64_t trajectory;
    struct ms_grid_member *members; /* [n_members] owned: its configurations, by ascending iteration count */
    int64_t n_members;
    struct ms_costs costs;
    bool found;
};

/* Loads the stored costs of the trajectory's first iterations into its history, without the last of all costs, which may
 * not be among them. */
static enum ms_code take_history(struct search *search, int64_t iterations, struct ms_error *err)
{
    struct ms_history *history = &search->writer->history;
    const int64_t costs = ms_costs_within(&search->costs, iterations);
    double last;
    enum ms_code code = ms_history_begin(search->writer, search->trajectory, err);

    if (code == MS_OK)
        code = ms_costs_append(&search->writer->file, &search->costs, 0, costs, &history->chain, &last, err);
    if (code == MS_OK)
        history->count = iterations;
    return code;
}

/* ---- checkpoints ------------------------------------------------------------------------------------ */

/* A slot as stored. */
struct found_slot {
    unsigned char *bytes; /* owned */
    struct ms_slot_record record;
    bool is_ok;
};

/* Reads a slot. A checkpoint that is no newer than the committed configuration at `committed` is useless. */
static enum ms_code read_slot(const struct search *search, int32_t index, int64_t committed,
                              struct found_slot *slot, struct ms_error *err)
{
    const struct ms_writer *writer = search->writer;
    enum ms_code code;

    slot->bytes = malloc(writer->slot_layout.bytes);
    if (slot->bytes == NULL)
        return ms_fail_memory(err, writer->file.path, "to resume");
    code = ms_records_read(&writer->file, &writer->slot_layout, index, 1, slot->bytes, err);
    if (code != MS_OK)
        return code;
    ms_record_unpack(&writer->slot_layout, slot->bytes, &slot->record);
    slot->is_ok = slot->record.trajectory == search->trajectory && slot->record.iteration > committed &&
                  slot->record.iteration <= search->resume->iteration &&
                  ms_record_checksum_ok(&writer->slot_layout, writer->file.job_hash, index, 0, slot->bytes);
    return MS_OK;
}

/* Begins from the checkpoint in slot if the costs in the file are those that the checkpoint was written
 * with. */
static enum ms_code try_slot(struct search *search, const struct found_slot *slot, struct ms_error *err)
{
    struct ms_writer *writer = search->writer;
    struct ms_resume *resume = search->resume;
    enum ms_code code = take_history(search, slot->record.iteration, err);

    if (code != MS_OK || ms_chain_hash(&writer->history.chain) != slot->record.cost_hash)
        return code;
    ms_record_network(&writer->slot_layout, slot->bytes, resume->network);
    resume->iteration = slot->record.iteration;
    resume->seconds = slot->record.seconds;
    resume->cpu_seconds = slot->record.cpu_seconds;
    resume->patience = (struct ms_patience){slot->record.stop_best, slot->record.stop_count};
    writer->history.last_cost = slot->record.final_cost;
    search->found = true;
    return MS_OK;
}

/* Tries the newer slot first. The other one is written next (C1). */
static enum ms_code search_slots(struct search *search, int64_t committed, struct ms_error *err)
{
    struct ms_pair *pair = &search->writer->pair;
    struct found_slot slots[2] = {0};
    enum ms_code code = MS_OK;
    int newer;

    if (pair->slots[0] < 0)
        return MS_OK;
    for (int i = 0; code == MS_OK && i < 2; i++)
        code = read_slot(search, pair->slots[i], committed, &slots[i], err);
    newer = slots[1].is_ok && (!slots[0].is_ok || slots[1].record.iteration > slots[0].record.iteration);
    for (int i = 0; code == MS_OK && !search->found && i < 2; i++) {
        int turn = i == 0 ? newer : 1 - newer;

        if (!slots[turn].is_ok)
            continue;
        code = try_slot(search, &slots[turn], err);
        pair->next = 1 - turn;
        pair->used = true;
    }
    free(slots[0].bytes);
    free(slots[1].bytes);
    return code;
}

/* ---- committed configurations ----------------------------------------------------------------------- */

/* Returns the last of the trajectory's configurations with at most that many iterations; -1 if none. */
static int64_t last_within(const struct search *search, int64_t iterations)
{
    int64_t member = search->n_members - 1;

    while (member >= 0 && search->members[member].iterations > iterations)
        member--;
    return member;
}

/* Begins from a configuration if it is done and its checksums match. */
static enum ms_code try_row(struct search *search, const struct ms_grid_member *member, unsigned char *bytes,
                            struct ms_error *err)
{
    struct ms_writer *writer = search->writer;
    const struct ms_record_layout *layout = &writer->layout;
    struct ms_resume *resume = search->resume;
    struct ms_row row;
    enum ms_code code = ms_records_read(&writer->file, layout, member->config, 1, bytes, err);

    if (code != MS_OK || ms_record_status(layout, bytes) != MS_DONE)
        return code;
    code = take_history(search, member->iterations, err);
    if (code != MS_OK || !ms_record_checksum_ok(layout, writer->file.job_hash, member->config,
                                                ms_chain_hash(&writer->history.chain), bytes))
        return code;
    ms_record_unpack(layout, bytes, &row);
    ms_record_network(layout, bytes, resume->network);
    resume->iteration = member->iterations;
    resume->seconds = row.train_seconds;
    resume->cpu_seconds = row.train_cpu_seconds;
    resume->patience = (struct ms_patience){row.stop_best, row.stop_count};
    writer->history.last_cost = row.final_cost;
    search->found = true;
    return MS_OK;
}

/* Tries this member and then those with ever smaller iteration counts. */
static enum ms_code search_rows(struct search *search, int64_t member, struct ms_error *err)
{
    const struct ms_writer *writer = search->writer;
    unsigned char *bytes = malloc(writer->layout.bytes);
    enum ms_code code = MS_OK;

    if (bytes == NULL)
        return ms_fail_memory(err, writer->file.path, "to resume");
    for (; code == MS_OK && member >= 0 && !search->found; member--)
        code = try_row(search, &search->members[member], bytes, err);
    free(bytes);
    return code;
}

/* ---- beginning -------------------------------------------------------------------------------------- */

static enum ms_code search_all(struct search *search, struct ms_error *err)
{
    const struct ms_grid *grid = search->writer->spec.grid;
    int64_t committed;
    enum ms_code code = ms_history_begin(search->writer, search->trajectory, err);

    if (code != MS_OK)
        return code;
    search->members = malloc((size_t)ms_grid_max_members(grid) * sizeof *search->members);
    if (search->members == NULL)
        return ms_fail_memory(err, search->writer->file.path, "to resume");
    search->n_members = ms_grid_members(grid, search->trajectory, search->members);
    search->costs = ms_history_costs(search->writer);
    committed = last_within(search, search->resume->iteration);
    code = search_slots(search, committed < 0 ? 0 : search->members[committed].iterations, err);
    if (code == MS_OK && !search->found)
        code = search_rows(search, committed, err);
    free(search->members);
    return code;
}

enum ms_code ms_writer_begin(struct ms_writer *writer, int64_t trajectory, struct ms_resume *resume,
                             struct ms_error *err)
{
    struct search search = {.writer = writer, .resume = resume, .trajectory = trajectory};
    enum ms_code code = ms_history_note(writer, err);

    ms_pair_take(&writer->pair, resume->slots);
    if (code == MS_OK && resume->iteration > 0)
        code = search_all(&search, err);
    if (code == MS_OK && !search.found) {
        resume->iteration = 0;
        resume->seconds = resume->cpu_seconds = 0;
        code = ms_history_begin(writer, trajectory, err);
    }
    if (code != MS_OK)
        writer->history.trajectory = -1;
    return code;
}
