/* What two threads gain over one: measured on two ordinary cores, or on one processor if there is only one, since the
 * measurement itself does not ask which processors belong together. No test depends on how long anything takes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "cli/kernel_pairs.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pairs_table.h"
#include "moonsweep/clock.h"
#include "moonsweep/moons.h"
#include "unit.h"

static void make_samples(struct ms_samples *samples)
{
    struct ms_data data;
    struct ms_error err;

    ck_assert_int_eq(ms_moons_make(400, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ms_data_free(&data);
}

/* Two sizes, as if they had been measured. */
static void make_kernels(struct ms_kernels *kernels)
{
    struct ms_error err;

    ck_assert_int_eq(ms_kernels_open(MS_FLOAT64, NULL, kernels, &err), MS_OK);
    kernels->points[0] = (struct ms_kernels_point){.size = {.activation = MS_TANH, .n_h = 50, .work = 3},
                                                   .quickest = 0};
    kernels->points[1] = (struct ms_kernels_point){.size = {.activation = MS_RELU, .n_h = 3, .work = 1},
                                                   .quickest = 0};
    kernels->n_points = 2;
}

/* The first two processors on which this process may run. */
static void two_processors(int processors[2])
{
    cpu_set_t allowed;
    int n = 0;

    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    for (size_t i = 0; i < CPU_SETSIZE && n < 2; i++)
        if (CPU_ISSET(i, &allowed))
            processors[n++] = (int)i;
    ck_assert_int_ge(n, 1);
    if (n == 1)
        processors[1] = processors[0];
}

START_TEST(every_point_is_measured_with_one_thread_and_with_two)
{
    struct ms_kernels kernels;
    struct ms_samples samples;
    struct kernel_pair pairs[2] = {{.gain = (double)NAN}, {.gain = (double)NAN}};
    struct ms_error err;
    int processors[2];
    const double began_s = ms_clock_thread_s();

    make_samples(&samples);
    make_kernels(&kernels);
    two_processors(processors);
    ck_assert_int_eq(kernel_pairs_measure(&kernels, &samples, processors, pairs, &err), MS_OK);
    for (int i = 0; i < 2; i++) {
        /* A thread cannot have trained for longer than it ran. */
        const double most_ns = 1e9 * (ms_clock_thread_s() - began_s);

        ck_assert(pairs[i].alone_ns > 0 && pairs[i].alone_ns < most_ns);
        ck_assert(pairs[i].both_ns > 0 && isfinite(pairs[i].both_ns));
        ck_assert(pairs[i].gain > -1 && isfinite(pairs[i].gain));
    }
    ms_samples_free(&samples);
}
END_TEST

START_TEST(this_thread_may_run_afterwards_where_it_could_before)
{
    struct ms_kernels kernels;
    struct ms_samples samples;
    struct kernel_pair pairs[2];
    struct ms_error err;
    cpu_set_t before, after;
    int processors[2];

    make_samples(&samples);
    make_kernels(&kernels);
    kernels.n_points = 1;
    two_processors(processors);
    ck_assert_int_eq(sched_getaffinity(0, sizeof before, &before), 0);
    ck_assert_int_eq(kernel_pairs_measure(&kernels, &samples, processors, pairs, &err), MS_OK);
    ck_assert_int_eq(sched_getaffinity(0, sizeof after, &after), 0);
    ck_assert(CPU_EQUAL(&before, &after));
    ms_samples_free(&samples);
}
END_TEST

/* Whichever of the two threads cannot be bound, the other one does not wait for it. */
START_TEST(a_processor_that_cannot_be_used_is_named)
{
    struct ms_kernels kernels;
    struct ms_samples samples;
    struct kernel_pair pairs[2];
    struct ms_error err;
    int processors[2];

    make_samples(&samples);
    make_kernels(&kernels);
    kernels.n_points = 1;
    two_processors(processors);
    processors[_i] = 8191;
    ck_assert_int_eq(kernel_pairs_measure(&kernels, &samples, processors, pairs, &err), MS_BUSY);
    ck_assert_ptr_nonnull(strstr(err.text, "processor 8191 cannot be used"));
    ms_samples_free(&samples);
}
END_TEST

/* The work of 3 takes 3 / 1.5 = 2, and the work of 1 takes 1 / 0.5 = 2: together 4, as without a second thread. */
START_TEST(the_gain_of_all_points_is_that_of_the_time_for_their_work)
{
    const struct kernel_pair pairs[2] = {{.gain = 0.5}, {.gain = -0.5}};
    struct ms_kernels kernels;

    make_kernels(&kernels);
    ck_assert_double_eq_tol(kernel_pairs_gain(&kernels, pairs), 0, 1e-15);
    kernels.n_points = 1;
    ck_assert_double_eq_tol(kernel_pairs_gain(&kernels, pairs), 0.5, 1e-15);
    kernels.n_points = 0;
    ck_assert_double_nan(kernel_pairs_gain(&kernels, pairs));
}
END_TEST

