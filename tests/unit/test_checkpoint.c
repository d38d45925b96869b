/* Checkpoints in the result file. C1, C2, ... are the invariants of docs/file-format.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/writer.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* Writes a checkpoint of trajectory 1: the parameters of store_case_network, with the iteration added to b2. */
static void write_checkpoint(struct ms_writer *writer, int64_t iteration)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint checkpoint = {.iteration = iteration,
                                       .seconds = (double)iteration / 4,
                                       .cpu_seconds = (double)iteration / 8,
                                       .network = &network};

    network.b2 += (double)iteration;
    ck_assert_msg(ms_writer_checkpoint(writer, &checkpoint, &err) == MS_OK, "%s", err.text);
}

/* Starts a run that commits the configuration of 2 iterations and writes checkpoints at 3, 5, ... `last`, and leaves it
 * as if it had been killed then. */
static void run_until(int64_t last)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    for (int64_t iteration = 3, before = 2; iteration <= last; before = iteration, iteration += 2) {
        store_case_costs(writer, before, iteration);
        write_checkpoint(writer, iteration);
    }
    ms_writer_close(writer);
}

/* Returns the scan of the next run; the caller frees it. */
static struct ms_writer_scan scan_next(struct ms_writer *writer)
{
    struct ms_writer_scan scan;

