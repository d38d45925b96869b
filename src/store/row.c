#include "row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "moonsweep/maths.h"
#include "moonsweep/plural.h"
#include "packed_reals.h"

void ms_row_layout(const struct ms_shape *shape, struct ms_row_layout *layout)
{
    size_t offset = 0;

    layout->shape = *shape;
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++) {
        layout->width[v] = ms_schema[v].type == MS_TYPE_STRING
                               ? MS_ACTIVATION_TEXT
                               : ms_schema_row_bytes(shape, (enum ms_variable)v);
        layout->offset[v] = offset;
        offset += (layout->width[v] + 7) / 8 * 8;
    }
    layout->bytes = offset;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool is_in_part(int variable, enum ms_row_part part)
{
    return ((ms_schema[variable].initial == MS_INITIAL_GIVEN ? MS_ROW_GIVEN : MS_ROW_RESULT) & part) != 0;
}

enum ms_code ms_rows_read(const struct ms_file *file, const struct ms_row_layout *layout,
                          enum ms_row_part part, int64_t first, int64_t count, unsigned char *rows,
                          struct ms_error *err)
{
    unsigned char *column = NULL;
    size_t widest = 0;
    enum ms_code code = MS_OK;

    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++) {
        if (layout->width[v] > widest)
            widest = layout->width[v];
    }
    column = malloc((size_t)count * widest);
    if (column == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for %" PRId64 " %s", file->path, count,
                       ms_plural(count, "row", "rows"));
    for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++) {
        if (!is_in_part(v, part))
            continue;
        code = ms_schema[v].type == MS_TYPE_STRING
                   ? ms_file_read_texts(file, (enum ms_variable)v, first, count, layout->width[v],
                                        (char *)column, err)
                   : ms_file_read(file, (enum ms_variable)v, first, count, column, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            memcpy(rows + (size_t)i * layout->bytes + layout->offset[v],
                   column + (size_t)i * layout->width[v], layout->width[v]);
    }
    free(column);
    return code;
}

int32_t ms_row_i32(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable)
{
    int32_t value;

    memcpy(&value, row + layout->offset[variable], sizeof value);
    return value;
}

int64_t ms_row_i64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable)
{
    int64_t value;

    memcpy(&value, row + layout->offset[variable], sizeof value);
    return value;
}

double ms_row_f64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable)
{
    double value;

    memcpy(&value, row + layout->offset[variable], sizeof value);
    return value;
}

uint64_t ms_row_u64(const struct ms_row_layout *layout, const unsigned char *row, enum ms_variable variable)
{
    uint64_t value;

    memcpy(&value, row + layout->offset[variable], sizeof value);
    return value;
}

enum ms_status ms_row_status(const struct ms_row_layout *layout, const unsigned char *row)
{
    return (enum ms_status)row[layout->offset[MS_VAR_STATUS]];
}

/* ---- parameters ------------------------------------------------------------------------------------- */

static void pack_reals(const struct ms_row_layout *layout, enum ms_variable variable, int64_t count,
                       const double *values, unsigned char *row)
{
    ms_packed_reals_put(layout->shape.precision, count, values,
                        ms_schema_row_elements(&layout->shape, variable), row + layout->offset[variable]);
}

static void unpack_reals(const struct ms_row_layout *layout, enum ms_variable variable, int64_t count,
                         const unsigned char *row, double *values)
{
    ms_packed_reals_get(layout->shape.precision, row + layout->offset[variable], count, values);
}

/* The units are the outer dimension of W1: those beyond n_h stand behind the others, as in b1 and W2. */
static void pack_network(const struct ms_row_layout *layout, const struct ms_network *network,
                         unsigned char *row)
{
    pack_reals(layout, MS_VAR_W1, (int64_t)network->n_h * network->n_x, network->W1, row);
    pack_reals(layout, MS_VAR_B1, network->n_h, network->b1, row);
    pack_reals(layout, MS_VAR_W2, network->n_h, network->W2, row);
    pack_reals(layout, MS_VAR_B2, 1, &network->b2, row);
}

