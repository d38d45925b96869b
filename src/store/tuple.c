#include "tuple.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "row.h"

enum {
    TUPLES_AT_ONCE = 1024 /* compared together */
};

/* Some consecutive configurations, one variable at a time. */
struct block {
    struct ms_config configs[TUPLES_AT_ONCE];
    union {
        const char *texts[TUPLES_AT_ONCE];
        char bytes[TUPLES_AT_ONCE * sizeof(double)]; /* room for the widest value */
    } expected;                                      /* as ms_tuple_fill makes it */
    union {
        char texts[TUPLES_AT_ONCE][MS_ACTIVATION_TEXT];
        char bytes[TUPLES_AT_ONCE * sizeof(double)];
    } stored;
};

bool ms_tuple_has(enum ms_variable variable)
{
    return ms_schema[variable].initial == MS_INITIAL_GIVEN;
}

void ms_tuple_fill(enum ms_variable variable, int64_t count, const struct ms_config *configs, void *values)
{
    int32_t *i32 = values;
    int64_t *i64 = values;
    double *f64 = values;
    const char **text = values;

    for (int64_t i = 0; i < count; i++) {
        switch ((int)variable) {
        case MS_VAR_N_H:
            i32[i] = configs[i].n_h;
            break;
        case MS_VAR_ACTIVATION:
            text[i] = ms_activation_name(configs[i].activation);
            break;
        case MS_VAR_LEARNING_RATE:
            f64[i] = configs[i].learning_rate;
            break;
        case MS_VAR_ITERATIONS:
            i64[i] = configs[i].iterations;
            break;
        case MS_VAR_SEED:
            i64[i] = configs[i].seed;
            break;
        case MS_VAR_INIT_SCALE:
            f64[i] = configs[i].init_scale;
            break;
        case MS_VAR_CONFIG_TRAJECTORY:
            i32[i] = (int32_t)configs[i].trajectory;
            break;
        case MS_VAR_CONFIG_DATASET:
            i32[i] = configs[i].dataset;
            break;
        }
    }
}

/* The first of count configurations whose variable is stored with another value than expected; count: none. */
static int64_t first_difference(const struct ms_file *file, enum ms_variable variable, int64_t count,
                                const struct block *block)
{
    size_t width = ms_schema_row_bytes(&file->shape, variable);
    bool is_same = true;
    int64_t i = 0;

    for (; i < count; i++) {
        if (ms_schema[variable].type == MS_TYPE_STRING)
            is_same = strcmp(block->stored.texts[i], block->expected.texts[i]) == 0;
        else
            is_same = memcmp(block->stored.bytes + (size_t)i * width,
                             block->expected.bytes + (size_t)i * width, width) == 0;
        if (!is_same)
            break;
    }
    return i;
}

/* Compares count tuples from first on. */
static enum ms_code check_block(const struct ms_file *file, int64_t first, int64_t count, struct block *block,
                                struct ms_error *err)
{
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        enum ms_code code;
        int64_t different;

        if (!ms_tuple_has(variable))
            continue;
        ms_tuple_fill(variable, count, block->configs, &block->expected);
        code = ms_schema[v].type == MS_TYPE_STRING
                   ? ms_file_read_texts(file, variable, first, count, MS_ACTIVATION_TEXT,
                                        block->stored.texts[0], err)
                   : ms_file_read(file, variable, first, count, block->stored.bytes, err);
        if (code != MS_OK)
            return code;
        different = first_difference(file, variable, count, block);
        if (different < count)
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: %s of configuration %" PRId64
                           " is not what its job says: the file is damaged",
                           file->path, ms_schema[v].name, first + different);
    }
    return MS_OK;
}

enum ms_code ms_tuple_check(const struct ms_file *file, const struct ms_grid *grid, struct ms_error *err)
{
    int64_t configs = file->shape.size[MS_DIM_CONFIG];
    struct block *block = malloc(sizeof *block);
    enum ms_code code = MS_OK;

    if (block == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its configurations", file->path);
    for (int64_t first = 0; code == MS_OK && first < configs; first += TUPLES_AT_ONCE) {
        int64_t left = configs - first, count = left < TUPLES_AT_ONCE ? left : TUPLES_AT_ONCE;

        for (int64_t i = 0; i < count; i++)
            block->configs[i] = ms_grid_config(grid, first + i);
        code = check_block(file, first, count, block, err);
    }
    free(block);
    return code;
}
