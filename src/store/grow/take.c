/* Takes over what an older result offers. Costs, rows and checkpoints go through the writer as those of a training do
 * (rule 3 of docs/file-format.md), so that a run that is killed meanwhile loses only what it has not yet committed.
 *
 * Before a row is committed, its checksum in the older result is compared once more, with the costs that the new file
 * has: those that the new file had before are then the same ones, too. */
#include <stdlib.h>
#include <string.h>

#include "offer.h"
#include "reals.h"
#include "source.h"
#include "writer_state.h"

enum { COSTS_AT_ONCE = 8192, UNKNOWN_ROW = -1 };

/* The state of ms_older_take. */
struct pass {
    const struct ms_older *older;
    const struct ms_older_use *use;
    struct ms_writer *writer;
    const struct ms_writer_scan *scan;
    struct ms_older_taken taken;
    struct ms_grid_member *members; /* [ms_grid_max_members] owned */
    struct ms_offer_choice choice;  /* its rows are owned */
    struct ms_network network;      /* owned: of the present trajectory */
    bool *is_used;                  /* [scan->pairs] owned: whether a pair of slots belongs to a trajectory */
    int32_t next_pair;              /* no pair before it is free */
    int32_t
        source[MS_RUNS + 1]; /* rows of /runs by the number of the older run plus 1; UNKNOWN_ROW: not yet */
};

/* ---- costs ---------------------------------------------------------------------------------------------- */

/* Appends costs of the older result to the present history until it has `to` of them. */
static enum ms_code copy_costs(struct pass *pass, const struct ms_offer *offer, int64_t to,
                               struct ms_error *err)
{
    struct ms_writer *writer = pass->writer;
    const struct ms_file *file = pass->older->file;
    const enum ms_precision precision = file->shape.precision;
    unsigned char block[COSTS_AT_ONCE * sizeof(double)];
    double costs[COSTS_AT_ONCE];
    enum ms_code code = MS_OK;

    while (code == MS_OK && writer->history.count < to) {
        const int64_t from = writer->history.count;
        const int64_t count = to - from < COSTS_AT_ONCE ? to - from : COSTS_AT_ONCE;

        code = ms_file_read(file, MS_VAR_COST, offer->trajectory->costs.start + from, count, block, err);
        if (code != MS_OK)
            break;
        ms_reals_unpack(precision, block, count, costs);
        code = ms_writer_costs(writer, count, costs, err);
    }
    return code;
}

/* Sets *are to whether the costs that the new file has of the present trajectory are the first ones of the older
 * result. */
static enum ms_code are_costs_equal(const struct pass *pass, const struct ms_offer *offer, bool *are,
                                    struct ms_error *err)
{
    const struct ms_history *history = &pass->writer->history;
    const struct ms_costs costs = {.start = offer->trajectory->costs.start, .count = history->count};

    *are = history->count <= offer->trajectory->room;
    return history->count == 0 || !*are ? MS_OK
                                        : ms_costs_have_hash(pass->older->file, &costs, costs.count,
                                                             ms_chain_hash(&history->chain), are, err);
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

static const unsigned char *row_bytes(const struct ms_offer *offer, int64_t position)
{
    return offer->trajectory->rows + (size_t)position * offer->older->layout.bytes;
}

/* Whether a row of the older result matches its checksum with the costs of the present history. */
static bool is_row_of_history(const struct pass *pass, const struct ms_offer *offer, int64_t position)
{
    return ms_record_checksum_ok(&pass->older->layout, pass->older->file->job_hash,
                                 offer->trajectory->members[position],
                                 ms_chain_hash(&pass->writer->history.chain), row_bytes(offer, position));
}

/* Sets *row to the row of /runs for what a run of the older result committed. */
static enum ms_code find_source(struct pass *pass, int32_t run, int32_t *row, struct ms_error *err)
{
    const int32_t known = run >= 0 && run < MS_RUNS ? run + 1 : 0;
    enum ms_code code = MS_OK;