void ms_row_network(const struct ms_row_layout *layout, const unsigned char *row, struct ms_network *network)
{
    unpack_reals(layout, MS_VAR_W1, (int64_t)network->n_h * network->n_x, row, network->W1);
    unpack_reals(layout, MS_VAR_B1, network->n_h, row, network->b1);
    unpack_reals(layout, MS_VAR_W2, network->n_h, row, network->W2);
    unpack_reals(layout, MS_VAR_B2, 1, row, &network->b2);
}

/* ---- results ---------------------------------------------------------------------------------------- */

static void put(const struct ms_row_layout *layout, enum ms_variable variable, const void *value,
                unsigned char *row)
{
    memcpy(row + layout->offset[variable], value, layout->width[variable]);
}

static void put_f64(const struct ms_row_layout *layout, enum ms_variable variable, double value,
                    unsigned char *row)
{
    double canonical = ms_canonical(value);

    put(layout, variable, &canonical, row);
}

void ms_row_pack(const struct ms_row_layout *layout, const struct ms_result *result,
                 const struct ms_row_origin *origin, unsigned char *row)
{
    uint8_t status = (uint8_t)result->status;

    put(layout, MS_VAR_STATUS, &status, row);
    put(layout, MS_VAR_ITERATIONS_DONE, &result->iterations_done, row);
    put_f64(layout, MS_VAR_TRAIN_ACCURACY, result->train.accuracy, row);
    put_f64(layout, MS_VAR_DEV_ACCURACY, result->dev.accuracy, row);
    put(layout, MS_VAR_TRAIN_OUTCOMES, result->train.outcomes, row);
    put(layout, MS_VAR_DEV_OUTCOMES, result->dev.outcomes, row);
    put_f64(layout, MS_VAR_FINAL_COST, origin->final_cost, row);
    put_f64(layout, MS_VAR_TRAIN_COST, result->train.cost, row);
    put_f64(layout, MS_VAR_DEV_COST, result->dev.cost, row);
    put_f64(layout, MS_VAR_TRAIN_SECONDS, result->train_seconds, row);
    put(layout, MS_VAR_RANK, &origin->rank, row);
    put(layout, MS_VAR_RUN, &origin->run, row);
    pack_network(layout, result->network, row);
}

/* ---- checksums -------------------------------------------------------------------------------------- */

/* Over job hash, index and the values that cover covers; of the row seeded with the hash of its costs. A string counts
 * with its terminating NUL. */
uint64_t ms_row_checksum(const struct ms_row_layout *layout, enum ms_cover cover, uint64_t job_hash,
                         int64_t index, uint64_t cost_hash, const unsigned char *row)
{
    struct ms_hash hash;

    ms_hash_begin(&hash, cover == MS_COVER_ROW ? cost_hash : 0);
    ms_hash_add(&hash, &job_hash, sizeof job_hash);
    ms_hash_add(&hash, &index, sizeof index);
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++) {
        const unsigned char *value = row + layout->offset[v];

        if (ms_schema[v].cover != cover)
            continue;
        if (ms_schema[v].type == MS_TYPE_STRING)
            ms_hash_add(&hash, value, strlen((const char *)value) + 1);
        else
            ms_hash_add(&hash, value, layout->width[v]);
    }
    return ms_hash_value(&hash);
}

void ms_row_seal(const struct ms_row_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                 unsigned char *row)
{
    uint64_t sum = ms_row_checksum(layout, MS_COVER_ROW, job_hash, index, cost_hash, row);
    uint64_t times_sum = ms_row_checksum(layout, MS_COVER_TIMES, job_hash, index, cost_hash, row);

    put(layout, MS_VAR_CHECKSUM, &sum, row);
    put(layout, MS_VAR_TIMES_CHECKSUM, &times_sum, row);
}

bool ms_row_holds(const struct ms_row_layout *layout, uint64_t job_hash, int64_t index, uint64_t cost_hash,
                  const unsigned char *row)
{
    return ms_row_u64(layout, row, MS_VAR_CHECKSUM) ==
               ms_row_checksum(layout, MS_COVER_ROW, job_hash, index, cost_hash, row) &&
           ms_row_u64(layout, row, MS_VAR_TIMES_CHECKSUM) ==
               ms_row_checksum(layout, MS_COVER_TIMES, job_hash, index, cost_hash, row);
}
