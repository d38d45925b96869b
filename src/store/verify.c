#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    COSTS_AT_ONCE = 128 << 10 /* costs a read: 1 MiB */
};

/* Histories lie one after another in equal rooms: what is added to one that claims another place would destroy a
 * neighbour's. A count that cannot be counts nothing, so that the history is made again. */
static enum ms_code check_extent(const struct ms_file *file, int64_t trajectory, struct ms_extent *extent,
                                 struct ms_error *err)
{
    int64_t room = file->shape.size[MS_DIM_COST_SAMPLE] / file->shape.size[MS_DIM_TRAJECTORY];

    if (extent->start != trajectory * room)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: cost_start of trajectory %" PRId64 " is %" PRId64 "; it must be %" PRId64
                       ": the file is damaged",
                       file->path, trajectory, extent->start, trajectory * room);
    if (extent->count < 0 || extent->count > room)
        extent->count = 0;
    return MS_OK;
}

enum ms_code ms_verify_extents(const struct ms_file *file, int64_t first, int64_t count,
                               struct ms_extent *extents, struct ms_error *err)
{
    static const enum ms_variable variables[] = {MS_VAR_COST_START, MS_VAR_COST_COUNT, MS_VAR_COST_STRIDE};
    int64_t *values = malloc((size_t)count * sizeof *values);
    enum ms_code code = MS_OK;

    if (values == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its costs", file->path);
    for (int i = 0; code == MS_OK && i < 3; i++) {
        code = ms_file_read(file, variables[i], first, count, values, err);
        for (int64_t t = 0; code == MS_OK && t < count; t++)
            *(i == 0 ? &extents[t].start : i == 1 ? &extents[t].count : &extents[t].stride) = values[t];
    }
    for (int64_t t = 0; code == MS_OK && t < count; t++)
        code = check_extent(file, first + t, &extents[t], err);
    free(values);
    return code;
}

int64_t ms_verify_cost_count(const struct ms_extent *extent, int64_t iterations)
{
    int64_t due;

    if (extent->stride <= 0 || iterations <= 0)
        return 0;
    due = (iterations - 1) / extent->stride + 1;
    return due < extent->count ? due : extent->count;
}

enum ms_code ms_verify_costs(const struct ms_file *file, const struct ms_extent *extent, int64_t from,
                             int64_t to, struct ms_chain *chain, double *last, struct ms_error *err)
{
    size_t cost_bytes = chain->cost_bytes;
    int64_t at_once = to - from < COSTS_AT_ONCE ? to - from : COSTS_AT_ONCE;
    unsigned char *costs;
    enum ms_code code = MS_OK;

    if (from >= to)
        return MS_OK;
    costs = malloc((size_t)at_once * cost_bytes);
    if (costs == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to verify its costs", file->path);
    for (int64_t count; code == MS_OK && from < to; from += count) {
        const unsigned char *final;
        float single;

        count = to - from < at_once ? to - from : at_once;
        code = ms_file_read(file, MS_VAR_COST, extent->start + from, count, costs, err);
        if (code != MS_OK)
            break;
        ms_chain_append(chain, count, costs);
        final = costs + (size_t)(count - 1) * cost_bytes;
        if (cost_bytes == sizeof single) {
            memcpy(&single, final, sizeof single);
            *last = (double)single;
        } else {
            memcpy(last, final, sizeof *last);
        }
    }
    free(costs);
    return code;
}

/* A final row and how many costs belong to it. */
struct due {
    int64_t costs, row;
};

static int by_costs(const void *a, const void *b)
{
    const struct due *left = a, *right = b;

    return (left->costs > right->costs) - (left->costs < right->costs);
}

/* Lists the final ones of count rows in dues, those with the fewest costs first; returns how many. */
static size_t list_final(const struct ms_record_layout *layout, const struct ms_extent *extent, int64_t count,
                         const unsigned char *rows, struct due *dues)
{
    size_t final = 0;

    for (int64_t i = 0; i < count; i++) {
        const unsigned char *row = rows + (size_t)i * layout->bytes;

        if (ms_row_status(layout, row) != MS_PENDING)
            dues[final++] = (struct due){
                .costs = ms_verify_cost_count(extent, ms_record_i64(layout, row, MS_VAR_ITERATIONS)),
                .row = i};
    }
    qsort(dues, final, sizeof *dues, by_costs);
    return final;
}

/* One pass over the costs: each row is looked at when the chain has got as far as it. */
enum ms_code ms_verify_rows(const struct ms_file *file, const struct ms_record_layout *layout,
                            const struct ms_extent *extent, int64_t first, int64_t count,
                            const unsigned char *rows, bool *believed, struct ms_error *err)
{
    struct ms_chain *chain = malloc(sizeof *chain);
    struct due *dues = malloc((size_t)count * sizeof *dues);
    int64_t done = 0;
    size_t final;
    double last;
    enum ms_code code = MS_OK;

    if (chain == NULL || dues == NULL) {
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to verify its rows", file->path);
        goto cleanup;
    }
    memset(believed, 0, (size_t)count * sizeof *believed);
    ms_chain_begin(chain, ms_schema_row_bytes(&file->shape, MS_VAR_COST));
    final = list_final(layout, extent, count, rows, dues);
    for (size_t i = 0; i < final; i++) {
        const unsigned char *row = rows + (size_t)dues[i].row * layout->bytes;

        code = ms_verify_costs(file, extent, done, dues[i].costs, chain, &last, err);
        if (code != MS_OK)
            goto cleanup;
        done = dues[i].costs;
        believed[dues[i].row] = ms_row_status(layout, row) < MS_STATUS_COUNT &&
                                ms_row_holds(layout, file->job_hash, first + dues[i].row,
                                             ms_chain_hash(chain), row);
    }
cleanup:
    free(dues);
    free(chain);
    return code;
}
