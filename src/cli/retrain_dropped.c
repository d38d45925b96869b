/* Repeats the decisions of halving from the stored rows, without training anything: all that the row of a
 * dropped configuration contains follows from the grid and from the rung at which it was dropped, so that the
 * whole row can be compared.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "retrain_dropped.h"

#include <math.h>
#include <stdlib.h>

/* Sets *decision to who was dropped according to the rows. The caller frees it. */
static enum ms_code decide(const struct retrain_spec *spec, const struct ms_table *table,
                           struct ms_halving_decision *decision, struct ms_error *err)
{
    const struct ms_job *job = &spec->stored->job;
    struct ms_halving_row *rows = malloc((size_t)table->configs * sizeof *rows);
    enum ms_code code;

    if (!rows)
        return ms_fail_memory(err, spec->path, "to decide which trajectories go on");
    ms_table_halving_rows(table, &job->halving, rows);
    code = ms_halving_decide(&job->halving, &job->grid, rows, decision, err);
    free(rows);
    return code;
}

/* Compares the row of a configuration that is not trained. */
static enum ms_code compare(const struct retrain_spec *spec, const struct ms_config *config, int64_t index,
                            int64_t rung, struct ms_error *err)
{
    const int32_t n_x = ms_reader_info(ms_verify_reader(spec->verification))->n_x;
    struct ms_network network = {0};
    struct ms_result result;
    enum ms_code code = ms_network_alloc(&network, n_x, config->n_h, config->activation, err);

    if (code != MS_OK)
        return code;
    result = ms_writer_dropped(index, rung, &network);
    code = ms_verify_result(spec->verification, &result, NAN, err);
    ms_network_free(&network);
    return code;
}

enum ms_code retrain_dropped(const struct retrain_spec *spec, const struct ms_table *table, int64_t *compared,
                             struct ms_error *err)
{
    const struct ms_job *job = &spec->stored->job;
    struct ms_halving_decision decision = {0};
    enum ms_code code;

    *compared = 0;
    if (job->halving.keep == 0)
        return MS_OK;
    code = decide(spec, table, &decision, err);
    for (int64_t c = 0; code == MS_OK && c < table->configs; c++) {
        const struct ms_config config = ms_grid_config(&job->grid, c);
        const int64_t rung = decision.dropped_at[config.trajectory];
        const uint8_t status = table->rows[c].status;

        if (rung > 0 && config.iterations > rung && status != MS_PENDING && status != MS_STOPPED) {
            code = compare(spec, &config, c, rung, err);
            ++*compared;
        } else if (status == MS_DROPPED && decision.goal[config.trajectory] > 0) {
            ms_verify_not_dropped(spec->verification, c);
            ++*compared;
        }
    }
    ms_halving_decision_free(&decision);
    return code;
}
