/* When status --watch ends.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "cli/watch.h"

#include "unit.h"

static struct look look_of(int64_t pending, enum ms_run_activity activity, unsigned how_ended,
                           uint64_t run_id)
{
    struct look look = {.exists = true, .run = {.activity = activity, .how_ended = how_ended, .id = run_id}};

    look.by_status[MS_PENDING] = pending;
    return look;
}

START_TEST(watching_ends_if_the_sweep_is_finished_or_no_run_is_active)
{
    static const struct {
        int64_t pending;
        enum ms_run_activity activity;
        unsigned how_ended;
        bool is_over;
    } cases[] = {
        {0, MS_RUN_NONE, MS_RUN_FINISHED, true},
        {0, MS_RUN_PASSING, MS_RUN_FINISHED, true},
        {0, MS_RUN_UNSEEN, MS_RUN_RUNNING, true},
        {5, MS_RUN_NONE, MS_RUN_STOPPED, true},
        {5, MS_RUN_NONE, MS_RUN_FAILED, true},
        {5, MS_RUN_NONE, MS_RUN_FINISHED, true}, /* corrupted later */
        {5, MS_RUN_AT_WORK, MS_RUN_RUNNING, false},
        {5, MS_RUN_PASSING, MS_RUN_STOPPED, false},
        {5, MS_RUN_UNSEEN, MS_RUN_RUNNING, false},
        {5, MS_RUN_KILLED, MS_RUN_RUNNING, false},
        {5, MS_RUN_OTHER_NAME, MS_RUN_RUNNING, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct watch watch = {0};
        const struct look look = look_of(cases[i].pending, cases[i].activity, cases[i].how_ended, 7);

        ck_assert_msg(watch_take(&watch, &look, 100) == cases[i].is_over, "case %zu", i);
        ck_assert(watch.was_there);
    }
}
END_TEST

START_TEST(if_a_run_cannot_be_seen_watching_never_ends)
{
    const struct look look = look_of(5, MS_RUN_UNSEEN, MS_RUN_RUNNING, 7);
    struct watch watch = {0};

    for (int hour = 0; hour < 100; hour++)
        ck_assert(!watch_take(&watch, &look, 3600.0 * hour));
}
END_TEST

START_TEST(watching_waits_for_a_missing_file_whether_or_not_it_existed_before)
{
    const struct look missing = {0}, stopped = look_of(5, MS_RUN_NONE, MS_RUN_STOPPED, 7);
    struct watch watch = {0};

    ck_assert(!watch_take(&watch, &missing, 0));
    ck_assert(!watch_take(&watch, &missing, 1e6));
    ck_assert(!watch.was_there);
    ck_assert(watch_take(&watch, &stopped, 2e6));
    ck_assert(watch.was_there);
    ck_assert(!watch_take(&watch, &missing, 3e6));
    ck_assert(watch.was_there);
}
END_TEST

START_TEST(a_killed_run_has_half_a_minute_to_be_restarted)
{
    const struct look killed = look_of(5, MS_RUN_KILLED, MS_RUN_RUNNING, 7),
                      begins = look_of(5, MS_RUN_PASSING, MS_RUN_RUNNING, 7),
                      killed_again = look_of(5, MS_RUN_KILLED, MS_RUN_RUNNING, 8);
    struct watch watch = {0};

    ck_assert(!watch_take(&watch, &killed, 100));
    ck_assert(!watch_take(&watch, &killed, 129.9));
    ck_assert(watch_take(&watch, &killed, 130));
    /* Another run was started and killed between two looks. */
    ck_assert(!watch_take(&watch, &killed_again, 140));
    ck_assert(!watch_take(&watch, &killed_again, 169.9));
    ck_assert(watch_take(&watch, &killed_again, 170));
    /* A run that was seen starting also restarts the wait. */
    ck_assert(!watch_take(&watch, &begins, 180));
    ck_assert(!watch_take(&watch, &killed_again, 190));
    ck_assert(!watch_take(&watch, &killed_again, 219.9));
    ck_assert(watch_take(&watch, &killed_again, 220));
}
END_TEST

START_TEST(a_file_without_a_run_or_lock_file_has_half_a_minute_too)
{
    const struct look looks[] = {look_of(5, MS_RUN_NONE, 0, 0),
                                 look_of(5, MS_RUN_OTHER_NAME, MS_RUN_RUNNING, 7)};

    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        struct watch watch = {0};

        ck_assert(!watch_take(&watch, &looks[i], 100));
        ck_assert(watch_take(&watch, &looks[i], 130));
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("watch");
    TCase *tests = tcase_create("watch");

    tcase_add_test(tests, watching_ends_if_the_sweep_is_finished_or_no_run_is_active);
    tcase_add_test(tests, if_a_run_cannot_be_seen_watching_never_ends);
    tcase_add_test(tests, watching_waits_for_a_missing_file_whether_or_not_it_existed_before);
    tcase_add_test(tests, a_killed_run_has_half_a_minute_to_be_restarted);
    tcase_add_test(tests, a_file_without_a_run_or_lock_file_has_half_a_minute_too);
    suite_add_tcase(suite, tests);
    return suite;
}
