/* Compares the stored results with those of training again. A run repairs a difference only if a checksum
 * does not match; otherwise it considers the stored value valid.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"
#include "finding.h"
#include "job_inputs.h"
#include "moonsweep/cost_stride.h"
#include "reals.h"
#include "verify_state.h"
#include "walk.h"

/* The stored costs and rows of a trajectory. */
struct stored {
    struct ms_record_layout layout;
    const int64_t *members; /* [count] its configurations, ascending */
    int64_t count;
    struct ms_costs costs;
    unsigned char *rows; /* [count][layout.bytes] owned */
    bool *ok;            /* [count] owned: whether each row is final and matches its checksums */
};

static void free_stored(struct stored *stored)
{
    free(stored->ok);
    free(stored->rows);
}

/* Reads a trajectory as a run would; the caller frees it even after an error. */
static enum ms_code read_stored(const struct ms_verification *verification, int64_t trajectory,
                                struct stored *stored, struct ms_error *err)
{
    const struct ms_file *file = verification->file;
    const struct ms_trajectories *all = &verification->trajectories;
    int64_t count;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_COUNT, trajectory, 1, &count, err);

    *stored = (struct stored){.members = all->members + all->first[trajectory],
                              .count = all->first[trajectory + 1] - all->first[trajectory],
                              .costs = ms_trajectories_costs(all, trajectory)};
    ms_record_layout(&file->shape, MS_RECORD_CONFIG, &stored->layout);
    if (code != MS_OK)
        return code;
    stored->costs.count = ms_costs_count(count, stored->costs.count);
    stored->rows = malloc((size_t)stored->count * stored->layout.bytes);
    stored->ok = malloc((size_t)stored->count * sizeof *stored->ok);
    if (stored->rows == NULL || stored->ok == NULL)
        return ms_fail_memory(err, file->path, "to compare a trajectory");
    code = ms_walk_read_members(file, &stored->layout, stored->members, stored->count, stored->rows, err);
    return code == MS_OK ? ms_costs_rows_ok(file, &stored->layout, &stored->costs, stored->members,
                                            stored->count, stored->rows, stored->ok, err)
                         : code;
}

/* ---- a configuration -------------------------------------------------------------------------------- */

/* Returns whether training determines the variable. */
static bool is_trained(enum ms_variable variable)
{
    return ms_schema[variable].cover == MS_COVER_RECORD && ms_schema_is_writable(variable);
}

static bool differs(const struct ms_record_layout *layout, const unsigned char *stored,
                    const unsigned char *expected)
{
    for (enum ms_variable v = layout->first; v < layout->end; v++)
        if (is_trained(v) &&
            memcmp(stored + layout->offset[v], expected + layout->offset[v], layout->width[v]) != 0)
            return true;
    return false;
}

/* Returns whether the row of a configuration of the trajectory is final and matches its checksums. */
static bool is_ok(const struct stored *stored, int64_t config)
{
    int64_t i = 0;

    while (i < stored->count && stored->members[i] != config)
        i++;
    return i < stored->count && stored->ok[i];
}

/* Reports every value of a row that differs. */
static enum ms_code report_row(struct ms_verification *verification, const struct ms_record_layout *layout,
                               int64_t config, const unsigned char *bytes, const unsigned char *expected,
                               struct ms_error *err)
{
    struct stored stored;
    struct ms_row row;
    enum ms_code code;

    ms_record_unpack(layout, bytes, &row);
    code = read_stored(verification, row.config_trajectory, &stored, err);
    if (code == MS_OK) {
        verification->kind = is_ok(&stored, config) ? MS_FINDING_PERMANENT : MS_FINDING_REPAIRABLE;
        for (enum ms_variable v = layout->first; v < layout->end; v++)
            if (is_trained(v))
                ms_finding_values(verification, v, config, bytes + layout->offset[v],
                                  expected + layout->offset[v]);
    }
    free_stored(&stored);
    return code;
}

/* Packs the variables that training determines. */
static void pack_result(const struct ms_record_layout *layout, const struct ms_result *result,
                        double final_cost, unsigned char *bytes)
{
    struct ms_row row = {
        .status = (uint8_t)result->status,
        .iterations_done = result->iterations_done,
        .ended_by = (uint8_t)result->ended_by,
        .train_accuracy = result->train.accuracy,
        .dev_accuracy = result->dev.accuracy,
        .final_cost = final_cost,
        .train_cost = result->train.cost,
        .dev_cost = result->dev.cost,
        .stop_best = result->patience.best,
        .stop_count = result->patience.waited,
    };

    memcpy(row.train_outcomes, result->train.outcomes, sizeof row.train_outcomes);
    memcpy(row.dev_outcomes, result->dev.outcomes, sizeof row.dev_outcomes);
    ms_record_pack(layout, &row, result->network, bytes);
}