    if (pass->source[known] == UNKNOWN_ROW)
        code = ms_source_row(pass->older, pass->use, pass->writer, known - 1, &pass->source[known], err);
    *row = pass->source[known];
    return code;
}

/* Commits a configuration with the results of a row of the older result. */
static enum ms_code take_row(struct pass *pass, const struct ms_offer *offer, int64_t position,
                             int64_t config, struct ms_error *err)
{
    struct ms_result result = {.config = config, .network = &pass->network, .is_taken_over = true};
    struct ms_row row;
    enum ms_code code;

    ms_record_unpack(&pass->older->layout, row_bytes(offer, position), &row);
    ms_record_network(&pass->older->layout, row_bytes(offer, position), &pass->network);
    result.status = (enum ms_status)row.status;
    result.ended_by = (enum ms_ended_by)row.ended_by;
    result.iterations_done = row.iterations_done;
    result.train.accuracy = row.train_accuracy;
    result.train.cost = row.train_cost;
    memcpy(result.train.outcomes, row.train_outcomes, sizeof result.train.outcomes);
    result.dev.accuracy = row.dev_accuracy;
    result.dev.cost = row.dev_cost;
    memcpy(result.dev.outcomes, row.dev_outcomes, sizeof result.dev.outcomes);
    result.train_seconds = row.train_seconds;
    result.train_cpu_seconds = row.train_cpu_seconds;
    code = find_source(pass, row.run, &result.source, err);
    if (code == MS_OK)
        code = ms_writer_result(pass->writer, &result, err);
    pass->taken.rows += code == MS_OK;
    return code;
}

/* Takes the chosen rows; *are_equal becomes false if one does not belong to the costs. */
static enum ms_code take_rows(struct pass *pass, const struct ms_offer *offer, int64_t count, bool *are_equal,
                              struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int64_t i = 0; code == MS_OK && *are_equal && i < count; i++) {
        const int64_t position = pass->choice.row[i];

        if (position < 0)
            continue;
        code = copy_costs(pass, offer,
                          ms_costs_within(&offer->trajectory->costs, pass->members[i].iterations), err);
        if (code == MS_OK)
            *are_equal = is_row_of_history(pass, offer, position);
        if (code == MS_OK && *are_equal)
            code = take_row(pass, offer, position, pass->members[i].config, err);
    }
    return code;
}

/* ---- states between two iteration counts ---------------------------------------------------------------- */

/* Sets pair to the slots for a checkpoint of the trajectory: its own, or free ones; -1 if there are none. */
static void choose_pair(struct pass *pass, int64_t trajectory, int32_t slots[2])
{
    int32_t pair = pass->scan->pair[trajectory];

    if (pair < 0 && pass->choice.start > 0) {
        while (pass->next_pair < pass->scan->pairs && pass->is_used[pass->next_pair])
            pass->next_pair++;
        pair = pass->next_pair < pass->scan->pairs ? pass->next_pair : -1;
    }
    slots[0] = pair < 0 ? -1 : 2 * pair;
    slots[1] = pair < 0 ? -1 : 2 * pair + 1;
}

/* Reads the chosen checkpoint of the older result; *is_right: it matches its checksum and the present history. */
static enum ms_code read_slot(struct pass *pass, const struct ms_offer *offer, struct ms_checkpoint *state,
                              bool *is_right, struct ms_error *err)
{
    const struct ms_record_layout *layout = &pass->older->slot_layout;
    unsigned char *bytes = malloc(layout->bytes);
    struct ms_slot_record record;
    enum ms_code code;

    if (bytes == NULL)
        return ms_fail_memory(err, pass->older->file->path, "to read a checkpoint");
    code = ms_records_read(pass->older->file, layout, offer->slot.slot, 1, bytes, err);
    if (code == MS_OK) {
        ms_record_unpack(layout, bytes, &record);
        *is_right = record.trajectory == offer->trajectory->index &&
                    record.iteration == offer->slot.iteration &&
                    record.cost_hash == ms_chain_hash(&pass->writer->history.chain) &&
                    ms_record_checksum_ok(layout, pass->older->file->job_hash, offer->slot.slot, 0, bytes);
        ms_record_network(layout, bytes, &pass->network);
        state->seconds = record.seconds;
        state->cpu_seconds = record.cpu_seconds;
    }
    free(bytes);
    return code;
}

/* Writes the chosen state as a checkpoint; *are_equal becomes false if it does not belong to the costs. */
static enum ms_code take_start(struct pass *pass, const struct ms_offer *offer, bool *are_equal,
                               struct ms_error *err)
{
    const struct ms_offer_choice *choice = &pass->choice;
    struct ms_checkpoint state = {.iteration = choice->start, .network = &pass->network};
    struct ms_row row;
    enum ms_code code = copy_costs(pass, offer, choice->start, err);

    if (code == MS_OK && choice->start_row < 0)
        code = read_slot(pass, offer, &state, are_equal, err);
    if (code == MS_OK && choice->start_row >= 0) {
        *are_equal = is_row_of_history(pass, offer, choice->start_row);
        ms_record_unpack(&pass->older->layout, row_bytes(offer, choice->start_row), &row);
        ms_record_network(&pass->older->layout, row_bytes(offer, choice->start_row), &pass->network);
        state.seconds = row.train_seconds;
        state.cpu_seconds = row.train_cpu_seconds;
    }
    if (code != MS_OK || !*are_equal)
        return code;
    code = ms_writer_checkpoint(pass->writer, &state, err);
    pass->taken.starts += code == MS_OK;
    return code;
}

