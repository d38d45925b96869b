#include "record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "moonsweep/maths.h"
#include "moonsweep/plural.h"
#include "packed_reals.h"

static const struct {
    enum ms_variable first, end, parameters;
    const char *one, *many; /* what it is called */
} kinds[] = {
    [MS_RECORD_CONFIG] = {MS_VAR_N_H, MS_CONFIG_VARIABLE_COUNT, MS_VAR_W1, "row", "rows"},
    [MS_RECORD_SLOT] = {MS_SLOT_VARIABLE_FIRST, MS_VARIABLE_COUNT, MS_VAR_SLOT_W1, "checkpoint",
                        "checkpoints"},
};

void ms_record_layout(const struct ms_shape *shape, enum ms_record_kind kind, struct ms_record_layout *layout)
{
    *layout = (struct ms_record_layout){.shape = *shape,
                                        .kind = kind,
                                        .first = kinds[kind].first,
                                        .end = kinds[kind].end,
                                        .parameters = kinds[kind].parameters};
    for (enum ms_variable v = layout->first; v < layout->end; v++) {
        layout->width[v] = ms_schema[v].type == MS_TYPE_STRING ? MS_ACTIVATION_TEXT
                                                               : ms_schema_row_bytes(shape, v);
        layout->offset[v] = layout->bytes;
        layout->bytes += (layout->width[v] + 7) / 8 * 8;
        if (layout->width[v] > layout->widest)
            layout->widest = layout->width[v];
    }
}

enum ms_variable ms_record_variable_at(const struct ms_record_layout *layout, size_t byte)
{
    enum ms_variable variable = layout->end - 1;

    while (layout->offset[variable] > byte)
        variable--;
    return variable;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool is_in_part(enum ms_variable variable, enum ms_record_part part)
{
    return ((ms_schema[variable].initial == MS_INITIAL_GIVEN ? MS_RECORD_GIVEN : MS_RECORD_RESULT) & part) !=
           0;
}

/* Reads one variable of several records, by way of column [count][widest]. */
static enum ms_code read_variable(const struct ms_file *file, const struct ms_record_layout *layout,
                                  enum ms_variable variable, int64_t first, int64_t count,
                                  unsigned char *column, unsigned char *records, struct ms_error *err)
{
    size_t width = layout->width[variable];
    enum ms_code code = ms_schema[variable].type == MS_TYPE_STRING
                            ? ms_file_read_texts(file, variable, first, count, width, (char *)column, err)
                            : ms_file_read(file, variable, first, count, column, err);

    for (int64_t i = 0; code == MS_OK && i < count; i++)
        memcpy(records + (size_t)i * layout->bytes + layout->offset[variable], column + (size_t)i * width,
               width);
    return code;
}

enum ms_code ms_records_read(const struct ms_file *file, const struct ms_record_layout *layout,
                             enum ms_record_part part, int64_t first, int64_t count, unsigned char *records,
                             struct ms_error *err)
{
    unsigned char *column = malloc((size_t)count * layout->widest);
    enum ms_code code = MS_OK;

    if (column == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for %" PRId64 " %s", file->path, count,
                       ms_plural(count, kinds[layout->kind].one, kinds[layout->kind].many));
    for (enum ms_variable v = layout->first; code == MS_OK && v < layout->end; v++)
        if (is_in_part(v, part))
            code = read_variable(file, layout, v, first, count, column, records, err);
    free(column);
    return code;
}

/* ---- single values ---------------------------------------------------------------------------------- */

int32_t ms_record_i32(const struct ms_record_layout *layout, const unsigned char *record,
                      enum ms_variable variable)
{
    int32_t value;

    memcpy(&value, record + layout->offset[variable], sizeof value);
    return value;
}

int64_t ms_record_i64(const struct ms_record_layout *layout, const unsigned char *record,
                      enum ms_variable variable)
{
    int64_t value;

    memcpy(&value, record + layout->offset[variable], sizeof value);
    return value;
}

uint64_t ms_record_u64(const struct ms_record_layout *layout, const unsigned char *record,
                       enum ms_variable variable)
{
    uint64_t value;

    memcpy(&value, record + layout->offset[variable], sizeof value);
    return value;
}

double ms_record_f64(const struct ms_record_layout *layout, const unsigned char *record,
                     enum ms_variable variable)
{
    double value;

    memcpy(&value, record + layout->offset[variable], sizeof value);
    return value;
}

void ms_record_put(const struct ms_record_layout *layout, enum ms_variable variable, const void *value,
                   unsigned char *record)
{
    memcpy(record + layout->offset[variable], value, layout->width[variable]);
}

void ms_record_put_f64(const struct ms_record_layout *layout, enum ms_variable variable, double value,
                       unsigned char *record)
{
    double canonical = ms_canonical(value);

    ms_record_put(layout, variable, &canonical, record);
}

/* ---- parameters ------------------------------------------------------------------------------------- */

/* A network's parameters in the order of the schema. The units are the outer dimension of W1: those beyond n_h come
 * after the others, as in b1 and W2. */
enum { PARAMETERS = 4 };
struct parameter {
    double *values;
    int64_t count;
};

static void list_parameters(const struct ms_network *network, double *b2,
                            struct parameter parameters[PARAMETERS])
{
    parameters[0] = (struct parameter){network->W1, (int64_t)network->n_h * network->n_x};
    parameters[1] = (struct parameter){network->b1, network->n_h};
    parameters[2] = (struct parameter){network->W2, network->n_h};
    parameters[3] = (struct parameter){b2, 1};
}

void ms_record_put_network(const struct ms_record_layout *layout, const struct ms_network *network,
                           unsigned char *record)
{
    struct parameter parameters[PARAMETERS];
    double b2 = network->b2;

    list_parameters(network, &b2, parameters);
    for (int i = 0; i < PARAMETERS; i++) {
        enum ms_variable variable = layout->parameters + (enum ms_variable)i;

        ms_packed_reals_put(layout->shape.precision, parameters[i].count, parameters[i].values,
                            ms_schema_row_elements(&layout->shape, variable),
                            record + layout->offset[variable]);
    }
}

void ms_record_network(const struct ms_record_layout *layout, const unsigned char *record,
                       struct ms_network *network)
{
    struct parameter parameters[PARAMETERS];

    list_parameters(network, &network->b2, parameters);
    for (int i = 0; i < PARAMETERS; i++)
        ms_packed_reals_get(layout->shape.precision,
                            record + layout->offset[layout->parameters + (enum ms_variable)i],
                            parameters[i].count, parameters[i].values);
}

/* ---- checksums -------------------------------------------------------------------------------------- */

/* A string counts with its terminating NUL. */
uint64_t ms_record_checksum(const struct ms_record_layout *layout, enum ms_cover cover, uint64_t seed,
                            uint64_t job_hash, int64_t index, const unsigned char *record)
{
    struct ms_hash hash;

    ms_hash_begin(&hash, seed);
    ms_hash_add(&hash, &job_hash, sizeof job_hash);
    ms_hash_add(&hash, &index, sizeof index);
    for (enum ms_variable v = layout->first; v < layout->end; v++) {
        const unsigned char *value = record + layout->offset[v];

        if (ms_schema[v].cover != cover)
            continue;
        if (ms_schema[v].type == MS_TYPE_STRING)
            ms_hash_add(&hash, value, strlen((const char *)value) + 1);
        else
            ms_hash_add(&hash, value, layout->width[v]);
    }
    return ms_hash_value(&hash);
}
