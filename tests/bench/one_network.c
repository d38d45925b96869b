/* SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "one_network.h"

void one_network_set(struct one_network *one, int32_t n_h, int64_t iterations)
{
    *one = (struct one_network){.n_h = n_h,
                                .activation = MS_TANH,
                                .learning_rate = 0.1,
                                .init_scale = 0.01,
                                .iterations = iterations,
                                .grid = {1, 1, 1, 1, 1, 1, 1, &one->n_h, &one->activation,
                                         &one->learning_rate, &one->init_scale, &one->seed, &one->iterations,
                                         1, NULL}};
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
