/* Reads the cases of tests/data/training-*.csv.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_TRAINING_CASE_H
#define MOONSWEEP_TESTS_TRAINING_CASE_H

#include "moonsweep/data.h"
#include "moonsweep/network.h"

struct training_case {
    int64_t number, iterations;
    char dataset[32];
    double learning_rate;
    struct ms_network initial; /* owned */
};

/* Reads all cases, of which there must be at most `room`, and returns their number. The caller frees each with
 * training_case_free. */
int training_cases_read(struct training_case *cases, int room);
void training_case_free(struct training_case *one);

/* Returns the data set of that name; the caller frees it. */
struct ms_data training_data_read(const char *dataset, int32_t n_x);

#endif
