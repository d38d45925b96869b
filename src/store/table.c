/* The per-configuration scalars as arrays. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/maths.h"
#include "moonsweep/store.h"
#include "reader_state.h"

enum {
    TEXTS_AT_ONCE = 4096 /* activations read together */
};

void ms_table_free(struct ms_table *table)
{
    free(table->n_h);
    free(table->activation);
    free(table->learning_rate);
    free(table->init_scale);
    free(table->iterations);
    free(table->seed);
    free(table->status);
    free(table->iterations_done);
    free(table->train_accuracy);
    free(table->dev_accuracy);
    free(table->final_cost);
    free(table->train_cost);
    free(table->dev_cost);
    free(table->train_seconds);
    free(table->rank);
    free(table->run);
    *table = (struct ms_table){0};
}

/* Reads a whole variable into a new array. */
static enum ms_code read_column(const struct ms_file *file, enum ms_variable variable, void **values,
                                struct ms_error *err)
{
    int64_t rows = ms_schema_rows(&file->shape, variable);

    *values = malloc((size_t)rows * ms_schema_row_bytes(&file->shape, variable));
    if (*values == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory for the table of its configurations", file->path);
    return ms_file_read(file, variable, 0, rows, *values, err);
}

static enum ms_code read_activations(const struct ms_file *file, struct ms_table *table, struct ms_error *err)
{
    char(*texts)[MS_ACTIVATION_TEXT] = malloc(TEXTS_AT_ONCE * sizeof *texts);
    enum ms_code code = MS_OK;

    table->activation = malloc((size_t)table->configs * sizeof *table->activation);
    if (texts == NULL || table->activation == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory for the table of its configurations", file->path);
    for (int64_t first = 0; code == MS_OK && first < table->configs; first += TEXTS_AT_ONCE) {
        int64_t left = table->configs - first;
        int64_t count = left < TEXTS_AT_ONCE ? left : TEXTS_AT_ONCE;

        code = ms_file_read_texts(file, MS_VAR_ACTIVATION, first, count, MS_ACTIVATION_TEXT, texts[0], err);
        for (int64_t i = 0; code == MS_OK && i < count; i++) {
            enum ms_activation activation;

            if (ms_activation_find(texts[i], &activation))
                table->activation[first + i] = (uint8_t)activation;
            else
                code = ms_fail(err, MS_BAD_INPUT,
                               "%s: configuration %" PRId64 " has no activation of this format", file->path,
                               first + i);
        }
    }
    free(texts);
    return code;
}

/* A pending row may be half written: what it holds is nobody's business. */
static void mask_pending(struct ms_table *table)
{
    double *const reals[] = {table->train_accuracy, table->dev_accuracy, table->final_cost,
                             table->train_cost,     table->dev_cost,     table->train_seconds};

    for (int64_t i = 0; i < table->configs; i++) {
        if (table->status[i] != MS_PENDING)
            continue;
        for (size_t c = 0; c < sizeof reals / sizeof reals[0]; c++)
            reals[c][i] = ms_canonical((double)NAN);
        table->iterations_done[i] = -1;
        table->rank[i] = -1;
        table->run[i] = -1;
    }
}

enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err)
{
    const struct ms_file *file = &reader->file;
    struct ms_table found = {.configs = file->shape.size[MS_DIM_CONFIG],
                             .trajectories = file->shape.size[MS_DIM_TRAJECTORY]};
    /* The status first: a row that was final then is whole in everything read after it. */
    const struct {
        enum ms_variable variable;
        void **values;
    } columns[] = {
        {MS_VAR_STATUS, (void **)&found.status},
        {MS_VAR_N_H, (void **)&found.n_h},
        {MS_VAR_LEARNING_RATE, (void **)&found.learning_rate},
        {MS_VAR_INIT_SCALE, (void **)&found.init_scale},
        {MS_VAR_ITERATIONS, (void **)&found.iterations},
        {MS_VAR_SEED, (void **)&found.seed},
        {MS_VAR_ITERATIONS_DONE, (void **)&found.iterations_done},
        {MS_VAR_TRAIN_ACCURACY, (void **)&found.train_accuracy},
        {MS_VAR_DEV_ACCURACY, (void **)&found.dev_accuracy},
        {MS_VAR_FINAL_COST, (void **)&found.final_cost},
        {MS_VAR_TRAIN_COST, (void **)&found.train_cost},
        {MS_VAR_DEV_COST, (void **)&found.dev_cost},
        {MS_VAR_TRAIN_SECONDS, (void **)&found.train_seconds},
        {MS_VAR_RANK, (void **)&found.rank},
        {MS_VAR_RUN, (void **)&found.run},
    };
    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < sizeof columns / sizeof columns[0]; i++)
        code = read_column(file, columns[i].variable, columns[i].values, err);
    if (code == MS_OK)
        code = read_activations(file, &found, err);
    for (int64_t i = 0; code == MS_OK && i < found.configs; i++) {
        if (found.status[i] >= MS_STATUS_COUNT)
            code = ms_fail(err, MS_BAD_INPUT, "%s: configuration %" PRId64 " has the unknown status %d",
                           file->path, i, found.status[i]);
    }
    if (code != MS_OK) {
        ms_table_free(&found);
        return code;
    }
    mask_pending(&found);
    *table = found;
    return MS_OK;
}
