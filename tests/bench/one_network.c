/* Makes a grid of a single network, and a result file of that grid.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "one_network.h"

void one_network_set(struct one_network *one, int32_t n_h, int64_t iterations)
{
    *one = (struct one_network){.n_h = n_h,
                                .activation = MS_TANH,
                                .learning_rate = 0.1,
                                .init_scale = 0.01,
                                .iterations = iterations,
                                .grid = {.n_datasets = 1,
                                         .n_n_h = 1,
                                         .n_activation = 1,
                                         .n_learning_rate = 1,
                                         .n_init_scale = 1,
                                         .n_seed = 1,
                                         .n_iterations = 1,
                                         .n_h = &one->n_h,
                                         .activation = &one->activation,
                                         .learning_rate = &one->learning_rate,
                                         .init_scale = &one->init_scale,
                                         .seed = &one->seed,
                                         .iterations = &one->iterations,
                                         .cost_stride = 1}};
}

enum ms_code one_network_create(const char *path, const struct one_network *one,
                                const struct ms_dataset *dataset, struct ms_writer **writer,
                                struct ms_error *err)
{
    const struct ms_writer_spec spec = {.grid = &one->grid,
                                        .datasets = dataset,
                                        .precision = MS_FLOAT64,
                                        .job_text = "",
                                        .title = "benchmark",
                                        .command = "benchmark",
                                        .ranks = 1};
    const struct ms_run_info info = {
        .ranks = 1, .hosts = "", .isa = "", .kernels = "", .command = "", .batch_job = ""};
    struct ms_resume resume = {.slots = {0, 1}};
    uint64_t id;
    int32_t row;
    bool reserved;
    enum ms_code code = ms_writer_create(path, &spec, false, &reserved, err);

    if (code == MS_OK)
        code = ms_writer_open(path, &spec, writer, err);
    if (code != MS_OK)
        return code;
    code = ms_writer_run_begin(*writer, &info, &id, &row, err);
    if (code == MS_OK)
        code = ms_writer_begin(*writer, 0, &resume, err);
    if (code != MS_OK)
        ms_writer_close(*writer);
    return code;
}
