/* Reads the costs of a trajectory once, however many rows are checked: the rows are sorted by their number of
 * costs, and each is checked when the chain of hashes has reached its last cost. The short histories of neighbours are
 * read together.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "costs.h"

#include <stdlib.h>
#include <string.h>

#include "moonsweep/cost_stride.h"
#include "reals.h"

enum {
    COSTS_AT_ONCE = 128 << 10 /* costs per read: 1 MiB */
};

int64_t ms_costs_count(int64_t stored, int64_t room)
{
    return stored < 0 || stored > room ? 0 : stored;
}

int64_t ms_costs_within(const struct ms_costs *costs, int64_t iterations)
{
    int64_t entries;

    if (iterations < 0)
        return 0;
    entries = ms_cost_stride_entries(costs->stride, iterations);
    return entries < costs->count ? entries : costs->count;
}

/* Appends count > 0 stored costs to chain, and sets *last to the last of them. */
static void append(struct ms_chain *chain, int64_t count, const unsigned char *costs, double *last)
{
    const unsigned char *final = costs + (size_t)(count - 1) * chain->cost_bytes;

    ms_chain_append(chain, count, costs);
    ms_reals_unpack(chain->cost_bytes == sizeof(float) ? MS_FLOAT32 : MS_FLOAT64, final, 1, last);
}

/* Whether count costs are read together with those that follow them. */
static bool is_short(const struct ms_costs *costs, int64_t count)
{
    return costs->ahead != NULL && count <= MS_COSTS_AHEAD;
}

/* Points *bytes to count costs from the place `start` on, at most MS_COSTS_AHEAD, which are read together with those that
 * follow them unless they were read before. */
static enum ms_code find_ahead(const struct ms_file *file, struct ms_costs_ahead *ahead, int64_t start,
                               int64_t count, const unsigned char **bytes, struct ms_error *err)
{
    const int64_t left = file->shape.size[MS_DIM_COST_SAMPLE] - start;
    enum ms_code code = MS_OK;

    if (start < ahead->start || start + count > ahead->start + ahead->count) {
        ahead->start = start;
        ahead->count = left < MS_COSTS_AHEAD ? left : MS_COSTS_AHEAD;
        code = ms_file_read(file, MS_VAR_COST, start, ahead->count, ahead->bytes, err);
        if (code != MS_OK)
            ahead->count = 0;
    }
    *bytes = ahead->bytes + (size_t)(start - ahead->start) * ms_schema_row_bytes(&file->shape, MS_VAR_COST);
    return code;
}

enum ms_code ms_costs_append(const struct ms_file *file, const struct ms_costs *costs, int64_t from,
                             int64_t to, struct ms_chain *chain, double *last, struct ms_error *err)
{
    const int64_t at_once = to - from < COSTS_AT_ONCE ? to - from : COSTS_AT_ONCE;
    const unsigned char *known;
    unsigned char *block;
    enum ms_code code = MS_OK;

    if (from >= to)
        return MS_OK;
    if (is_short(costs, to - from)) {
        code = find_ahead(file, costs->ahead, costs->start + from, to - from, &known, err);
        if (code == MS_OK)
            append(chain, to - from, known, last);
        return code;
    }
    block = malloc((size_t)at_once * chain->cost_bytes);
    if (block == NULL)
        return ms_fail_memory(err, file->path, "to verify its costs");
    for (int64_t count; code == MS_OK && from < to; from += count) {
        count = to - from < at_once ? to - from : at_once;
        code = ms_file_read(file, MS_VAR_COST, costs->start + from, count, block, err);
        if (code == MS_OK)
            append(chain, count, block, last);
    }
    free(block);
    return code;
}

enum ms_code ms_costs_read(const struct ms_file *file, const struct ms_costs *costs, int64_t from,
                           int64_t count, double *values, struct ms_error *err)
{
    const unsigned char *known;
    unsigned char *bytes;
    enum ms_code code;

    if (is_short(costs, count)) {
        code = find_ahead(file, costs->ahead, costs->start + from, count, &known, err);
        if (code == MS_OK)
            ms_reals_unpack(file->shape.precision, known, count, values);
        return code;
    }
    bytes = malloc((size_t)count * ms_schema_row_bytes(&file->shape, MS_VAR_COST));
    if (bytes == NULL)
        return ms_fail_memory(err, file->path, "to read costs");
    code = ms_file_read(file, MS_VAR_COST, costs->start + from, count, bytes, err);
    if (code == MS_OK)
        ms_reals_unpack(file->shape.precision, bytes, count, values);
    free(bytes);
    return code;
}

/* A final row and the number of costs that belong to it. */
struct final_row {
    int64_t costs, row;
};

static int by_costs(const void *a, const void *b)
{
    const struct final_row *left = a, *right = b;

    return (left->costs > right->costs) - (left->costs < right->costs);
}

/* Lists the final rows among count rows, sorted by their number of costs. Returns how many there are. */
static size_t list_final(const struct ms_record_layout *layout, const struct ms_costs *costs, int64_t count,
                         const unsigned char *rows, struct final_row *finals)
{
    size_t final = 0;

    for (int64_t i = 0; i < count; i++) {
        const unsigned char *row = rows + (size_t)i * layout->bytes;
        int64_t iterations;

        memcpy(&iterations, row + layout->offset[MS_VAR_ITERATIONS], sizeof iterations);
        if (ms_record_status(layout, row) != MS_PENDING)
            finals[final++] = (struct final_row){.costs = ms_costs_within(costs, iterations), .row = i};
    }
    qsort(finals, final, sizeof *finals, by_costs);
    return final;
}

/* Makes one pass over the costs, and checks each row when the chain has reached its last cost. */
enum ms_code ms_costs_rows_ok(const struct ms_file *file, const struct ms_record_layout *layout,
                              const struct ms_costs *costs, const int64_t *members, int64_t count,
                              const unsigned char *rows, bool *ok, struct ms_error *err)
{
    struct ms_chain *chain = malloc(sizeof *chain);
    struct final_row *finals = malloc((size_t)count * sizeof *finals);
    int64_t done = 0;
    size_t final;
    double last;
    enum ms_code code = MS_OK;

    if (chain == NULL || finals == NULL) {
        code = ms_fail_memory(err, file->path, "to verify its rows");
        goto cleanup;
    }
    memset(ok, 0, (size_t)count * sizeof *ok);
    ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
    final = list_final(layout, costs, count, rows, finals);
    for (size_t i = 0; i < final; i++) {
        const unsigned char *row = rows + (size_t)finals[i].row * layout->bytes;

        code = ms_costs_append(file, costs, done, finals[i].costs, chain, &last, err);
        if (code != MS_OK)
            goto cleanup;
        done = finals[i].costs;
        ok[finals[i].row] = ms_record_status(layout, row) < MS_STATUS_COUNT &&
                            ms_record_checksum_ok(layout, file->job_hash, members[finals[i].row],
                                                  ms_chain_hash(chain), row);
    }
cleanup:
    free(finals);
    free(chain);
    return code;
}

enum ms_code ms_costs_have_hash(const struct ms_file *file, const struct ms_costs *costs, int64_t count,
                                uint64_t hash, bool *have, struct ms_error *err)
{
    struct ms_chain *chain = malloc(sizeof *chain);
    double last;
    enum ms_code code;

    if (chain == NULL)
        return ms_fail_memory(err, file->path, "to verify its costs");
    ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
    code = ms_costs_append(file, costs, 0, count, chain, &last, err);
    *have = code == MS_OK && ms_chain_hash(chain) == hash;
    free(chain);
    return code;
}
