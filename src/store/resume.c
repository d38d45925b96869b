/* Beginning a trajectory, from the start or from a configuration that is committed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/store.h"
#include "store_state.h"
#include "verify.h"

static enum ms_code not_there(const struct ms_store *store, int64_t trajectory, int64_t iteration,
                              struct ms_error *err)
{
    return ms_fail(err, MS_BAD_INPUT,
                   "%s: what is stored of trajectory %" PRId64 " at iteration %" PRId64
                   " is missing or does not hold its checksum",
                   store->file.path, trajectory, iteration);
}

/* The configuration of the trajectory with this iteration count that is done, as a packed row; -1: none. */
static enum ms_code find_row(const struct ms_store *store, int64_t trajectory, int64_t iteration,
                             unsigned char *row, int64_t *config, struct ms_error *err)
{
    const struct ms_row_layout *layout = &store->layout;
    int64_t per_trajectory = store->file.shape.size[MS_DIM_CONFIG] /
                             store->file.shape.size[MS_DIM_TRAJECTORY];
    int64_t *iterations = malloc((size_t)per_trajectory * sizeof *iterations);
    int64_t first = trajectory * per_trajectory, found = -1;
    enum ms_code code;

    if (iterations == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to resume", store->file.path);
    code = ms_file_read(&store->file, MS_VAR_ITERATIONS, first, per_trajectory, iterations, err);
    for (int64_t i = 0; code == MS_OK && found < 0 && i < per_trajectory; i++) {
        if (iterations[i] == iteration) {
            code = ms_rows_read(&store->file, layout, MS_ROW_ALL, first + i, 1, row, err);
            found = ms_row_status(layout, row) == MS_DONE ? first + i : -1;
        }
    }
    free(iterations);
    if (code == MS_OK)
        *config = found;
    return code;
}

/* Takes row, the one of config, as the state of the history that was begun, if it holds. */
static enum ms_code resume_from(struct ms_store *store, int64_t config, const unsigned char *row,
                                int64_t iteration, struct ms_error *err)
{
    struct ms_history *history = &store->history;
    struct ms_extent extent;
    int64_t costs;
    enum ms_code code = ms_verify_extents(&store->file, history->trajectory, 1, &extent, err);

    if (code != MS_OK)
        return code;
    costs = ms_verify_cost_count(&extent, iteration);
    code = ms_verify_costs(&store->file, &extent, 0, costs, &history->chain, &history->last_cost, err);
    if (code != MS_OK)
        return code;
    if (!ms_row_holds(&store->layout, store->file.job_hash, config, ms_chain_hash(&history->chain), row))
        return not_there(store, history->trajectory, iteration, err);
    history->count = costs;
    return MS_OK;
}

enum ms_code ms_store_begin(struct ms_store *store, int64_t trajectory, int64_t iteration,
                            struct ms_network *network, double *seconds, struct ms_error *err)
{
    const struct ms_row_layout *layout = &store->layout;
    unsigned char *row = NULL;
    int64_t config = -1;
    enum ms_code code = ms_history_note(store, err);

    if (code == MS_OK)
        code = ms_history_begin(store, trajectory, err);
    if (code != MS_OK || iteration == 0)
        return code;
    row = malloc(layout->bytes);
    if (row == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to resume", store->file.path);
    if (code == MS_OK)
        code = find_row(store, trajectory, iteration, row, &config, err);
    if (code == MS_OK && config < 0)
        code = not_there(store, trajectory, iteration, err);
    if (code == MS_OK)
        code = resume_from(store, config, row, iteration, err);
    if (code == MS_OK && (ms_row_i32(layout, row, MS_VAR_N_H) != network->n_h ||
                          layout->shape.size[MS_DIM_FEATURE] != network->n_x))
        code = ms_fail(err, MS_INTERNAL, "%s: trajectory %" PRId64 " has another shape", store->file.path,
                       trajectory);
    if (code == MS_OK) {
        ms_row_network(layout, row, network);
        *seconds = ms_row_f64(layout, row, MS_VAR_TRAIN_SECONDS);
    } else {
        store->history.trajectory = -1;
    }
    free(row);
    return code;
}
