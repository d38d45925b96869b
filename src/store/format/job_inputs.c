/* Visits the job inputs of the configurations, then of the histories, then of the data sets. Configurations
 * are computed a block at a time as structs, from which each variable is copied by its offset in the schema:
 * so every visit has consecutive rows of one variable, as they are in the file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "moonsweep/maths.h"

enum {
    CONFIGS_AT_ONCE = 4096, /* rows per visit */
    WIDEST = sizeof(double) /* bytes of the widest value in a row */
};

/* The state of ms_job_inputs_each. */
struct pass {
    const struct ms_shape *shape;
    ms_job_input_visit *visit;
    void *context;
};

static enum ms_code visit_rows(const struct pass *pass, enum ms_variable variable, int64_t first,
                               int64_t rows, const void *values, struct ms_error *err)
{
    const struct ms_job_input input = {.variable = variable, .first = first, .rows = rows, .values = values};

    return pass->visit(pass->context, &input, err);
}

static enum ms_code no_memory(struct ms_error *err)
{
    return ms_fail_memory(err, NULL, "for the job inputs of the result");
}

/* ---- configurations --------------------------------------------------------------------------------- */

void ms_job_input_row(const struct ms_grid *grid, int64_t index, struct ms_row *row)
{
    const struct ms_config config = ms_grid_config(grid, index);

    *row = (struct ms_row){.n_h = config.n_h,
                           .activation = (uint8_t)config.activation,
                           .learning_rate = config.learning_rate,
                           .iterations = config.iterations,
                           .seed = config.seed,
                           .init_scale = config.init_scale,
                           .config_trajectory = (int32_t)config.trajectory,
                           .config_dataset = config.dataset};
}

/* Visits one variable of some configurations. column is a buffer for its values. */
static enum ms_code visit_column(const struct pass *pass, enum ms_variable variable, int64_t first,
                                 int64_t count, const struct ms_row *rows, unsigned char *column,
                                 struct ms_error *err)
{
    const size_t width = ms_schema_row_bytes(pass->shape, variable);

    for (int64_t i = 0; i < count; i++)
        memcpy(column + (size_t)i * width, (const char *)&rows[i] + ms_schema[variable].field, width);
    return visit_rows(pass, variable, first, count, column, err);
}

static enum ms_code visit_configurations(const struct pass *pass, const struct ms_grid *grid,
                                         struct ms_error *err)
{
    int64_t configs = pass->shape->size[MS_DIM_CONFIG];
    struct ms_row *rows = malloc(CONFIGS_AT_ONCE * sizeof *rows);
    unsigned char *column = malloc((size_t)CONFIGS_AT_ONCE * WIDEST);
    enum ms_code code = MS_OK;

    if (rows == NULL || column == NULL) {
        code = no_memory(err);
        goto cleanup;
    }
    for (int64_t first = 0; code == MS_OK && first < configs; first += CONFIGS_AT_ONCE) {
        int64_t count = configs - first < CONFIGS_AT_ONCE ? configs - first : CONFIGS_AT_ONCE;

        for (int64_t i = 0; i < count; i++)
            ms_job_input_row(grid, first + i, &rows[i]);
        for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++)
            if (ms_schema[v].initial == MS_INITIAL_FINAL)
                code = visit_column(pass, (enum ms_variable)v, first, count, rows, column, err);
    }
cleanup:
    free(column);
    free(rows);
    return code;
}

/* ---- histories -------------------------------------------------------------------------------------- */

static enum ms_code visit_histories(const struct pass *pass, const struct ms_grid *grid, struct ms_error *err)
{
    int64_t trajectories = pass->shape->size[MS_DIM_TRAJECTORY];
    int64_t *start = malloc((size_t)trajectories * sizeof *start);
    int64_t *stride = malloc((size_t)trajectories * sizeof *stride);
    enum ms_code code = MS_OK;

    if (start == NULL || stride == NULL) {
        code = no_memory(err);
        goto cleanup;
    }
    for (int64_t t = 0; t < trajectories; t++) {
        start[t] = ms_grid_trajectory(grid, t).cost_start;
        stride[t] = grid->cost_stride;
    }
    code = visit_rows(pass, MS_VAR_COST_START, 0, trajectories, start, err);
    if (code == MS_OK)
        code = visit_rows(pass, MS_VAR_COST_STRIDE, 0, trajectories, stride, err);
cleanup:
    free(stride);
    free(start);
    return code;
}

