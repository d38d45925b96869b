/* Trains with the functions of the program, and records each iteration and the evaluation at the end.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "trained.h"

#include <stdlib.h>

#include "demand.h"
#include "moonsweep/train.h"

void trained_iteration(struct record *record, int64_t iteration, int state, const double *cost,
                       const struct ms_network *network)
{
    record_part(record, "state", RECORD_LIST, iteration);
    record_add(record, state);
    record_part(record, "cost", RECORD_LIST, iteration);
    record_add(record, cost != NULL);
    if (cost)
        record_add(record, *cost);
    record_network(record, network, iteration);
}

static void record_evaluation(struct record *record, const struct ms_evaluation *evaluation)
{
    record_part(record, "evaluation: accuracy, cost, outcomes", RECORD_LIST, -1);
    record_add(record, evaluation->accuracy);
    record_add(record, evaluation->cost);
    for (int i = 0; i < MS_OUTCOME_COUNT; i++)
        record_add(record, evaluation->outcomes[i]);
}

static void record_outcome(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                           const struct ms_network *network, struct record *record)
{
    double *probability = demand_memory(NULL, (size_t)inputs->samples.m * sizeof *probability);
    struct ms_evaluation evaluation;
    struct ms_error err;

    demand(ms_evaluate(kernel, network, &inputs->samples, NULL, NULL, &evaluation, &err) == MS_OK, "%s",
           err.text);
    record_evaluation(record, &evaluation);
    demand(ms_predict(kernel, network, &inputs->samples, probability, &err) == MS_OK, "%s", err.text);
    record_part(record, "predicted probability", RECORD_LIST, -1);
    record_reals(record, MS_FLOAT64, probability, inputs->samples.m);
    free(probability);
}

void trained_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs, struct record *record)
{
    const struct ms_train_spec spec = {
        .kernel = kernel, .samples = &inputs->samples, .learning_rate = inputs->one->learning_rate};
    enum ms_train_state state = MS_TRAIN_REACHED;
    struct ms_train *train;
    struct ms_error err;

    demand(ms_train_open(&spec, &inputs->network, 0, &train, &err) == MS_OK, "%s", err.text);
    for (int64_t i = 0; i < inputs->one->iterations && state == MS_TRAIN_REACHED; i++) {
        double cost;

        state = ms_train_run(train, i + 1, &cost);
        trained_iteration(record, i, (int)state, ms_train_costs(train) > i ? &cost : NULL,
                          ms_train_network(train));
    }
    record_outcome(kernel, inputs, ms_train_network(train), record);
    ms_train_close(train);
}
