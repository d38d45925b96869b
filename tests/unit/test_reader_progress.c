/* The progress of a result: the number of the job's iterations that the next run need not repeat. Both trajectories of
 * the case have 10 iterations, and configurations at 2 and 10.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "moonsweep/reader.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* Returns the progress according to the reader, and checks that the scan of the next run agrees. */
static int64_t iterations_done(void)
{
    struct ms_progress_table table = {0};
    struct ms_reader *reader;
    struct ms_writer_scan scan;
    struct ms_writer *writer;
    struct ms_reader_progress progress;
    int64_t sum = 0;

    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_progress_table(reader, &table, &err), MS_OK);
    ck_assert_int_eq(ms_reader_progress(reader, &table, NULL, NULL, &progress, &err), MS_OK);
    ck_assert_int_eq(progress.all, 20);
    ms_progress_table_free(&table);
    ms_reader_close(reader);
    writer = store_case_open();
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    for (int64_t t = 0; t < scan.trajectories; t++)
        sum += scan.finished[t] ? 10 : scan.from_iteration[t];
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
    ck_assert_int_eq(sum, progress.done);
    return progress.done;
}

static void write_checkpoint(struct ms_writer *writer, int64_t iteration)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint checkpoint = {.iteration = iteration, .network = &network};

    ck_assert_msg(ms_writer_checkpoint(writer, &checkpoint, &err) == MS_OK, "%s", err.text);
}

/* Checks that both tables agree in what the progress depends on; NaN are equal. */
static void compare_tables(const struct ms_table *all, const struct ms_progress_table *some)
{
    ck_assert_int_eq(some->configs, all->configs);
    ck_assert_int_eq(some->trajectories, all->trajectories);
    for (int64_t c = 0; c < all->configs; c++) {
        const struct ms_row *expected = &all->rows[c];
        const struct ms_progress_row *row = &some->rows[c];

        ck_assert_int_eq(row->status, expected->status);
        ck_assert_int_eq(row->n_h, expected->n_h);
        ck_assert_int_eq(row->activation, expected->activation);
        ck_assert_int_eq(row->iterations, expected->iterations);
        ck_assert_int_eq(row->config_dataset, expected->config_dataset);
        ck_assert_int_eq(row->iterations_done, expected->iterations_done);
        ck_assert_mem_eq(&row->dev_accuracy, &expected->dev_accuracy, sizeof(double));
        ck_assert_mem_eq(&row->train_seconds, &expected->train_seconds, sizeof(double));
    }
}

/* Makes a result of which one row is final, with values that differ from each other, and opens it. */
static struct ms_reader *open_result_with_row(void)
{
    const struct ms_row values = {
        .train_accuracy = 60, .dev_accuracy = 70, .train_cost = 0.5, .dev_cost = 0.75, .train_seconds = 3};
    struct ms_reader *reader;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ms_writer_close(writer);
    store_case_write(MS_VAR_TRAIN_ACCURACY, 2, &values.train_accuracy);
    store_case_write(MS_VAR_DEV_ACCURACY, 2, &values.dev_accuracy);
    store_case_write(MS_VAR_TRAIN_COST, 2, &values.train_cost);
    store_case_write(MS_VAR_DEV_COST, 2, &values.dev_cost);
    store_case_write(MS_VAR_TRAIN_SECONDS, 2, &values.train_seconds);
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    return reader;
}

START_TEST(the_table_of_the_progress_agrees_with_that_of_everything)
{
    struct ms_reader *reader = open_result_with_row();
    struct ms_table all = {0};
    struct ms_progress_table some = {0};

    ck_assert_int_eq(ms_reader_table(reader, &all, &err), MS_OK);
    ck_assert_int_eq(ms_reader_progress_table(reader, &some, &err), MS_OK);
    ck_assert_int_eq(all.rows[2].status, MS_DONE);
    ck_assert_double_eq(all.rows[2].train_seconds, 3);
    compare_tables(&all, &some);
    ms_table_free(&all);
    ms_progress_table_free(&some);
    ms_reader_close(reader);
}
END_TEST

