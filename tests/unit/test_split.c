/* The split into training and dev set, and folds, compared with those of scikit-learn.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "figures.h"
#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "stop_counter.h"
#include "unit.h"

/* Makes `rows` samples of two features, the first of which is the number of the row. */
static void number_rows(int64_t rows, struct ms_data *data)
{
    struct ms_error err;

    ck_assert_int_eq(ms_data_alloc(data, rows, 2, &err), MS_OK);
    for (int64_t i = 0; i < rows; i++) {
        data->X[2 * i] = (double)i;
        data->X[2 * i + 1] = -(double)i;
        data->y[i] = i % 3 == 0;
    }
}

/* Checks the row that the figures name in one of the parts into which all rows are divided. */
static void check_row(struct figures *figures, const struct ms_data *all, const struct ms_data *train,
                      const struct ms_data *dev)
{
    const int64_t position = figures_integer(figures, "position");
    const int64_t row = figures_integer(figures, "row");
    const struct ms_data *part = strcmp(figures_text(figures, "part"), "dev") == 0 ? dev : train;

    ck_assert_int_eq(train->rows + dev->rows, all->rows);
    ck_assert_int_lt(position, part->rows);
    ck_assert_double_eq(part->X[2 * position], (double)row);
    ck_assert_double_eq(part->X[2 * position + 1], -(double)row);
    ck_assert_int_eq(part->y[position], row % 3 == 0);
}

START_TEST(each_part_has_the_rows_of_scikit_learn_in_the_same_order)
{
    struct figures *figures = figures_open("split.csv");

    while (figures_next(figures)) {
        struct ms_data all, train, dev;
        struct ms_error err;

        number_rows(figures_integer(figures, "rows"), &all);
        ck_assert_int_eq(ms_split(&all, figures_number(figures, "dev_fraction"),
                                  (uint32_t)figures_integer(figures, "seed"), NULL, &train, &dev, &err),
                         MS_OK);
        check_row(figures, &all, &train, &dev);
        ms_data_free(&all);
        ms_data_free(&train);
        ms_data_free(&dev);
    }
    ck_assert_int_gt(figures_close(figures), 2400);
}
END_TEST

START_TEST(the_dev_set_has_as_many_rows_as_with_scikit_learn)
{
    struct figures *figures = figures_open("dev-rows.csv");

    while (figures_next(figures))
        ck_assert_int_eq(
            ms_split_dev_rows(figures_integer(figures, "rows"), figures_number(figures, "dev_fraction")),
            figures_integer(figures, "dev_rows"));
    ck_assert_int_gt(figures_close(figures), 200);
}
END_TEST

START_TEST(a_fifth_of_5_7_and_11_rows_is_1_2_and_3)
{
    ck_assert_int_eq(ms_split_dev_rows(5, 0.2), 1);
    ck_assert_int_eq(ms_split_dev_rows(7, 0.2), 2);
    ck_assert_int_eq(ms_split_dev_rows(11, 0.2), 3);
}
END_TEST

START_TEST(the_default_data_are_split_as_published)
{
    struct ms_data all, train, dev;
    struct ms_error err;

    ck_assert_int_eq(ms_moons_make(2000, 0.25, 0, NULL, &all, &err), MS_OK);
    ck_assert_int_eq(ms_split(&all, 0.2, 42, NULL, &train, &dev, &err), MS_OK);
    ck_assert_int_eq(train.rows, 1600);
    ck_assert_int_eq(dev.rows, 400);
    ck_assert_int_eq(ms_data_positives(&train), 790); /* moons.json */
    ck_assert_int_eq(ms_data_positives(&dev), 210);
    ck_assert_double_eq_tol(train.X[0], 0.776768759754354, 1e-15);
    ck_assert_double_eq_tol(train.X[1], -0.7077808341776554, 1e-15);
    ck_assert_double_eq_tol(dev.X[8], 1.1511097196723659, 1e-15);
    ck_assert_double_eq_tol(dev.X[9], 0.11126120325247628, 1e-15);
    ms_data_free(&all);
    ms_data_free(&train);
    ms_data_free(&dev);
}
END_TEST

START_TEST(an_empty_part_is_refused_and_nothing_is_made)
{
    struct ms_data all, train = {.rows = 7}, dev = {.rows = 8};
    struct ms_error err;

    number_rows(5, &all);
    ck_assert_int_eq(ms_split(&all, 0.9, 0, NULL, &train, &dev, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "each needs at least 1"));
    ck_assert_int_eq(train.rows, 7);
    ck_assert_int_eq(dev.rows, 8);
    ms_data_free(&all);
}
END_TEST

