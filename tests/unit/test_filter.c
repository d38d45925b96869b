/* The conditions of show and best (--where).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/filter.h"
#include "sample_entries.h"

/* Expects that the sample's configurations that meet text are those with the digits in expected. */
static void expect(const char *text, const char *expected)
{
    struct entries entries = sample_entries();
    struct filter filter = {0};
    char found[SAMPLE_CONFIGS + 1] = "";
    struct ms_error err;

    ck_assert_int_eq(filter_add(&filter, text, &err), MS_OK);
    for (int64_t i = 0; i < entries.count; i++) {
        const struct entry entry = entries_at(&entries, i);

        if (filter_passes(&filter, &entry))
            found[strlen(found)] = (char)('0' + i);
    }
    ck_assert_msg(strcmp(found, expected) == 0, "%s selects %s", text, found);
    filter_free(&filter);
    entries_free(&entries);
}

/* Expects that text is refused with a sentence that contains message. */
static void refuse(const char *text, const char *message)
{
    struct filter filter = {0};
    struct ms_error err;

    ck_assert_int_eq(filter_add(&filter, text, &err), MS_BAD_USAGE);
    ck_assert_msg(strstr(err.text, message) != NULL, "%s: %s", text, err.text);
    filter_free(&filter);
}

START_TEST(every_operator_compares)
{
    expect("n_h=3", "01");
    expect("n_h!=3", "2345");
    expect("n_h<3", "45");
    expect("n_h<=3", "0145");
    expect("n_h>3", "23");
    expect("n_h>=3", "0123");
    expect("activation=relu", "23");
    expect("activation!=relu", "0145");
}
END_TEST

START_TEST(all_conditions_must_be_met)
{
    expect("n_h=3 activation=tanh dev_accuracy>94.25", "1");
    expect("  seed > 0   iterations=1000  ", "5");
}
END_TEST

START_TEST(headings_and_unique_beginnings_are_columns)
{
    expect("dev %>94.5", "24");
    expect("rate=0.6 iterations=100", "0");
    expect("act=sigmoid learn<1", "45");
}
END_TEST

START_TEST(empty_cells_meet_no_condition)
{
    expect("dev_accuracy!=99", "0145");
    expect("rank!=7", "01245");
    expect("status=pending", "3");
}
END_TEST

START_TEST(nan_and_infinity_are_numbers)
{
    expect("train_cost=nan", "2");
    expect("train_cost!=nan", "0145");
    expect("train_cost<1e9", "0145");
    expect("final_cost=inf", "2");
    expect("final_cost<inf final_cost>-inf", "0145");
}
END_TEST

START_TEST(a_value_in_quotes_may_contain_spaces)
{
    expect("file=\"a b.h5\"", "");
    expect("file=\"out.h5\" n_h=50", "23");
}
END_TEST

START_TEST(the_rule_that_ended_a_trajectory_is_a_word)
{
    sample[1].status = MS_STOPPED;
    sample[1].ended_by = MS_ENDED_BY_PATIENCE;
    sample[4].status = MS_STOPPED;
    sample[4].ended_by = MS_ENDED_BY_TIME;
    expect("ended_by=patience", "1");
    expect("ended_by=max_seconds", "4");
    expect("ended_by!=none", "14");
    expect("ended_by=none", "025");
    refuse("ended_by=time",
           "ended_by is time; it must be one of: none, patience, target_dev_accuracy, max_seconds");
}
END_TEST

START_TEST(errors_name_the_position)
{
    refuse("", "--where is empty");
    refuse("n_h=3 velocity>1", "--where, position 7: there is no column velocity; the columns are ");
    refuse("n_hidden=3", "--where, position 1: there is no column n_hidden; did you mean n_h?");
    refuse("dev_acuracy>3", "did you mean dev_accuracy?");
    refuse("n_h=3 dev>94",
           "position 7: dev is the beginning of several columns: dev_accuracy, dev_precision");
    refuse("n_h==3", "position 4: there is no operator ==; it must be =, !=, <, <=, > or >=");
    refuse("n_h 3 seed=1", "position 5: after n_h there must be =");
    refuse("n_h", "position 4: after n_h there must be =");
    refuse("=3", "position 1: the name of a column is missing");
    refuse("n_h=", "position 5: a value is missing");
    refuse("n_h=2,n_h<=4", "position 5: n_h is 2,n_h<=4; conditions must be separated by spaces");
    refuse("n_h=2 and seed=1",
           "position 7: there is and; conditions are separated by spaces only, and all must");
    refuse("n_h=2 && seed=1",
           "position 7: there is &&; conditions are separated by spaces only, and all must");
    refuse("n_h=x", "position 5: n_h is x; it must be an integer, in digits");
    refuse("n_h=2.5", "position 5: n_h is 2.5; it must be an integer");
    refuse("dev_accuracy>high", "position 14: dev_accuracy is high; it must be a number");
    refuse("dev_accuracy>nan", "position 14: dev_accuracy is nan");
    refuse("activation=tahn", "position 12: activation is tahn; did you mean tanh?");
    refuse("status>done", "position 7: status is compared with a word; the operator must be = or !=");
    refuse("file=\"a b", "position 6: the quote is not closed");
}
END_TEST

START_TEST(too_many_conditions_are_refused)
{
    struct filter filter = {0};
    struct ms_error err;

    for (int i = 0; i < FILTER_MAX_CONDITIONS; i++)
        ck_assert_int_eq(filter_add(&filter, "n_h>0", &err), MS_OK);
    ck_assert_int_eq(filter_add(&filter, "n_h>0", &err), MS_BAD_USAGE);
    filter_free(&filter);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("filter");
    TCase *tests = tcase_create("filter");

    tcase_add_test(tests, every_operator_compares);
    tcase_add_test(tests, all_conditions_must_be_met);
    tcase_add_test(tests, headings_and_unique_beginnings_are_columns);
    tcase_add_test(tests, empty_cells_meet_no_condition);
    tcase_add_test(tests, nan_and_infinity_are_numbers);
    tcase_add_test(tests, a_value_in_quotes_may_contain_spaces);
    tcase_add_test(tests, the_rule_that_ended_a_trajectory_is_a_word);
    tcase_add_test(tests, errors_name_the_position);
    tcase_add_test(tests, too_many_conditions_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
