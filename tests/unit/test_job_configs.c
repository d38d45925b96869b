/* A job that is written with other configurations is read back: they are its grid, and nothing else has changed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/job.h"
#include "unit.h"

static struct ms_error err;

/* Values without a short decimal, the smallest and the largest, and a repeated configuration. */
static const struct ms_config configs[] = {
    {.n_h = 3,
     .activation = MS_RELU,
     .learning_rate = 0x1.fffffffffffffp-2,
     .init_scale = 0.01,
     .iterations = 7},
    {.n_h = 1000000,
     .activation = MS_TANH,
     .learning_rate = 5e-324,
     .init_scale = 1e-5,
     .seed = UINT32_MAX,
     .iterations = 20},
    {.n_h = 1,
     .activation = MS_SIGMOID,
     .learning_rate = 0x1.fffffffffffffp1023,
     .init_scale = 1.4e307,
     .seed = 1,
     .iterations = 1},
    {.n_h = 3,
     .activation = MS_RELU,
     .learning_rate = 0x1.fffffffffffffp-2,
     .init_scale = 0.01,
     .iterations = 7},
};
enum { CONFIGS = sizeof configs / sizeof configs[0] };

static const char head[] = "name: 'a \"title\"' # a comment\n"
                           "data:\n  moons: {samples: &n 60, noise: 0.2, seed: 0}\n"
                           "  dev_fraction: 0.25\n  split_seed: 42\n"
                           "class_weight: [0.5, 2]\nstop: {patience: 5}\n";
static const char own[] = "name: own\ndata: {file: points.csv, dev_file: dev.csv, standardize: true}\n";
static const char grid[] = "grid: {n_h: [1, 2], activation: tanh, learning_rate: 1, iterations: [5, 10]}\n";

static struct ms_job parse(const char *text, const char *set)
{
    struct ms_job job;

    ck_assert_msg(ms_job_parse_set("job.yaml", text, strlen(text), set, &job, &err) == MS_OK, "%s\n%s",
                  err.text, text);
    return job;
}

/* Writes the job whose text is head and tail, and reads the text that was written. */
static struct ms_job written(const char *first, const char *tail, const char *set, const char *file)
{
    char text[2000], *out_text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&out_text, &bytes);
    struct ms_job job, again;

    (void)snprintf(text, sizeof text, "%s%s", first, tail);
    job = parse(text, set);
    ck_assert_msg(ms_job_write_configs(&job, configs, CONFIGS, file, file, out, &err) == MS_OK, "%s",
                  err.text);
    (void)fclose(out);
    again = parse(out_text, NULL);
    ms_job_free(&job);
    free(out_text);
    return again;
}

static void expect_configs(const struct ms_job *job)
{
    ck_assert_int_eq(ms_grid_configs(&job->grid), CONFIGS);
    for (int64_t c = 0; c < CONFIGS; c++) {
        const struct ms_config found = ms_grid_config(&job->grid, c);

        ck_assert_int_eq(found.n_h, configs[c].n_h);
        ck_assert_int_eq(found.activation, configs[c].activation);
        ck_assert(found.learning_rate == configs[c].learning_rate);
        ck_assert(found.init_scale == configs[c].init_scale);
        ck_assert_uint_eq(found.seed, configs[c].seed);
        ck_assert_int_eq(found.iterations, configs[c].iterations);
    }
}

START_TEST(configurations_are_read_back_to_the_last_bit)
{
    struct ms_job job = written(head, grid, NULL, NULL);

    expect_configs(&job);
    ms_job_free(&job);
}
END_TEST

START_TEST(everything_but_the_grid_stays)
{
    struct ms_job job = written(head, grid, NULL, NULL);

    ck_assert_str_eq(job.name, "a \"title\"");
    ck_assert_int_eq(job.axes.samples[0], 60);
    ck_assert_double_eq(job.dev_fraction, 0.25);
    ck_assert_double_eq(job.class_weight.given[1], 2);
    ck_assert_int_eq(job.stop.patience, 5);
    ms_job_free(&job);
}
END_TEST

START_TEST(settings_are_applied_and_halving_is_left_out)
{
    char tail[500];
    struct ms_job job;

    (void)snprintf(tail, sizeof tail, "%shalving: {keep: 1/2, by: dev_cost}\n", grid);
    job = written(head, tail, "data.moons.noise=0.5\nstop.patience=6\nhalving.by=train_cost", NULL);
    ck_assert_double_eq(job.axes.noise[0], 0.5);
    ck_assert_int_eq(job.stop.patience, 6);
    ck_assert_double_eq(job.halving.keep, 0);
    expect_configs(&job);
    ms_job_free(&job);
}
END_TEST

START_TEST(names_of_files_are_replaced_whatever_they_contain)
{
    struct ms_job job = written(own, grid, NULL, "/a folder/é: # \"x\" \\ {y}.csv");

    ck_assert_str_eq(job.data_file, "/a folder/é: # \"x\" \\ {y}.csv");
    ck_assert_str_eq(job.dev_file, job.data_file);
    ck_assert(job.standardize);
    ms_job_free(&job);
    job = written(own, grid, NULL, NULL);
    ck_assert_str_eq(job.data_file, "points.csv");
    ck_assert_str_eq(job.dev_file, "dev.csv");
    ms_job_free(&job);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("job_configs");
    TCase *tests = tcase_create("job_configs");

    tcase_add_test(tests, configurations_are_read_back_to_the_last_bit);
    tcase_add_test(tests, everything_but_the_grid_stays);
    tcase_add_test(tests, settings_are_applied_and_halving_is_left_out);
    tcase_add_test(tests, names_of_files_are_replaced_whatever_they_contain);
    suite_add_tcase(suite, tests);
    return suite;
}
