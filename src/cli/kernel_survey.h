/* Measures the kernels of this machine, as `moonsweep kernels` shows them: for the networks of a job, or for some usual
 * ones.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_KERNEL_SURVEY_H
#define MOONSWEEP_CLI_KERNEL_SURVEY_H

#include "kernel_pairs.h"
#include "moonsweep/job.h"
#include "moonsweep/kernels.h"

struct kernel_survey {
    enum ms_precision precision;
    struct ms_kernels kernels; /* measured */
    double work;               /* of all sizes, also of those that were not measured */
    /* Of the points of kernels, if pairs were to be measured */
    struct kernel_pair pairs[MS_KERNEL_SIZES_MOST];
};

/* Measures the sizes with the most work of a job, on its largest training set, and then, unless processors is NULL, pairs
 * of threads on these two (kernel_pairs.h). Errors: those of ms_kernels_open_all without a name, those of
 * kernel_pairs_measure, and MS_NO_MEMORY. */
enum ms_code kernel_survey_job(const struct ms_job *job, const struct ms_dataset *datasets,
                               const int *processors, struct kernel_survey *survey, struct ms_error *err);

/* Measures some sizes of each activation, on the number of samples of the default sweep. Errors: the same. */
enum ms_code kernel_survey_usual(enum ms_precision precision, const int *processors,
                                 struct kernel_survey *survey, struct ms_error *err);

#endif
