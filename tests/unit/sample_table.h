/* Six configurations as a reader returns them, for the tests of the modules that list and count them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_SAMPLE_TABLE_H
#define MOONSWEEP_TESTS_SAMPLE_TABLE_H

#include <math.h>

#include "moonsweep/reader.h"

#define SAMPLE_CONFIGS 6

/* Tests may change it: Check runs each test in a separate process. */
/* clang-format off */
static struct ms_row sample[SAMPLE_CONFIGS] = {
    {.n_h = 3, .activation = MS_TANH, .learning_rate = 0.6, .init_scale = 0.01, .seed = 0, .iterations = 100,
     .config_trajectory = 0, .status = MS_DONE, .iterations_done = 100, .train_accuracy = 95.125, .dev_accuracy = 94.25,
     .final_cost = 0.125, .train_cost = 0.125, .dev_cost = 0.25, .train_seconds = 0.5, .train_cpu_seconds = 0.375,
     .rank = 0, .run = 0},
    {.n_h = 3, .activation = MS_TANH, .learning_rate = 0.6, .init_scale = 0.01, .seed = 0, .iterations = 1000,
     .config_trajectory = 0, .status = MS_DONE, .iterations_done = 1000, .train_accuracy = 95, .dev_accuracy = 94.5,
     .final_cost = 0.0625, .train_cost = 0.0625, .dev_cost = 0.25, .train_seconds = 5, .train_cpu_seconds = 4,
     .rank = 0, .run = 0},
    {.n_h = 50, .activation = MS_RELU, .learning_rate = 1e6, .init_scale = 0.01, .seed = 0, .iterations = 100,
     .config_trajectory = 1, .status = MS_DIVERGED, .iterations_done = 34, .train_accuracy = 99, .dev_accuracy = 99,
     .final_cost = INFINITY, .train_cost = NAN, .dev_cost = 0.5, .train_seconds = 0.001, .train_cpu_seconds = 0.0005,
     .rank = 1, .run = 0},
    {.n_h = 50, .activation = MS_RELU, .learning_rate = 1e6, .init_scale = 0.01, .seed = 0, .iterations = 1000,
     .config_trajectory = 1, .status = MS_PENDING, .iterations_done = -1, .train_accuracy = NAN, .dev_accuracy = NAN,
     .final_cost = NAN, .train_cost = NAN, .dev_cost = NAN, .train_seconds = NAN, .train_cpu_seconds = NAN,
     .rank = -1, .run = -1},
    {.n_h = 1, .activation = MS_SIGMOID, .learning_rate = 0.1, .init_scale = 0.01, .seed = 3000000000, .iterations = 100,
     .config_trajectory = 2, .status = MS_DONE, .iterations_done = 100, .train_accuracy = 96, .dev_accuracy = 95,
     .final_cost = 0.25, .train_cost = 0.25, .dev_cost = 0.5, .train_seconds = 0.25, .train_cpu_seconds = 0.125,
     .rank = 1, .run = 0},
    {.n_h = 1, .activation = MS_SIGMOID, .learning_rate = 0.1, .init_scale = 0.01, .seed = 3000000000, .iterations = 1000,
     .config_trajectory = 2, .status = MS_DONE, .iterations_done = 1000, .train_accuracy = 97, .dev_accuracy = 94.5,
     .final_cost = 0.1, .train_cost = 0.1, .dev_cost = 0.3, .train_seconds = 2.5, .train_cpu_seconds = 2,
     .rank = 1, .run = 0},
};
/* clang-format on */

static struct ms_table sample_table(void)
{
    return (struct ms_table){.configs = SAMPLE_CONFIGS, .trajectories = 3, .rows = sample};
}

#endif