    ck_assert_msg(ms_writer_scan(writer, &scan, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(scan.pairs, 2);
    ck_assert_int_eq(scan.pair[0], -1);
    return scan;
}

/* Begins trajectory 1 as the next run does; the caller frees *network. */
static struct ms_resume begin_next(struct ms_writer *writer, struct ms_network *network)
{
    struct ms_writer_scan scan = scan_next(writer);
    struct ms_resume resume = {.slots = {0, 1}, .iteration = scan.from_iteration[1], .network = network};

    ck_assert_int_eq(ms_network_alloc(network, 2, 2, MS_RELU, &err), MS_OK);
    ck_assert_msg(ms_writer_begin(writer, 1, &resume, &err) == MS_OK, "%s", err.text);
    ms_writer_scan_free(&scan);
    return resume;
}

/* Returns the iteration from which the next run resumes, and checks the parameters that it has there. */
static int64_t iteration_of_next_run(void)
{
    struct ms_writer *writer = store_case_begin_run();
    struct ms_network network;
    struct ms_resume resume = begin_next(writer, &network);

    if (resume.iteration > 2) {
        ck_assert_double_eq(network.b2, 8 + (double)resume.iteration);
        ck_assert_double_eq(network.W1[3], 4);
        ck_assert_double_eq(resume.seconds, (double)resume.iteration / 4);
        ck_assert_double_eq(resume.cpu_seconds, (double)resume.iteration / 8);
    }
    ms_network_free(&network);
    ms_writer_close(writer);
    return resume.iteration;
}

/* Flips a bit of one row of a variable. */
static void flip(enum ms_variable variable, int64_t row, size_t byte)
{
    store_case_flip(variable, row, byte, 2);
}

START_TEST(the_next_run_resumes_from_the_checkpoint)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;
    struct ms_network network;

    run_until(7);
    ck_assert_int_eq(iteration_of_next_run(), 7);
    writer = store_case_begin_run();
    scan = scan_next(writer);
    ck_assert_int_eq(scan.pair[1], 0);
    ck_assert_int_eq(scan.done, 1);
    ck_assert_int_eq(scan.pending, 3);
    ms_writer_scan_free(&scan);
    (void)begin_next(writer, &network);
    ms_network_free(&network);
    store_case_costs(writer, 7, 10);
    store_case_queue(writer, 3, 10);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    scan = scan_next(writer);
    ck_assert_int_eq(scan.damaged, 0);
    ck_assert_int_eq(scan.done, 2);
    ck_assert(scan.finished[1]);
    ck_assert_int_eq(scan.pair[1], -1); /* the slots of a finished trajectory are free */
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(the_older_checkpoint_is_used_if_the_newer_one_is_corrupt)
{
    /* C1: 3 went to slot 0, 5 to slot 1, 7 to slot 0 again. */
    run_until(7);
    flip(MS_VAR_SLOT_W1, 0, 9);
    ck_assert_int_eq(iteration_of_next_run(), 5);
    flip(MS_VAR_SLOT_B2, 1, 0);
    ck_assert_int_eq(iteration_of_next_run(), 2);
}
END_TEST

START_TEST(a_resumed_trajectory_does_not_overwrite_the_slot_it_was_resumed_from)
{
    struct ms_network network;
    struct ms_writer *writer;

    run_until(5); /* the newer one is in slot 1 */
    writer = store_case_begin_run();
    ck_assert_int_eq(begin_next(writer, &network).iteration, 5);
    ms_network_free(&network);
    store_case_costs(writer, 5, 6);
    write_checkpoint(writer, 6);
    ms_writer_close(writer);
    ck_assert_int_eq(iteration_of_next_run(), 6);
    flip(MS_VAR_SLOT_CHECKSUM, 0, 0); /* as if killed while it was written */
    ck_assert_int_eq(iteration_of_next_run(), 5);
}
END_TEST

START_TEST(a_flipped_bit_in_any_variable_of_a_slot_is_detected)
{
    run_until(3);
    for (int v = MS_VAR_SLOT_TRAJECTORY; v <= MS_VAR_SLOT_CHECKSUM; v++) {
        flip((enum ms_variable)v, 0, 0);
        ck_assert_msg(iteration_of_next_run() == 2, "%s", ms_schema[v].name);
        flip((enum ms_variable)v, 0, 0);
    }
    ck_assert_int_eq(iteration_of_next_run(), 3);
}
END_TEST

START_TEST(a_checkpoint_is_used_only_with_the_costs_it_was_written_with)
{
    run_until(5);
    flip(MS_VAR_COST, 10 + 4, 0); /* after the older checkpoint */
    ck_assert_int_eq(iteration_of_next_run(), 3);
    flip(MS_VAR_COST, 10 + 2, 0); /* before both, after the committed configuration */
    ck_assert_int_eq(iteration_of_next_run(), 2);
    flip(MS_VAR_COST, 10, 0);
    ck_assert_int_eq(iteration_of_next_run(), 0);
}
END_TEST

/* Begins trajectory 1 at this iteration or before, without a scan, and returns where it resumes. */
static int64_t iteration_of_request(int64_t iteration)
{
    struct ms_writer *writer = store_case_begin_run();
    struct ms_network network;
    struct ms_resume resume = {.slots = {0, 1}, .iteration = iteration, .network = &network};

    ck_assert_int_eq(ms_network_alloc(&network, 2, 2, MS_RELU, &err), MS_OK);
    ck_assert_msg(ms_writer_begin(writer, 1, &resume, &err) == MS_OK, "%s", err.text);
    if (resume.iteration > 2)
        ck_assert_double_eq(network.b2, 8 + (double)resume.iteration);
    ms_network_free(&network);
    ms_writer_close(writer);
    return resume.iteration;
}

/* The costs may have become corrupt since the scan. */
START_TEST(a_rank_checks_the_costs_of_a_checkpoint_again)
{
    run_until(5);
    ck_assert_int_eq(iteration_of_request(5), 5);
    flip(MS_VAR_COST, 10 + 4, 0);
    ck_assert_int_eq(iteration_of_request(5), 3);
    flip(MS_VAR_COST, 10 + 2, 0);
    ck_assert_int_eq(iteration_of_request(5), 2);
}
END_TEST

START_TEST(a_scan_counts_checkpoints_with_other_costs_as_lost)
{
    struct ms_writer *writer;
    struct ms_writer_scan scan;

    run_until(5);
    flip(MS_VAR_COST, 10 + 4, 0);
    writer = store_case_begin_run();
    scan = scan_next(writer);
    ck_assert_int_eq(scan.lost_checkpoints, 1);
    ck_assert_int_eq(scan.from_iteration[1], 3);
    ck_assert_int_eq(scan.pair[1], 0);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

/* A lease may begin before the newest checkpoint. */
START_TEST(a_trajectory_resumes_at_the_requested_iteration_or_before)
{
    run_until(7); /* 7 is in slot 0, 5 in slot 1 */
    ck_assert_int_eq(iteration_of_request(7), 7);
    ck_assert_int_eq(iteration_of_request(6), 5);
    ck_assert_int_eq(iteration_of_request(4), 2);
    ck_assert_int_eq(iteration_of_request(1), 0);
}
END_TEST

/* Writes a checkpoint of trajectory 0 after one iteration to the pair of trajectory 1, as a lease of both does. */
static void checkpoint_next_trajectory(struct ms_writer *writer)
{
    static double W1[] = {1, 2}, b1[] = {3}, W2[] = {4};
    struct ms_network network = {2, 1, MS_RELU, W1, b1, W2, 5};
    struct ms_checkpoint checkpoint = {.iteration = 1, .network = &network};
    struct ms_resume resume = {.slots = {0, 1}};

    ck_assert_int_eq(ms_writer_begin(writer, 0, &resume, &err), MS_OK);
    store_case_costs(writer, 0, 1);
    ck_assert_msg(ms_writer_checkpoint(writer, &checkpoint, &err) == MS_OK, "%s", err.text);
}

/* C1: as long as the next trajectory of a lease has no valid checkpoint, that of the one before it stays. */
START_TEST(a_pair_that_two_trajectories_have_used_keeps_the_newer_checkpoint_and_belongs_to_one_of_them)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    store_case_costs(writer, 2, 3);
    write_checkpoint(writer, 3);
    checkpoint_next_trajectory(writer);
    ms_writer_close(writer);
    writer = store_case_begin_run();
    scan = scan_next(writer);
    ck_assert_int_eq(scan.from_iteration[1], 3);
    ck_assert_int_eq(scan.pair[1], 0);
    ck_assert_int_eq(scan.from_iteration[0], 0);
    ck_assert_int_eq(scan.lost_checkpoints, 0);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_checkpoint_commits_queued_rows_first)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    /* C3: the row had only been queued; the checkpoint after it would be useless without it. */
    run_until(3);
    writer = store_case_begin_run();
    scan = scan_next(writer);
    ck_assert_int_eq(scan.status[2], MS_DONE);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_checkpoint_after_an_uncommitted_configuration_is_ignored)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    run_until(5);
    flip(MS_VAR_DEV_COST, 2, 3);
    writer = store_case_begin_run();
    scan = scan_next(writer);
    ck_assert_int_eq(scan.damaged, 1);
    ck_assert_int_eq(scan.from_iteration[1], 0);
    ck_assert_int_eq(scan.pair[1], -1);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_lease_without_slots_writes_no_checkpoint)
{
    struct ms_resume resume = {.slots = {-1, -1}};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    ck_assert_int_eq(ms_writer_begin(writer, 1, &resume, &err), MS_OK);
    store_case_costs(writer, 0, 1);
    write_checkpoint(writer, 1);
    ck_assert(!ms_writer_has_checkpoint(writer));
    ms_writer_close(writer);
    ck_assert_int_eq(iteration_of_next_run(), 0);
}
END_TEST

