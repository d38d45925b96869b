/* What a look at the rows of a result counts.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cli/look_data.h"
#include "sample_table.h"
#include "unit.h"

/* What is kept of the sample to count it. */
static struct ms_progress_table progress_table(void)
{
    static struct ms_progress_row rows[SAMPLE_CONFIGS];
    const struct ms_table table = sample_table();

    for (int config = 0; config < SAMPLE_CONFIGS; config++)
        rows[config] = ms_progress_row_of(&table.rows[config]);
    return (struct ms_progress_table){
        .configs = table.configs, .trajectories = table.trajectories, .rows = rows};
}

START_TEST(every_configuration_is_counted_once)
{
    const struct ms_progress_table table = progress_table();
    struct look look = {.exists = true};

    look_count(&look, &table);

    ck_assert_int_eq(look.configs, 6);
    ck_assert_int_eq(look.by_status[MS_PENDING], 1);
    ck_assert_int_eq(look.by_status[MS_DONE], 4);
    ck_assert_int_eq(look.by_status[MS_DIVERGED], 1);
}
END_TEST

START_TEST(the_best_is_the_first_done_configuration_with_the_highest_dev_accuracy)
{
    const struct ms_progress_table table = progress_table();
    struct look look = {.exists = true};

    look_count(&look, &table);

    ck_assert_int_eq(look.best.config, 4); /* not 2, which diverged */
    ck_assert_double_eq(look.best.dev_accuracy, 95);
    table.rows[1].dev_accuracy = 95;
    look_count(&look, &table);
    ck_assert_int_eq(look.best.config, 1);
}
END_TEST

START_TEST(without_done_configurations_there_is_no_best)
{
    const struct ms_progress_table table = progress_table();
    struct look look = {.exists = true};

    for (int config = 0; config < SAMPLE_CONFIGS; config++)
        table.rows[config].status = config % 2 ? MS_PENDING : MS_DIVERGED;
    look_count(&look, &table);
    ck_assert_int_eq(look.best.config, -1);
    ck_assert_double_nan(look.best.dev_accuracy);
}
END_TEST

START_TEST(the_state_is_one_word)
{
    static const struct {
        struct ms_run_state run;
        int64_t pending;
        const char *state;
    } cases[] = {
        {{.activity = MS_RUN_NONE}, 3, "new"},
        {{.activity = MS_RUN_NONE, .id = 1, .how_ended = MS_RUN_STOPPED}, 3, "stopped"},
        {{.activity = MS_RUN_NONE, .id = 1, .how_ended = MS_RUN_FAILED}, 3, "failed"},
        {{.activity = MS_RUN_NONE, .id = 1, .how_ended = MS_RUN_FINISHED}, 0, "finished"},
        {{.activity = MS_RUN_AT_WORK, .id = 1}, 3, "running"},
        {{.activity = MS_RUN_AT_WORK, .id = 1}, 0, "running"},
        {{.activity = MS_RUN_UNNAMED, .id = 1}, 3, "running"},
        {{.activity = MS_RUN_PASSING, .id = 1}, 3, "starting_or_ending"},
        {{.activity = MS_RUN_KILLED, .id = 1}, 3, "killed"},
        {{.activity = MS_RUN_KILLED, .id = 1}, 0, "finished"},
        {{.activity = MS_RUN_UNSEEN, .id = 1}, 3, "unknown"},
        {{.activity = MS_RUN_OTHER_NAME, .id = 1}, 3, "unknown"},
    };
    const struct look look = {
        .exists = true, .run = cases[_i].run, .by_status = {[MS_PENDING] = cases[_i].pending}};

    ck_assert_str_eq(look_data_state(&look), cases[_i].state);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("look");
    TCase *tests = tcase_create("look");

    tcase_add_test(tests, every_configuration_is_counted_once);
    tcase_add_test(tests, the_best_is_the_first_done_configuration_with_the_highest_dev_accuracy);
    tcase_add_test(tests, without_done_configurations_there_is_no_best);
    tcase_add_loop_test(tests, the_state_is_one_word, 0, 12);
    suite_add_tcase(suite, tests);
    return suite;
}