enum ms_code ms_verify_result(struct ms_verification *verification, const struct ms_result *result,
                              double final_cost, struct ms_error *err)
{
    struct ms_record_layout layout;
    unsigned char *stored, *expected;
    enum ms_code code;

    ms_record_layout(&verification->file->shape, MS_RECORD_CONFIG, &layout);
    stored = calloc(2, layout.bytes);
    if (stored == NULL)
        return ms_fail_memory(err, verification->path, "to compare a row");
    expected = stored + layout.bytes;
    code = ms_records_read(verification->file, &layout, result->config, 1, stored, err);
    pack_result(&layout, result, final_cost, expected);
    if (code == MS_OK && differs(&layout, stored, expected))
        code = report_row(verification, &layout, result->config, stored, expected, err);
    free(stored);
    return code;
}

void ms_verify_not_dropped(struct ms_verification *verification, int64_t config)
{
    const uint8_t stored = MS_DROPPED;

    verification->kind = MS_FINDING_PERMANENT;
    ms_finding_rule(verification, MS_VAR_STATUS, config, 0, &stored,
                    "the status of a trained configuration: its trajectory is among the best of its rungs");
}

/* ---- costs ------------------------------------------------------------------------------------------ */

/* Finds how many costs of a trajectory belong to valid rows. */
static enum ms_code find_covered(const struct ms_verification *verification, int64_t trajectory,
                                 int64_t *covered, struct ms_error *err)
{
    struct stored stored;
    enum ms_code code = read_stored(verification, trajectory, &stored, err);

    *covered = 0;
    for (int64_t i = 0; code == MS_OK && i < stored.count; i++) {
        struct ms_row row;
        int64_t costs;

        ms_record_unpack(&stored.layout, stored.rows + (size_t)i * stored.layout.bytes, &row);
        costs = stored.ok[i] ? ms_costs_within(&stored.costs, row.iterations) : 0;
        *covered = costs > *covered ? costs : *covered;
    }
    free_stored(&stored);
    return code;
}

/* Reports the stored costs from .. from + count - 1 of a trajectory that differ. */
static enum ms_code report_costs(struct ms_verification *verification, int64_t trajectory, int64_t from,
                                 int64_t count, const unsigned char *stored, const unsigned char *expected,
                                 struct ms_error *err)
{
    const size_t width = ms_schema_row_bytes(&verification->file->shape, MS_VAR_COST);
    const int64_t start = verification->trajectories.cost_start[trajectory];
    int64_t covered;
    enum ms_code code = find_covered(verification, trajectory, &covered, err);

    for (int64_t i = 0; code == MS_OK && i < count; i++) {
        verification->kind = from + i < covered ? MS_FINDING_PERMANENT : MS_FINDING_REPAIRABLE;
        ms_finding_values(verification, MS_VAR_COST, start + from + i, stored + (size_t)i * width,
                          expected + (size_t)i * width);
    }
    return code;
}

/* Compares the stored costs from .. from + count - 1 of a trajectory with costs[0], costs[stride], ... */
static enum ms_code compare_entries(struct ms_verification *verification, int64_t trajectory, int64_t from,
                                    int64_t count, const double *costs, struct ms_error *err)
{
    const struct ms_shape *shape = &verification->file->shape;
    const struct ms_costs place = ms_trajectories_costs(&verification->trajectories, trajectory);
    const size_t width = ms_schema_row_bytes(shape, MS_VAR_COST), bytes = (size_t)count * width;
    unsigned char *stored = malloc(2 * bytes), *expected;
    enum ms_code code;

    if (stored == NULL)
        return ms_fail_memory(err, verification->path, "to compare costs");
    expected = stored + bytes;
    code = ms_file_read(verification->file, MS_VAR_COST, place.start + from, count, stored, err);
    for (int64_t i = 0; i < count; i++)
        ms_reals_pack(shape->precision, 1, &costs[i * place.stride], 1, expected + (size_t)i * width);
    if (code == MS_OK && memcmp(stored, expected, bytes) != 0)
        code = report_costs(verification, trajectory, from, count, stored, expected, err);
    free(stored);
    return code;
}

enum ms_code ms_verify_costs(struct ms_verification *verification, int64_t trajectory, int64_t from,
                             int64_t count, const double *costs, struct ms_error *err)
{
    const int64_t stride = verification->trajectories.cost_stride[trajectory];
    const int64_t first = ms_cost_stride_entries(stride, from);
    const int64_t entries = ms_cost_stride_entries(stride, from + count) - first;

    return entries > 0 ? compare_entries(verification, trajectory, first, entries,
                                         costs + (first * stride - from), err)
                       : MS_OK;
}
