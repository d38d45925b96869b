/* Takes much longer than a sweep does at its start, so that the figures can be compared with those of another day.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "kernel_survey.h"

#include "job_sizes.h"
#include "moonsweep/clock.h"
#include "moonsweep/moons.h"

/* The processor seconds that one precision may take. */
static const double survey_s = 2;

/* Without a job: these sizes, trained on so many samples with two features. */
static const int32_t usual_n_h[] = {1, 2, 5, 10, 50, 200};
enum { USUAL_SIZES = sizeof usual_n_h / sizeof *usual_n_h, USUAL_SAMPLES = 1600 };

/* Measures the heaviest of these sizes on samples, and pairs of threads unless processors is NULL. */
static enum ms_code measure(const struct ms_samples *samples, const struct ms_kernel_sizes *sizes,
                            const int *processors, struct kernel_survey *survey, struct ms_error *err)
{
    const struct ms_kernels_spec spec = {.clock = ms_clock_thread_s, .seconds = survey_s, .samples = samples};
    struct ms_kernel_size heaviest[MS_KERNEL_SIZES_MOST];
    const int32_t n = ms_kernel_sizes_heaviest(sizes, heaviest);
    enum ms_code code = ms_kernels_open_all(samples->precision, NULL, &survey->kernels, err);

    survey->precision = samples->precision;
    survey->work = sizes->work;
    if (code == MS_OK)
        code = ms_kernels_measure(&survey->kernels, &spec, heaviest, n, err);
    if (code == MS_OK && processors != NULL)
        code = kernel_pairs_measure(&survey->kernels, samples, processors, survey->pairs, err);
    return code;
}

enum ms_code kernel_survey_job(const struct ms_job *job, const struct ms_dataset *datasets,
                               const int *processors, struct kernel_survey *survey, struct ms_error *err)
{
    const struct ms_kernel_sizes sizes = job_sizes(job, datasets);
    const struct ms_dataset *largest = &datasets[ms_job_largest_dataset(job, datasets)];
    struct ms_samples train = {.m = 0}, dev = {.m = 0}; /* nothing is measured on dev */
    enum ms_code code = ms_samples_make_sets(&train, &dev, largest, &job->class_weight, job->precision, NULL,
                                             err);

    if (code == MS_OK)
        code = measure(&train, &sizes, processors, survey, err);
    ms_samples_free(&train);
    ms_samples_free(&dev);
    return code;
}

enum ms_code kernel_survey_usual(enum ms_precision precision, const int *processors,
                                 struct kernel_survey *survey, struct ms_error *err)
{
    struct ms_kernel_sizes sizes = {.work = 0};
    struct ms_samples samples = {.m = 0};
    struct ms_data data;
    enum ms_code code = ms_moons_make(USUAL_SAMPLES, 0.25, 0, NULL, &data, err);

    if (code != MS_OK)
        return code;
    code = ms_samples_make(&samples, &data, precision, NULL, err);
    for (int i = 0; i < USUAL_SIZES; i++)
        for (int a = 0; a < MS_ACTIVATION_COUNT; a++)
            ms_kernel_sizes_add(&sizes, (enum ms_activation)a, usual_n_h[i], 1);
    if (code == MS_OK)
        code = measure(&samples, &sizes, processors, survey, err);
    ms_samples_free(&samples);
    ms_data_free(&data);
    return code;
}
