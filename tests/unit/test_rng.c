/* Random numbers, compared with those of NumPy.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "moonsweep/rng.h"
#include "unit.h"

/* Returns value number `position` (from 0) of one kind from a newly seeded generator; an integer in *integer. */
static double value_at(const char *kind, uint32_t seed, uint64_t argument, int64_t position,
                       uint64_t *integer)
{
    struct ms_rng rng;
    double number = 0;

    *integer = 0;
    ms_rng_seed(&rng, seed);
    for (int64_t i = 0; i <= position; i++) {
        if (strcmp(kind, "double") == 0)
            number = ms_rng_double(&rng);
        else if (strcmp(kind, "gaussian") == 0)
            number = ms_rng_gaussian(&rng);
        else if (strcmp(kind, "interval") == 0)
            *integer = ms_rng_interval(&rng, argument);
        else if (strcmp(kind, "u32") == 0)
            *integer = ms_rng_u32(&rng);
        else
            ck_abort_msg("unknown kind %s", kind);
    }
    return number;
}

/* Compares all rows of one kind in rng.csv; returns their number. */
static int compare(const char *kind, double tolerance)
{
    struct figures *figures = figures_open("rng.csv");
    int compared = 0;

    while (figures_next(figures)) {
        uint64_t integer;
        double number;

        if (strcmp(figures_text(figures, "kind"), kind) != 0)
            continue;
        compared++;
        number = value_at(kind, (uint32_t)figures_integer(figures, "seed"),
                          figures_unsigned(figures, "argument"), figures_integer(figures, "position"),
                          &integer);
        if (strcmp(kind, "double") == 0 || strcmp(kind, "gaussian") == 0)
            ck_assert_double_le(fabs(number / figures_number(figures, "value") - 1), tolerance);
        else
            ck_assert_uint_eq(integer, figures_unsigned(figures, "value"));
    }
    figures_close(figures);
    return compared;
}

START_TEST(words_are_those_of_numpy)
{
    ck_assert_int_gt(compare("u32", 0), 50);
}
END_TEST

START_TEST(doubles_are_those_of_numpy_in_every_bit)
{
    ck_assert_int_gt(compare("double", 0), 50);
}
END_TEST

START_TEST(the_first_gaussians_are_those_of_numpy_within_2_to_the_minus_52)
{
    ck_assert_int_gt(compare("gaussian", 0x1p-52), 50);
}
END_TEST

START_TEST(integers_are_those_of_numpy_up_to_64_bits)
{
    ck_assert_int_gt(compare("interval", 0), 500);
}
END_TEST

START_TEST(permutations_are_those_of_numpy)
{
    struct figures *figures = figures_open("rng.csv");
    int compared = 0;

    while (figures_next(figures)) {
        const int64_t n = figures_integer(figures, "argument");
        struct ms_rng rng;
        int64_t *items;

        if (strcmp(figures_text(figures, "kind"), "permutation") != 0)
            continue;
        items = calloc((size_t)n, sizeof *items);
        ck_assert_ptr_nonnull(items);
        ms_rng_seed(&rng, (uint32_t)figures_integer(figures, "seed"));
        ms_rng_permutation(&rng, n, NULL, items);
        ck_assert_int_eq(items[figures_integer(figures, "position")], figures_integer(figures, "value"));
        free(items);
        compared++;
    }
    figures_close(figures);
    ck_assert_int_gt(compared, 300);
}
END_TEST

START_TEST(an_interval_of_one_value_draws_no_random_bits)
{
    struct ms_rng drawn, fresh;

    ms_rng_seed(&drawn, 3);
    ms_rng_seed(&fresh, 3);
    ck_assert_uint_eq(ms_rng_interval(&drawn, 0), 0);
    ck_assert_uint_eq(ms_rng_u32(&drawn), ms_rng_u32(&fresh));
}
END_TEST

START_TEST(seeding_again_discards_the_saved_gaussian)
{
    struct ms_rng rng;
    double first;

    ms_rng_seed(&rng, 5);
    first = ms_rng_gaussian(&rng);
    ms_rng_seed(&rng, 5);
    ck_assert_double_eq(ms_rng_gaussian(&rng), first);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("rng");
    TCase *tests = tcase_create("rng");

    tcase_add_test(tests, words_are_those_of_numpy);
    tcase_add_test(tests, doubles_are_those_of_numpy_in_every_bit);
    tcase_add_test(tests, the_first_gaussians_are_those_of_numpy_within_2_to_the_minus_52);
    tcase_add_test(tests, integers_are_those_of_numpy_up_to_64_bits);
    tcase_add_test(tests, permutations_are_those_of_numpy);
    tcase_add_test(tests, an_interval_of_one_value_draws_no_random_bits);
    tcase_add_test(tests, seeding_again_discards_the_saved_gaussian);
    suite_add_tcase(suite, tests);
    return suite;
}
