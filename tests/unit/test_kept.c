/* How many iterations a result keeps: what the next run would go on from. The case's two trajectories are of 10
 * iterations with configurations at 2 and 10. */
#include <hdf5.h>

#include "moonsweep/reader.h"
#include "moonsweep/writer.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* Asks the reader, and the scan of a next run, which must agree. */
static int64_t kept(void)
{
    struct ms_table table = {0};
    struct ms_reader *reader;
    struct ms_writer_scan scan;
    struct ms_writer *store;
    int64_t count, all, sum = 0;

    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_table(reader, &table, &err), MS_OK);
    ck_assert_int_eq(ms_reader_progress(reader, &table, &count, &all, &err), MS_OK);
    ck_assert_int_eq(all, 20);
    ms_table_free(&table);
    ms_reader_close(reader);
    store = store_case_open();
    ck_assert_int_eq(ms_writer_scan(store, &scan, &err), MS_OK);
    for (int64_t t = 0; t < scan.trajectories; t++)
        sum += scan.finished[t] ? 10 : scan.from_iteration[t];
    ms_writer_scan_free(&scan);
    ms_writer_close(store);
    ck_assert_int_eq(sum, count);
    return count;
}

static void write_checkpoint(struct ms_writer *store, int64_t iteration)
{
    struct ms_network network = store_case_network();
    struct ms_checkpoint checkpoint = {.iteration = iteration, .network = &network};

    ck_assert_msg(ms_writer_checkpoint(store, &checkpoint, &err) == MS_OK, "%s", err.text);
}

START_TEST(a_new_file_keeps_nothing)
{
    store_case_create();
    ck_assert_int_eq(kept(), 0);
}
END_TEST

START_TEST(configurations_and_checkpoints_are_kept_costs_alone_are_not)
{
    struct ms_writer *store;

    store_case_create();
    store = store_case_begin_run();
    store_case_begin(store);
    store_case_costs(store, 0, 1);
    ck_assert_int_eq(ms_writer_flush(store, &err), MS_OK);
    ck_assert_int_eq(kept(), 0);
    write_checkpoint(store, 1);
    ck_assert_int_eq(kept(), 1);
    store_case_costs(store, 1, 2);
    store_case_queue(store, 2, 2);
    ck_assert_int_eq(ms_writer_flush(store, &err), MS_OK);
    ck_assert_int_eq(kept(), 2);
    store_case_costs(store, 2, 5);
    write_checkpoint(store, 5);
    ck_assert_int_eq(kept(), 5);
    store_case_costs(store, 5, 10);
    store_case_queue(store, 3, 10);
    ck_assert_int_eq(ms_writer_flush(store, &err), MS_OK);
    ck_assert_int_eq(kept(), 10);
    ms_writer_close(store);
}
END_TEST

/* Adds 1 to the value of a slot. */
static void damage_slot(const char *name, hsize_t slot)
{
    hid_t file = H5Fopen(store_case.path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    hsize_t one = 1;
    hid_t memory = H5Screate_simple(1, &one, NULL);
    int64_t value;

    ck_assert_int_ge(H5Sselect_hyperslab(space, H5S_SELECT_SET, &slot, NULL, &one, NULL), 0);
    ck_assert_int_ge(H5Dread(dataset, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, &value), 0);
    value++;
    ck_assert_int_ge(H5Dwrite(dataset, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, &value), 0);
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    (void)H5Dclose(dataset);
    (void)H5Fclose(file);
}

START_TEST(a_checkpoint_that_does_not_hold_its_checksum_does_not_count)
{
    struct ms_writer *store;

    store_case_create();
    store = store_case_begin_run();
    store_case_begin(store);
    store_case_costs(store, 0, 1);
    write_checkpoint(store, 1);
    ms_writer_close(store);
    damage_slot("checkpoint/iteration", 0);
    ck_assert_int_eq(kept(), 0);
}
END_TEST

START_TEST(a_checkpoint_behind_a_configuration_that_is_not_done_does_not_count)
{
    struct ms_writer *store;

    store_case_create();
    store = store_case_begin_run();
    store_case_begin(store);
    store_case_costs(store, 0, 3);
    write_checkpoint(store, 3);
    ms_writer_close(store);
    ck_assert_int_eq(kept(), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("kept");
    TCase *tests = tcase_create("kept");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, a_new_file_keeps_nothing);
    tcase_add_test(tests, configurations_and_checkpoints_are_kept_costs_alone_are_not);
    tcase_add_test(tests, a_checkpoint_that_does_not_hold_its_checksum_does_not_count);
    tcase_add_test(tests, a_checkpoint_behind_a_configuration_that_is_not_done_does_not_count);
    suite_add_tcase(suite, tests);
    return suite;
}
