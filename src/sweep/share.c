/* Broadcasts an outline of fixed size, by which the other ranks allocate the arrays, and then the arrays. In
 * between, all ranks agree that the memory is there: no rank may be missing in a broadcast.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/share.h"

#include <stdbool.h>
#include <stdlib.h>

#include "moonsweep/agree.h"
#include "pieces.h"

/* The sizes of a data set, and its values that are no arrays. */
struct outline {
    int64_t train_rows, dev_rows, data_seed, split_seed, fold;
    double noise;
    uint64_t names_bytes;
    int32_t n_x;
    bool is_standardized, is_named;
};

static struct outline outline_of(const struct ms_dataset *dataset)
{
    return (struct outline){.train_rows = dataset->train.rows,
                            .dev_rows = dataset->dev.rows,
                            .data_seed = dataset->data_seed,
                            .split_seed = dataset->split_seed,
                            .fold = dataset->fold,
                            .noise = dataset->noise,
                            .names_bytes = dataset->names.bytes,
                            .n_x = dataset->train.n_x,
                            .is_standardized = dataset->feature_mean != NULL,
                            .is_named = dataset->names.texts != NULL};
}

static enum ms_code allocate(const struct outline *outline, struct ms_dataset *dataset, struct ms_error *err)
{
    const size_t n_x = (size_t)outline->n_x;

    *dataset = (struct ms_dataset){.train = {.rows = outline->train_rows, .n_x = outline->n_x},
                                   .dev = {.rows = outline->dev_rows, .n_x = outline->n_x},
                                   .noise = outline->noise,
                                   .data_seed = outline->data_seed,
                                   .split_seed = outline->split_seed,
                                   .fold = outline->fold};
    if (!outline->is_standardized)
        return MS_OK;
    dataset->feature_mean = calloc(n_x, sizeof *dataset->feature_mean);
    dataset->feature_scale = calloc(n_x, sizeof *dataset->feature_scale);
    return dataset->feature_mean != NULL && dataset->feature_scale != NULL
               ? MS_OK
               : ms_fail_memory(err, NULL, "for the standardization of %zu features", n_x);
}

/* Sends the texts of the names. */
static enum ms_code send_names(MPI_Comm comm, const struct outline *outline, int rank,
                               struct ms_dataset *dataset, struct ms_error *err)
{
    char *texts = rank == 0 ? dataset->names.texts : malloc((size_t)outline->names_bytes);
    enum ms_code code = texts != NULL ? MS_OK : ms_fail_memory(err, NULL, "for the names of the features");

    code = ms_agree(comm, code, err);
    if (code == MS_OK) {
        ms_pieces_broadcast(comm, texts, (size_t)outline->names_bytes);
        if (rank != 0)
            code = ms_names_copy(&dataset->names, texts, (size_t)outline->names_bytes, outline->n_x, err);
        code = ms_agree(comm, code, err);
    }
    if (rank != 0)
        free(texts);
    return code;
}

enum ms_code ms_share_dataset(MPI_Comm comm, struct ms_dataset *dataset, struct ms_error *err)
{
    struct outline outline = {0};
    enum ms_code code = MS_OK;
    int rank;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        outline = outline_of(dataset);
    ms_pieces_broadcast(comm, &outline, sizeof outline);
    if (rank != 0)
        code = allocate(&outline, dataset, err);
    code = ms_agree(comm, code, err);
    if (code != MS_OK)
        return code;
    if (outline.is_standardized) {
        ms_pieces_broadcast(comm, dataset->feature_mean, (size_t)outline.n_x * sizeof(double));
        ms_pieces_broadcast(comm, dataset->feature_scale, (size_t)outline.n_x * sizeof(double));
    }
    return outline.is_named ? send_names(comm, &outline, rank, dataset, err) : MS_OK;
}