/* ---- data ------------------------------------------------------------------------------------------- */

static enum ms_code visit_standardization(const struct pass *pass, int64_t dataset,
                                          const struct ms_dataset *data, struct ms_error *err)
{
    int64_t n_x = pass->shape->size[MS_DIM_FEATURE];
    const bool is_done = data->feature_mean != NULL;
    double *values = calloc((size_t)n_x, sizeof *values);
    enum ms_code code;

    if (values == NULL)
        return no_memory(err);
    code = visit_rows(pass, MS_VAR_FEATURE_MEAN, dataset, 1, is_done ? data->feature_mean : values, err);
    for (int64_t i = 0; i < n_x; i++)
        values[i] = 1;
    if (code == MS_OK)
        code = visit_rows(pass, MS_VAR_FEATURE_SCALE, dataset, 1, is_done ? data->feature_scale : values,
                          err);
    free(values);
    return code;
}

/* Visits data set `number`, whose samples begin at train_start and dev_start. */
static enum ms_code visit_dataset(const struct pass *pass, int64_t number, const struct ms_dataset *data,
                                  int64_t train_start, int64_t dev_start, struct ms_error *err)
{
    uint64_t checksum = ms_checksum_dataset(data);
    double noise = ms_canonical(data->noise);
    const struct {
        enum ms_variable variable;
        int64_t first, rows;
        const void *values;
    } parts[] = {
        {MS_VAR_TRAIN_START, number, 1, &train_start},
        {MS_VAR_TRAIN_COUNT, number, 1, &data->train.rows},
        {MS_VAR_DEV_START, number, 1, &dev_start},
        {MS_VAR_DEV_COUNT, number, 1, &data->dev.rows},
        {MS_VAR_DATA_SEED, number, 1, &data->data_seed},
        {MS_VAR_SPLIT_SEED, number, 1, &data->split_seed},
        {MS_VAR_FOLD, number, 1, &data->fold},
        {MS_VAR_NOISE, number, 1, &noise},
        {MS_VAR_DATA_CHECKSUM, number, 1, &checksum},
        {MS_VAR_X_TRAIN, train_start, data->train.rows, data->train.X},
        {MS_VAR_Y_TRAIN, train_start, data->train.rows, data->train.y},
        {MS_VAR_X_DEV, dev_start, data->dev.rows, data->dev.X},
        {MS_VAR_Y_DEV, dev_start, data->dev.rows, data->dev.y},
    };
    enum ms_code code = visit_standardization(pass, number, data, err);

    for (size_t i = 0; code == MS_OK && i < sizeof parts / sizeof parts[0]; i++)
        code = visit_rows(pass, parts[i].variable, parts[i].first, parts[i].rows, parts[i].values, err);
    return code;
}

static enum ms_code visit_datasets(const struct pass *pass, const struct ms_writer_spec *spec,
                                   struct ms_error *err)
{
    int64_t train_start = 0, dev_start = 0;
    enum ms_code code = MS_OK;

    for (int32_t d = 0; code == MS_OK && d < spec->grid->n_datasets; d++) {
        code = visit_dataset(pass, d, &spec->datasets[d], train_start, dev_start, err);
        train_start += spec->datasets[d].train.rows;
        dev_start += spec->datasets[d].dev.rows;
    }
    return code;
}

/* ---- all job inputs --------------------------------------------------------------------------------- */

enum ms_code ms_job_inputs_each(const struct ms_shape *shape, const struct ms_writer_spec *spec,
                                ms_job_input_visit *visit, void *context, struct ms_error *err)
{
    const struct pass pass = {.shape = shape, .visit = visit, .context = context};
    enum ms_code code = visit_configurations(&pass, spec->grid, err);

    if (code == MS_OK)
        code = visit_histories(&pass, spec->grid, err);
    return code == MS_OK ? visit_datasets(&pass, spec, err) : code;
}
