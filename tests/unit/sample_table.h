/* Six configurations as a reader would hand them out, for the tests of what lists and counts them. */
#ifndef MOONSWEEP_TESTS_SAMPLE_TABLE_H
#define MOONSWEEP_TESTS_SAMPLE_TABLE_H

#include <math.h>

#include "moonsweep/reader.h"
#include "moonsweep/writer.h"

#define SAMPLE_CONFIGS 6

/* The columns, for tests to change; fresh in every test, as Check runs each in a process of its own. */
static struct {
    int32_t n_h[SAMPLE_CONFIGS], rank[SAMPLE_CONFIGS], run[SAMPLE_CONFIGS];
    uint8_t activation[SAMPLE_CONFIGS], status[SAMPLE_CONFIGS];
    double learning_rate[SAMPLE_CONFIGS], init_scale[SAMPLE_CONFIGS];
    int64_t iterations[SAMPLE_CONFIGS], seed[SAMPLE_CONFIGS], iterations_done[SAMPLE_CONFIGS];
    double train_accuracy[SAMPLE_CONFIGS], dev_accuracy[SAMPLE_CONFIGS], final_cost[SAMPLE_CONFIGS];
    double train_cost[SAMPLE_CONFIGS], dev_cost[SAMPLE_CONFIGS], train_seconds[SAMPLE_CONFIGS];
} sample = {
    /*                  0       1         2            3           4      5     */
    .status = {MS_DONE, MS_DONE, MS_DIVERGED, MS_PENDING, MS_DONE, MS_DONE},
    .n_h = {3, 3, 50, 50, 1, 1},
    .activation = {MS_TANH, MS_TANH, MS_RELU, MS_RELU, MS_SIGMOID, MS_SIGMOID},
    .learning_rate = {0.6, 0.6, 1e6, 1e6, 0.1, 0.1},
    .init_scale = {0.01, 0.01, 0.01, 0.01, 0.01, 0.01},
    .seed = {0, 0, 0, 0, 3000000000, 3000000000},
    .iterations = {100, 1000, 100, 1000, 100, 1000},
    .iterations_done = {100, 1000, 34, -1, 100, 1000},
    .train_accuracy = {95.125, 95, 99, NAN, 96, 97},
    .dev_accuracy = {94.25, 94.5, 99, NAN, 95, 94.5},
    .final_cost = {0.125, 0.0625, INFINITY, NAN, 0.25, 0.1},
    .train_cost = {0.125, 0.0625, NAN, NAN, 0.25, 0.1},
    .dev_cost = {0.25, 0.25, 0.5, NAN, 0.5, 0.3},
    .train_seconds = {0.5, 5, 0.001, NAN, 0.25, 2.5},
    .rank = {0, 0, 1, -1, 1, 1},
    .run = {0, 0, 0, -1, 0, 0},
};

static struct ms_table sample_table(void)
{
    return (struct ms_table){
        .configs = SAMPLE_CONFIGS,
        .trajectories = 3,
        .n_h = sample.n_h,
        .activation = sample.activation,
        .learning_rate = sample.learning_rate,
        .init_scale = sample.init_scale,
        .iterations = sample.iterations,
        .seed = sample.seed,
        .status = sample.status,
        .iterations_done = sample.iterations_done,
        .train_accuracy = sample.train_accuracy,
        .dev_accuracy = sample.dev_accuracy,
        .final_cost = sample.final_cost,
        .train_cost = sample.train_cost,
        .dev_cost = sample.dev_cost,
        .train_seconds = sample.train_seconds,
        .rank = sample.rank,
        .run = sample.run,
    };
}

#endif