START_TEST(halving_reads_the_measure_that_it_ranks_by_and_the_other_one)
{
    static const double values[MS_HALVING_MEASURES][2] = {
        [MS_HALVING_DEV_ACCURACY] = {70, 0.75},
        [MS_HALVING_DEV_COST] = {0.75, 70},
        [MS_HALVING_TRAIN_ACCURACY] = {60, 0.5},
        [MS_HALVING_TRAIN_COST] = {0.5, 60},
    };
    struct ms_reader *reader = open_result_with_row();
    struct ms_table table = {0};

    ck_assert_int_eq(ms_reader_table(reader, &table, &err), MS_OK);
    for (enum ms_halving_measure by = 0; by < MS_HALVING_MEASURES; by++) {
        const struct ms_halving halving = {.keep = 0.5, .by = by};
        struct ms_halving_row *rows = calloc((size_t)table.configs, sizeof *rows);
        struct ms_halving_row *of_table = calloc((size_t)table.configs, sizeof *rows);

        ck_assert_int_eq(ms_reader_halving_rows(reader, &halving, rows, &err), MS_OK);
        ms_table_halving_rows(&table, &halving, of_table);
        for (int64_t c = 0; c < table.configs; c++) {
            ck_assert_int_eq(rows[c].state, c == 2 ? MS_HALVING_RANKED : MS_HALVING_PENDING);
            ck_assert_int_eq(of_table[c].state, rows[c].state);
        }
        ck_assert_double_eq(rows[2].value, values[by][0]);
        ck_assert_double_eq(rows[2].other, values[by][1]);
        ck_assert_double_eq(of_table[2].value, values[by][0]);
        ck_assert_double_eq(of_table[2].other, values[by][1]);
        free(rows);
        free(of_table);
    }
    ms_table_free(&table);
    ms_reader_close(reader);
}
END_TEST

START_TEST(a_new_file_has_no_progress)
{
    store_case_create();
    ck_assert_int_eq(iterations_done(), 0);
}
END_TEST

START_TEST(configurations_and_checkpoints_count_but_costs_alone_do_not)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    store_case_begin(writer);
    store_case_costs(writer, 0, 1);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(iterations_done(), 0);
    write_checkpoint(writer, 1);
    ck_assert_int_eq(iterations_done(), 1);
    store_case_costs(writer, 1, 2);
    store_case_queue(writer, 2, 2);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(iterations_done(), 2);
    store_case_costs(writer, 2, 5);
    write_checkpoint(writer, 5);
    ck_assert_int_eq(iterations_done(), 5);
    store_case_costs(writer, 5, 10);
    store_case_queue(writer, 3, 10);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(iterations_done(), 10);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_checkpoint_with_a_wrong_checksum_does_not_count)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    store_case_begin(writer);
    store_case_costs(writer, 0, 1);
    write_checkpoint(writer, 1);
    ms_writer_close(writer);
    ck_assert_int_eq(iterations_done(), 1);
    store_case_flip(MS_VAR_SLOT_B1, 0, 0, 1);
    ck_assert_int_eq(iterations_done(), 0);
}
END_TEST

START_TEST(a_checkpoint_after_a_configuration_that_is_not_done_does_not_count)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    store_case_begin(writer);
    store_case_costs(writer, 0, 3);
    write_checkpoint(writer, 3);
    ms_writer_close(writer);
    ck_assert_int_eq(iterations_done(), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("reader_progress");
    TCase *tests = tcase_create("reader_progress");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, the_table_of_the_progress_agrees_with_that_of_everything);
    tcase_add_test(tests, halving_reads_the_measure_that_it_ranks_by_and_the_other_one);
    tcase_add_test(tests, a_new_file_has_no_progress);
    tcase_add_test(tests, configurations_and_checkpoints_count_but_costs_alone_do_not);
    tcase_add_test(tests, a_checkpoint_with_a_wrong_checksum_does_not_count);
    tcase_add_test(tests, a_checkpoint_after_a_configuration_that_is_not_done_does_not_count);
    suite_add_tcase(suite, tests);
    return suite;
}
