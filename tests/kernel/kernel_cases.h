/* The numbered cases in which kernels are compared: a table of groups.
 *
 *     struct kernel_case one;
 *     for (int i = 0; kernel_cases_at(i, &one); i++)
 *         ...
 *
 * A case is described completely by the fields below; together with a seed they determine its inputs
 * (kernel_inputs.h). Its number never changes when groups grow or are added, so that hashes and reports can
 * refer to it. To add a group: a function that fills one row, a line in the table of kernel_cases.c, and a field
 * here for any new property.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_KERNEL_CASES_H
#define MOONSWEEP_TESTS_KERNEL_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/kernel.h"

/* Which features and parameters are not ordinary random numbers. */
enum case_special {
    CASE_ORDINARY,
    CASE_ONE_PARAMETER, /* one element of array `where` is `value` */
    CASE_ONE_FEATURE,   /* feature 0 of one sample is `value` */
    CASE_ALL_FEATURES,  /* every feature is `value` or its negative */
    CASE_ARGUMENTS      /* the arguments of two units are the feature and its negative: see case_arguments */
};

enum case_array { CASE_W1, CASE_B1, CASE_W2, CASE_B2, CASE_ARRAY_COUNT };

/* The values of the feature of CASE_ARGUMENTS. */
enum case_arguments {
    CASE_TIES,     /* ties of the exponential's reduction, and their neighbours */
    CASE_DENSE,    /* random, up to the limit of the range */
    CASE_TINY,     /* subnormal numbers and small powers of two */
    CASE_UNBOUNDED /* random bits, including infinities and NaN */
};

struct kernel_case {
    int number;
    const char *idea; /* of its group */
    bool is_long;     /* run only with --long */
    enum ms_precision precision;
    enum ms_activation activation;
    int64_t m;
    int32_t n_x, n_h;
    double init_scale, learning_rate;
    double weight[2]; /* of the classes; both 0 for none */
    int iterations;   /* of the whole trajectory; 0 for single calls only */
    enum case_special special;
    enum case_array where;
    double value;
    enum case_arguments arguments;
    enum ms_range range; /* of CASE_ARGUMENTS; otherwise ms_pass_fold sets it */
};

/* Sets *one to the i-th case by ascending number. Returns false after the last one. */
bool kernel_cases_at(int i, struct kernel_case *one);

/* Describes a case in one line: "tanh float64 m 65 n_x 2 n_h 5 ...". */
void kernel_cases_describe(const struct kernel_case *one, char *text, size_t size);

#endif
