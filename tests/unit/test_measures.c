/* Precision, recall, F1, MCC and AUC, compared with their definitions.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "moonsweep/measures.h"
#include "unit.h"

#define EXPECT(value, expected) ck_assert_double_eq_tol(value, expected, 1e-15)

START_TEST(measures_follow_their_definitions)
{
    const int32_t outcomes[MS_OUTCOME_COUNT] = {
        [MS_TRUE_NEGATIVE] = 50, [MS_FALSE_POSITIVE] = 10, [MS_FALSE_NEGATIVE] = 5, [MS_TRUE_POSITIVE] = 30};
    const struct ms_measures measures = ms_measures_of(outcomes);

    EXPECT(measures.precision, 30.0 / 40);
    EXPECT(measures.recall, 30.0 / 35);
    EXPECT(measures.f1, 2 * (0.75 * 30 / 35) / (0.75 + 30.0 / 35));
    EXPECT(measures.mcc, (30.0 * 50 - 10 * 5) / sqrt(40.0 * 35 * 60 * 55));
}
END_TEST

START_TEST(measures_of_perfect_and_of_opposite_predictions_are_at_their_limits)
{
    const struct ms_measures perfect = ms_measures_of((const int32_t[]){7, 0, 0, 9}),
                             opposite = ms_measures_of((const int32_t[]){0, 7, 9, 0});

    ck_assert(perfect.precision == 1 && perfect.recall == 1 && perfect.f1 == 1);
    EXPECT(perfect.mcc, 1);
    ck_assert(opposite.precision == 0 && opposite.recall == 0 && opposite.f1 == 0);
    EXPECT(opposite.mcc, -1);
}
END_TEST

START_TEST(measures_without_a_denominator_are_nan)
{
    const struct ms_measures none = ms_measures_of((const int32_t[]){0, 0, 0, 0}),
                             never_positive = ms_measures_of((const int32_t[]){5, 0, 3, 0}),
                             only_negatives = ms_measures_of((const int32_t[]){5, 2, 0, 0});

    ck_assert(isnan(none.precision) && isnan(none.recall) && isnan(none.f1) && isnan(none.mcc));
    ck_assert(isnan(never_positive.precision) && isnan(never_positive.mcc));
    ck_assert(never_positive.recall == 0 && never_positive.f1 == 0);
    ck_assert(isnan(only_negatives.recall) && isnan(only_negatives.mcc));
    ck_assert(only_negatives.precision == 0 && only_negatives.f1 == 0);
}
END_TEST

START_TEST(the_largest_counts_do_not_overflow)
{
    const struct ms_measures measures = ms_measures_of((const int32_t[]){1073741823, 1, 1, 1073741823});

    EXPECT(measures.precision, 1073741823.0 / 1073741824);
    EXPECT(measures.mcc, 1 - 2.0 / 1073741824);
}
END_TEST

static double auc(const double *probability, const uint8_t *y, int64_t m)
{
    struct ms_error err;
    double area;

    ck_assert_int_eq(ms_measures_auc(probability, y, m, &area, &err), MS_OK);
    return area;
}

START_TEST(the_auc_is_the_share_of_pairs_in_the_right_order)
{
    const double p[] = {0.9, 0.1, 0.4, 0.8, 0.35};

    EXPECT(auc(p, (const uint8_t[]){1, 0, 0, 1, 1}, 5), 5.0 / 6);
    EXPECT(auc(p, (const uint8_t[]){1, 0, 0, 1, 0}, 5), 1);
    EXPECT(auc(p, (const uint8_t[]){0, 1, 1, 0, 1}, 5), 0);
}
END_TEST

START_TEST(equal_probabilities_count_as_one_half)
{
    EXPECT(auc((const double[]){0.5, 0.5, 0.5, 0.5}, (const uint8_t[]){1, 0, 0, 0}, 4), 0.5);
    EXPECT(auc((const double[]){0.7, 0.5, 0.5}, (const uint8_t[]){1, 1, 0}, 3), 0.75);
}
END_TEST

START_TEST(the_auc_leaves_out_nan_and_is_nan_without_a_pair)
{
    const double p[] = {NAN, 0.2, 0.6, NAN};

    EXPECT(auc(p, (const uint8_t[]){1, 0, 1, 0}, 4), 1);
    ck_assert(isnan(auc(p, (const uint8_t[]){1, 0, 0, 0}, 4)));
    ck_assert(isnan(auc(p, (const uint8_t[]){1, 1, 1, 0}, 4)));
    ck_assert(isnan(auc(p, NULL, 0)));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("measures");
    TCase *tests = tcase_create("measures");

    tcase_add_test(tests, measures_follow_their_definitions);
    tcase_add_test(tests, measures_of_perfect_and_of_opposite_predictions_are_at_their_limits);
    tcase_add_test(tests, measures_without_a_denominator_are_nan);
    tcase_add_test(tests, the_largest_counts_do_not_overflow);
    tcase_add_test(tests, the_auc_is_the_share_of_pairs_in_the_right_order);
    tcase_add_test(tests, equal_probabilities_count_as_one_half);
    tcase_add_test(tests, the_auc_leaves_out_nan_and_is_nan_without_a_pair);
    suite_add_tcase(suite, tests);
    return suite;
}
