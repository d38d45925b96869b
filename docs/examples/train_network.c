/* Trains one network on two moons with libmoonsweep, without MPI and without a file.
 *
 *     cc -std=c17 train_network.c $(pkg-config --cflags --libs libmoonsweep) -o train_network
 *     ./train_network
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <moonsweep/moonsweep.h>
#include <stdio.h>
#include <stdlib.h>

enum { ITERATIONS = 10000 };

/* Everything that is allocated; each part may be freed at any time. */
struct experiment {
    struct ms_dataset data;
    struct ms_samples train, dev;
    struct ms_network network;
    struct ms_train *training;
};

static enum ms_code make_samples(struct experiment *experiment, struct ms_error *err)
{
    struct ms_data all = {0};
    enum ms_code code = ms_moons_make(2000, 0.25, 0, NULL, &all, err);

    if (code == MS_OK)
        code = ms_split(&all, 0.2, 42, NULL, &experiment->data.train, &experiment->data.dev, err);
    if (code == MS_OK)
        code = ms_samples_make(&experiment->train, &experiment->data.train, MS_FLOAT64, NULL, err);
    if (code == MS_OK)
        code = ms_samples_make(&experiment->dev, &experiment->data.dev, MS_FLOAT64, NULL, err);
    ms_data_free(&all);
    return code;
}

static enum ms_code train(struct experiment *experiment, struct ms_error *err)
{
    double costs[ITERATIONS];
    struct ms_train_spec spec = {.samples = &experiment->train, .learning_rate = 0.6};
    struct ms_evaluation dev;
    enum ms_code code = ms_kernel_choose(MS_FLOAT64, NULL, &spec.kernel, err);

    if (code == MS_OK)
        code = ms_network_alloc(&experiment->network, 2, 3, MS_TANH, err);
    if (code != MS_OK)
        return code;
    ms_network_init(&experiment->network, 0, 0.01, MS_FLOAT64);
    code = ms_train_open(&spec, &experiment->network, 0, &experiment->training, err);
    if (code != MS_OK)
        return code;
    if (ms_train_run(experiment->training, ITERATIONS, costs) != MS_TRAIN_REACHED)
        return ms_fail(err, MS_BAD_INPUT, "the training diverged");
    code = ms_evaluate(spec.kernel, ms_train_network(experiment->training), &experiment->dev, NULL, NULL,
                       &dev, err);
    if (code == MS_OK)
        printf("cost %.6f, dev accuracy %.2f%%\n", costs[ITERATIONS - 1], dev.accuracy);
    return code;
}

int main(void)
{
    struct experiment experiment = {0};
    struct ms_error err;
    enum ms_code code = make_samples(&experiment, &err);

    if (code == MS_OK)
        code = train(&experiment, &err);
    if (code != MS_OK)
        fprintf(stderr, "train_network: %s\n", err.text);
    if (experiment.training != NULL)
        ms_train_close(experiment.training);
    ms_network_free(&experiment.network);
    ms_samples_free(&experiment.train);
    ms_samples_free(&experiment.dev);
    ms_dataset_free(&experiment.data);
    return ms_exit_status(code);
}
