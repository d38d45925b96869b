/* The samples of two moons, compared with those of scikit-learn.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "figures.h"
#include "moonsweep/moons.h"
#include "stop_counter.h"
#include "unit.h"

static const double tolerance = 1e-15; /* the sine and cosine of C libraries differ by this much */

static bool same_case(const struct figures *figures, int64_t samples, double noise, int64_t seed)
{
    return figures_integer(figures, "samples") == samples && figures_number(figures, "noise") == noise &&
           figures_integer(figures, "seed") == seed;
}

/* Compares the rows of moons.csv whose number of samples is from fewest to most; returns the number of these rows. */
static int64_t compare(int64_t fewest, int64_t most)
{
    struct figures *figures = figures_open("moons.csv");
    struct ms_data data = {0};
    struct ms_error err;
    double noise = -1;
    int64_t seed = -1, compared = 0;

    while (figures_next(figures)) {
        const int64_t samples = figures_integer(figures, "samples");
        const int64_t row = figures_integer(figures, "row");

        if (samples < fewest || samples > most)
            continue;
        if (!same_case(figures, data.rows, noise, seed)) {
            noise = figures_number(figures, "noise");
            seed = figures_integer(figures, "seed");
            ms_data_free(&data);
            ck_assert_int_eq(ms_moons_make(samples, noise, (uint32_t)seed, NULL, &data, &err), MS_OK);
            ck_assert_int_eq(data.rows, samples);
            ck_assert_int_eq(data.n_x, 2);
        }
        ck_assert_ptr_nonnull(data.X);
        ck_assert_double_le(fabs(data.X[2 * row] - figures_number(figures, "x1")), tolerance);
        ck_assert_double_le(fabs(data.X[2 * row + 1] - figures_number(figures, "x2")), tolerance);
        ck_assert_int_eq(data.y[row], figures_integer(figures, "label"));
        compared++;
    }
    ms_data_free(&data);
    figures_close(figures);
    return compared;
}

START_TEST(all_points_of_the_default_data_are_those_of_scikit_learn)
{
    ck_assert_int_eq(compare(2000, 2000), 2000);
}
END_TEST

START_TEST(points_of_small_and_odd_sample_counts_are_those_of_scikit_learn)
{
    ck_assert_int_eq(compare(1, 11), INT64_C(4) * (1 + 2 + 3 + 4 + 5 + 7 + 11));
    ck_assert_int_gt(compare(12, 1999), 300);
}
END_TEST

START_TEST(with_an_odd_number_of_samples_the_inner_circle_has_one_more)
{
    for (int64_t samples = 1; samples < 40; samples++) {
        struct ms_data data;
        struct ms_error err;

        ck_assert_int_eq(ms_moons_make(samples, 0.1, 9, NULL, &data, &err), MS_OK);
        ck_assert_int_eq(ms_data_positives(&data), samples - samples / 2);
        ms_data_free(&data);
    }
}
END_TEST

START_TEST(without_noise_every_point_is_on_its_half_circle)
{
    struct ms_data data;
    struct ms_error err;

    ck_assert_int_eq(ms_moons_make(501, 0, 2, NULL, &data, &err), MS_OK);
    for (int64_t i = 0; i < data.rows; i++) {
        const double x = data.y[i] ? 1 - data.X[2 * i] : data.X[2 * i];
        const double y = data.y[i] ? 0.5 - data.X[2 * i + 1] : data.X[2 * i + 1];

        ck_assert_double_le(fabs(x * x + y * y - 1), 1e-15);
        ck_assert_double_ge(y, 0);
    }
    ms_data_free(&data);
}
END_TEST

START_TEST(without_enough_memory_nothing_is_made)
{
    struct ms_data data = {.rows = 77};
    struct ms_error err;

    ck_assert_int_eq(ms_moons_make(INT64_MAX / 2, 0, 0, NULL, &data, &err), MS_NO_MEMORY);
    ck_assert_int_eq(data.rows, 77);
}
END_TEST

/* At each of its looks, of which there is one for every MS_STOP_REQUEST_INTERVAL samples of a loop. */
START_TEST(making_the_data_can_be_stopped_everywhere_and_then_nothing_is_made)
{
    enum { ROWS = 3 * MS_STOP_REQUEST_INTERVAL + 5 };
    struct stop_counter counter = {.stop_at = -1};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_data data;
    struct ms_error err;
    int looks;

    ck_assert_int_eq(ms_moons_make(ROWS, 0.1, 0, &stop, &data, &err), MS_OK);
    ms_data_free(&data);
    looks = counter.looks;
    /* Numbers, shuffling (which leaves out the first one) and places; two numbers of noise for each sample. */
    ck_assert_int_eq(looks, stop_counter_expected(3, ROWS) - 1 + stop_counter_expected(1, 2 * ROWS));
    for (int i = 0; i < looks; i++) {
        counter = (struct stop_counter){.stop_at = i};
        data.rows = 77;
        ck_assert_int_eq(ms_moons_make(ROWS, 0.1, 0, &stop, &data, &err), MS_WORK_LEFT);
        ck_assert_int_eq(counter.looks, i + 1);
        ck_assert_int_eq(data.rows, 77);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("moons");
    TCase *tests = tcase_create("moons");

    tcase_add_test(tests, all_points_of_the_default_data_are_those_of_scikit_learn);
    tcase_add_test(tests, points_of_small_and_odd_sample_counts_are_those_of_scikit_learn);
    tcase_add_test(tests, with_an_odd_number_of_samples_the_inner_circle_has_one_more);
    tcase_add_test(tests, without_noise_every_point_is_on_its_half_circle);
    tcase_add_test(tests, without_enough_memory_nothing_is_made);
    tcase_add_test(tests, making_the_data_can_be_stopped_everywhere_and_then_nothing_is_made);
    suite_add_tcase(suite, tests);
    return suite;
}
