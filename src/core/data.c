/* Allocates, frees and counts samples. X and y of an allocated set are never NULL, even if it has no rows; an
 * empty set is all zero, so that it can be freed again.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/data.h"

#include <inttypes.h>
#include <stdlib.h>

#include "moonsweep/plural.h"

enum ms_code ms_data_alloc(struct ms_data *data, int64_t rows, int32_t n_x, struct ms_error *err)
{
    const size_t row_size = (size_t)n_x * sizeof *data->X;

    *data = (struct ms_data){0};
    /* calloc refuses a product that overflows size_t. At least one byte is allocated, so that NULL always means no
     * memory. */
    data->X = calloc(rows > 0 ? (size_t)rows : 1, row_size > 0 ? row_size : 1);
    data->y = calloc(rows > 0 ? (size_t)rows : 1, 1);
    if (data->X == NULL || data->y == NULL) {
        ms_data_free(data);
        return ms_fail_memory(err, NULL, "for %" PRId64 " %s of %" PRId32 " %s; use fewer samples", rows,
                              ms_plural(rows, "sample", "samples"), n_x,
                              ms_plural(n_x, "feature", "features"));
    }
    data->rows = rows;
    data->n_x = n_x;
    return MS_OK;
}

int64_t ms_data_bytes(const struct ms_data *data)
{
    return data->rows * (int64_t)((size_t)data->n_x * sizeof *data->X + sizeof *data->y);
}

void ms_data_free(struct ms_data *data)
{
    free(data->X);
    free(data->y);
    *data = (struct ms_data){0};
}

void ms_dataset_free(struct ms_dataset *dataset)
{
    ms_data_free(&dataset->train);
    ms_data_free(&dataset->dev);
    free(dataset->feature_mean);
    free(dataset->feature_scale);
    ms_names_free(&dataset->names);
    *dataset = (struct ms_dataset){0};
}

enum ms_code ms_datasets_alloc(struct ms_dataset **datasets, int32_t count, struct ms_error *err)
{
    *datasets = calloc((size_t)count, sizeof **datasets);
    return *datasets != NULL
               ? MS_OK
               : ms_fail_memory(err, NULL, "for %" PRId32 " data %s", count, ms_plural(count, "set", "sets"));
}

void ms_datasets_free(struct ms_dataset *datasets, int32_t count)
{
    for (int32_t i = 0; datasets != NULL && i < count; i++)
        ms_dataset_free(&datasets[i]);
    free(datasets);
}

int64_t ms_data_positives(const struct ms_data *data)
{
    int64_t positives = 0;

    for (int64_t i = 0; i < data->rows; i++)
        positives += data->y[i];
    return positives;
}
