/* Beginning a trajectory: with the newest state of it that holds, be it a checkpoint or a committed
 * configuration (rule 5 of docs/file-format.md). What is believed here was verified with its costs. */
#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/store.h"
#include "store_state.h"
#include "verify.h"

/* What beginning one trajectory needs. */
struct search {
    struct ms_store *store;
    struct ms_resume *resume;
    int64_t trajectory, first, count; /* its configurations: first .. first + count - 1 */
    int64_t *iterations;              /* [count] owned: their iteration counts */
    struct ms_extent extent;
    bool found;
};

/* Takes the trajectory's first iterations as its history: their costs, and the chain over them. */
static enum ms_code take_history(struct search *search, int64_t iterations, struct ms_error *err)
{
    struct ms_history *history = &search->store->history;
    int64_t costs = ms_verify_cost_count(&search->extent, iterations);
    enum ms_code code = ms_history_begin(search->store, search->trajectory, err);

    if (code == MS_OK)
        code = ms_verify_costs(&search->store->file, &search->extent, 0, costs, &history->chain,
                               &history->last_cost, err);
    if (code == MS_OK)
        history->count = costs;
    return code;
}

/* ---- checkpoints ------------------------------------------------------------------------------------ */

/* A slot as it is stored. */
struct found_slot {
    unsigned char *bytes; /* owned */
    struct ms_slot_state state;
    bool holds;
};

/* A checkpoint that is no newer than a committed configuration, the one at `committed`, is of no use. */
static enum ms_code read_slot(const struct search *search, int32_t index, int64_t committed,
                              struct found_slot *slot, struct ms_error *err)
{
    const struct ms_store *store = search->store;
    enum ms_code code;

    slot->bytes = malloc(store->slot_layout.bytes);
    if (slot->bytes == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to resume", store->file.path);
    code = ms_records_read(&store->file, &store->slot_layout, MS_RECORD_ALL, index, 1, slot->bytes, err);
    if (code != MS_OK)
        return code;
    slot->state = ms_slot_state(&store->slot_layout, slot->bytes);
    slot->holds = slot->state.trajectory == search->trajectory && slot->state.iteration > committed &&
                  slot->state.iteration <= search->resume->iteration &&
                  ms_slot_holds(&store->slot_layout, store->file.job_hash, index, slot->bytes);
    return MS_OK;
}

/* Begins with the checkpoint in slot if its costs are those that it was made with. */
static enum ms_code try_slot(struct search *search, const struct found_slot *slot, struct ms_error *err)
{
    struct ms_store *store = search->store;
    struct ms_resume *resume = search->resume;
    enum ms_code code = take_history(search, slot->state.iteration, err);

    if (code != MS_OK || ms_chain_hash(&store->history.chain) != slot->state.cost_hash)
        return code;
    ms_record_network(&store->slot_layout, slot->bytes, resume->network);
    resume->iteration = slot->state.iteration;
    resume->seconds = slot->state.seconds;
    search->found = true;
    return MS_OK;
}

/* The newer slot first. The other one is written next (C1). */
static enum ms_code search_slots(struct search *search, int64_t committed, struct ms_error *err)
{
    struct ms_pair *pair = &search->store->pair;
    struct found_slot slots[2] = {0};
    enum ms_code code = MS_OK;
    int newer;

    if (pair->slots[0] < 0)
        return MS_OK;
    for (int i = 0; code == MS_OK && i < 2; i++)
        code = read_slot(search, pair->slots[i], committed, &slots[i], err);
    newer = slots[1].holds && (!slots[0].holds || slots[1].state.iteration > slots[0].state.iteration);
    for (int i = 0; code == MS_OK && !search->found && i < 2; i++) {
        int turn = i == 0 ? newer : 1 - newer;

        if (!slots[turn].holds)
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

/* Which of the trajectory's configurations has the largest iteration count of at most limit; -1: none. */
static int64_t largest_below(const struct search *search, int64_t limit)
{
    const int64_t *iterations = search->iterations;
    int64_t best = -1;

    for (int64_t i = 0; i < search->count; i++)
        if (iterations[i] <= limit && (best < 0 || iterations[i] > iterations[best]))
            best = i;
    return best;
}

/* Begins with the i-th configuration if it is done and holds. */
static enum ms_code try_row(struct search *search, int64_t i, unsigned char *row, struct ms_error *err)
{
    struct ms_store *store = search->store;
    const struct ms_record_layout *layout = &store->layout;
    struct ms_resume *resume = search->resume;
    enum ms_code code = ms_records_read(&store->file, layout, MS_RECORD_ALL, search->first + i, 1, row, err);

    if (code != MS_OK || ms_row_status(layout, row) != MS_DONE)
        return code;
    code = take_history(search, search->iterations[i], err);
    if (code != MS_OK || !ms_row_holds(layout, store->file.job_hash, search->first + i,
                                       ms_chain_hash(&store->history.chain), row))
        return code;
    if (ms_record_i32(layout, row, MS_VAR_N_H) != resume->network->n_h)
        return ms_fail(err, MS_INTERNAL, "%s: trajectory %" PRId64 " has another shape", store->file.path,
                       search->trajectory);
    ms_record_network(layout, row, resume->network);
    resume->iteration = search->iterations[i];
    resume->seconds = ms_record_f64(layout, row, MS_VAR_TRAIN_SECONDS);
    search->found = true;
    return MS_OK;
}

/* From the i-th configuration on, ever smaller iteration counts. */
static enum ms_code search_rows(struct search *search, int64_t i, struct ms_error *err)
{
    struct ms_store *store = search->store;
    unsigned char *row = malloc(store->layout.bytes);
    enum ms_code code = MS_OK;

    if (row == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to resume", store->file.path);
    while (i >= 0 && !search->found) {
        code = try_row(search, i, row, err);
        if (code != MS_OK)
            break;
        i = largest_below(search, search->iterations[i] - 1);
    }
    free(row);
    return code;
}

/* ---- beginning -------------------------------------------------------------------------------------- */

static enum ms_code search_all(struct search *search, struct ms_error *err)
{
    const struct ms_file *file = &search->store->file;
    int64_t committed;
    enum ms_code code;

    search->count = file->shape.size[MS_DIM_CONFIG] / file->shape.size[MS_DIM_TRAJECTORY];
    search->first = search->trajectory * search->count;
    search->iterations = malloc((size_t)search->count * sizeof *search->iterations);
    if (search->iterations == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to resume", file->path);
    code = ms_file_read(file, MS_VAR_ITERATIONS, search->first, search->count, search->iterations, err);
    if (code == MS_OK)
        code = ms_verify_extents(file, search->trajectory, 1, &search->extent, err);
    if (code == MS_OK) {
        committed = largest_below(search, search->resume->iteration);
        code = search_slots(search, committed < 0 ? 0 : search->iterations[committed], err);
        if (code == MS_OK && !search->found)
            code = search_rows(search, committed, err);
    }
    free(search->iterations);
    return code;
}

enum ms_code ms_store_begin(struct ms_store *store, int64_t trajectory, struct ms_resume *resume,
                            struct ms_error *err)
{
    struct search search = {.store = store, .resume = resume, .trajectory = trajectory};
    enum ms_code code = ms_history_note(store, err);

    ms_pair_take(&store->pair, resume->slots);
    if (code == MS_OK && resume->iteration > 0)
        code = search_all(&search, err);
    if (code == MS_OK && !search.found) {
        resume->iteration = 0;
        resume->seconds = 0;
        code = ms_history_begin(store, trajectory, err);
    }
    if (code != MS_OK)
        store->history.trajectory = -1;
    return code;
}
