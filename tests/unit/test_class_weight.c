/* Class weights, compared with the formula of scikit-learn, and as texts.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/class_weight.h"

#include <string.h>

#include "unit.h"

/* 7 samples, of which 2 have the label 1. */
static struct ms_data samples(void)
{
    static double X[7];
    static uint8_t y[7] = {0, 1, 0, 0, 1, 0, 0};

    return (struct ms_data){.rows = 7, .n_x = 1, .X = X, .y = y};
}

START_TEST(weights_are_those_of_scikit_learn_or_those_given)
{
    static const struct {
        struct ms_class_weight of;
        bool is_weighted;
        double weight[2]; /* computed by hand: m / (2 count) */
    } cases[] = {
        {{.weighting = MS_WEIGHTING_NONE}, false, {1, 1}},
        {{.weighting = MS_WEIGHTING_BALANCED}, true, {0.7, 1.75}},
        {{.weighting = MS_WEIGHTING_GIVEN, .given = {0.5, 2}}, true, {0.5, 2}},
        {{.weighting = MS_WEIGHTING_GIVEN, .given = {1, 1}}, true, {1, 1}},
    };
    const struct ms_data data = samples();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double weight[2] = {-1, -1};

        ck_assert_int_eq(ms_class_weight_of(&cases[i].of, &data, weight), cases[i].is_weighted);
        ck_assert_double_eq(weight[0], cases[i].weight[0]);
        ck_assert_double_eq(weight[1], cases[i].weight[1]);
    }
}
END_TEST

START_TEST(balanced_weights_add_up_to_the_number_of_samples)
{
    const struct ms_class_weight balanced = {.weighting = MS_WEIGHTING_BALANCED};
    const struct ms_data data = samples();
    double weight[2];

    ck_assert(ms_class_weight_of(&balanced, &data, weight));
    ck_assert_double_eq_tol(5 * weight[0] + 2 * weight[1], 7, 1e-12);
}
END_TEST

START_TEST(the_text_tells_different_weights_apart)
{
    struct ms_class_weight weights = {.weighting = MS_WEIGHTING_NONE};
    char text[MS_CLASS_WEIGHT_CHARS];

    ck_assert_str_eq(ms_class_weight_write(&weights, text), "none");
    weights.weighting = MS_WEIGHTING_BALANCED;
    ck_assert_str_eq(ms_class_weight_write(&weights, text), "balanced");
    weights = (struct ms_class_weight){.weighting = MS_WEIGHTING_GIVEN, .given = {0.1, 2}};
    ck_assert_str_eq(ms_class_weight_write(&weights, text), "[0.1, 2]");
    weights.given[0] = 0.1 + 0x1p-56; /* the next number */
    ck_assert_str_ne(ms_class_weight_write(&weights, text), "[0.1, 2]");
}
END_TEST

/* The longest texts of two numbers. */
START_TEST(the_longest_text_fits)
{
    const struct ms_class_weight weights = {.weighting = MS_WEIGHTING_GIVEN,
                                            .given = {2.2250738585072014e-308, 1.7976931348623157e+308}};
    char text[MS_CLASS_WEIGHT_CHARS];

    ck_assert_str_eq(ms_class_weight_write(&weights, text),
                     "[2.2250738585072014e-308, 1.7976931348623157e+308]");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("class_weight");
    TCase *tests = tcase_create("class_weight");

    tcase_add_test(tests, weights_are_those_of_scikit_learn_or_those_given);
    tcase_add_test(tests, balanced_weights_add_up_to_the_number_of_samples);
    tcase_add_test(tests, the_text_tells_different_weights_apart);
    tcase_add_test(tests, the_longest_text_fits);
    suite_add_tcase(suite, tests);
    return suite;
}