/* ---- a trajectory --------------------------------------------------------------------------------------- */

/* Begins the trajectory where the new file has got to, and chooses what is taken over from there. */
static enum ms_code begin(struct pass *pass, const struct ms_offer *offer, int64_t index, int64_t count,
                          struct ms_error *err)
{
    const int64_t room = ms_grid_trajectory(pass->writer->spec.grid, index).cost_room;
    struct ms_resume resume = {.iteration = pass->scan->from_iteration[index], .network = &pass->network};
    enum ms_code code;

    choose_pair(pass, index, resume.slots);
    code = ms_writer_begin(pass->writer, index, &resume, err);
    if (code == MS_OK)
        ms_offer_choose(offer, pass->members, count, room, resume.iteration, &pass->choice);
    if (code == MS_OK && pass->choice.start > 0 && resume.slots[0] >= 0)
        pass->is_used[resume.slots[0] / 2] = true;
    if (resume.slots[0] < 0)
        pass->choice.start = 0;
    return code;
}

static enum ms_code take_trajectory(struct pass *pass, const struct ms_offer *offer, int64_t index,
                                    int64_t count, struct ms_error *err)
{
    bool are_equal;
    enum ms_code code = begin(pass, offer, index, count, err);

    if (code == MS_OK)
        code = are_costs_equal(pass, offer, &are_equal, err);
    if (code == MS_OK && are_equal)
        code = take_rows(pass, offer, count, &are_equal, err);
    if (code == MS_OK && are_equal && pass->choice.start > 0)
        code = take_start(pass, offer, &are_equal, err);
    if (code == MS_OK && !are_equal)
        pass->taken.differing++;
    return code == MS_OK ? ms_writer_tick(pass->writer, err) : code;
}

/* An ms_offer_visit. */
static enum ms_code visit_offer(void *context, const struct ms_offer *offer, int64_t index,
                                struct ms_error *err)
{
    struct pass *pass = context;
    const struct ms_grid_trajectory place = ms_grid_trajectory(pass->writer->spec.grid, index);
    int64_t count;
    enum ms_code code;

    if (pass->scan->finished[index] || (pass->use->stop != NULL && *pass->use->stop != 0))
        return MS_OK;
    count = ms_grid_members(pass->writer->spec.grid, index, pass->members);
    ms_offer_choose(offer, pass->members, count, place.cost_room, pass->scan->from_iteration[index],
                    &pass->choice);
    if (pass->choice.rows == 0 && pass->choice.start == 0)
        return MS_OK;
    code = ms_network_alloc(&pass->network, (int32_t)pass->writer->file.shape.size[MS_DIM_FEATURE],
                            place.longest.n_h, place.longest.activation, err);
    if (code == MS_OK)
        code = take_trajectory(pass, offer, index, count, err);
    ms_network_free(&pass->network);
    return code;
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

static enum ms_code allocate(struct pass *pass, struct ms_error *err)
{
    const struct ms_grid *grid = pass->writer->spec.grid;
    const size_t most = (size_t)ms_grid_max_members(grid);

    pass->members = malloc(most * sizeof *pass->members);
    pass->choice.row = malloc(most * sizeof *pass->choice.row);
    pass->is_used = calloc((size_t)pass->scan->pairs, sizeof *pass->is_used);
    if (pass->members == NULL || pass->choice.row == NULL || pass->is_used == NULL)
        return ms_fail_memory(err, pass->older->file->path, "to take over its rows");
    for (int64_t t = 0; t < pass->scan->trajectories; t++)
        if (pass->scan->pair[t] >= 0)
            pass->is_used[pass->scan->pair[t]] = true;
    for (int i = 0; i <= MS_RUNS; i++)
        pass->source[i] = UNKNOWN_ROW;
    return MS_OK;
}

enum ms_code ms_older_take(struct ms_older *older, const struct ms_older_use *use, struct ms_writer *writer,
                           struct ms_writer_scan *scan, struct ms_older_taken *taken, struct ms_error *err)
{
    struct pass pass = {.older = older, .use = use, .writer = writer, .scan = scan};
    struct ms_older_match match = {0};
    enum ms_code code = allocate(&pass, err);

    if (code == MS_OK)
        code = ms_offers_walk(older, use, &writer->spec, &match, visit_offer, &pass, err);
    if (code == MS_OK)
        code = ms_writer_flush(writer, err);
    if (code == MS_OK) {
        ms_writer_scan_free(scan);
        code = ms_writer_scan(writer, scan, err);
    }
    if (code == MS_OK)
        *taken = pass.taken;
    free(pass.members);
    free(pass.choice.row);
    free(pass.is_used);
    return code;
}