START_TEST(splitting_can_be_stopped_everywhere_and_then_nothing_is_made)
{
    enum { ROWS = 3 * MS_STOP_REQUEST_INTERVAL + 5, DEV_ROWS = ROWS / 5 + 1 };
    struct stop_counter counter = {.stop_at = -1};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_data all, train, dev;
    struct ms_error err;
    int looks;

    number_rows(ROWS, &all);
    ck_assert_int_eq(ms_split(&all, 0.2, 0, &stop, &train, &dev, &err), MS_OK);
    ck_assert_int_eq(dev.rows, DEV_ROWS);
    looks = counter.looks;
    /* Numbers, shuffling (which leaves out the first one), and copying. */
    ck_assert_int_eq(looks, stop_counter_expected(2, ROWS) - 1 + stop_counter_expected(1, DEV_ROWS) +
                                stop_counter_expected(1, ROWS - DEV_ROWS));
    ms_data_free(&train);
    ms_data_free(&dev);
    for (int i = 0; i < looks; i++) {
        counter = (struct stop_counter){.stop_at = i};
        train.rows = dev.rows = 77;
        ck_assert_int_eq(ms_split(&all, 0.2, 0, &stop, &train, &dev, &err), MS_WORK_LEFT);
        ck_assert_int_eq(counter.looks, i + 1);
        ck_assert_int_eq(train.rows + dev.rows, 2 * 77);
    }
    ms_data_free(&all);
}
END_TEST

START_TEST(each_fold_has_the_rows_of_scikit_learn_in_the_same_order)
{
    struct figures *figures = figures_open("folds.csv");

    while (figures_next(figures)) {
        const struct ms_split_folds folds = {(int32_t)figures_integer(figures, "folds"),
                                             (uint32_t)figures_integer(figures, "seed")};
        struct ms_data all, train, dev;
        struct ms_error err;

        number_rows(figures_integer(figures, "rows"), &all);
        ck_assert_int_eq(
            ms_split_fold(&all, &folds, (int32_t)figures_integer(figures, "fold"), NULL, &train, &dev, &err),
            MS_OK);
        check_row(figures, &all, &train, &dev);
        ms_data_free(&all);
        ms_data_free(&train);
        ms_data_free(&dev);
    }
    ck_assert_int_gt(figures_close(figures), 1400);
}
END_TEST

START_TEST(more_folds_than_rows_are_refused_and_nothing_is_made)
{
    const struct ms_split_folds folds = {6, 0};
    struct ms_data all, train = {.rows = 7}, dev = {.rows = 8};
    struct ms_error err;

    number_rows(5, &all);
    ck_assert_int_eq(ms_split_fold(&all, &folds, 0, NULL, &train, &dev, &err), MS_BAD_INPUT);
    ck_assert_str_eq(err.text, "there are more folds (6) than samples (5); each fold needs at least 1");
    ck_assert_int_eq(train.rows, 7);
    ck_assert_int_eq(dev.rows, 8);
    ms_data_free(&all);
}
END_TEST

START_TEST(making_a_fold_can_be_stopped_everywhere_and_then_nothing_is_made)
{
    enum { ROWS = 3 * MS_STOP_REQUEST_INTERVAL + 5 };
    const struct ms_split_folds folds = {3, 1};
    struct stop_counter counter = {.stop_at = -1};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_data all, train, dev;
    struct ms_error err;
    int looks;

    number_rows(ROWS, &all);
    ck_assert_int_eq(ms_split_fold(&all, &folds, 1, &stop, &train, &dev, &err), MS_OK);
    looks = counter.looks;
    /* Numbers, shuffling (which leaves out the first one), sorting, and copying. */
    ck_assert_int_eq(looks, stop_counter_expected(3, ROWS) - 1 + stop_counter_expected(1, dev.rows) +
                                stop_counter_expected(1, train.rows));
    ms_data_free(&train);
    ms_data_free(&dev);
    for (int i = 0; i < looks; i++) {
        counter = (struct stop_counter){.stop_at = i};
        train.rows = dev.rows = 77;
        ck_assert_int_eq(ms_split_fold(&all, &folds, 1, &stop, &train, &dev, &err), MS_WORK_LEFT);
        ck_assert_int_eq(counter.looks, i + 1);
        ck_assert_int_eq(train.rows + dev.rows, 2 * 77);
    }
    ms_data_free(&all);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("split");
    TCase *tests = tcase_create("split");

    tcase_add_test(tests, each_part_has_the_rows_of_scikit_learn_in_the_same_order);
    tcase_add_test(tests, the_dev_set_has_as_many_rows_as_with_scikit_learn);
    tcase_add_test(tests, a_fifth_of_5_7_and_11_rows_is_1_2_and_3);
    tcase_add_test(tests, the_default_data_are_split_as_published);
    tcase_add_test(tests, an_empty_part_is_refused_and_nothing_is_made);
    tcase_add_test(tests, splitting_can_be_stopped_everywhere_and_then_nothing_is_made);
    tcase_add_test(tests, each_fold_has_the_rows_of_scikit_learn_in_the_same_order);
    tcase_add_test(tests, more_folds_than_rows_are_refused_and_nothing_is_made);
    tcase_add_test(tests, making_a_fold_can_be_stopped_everywhere_and_then_nothing_is_made);
    suite_add_tcase(suite, tests);
    return suite;
}