START_TEST(a_checkpoint_without_its_costs_is_refused)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint checkpoint = {.iteration = 2, .network = &network};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    store_case_begin(writer);
    store_case_costs(writer, 0, 1);
    ck_assert_int_eq(ms_writer_checkpoint(writer, &checkpoint, &err), MS_INTERNAL);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_run_that_was_replaced_writes_no_checkpoint)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint checkpoint = {.iteration = 1, .network = &network};
    struct ms_writer *old, *new;

    store_case_create();
    old = store_case_begin_run();
    store_case_begin(old);
    store_case_costs(old, 0, 1);
    new = store_case_begin_run();
    ck_assert_int_eq(ms_writer_checkpoint(old, &checkpoint, &err), MS_BUSY);
    ms_writer_close(old);
    ms_writer_close(new);
    ck_assert_int_eq(iteration_of_next_run(), 0);
}
END_TEST

/* Returns the stored number of costs of trajectory 1. */
static int64_t cost_count(void)
{
    int64_t count;

    store_case_read(MS_VAR_COST_COUNT, 1, &count);
    return count;
}

START_TEST(an_impossible_cost_count_is_overwritten)
{
    struct ms_writer *writer;

    run_until(3);
    flip(MS_VAR_COST_COUNT, 1, 5);
    ck_assert_int_gt(cost_count(), 1 << 30);
    writer = store_case_begin_run_with_row();
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ms_writer_close(writer);
    ck_assert_int_eq(cost_count(), 2);
}
END_TEST

/* Rows and checkpoints of the run that stored more of them depend on it. */
START_TEST(costs_that_are_computed_again_do_not_decrease_the_count)
{
    struct ms_writer *writer;

    run_until(5);
    ck_assert_int_eq(cost_count(), 5);
    writer = store_case_begin_run_with_row();
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ms_writer_close(writer);
    ck_assert_int_eq(cost_count(), 5);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tests = tcase_create("checkpoint");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, the_next_run_resumes_from_the_checkpoint);
    tcase_add_test(tests, the_older_checkpoint_is_used_if_the_newer_one_is_corrupt);
    tcase_add_test(tests, a_resumed_trajectory_does_not_overwrite_the_slot_it_was_resumed_from);
    tcase_add_test(tests, a_flipped_bit_in_any_variable_of_a_slot_is_detected);
    tcase_add_test(tests, a_checkpoint_is_used_only_with_the_costs_it_was_written_with);
    tcase_add_test(tests, a_rank_checks_the_costs_of_a_checkpoint_again);
    tcase_add_test(tests, a_scan_counts_checkpoints_with_other_costs_as_lost);
    tcase_add_test(tests, a_trajectory_resumes_at_the_requested_iteration_or_before);
    tcase_add_test(
        tests, a_pair_that_two_trajectories_have_used_keeps_the_newer_checkpoint_and_belongs_to_one_of_them);
    tcase_add_test(tests, a_checkpoint_commits_queued_rows_first);
    tcase_add_test(tests, a_checkpoint_after_an_uncommitted_configuration_is_ignored);
    tcase_add_test(tests, a_lease_without_slots_writes_no_checkpoint);
    tcase_add_test(tests, a_checkpoint_without_its_costs_is_refused);
    tcase_add_test(tests, a_run_that_was_replaced_writes_no_checkpoint);
    tcase_add_test(tests, an_impossible_cost_count_is_overwritten);
    tcase_add_test(tests, costs_that_are_computed_again_do_not_decrease_the_count);
    suite_add_tcase(suite, tests);
    return suite;
}
