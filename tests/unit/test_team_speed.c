/* What teams are expected to gain.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/team_speed.h"

#include "unit.h"

/* The sizes of so many samples of two features, in float64. */
static struct ms_samples samples_of(int64_t m)
{
    return ms_samples_sizes(&(struct ms_data){.rows = m, .n_x = 2}, MS_FLOAT64);
}

static struct ms_team_shape shape_of(const struct ms_samples *samples, int32_t n_h, double iteration_s)
{
    return (struct ms_team_shape){.samples = samples, .n_h = n_h, .iteration_s = iteration_s};
}

/* The speed-ups of teams that always have two members in docs/benchmarks.md, and the seconds of an iteration of one process
 * there. Of the limit that two independent trainings show, they lack less: other programs slow down both. */
START_TEST(teams_of_two_gain_what_was_measured)
{
    static const struct {
        int32_t n_h;
        double iteration_s, measured;
    } cases[] = {{50, 102e-6, 1.60}, {50, 44e-6, 1.52}, {10, 21e-6, 1.55}, {1, 4.4e-6, 1.51}};
    const struct ms_samples samples = samples_of(1600);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ms_team_shape shape = shape_of(&samples, cases[i].n_h, cases[i].iteration_s);
        const double gain = cases[i].iteration_s / ms_team_speed_iteration_s(&shape, 2);

        ck_assert_double_eq_tol(gain, cases[i].measured, 0.15);
    }
}
END_TEST

/* 25 chunks in segments of 6, 6, 6 and 7. */
START_TEST(no_team_is_faster_than_its_largest_share)
{
    const struct ms_samples samples = samples_of(1600);
    const struct ms_team_shape shape = shape_of(&samples, 50, 1e-3);

    ck_assert_int_eq(samples.segments, 4);
    ck_assert_int_eq(ms_team_speed_most(&shape), 4);
    ck_assert_double_eq(ms_team_speed_iteration_s(&shape, 1), 1e-3);
    for (int32_t members = 2; members <= 4; members++) {
        static const double chunks[] = {25, 13, 13,
                                        7}; /* the largest share; of three, one has two segments */

        ck_assert_double_gt(ms_team_speed_iteration_s(&shape, members), 1e-3 * chunks[members - 1] / 25);
        ck_assert_double_lt(ms_team_speed_iteration_s(&shape, members),
                            1e-3 * chunks[members - 1] / 25 + 20e-6);
    }
    ck_assert_double_lt(ms_team_speed_up(&shape, 4), 25.0 / 7);
    ck_assert_double_gt(ms_team_speed_up(&shape, 4), 0.9 * 25 / 7);
    ck_assert_double_eq(ms_team_speed_up(&shape, 3), ms_team_speed_up(&shape, 2));
    ck_assert_double_eq(ms_team_speed_up(&shape, 100), ms_team_speed_up(&shape, 4));
}
END_TEST

/* Iterations of a microsecond: other members would only cost time, and are only tried. */
START_TEST(a_team_that_does_not_pay_is_hardly_slower_than_one_process)
{
    const struct ms_samples samples = samples_of(1600);
    const struct ms_team_shape shape = shape_of(&samples, 1, 0.5e-6);

    ck_assert_double_gt(ms_team_speed_iteration_s(&shape, 2), 0.5e-6);
    ck_assert_double_eq(ms_team_speed_up(&shape, 1), 1);
    ck_assert_double_eq(ms_team_speed_up(&shape, 4), 1);
}
END_TEST

START_TEST(many_samples_use_many_ranks)
{
    const struct ms_samples samples = samples_of(1000000);
    const struct ms_team_shape shape = shape_of(&samples, 50, 50e-3);
    double before = 1;

    ck_assert_int_eq(ms_team_speed_most(&shape), 64);
    for (int32_t members = 2; members <= 64; members *= 2) {
        const double gain = ms_team_speed_up(&shape, members);

        ck_assert_double_gt(gain, 1.7 * before);
        ck_assert_double_lt(gain, members);
        before = gain;
    }
}
END_TEST

START_TEST(one_segment_and_networks_that_are_too_wide_are_not_shared)
{
    const struct ms_samples few = samples_of(512), many = samples_of(1600);
    const struct ms_team_shape small = shape_of(&few, 50, 1e-3), wide = shape_of(&many, 1000000, 1);

    ck_assert_int_eq(few.segments, 1);
    ck_assert_int_eq(ms_team_speed_most(&small), 1);
    ck_assert_double_eq(ms_team_speed_up(&small, 8), 1);
    ck_assert_int_eq(ms_team_speed_most(&wide), 1);
    ck_assert_double_eq(ms_team_speed_up(&wide, 8), 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("team_speed");
    TCase *tests = tcase_create("team_speed");

    tcase_add_test(tests, teams_of_two_gain_what_was_measured);
    tcase_add_test(tests, no_team_is_faster_than_its_largest_share);
    tcase_add_test(tests, a_team_that_does_not_pay_is_hardly_slower_than_one_process);
    tcase_add_test(tests, many_samples_use_many_ranks);
    tcase_add_test(tests, one_segment_and_networks_that_are_too_wide_are_not_shared);
    suite_add_tcase(suite, tests);
    return suite;
}
