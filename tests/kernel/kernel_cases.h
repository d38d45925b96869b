/* The numbered cases that kernels are compared in: one table of groups.
 *
 *     struct kernel_case one;
 *     for (int i = 0; kernel_cases_at(i, &one); i++)
 *         ...
 *
 * A case is described completely by what stands here and, with a seed, by kernel_inputs.h. Its number stays
 * its own when a group grows or is added, so that hashes and reports can name it. To add a group: a function
 * that fills one row, a line in the table of kernel_cases.c, and a field here for what no case had before. */
#ifndef MOONSWEEP_TESTS_KERNEL_CASES_H
#define MOONSWEEP_TESTS_KERNEL_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/kernel.h"

/* What features and parameters are, where they are not random and of ordinary size. */
enum case_special {
    CASE_ORDINARY,
    CASE_ONE_PARAMETER, /* one element of `where` is `value` */
    CASE_ONE_FEATURE,   /* feature 0 of one sample is `value` */
    CASE_ALL_FEATURES,  /* every feature is `value` or its negative */
    CASE_ARGUMENTS      /* two units whose arguments are the feature and its negative: see case_arguments */
};

enum case_array { CASE_W1, CASE_B1, CASE_W2, CASE_B2, CASE_ARRAY_COUNT };

/* What the feature of CASE_ARGUMENTS runs over. */
enum case_arguments {
    CASE_TIES,     /* where the exponential's reduction is a tie, and the neighbours */
    CASE_DENSE,    /* random, up to the limit of the range */
    CASE_TINY,     /* subnormal numbers and small powers of two */
    CASE_UNBOUNDED /* random bits: infinities and NaN among them */
};

struct kernel_case {
    int number;
    const char *idea; /* its group's */
    bool is_long;     /* run only on demand */
    enum ms_precision precision;
    enum ms_activation activation;
    int64_t m;
    int32_t n_x, n_h;
    double init_scale, learning_rate;
    double weight[2]; /* of the classes; both 0: none */
    int iterations;   /* of the whole trajectory; 0: only single calls */
    enum case_special special;
    enum case_array where;
    double value;
    enum case_arguments arguments;
    enum ms_range range; /* of CASE_ARGUMENTS; of others it is ms_pass_fold's */
};

/* The i-th case in the order of the numbers; false behind the last one. */
bool kernel_cases_at(int i, struct kernel_case *one);

/* Says in a line what a case is: "tanh float64 m 65 n_x 2 n_h 5 ...". */
void kernel_cases_say(const struct kernel_case *one, char *text, size_t size);

#endif