/* ---- the table ------------------------------------------------------------------------------------------- */

static struct ms_kernel first_kernel = {.isa = "quick"};

static struct kernel_survey made_up_survey(double gain)
{
    struct kernel_survey survey = {.precision = MS_FLOAT64, .work = 4};

    make_kernels(&survey.kernels);
    survey.kernels.kernel[0] = &first_kernel;
    for (int i = 0; i < 2; i++)
        survey.pairs[i] = (struct kernel_pair){.alone_ns = 0.25, .both_ns = 0.4, .gain = gain};
    return survey;
}

static void expect_table(pairs_table_write *write, bool has_work, const char *expected)
{
    const struct kernel_survey survey = made_up_survey(0.25);
    char *text = NULL;
    size_t bytes;
    FILE *file = open_memstream(&text, &bytes);

    ck_assert_ptr_nonnull(file);
    write(file, &survey, 1, has_work);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(the_table_has_a_row_for_each_size_in_every_format)
{
    expect_table(
        pairs_table_write_text, true,
        "precision  activation         n_h    work  kernel                   ns   ns_both     gain\n"
        "float64    tanh                50   75.0%  quick                0.2500    0.4000    25.0%\n"
        "float64    relu                 3   25.0%  quick                0.2500    0.4000    25.0%\n");
    expect_table(pairs_table_write_csv, true,
                 "precision,activation,n_h,work,kernel,ns,ns_both,gain\n"
                 "float64,tanh,50,0.75,quick,0.25,0.4,0.25\n"
                 "float64,relu,3,0.25,quick,0.25,0.4,0.25\n");
    expect_table(pairs_table_write_csv, false,
                 "precision,activation,n_h,work,kernel,ns,ns_both,gain\n"
                 "float64,tanh,50,,quick,0.25,0.4,0.25\n"
                 "float64,relu,3,,quick,0.25,0.4,0.25\n");
    expect_table(pairs_table_write_json, false,
                 "[\n"
                 "  {\"precision\": \"float64\", \"activation\": \"tanh\", \"n_h\": 50, \"work\": null, "
                 "\"kernel\": \"quick\", \"ns\": 0.25, \"ns_both\": 0.4, \"gain\": 0.25},\n"
                 "  {\"precision\": \"float64\", \"activation\": \"relu\", \"n_h\": 3, \"work\": null, "
                 "\"kernel\": \"quick\", \"ns\": 0.25, \"ns_both\": 0.4, \"gain\": 0.25}\n"
                 "]\n");
}
END_TEST

START_TEST(what_to_set_depends_on_the_gain)
{
    static const struct {
        double gain;
        const char *advice;
    } cases[] = {
        {0.25, "train 25.0% more than one; set MOONSWEEP_THREADS_PER_CORE=2\n"},
        {0.04, "train 4.0% more than one; leave MOONSWEEP_THREADS_PER_CORE at 1\n"},
        {-0.125, "train 12.5% less than one; leave MOONSWEEP_THREADS_PER_CORE at 1\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct kernel_survey survey = made_up_survey(cases[i].gain);
        char expected[256], *text = NULL;
        size_t bytes;
        FILE *file = open_memstream(&text, &bytes);

        ck_assert_ptr_nonnull(file);
        pairs_table_advise(file, &survey, 1, (const int[]){0, 4});
        ck_assert_int_eq(fclose(file), 0);
        (void)snprintf(expected, sizeof expected,
                       "moonsweep: float64: two ranks on the processors 0 and 4 of one core %s",
                       cases[i].advice);
        ck_assert_str_eq(text, expected);
        free(text);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kernel_pairs");
    TCase *tests = tcase_create("kernel_pairs");

    tcase_add_test(tests, every_point_is_measured_with_one_thread_and_with_two);
    tcase_add_test(tests, this_thread_may_run_afterwards_where_it_could_before);
    tcase_add_loop_test(tests, a_processor_that_cannot_be_used_is_named, 0, 2);
    tcase_add_test(tests, the_gain_of_all_points_is_that_of_the_time_for_their_work);
    tcase_add_test(tests, the_table_has_a_row_for_each_size_in_every_format);
    tcase_add_test(tests, what_to_set_depends_on_the_gain);
    suite_add_tcase(suite, tests);
    return suite;
}
