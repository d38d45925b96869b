/* One process creates, writes and reads a result file; tests/store does so with several.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* syscall */

#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/reader.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"
#include "store/file/bytes.h"
#include "store/file/file.h"
#include "store_case.h"
#include "unit.h"

static struct ms_error err;

/* ---- clock and disk --------------------------------------------------------------------------------- */

/* The times of the monotonic clock and of the thread's processor, which only tests advance. */
static time_t now_s = 1000, processor_s;

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_THREAD_CPUTIME_ID)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = (struct timespec){.tv_sec = clock == CLOCK_MONOTONIC ? now_s : processor_s};
    return 0;
}

/* A second in which the thread has its core. */
static void work_for_a_second(void)
{
    now_s++;
    processor_s++;
}

/* The place of the statuses in the file, and the statuses that a power cut would leave: those when the last completed
 * fdatasync began. */
static uint64_t status_place;
static uint8_t durable_status[4];

/* Replaces the function of the C library. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int fdatasync(int fd)
{
    uint8_t status[sizeof durable_status];
    int result;

    if (status_place != 0 && ms_bytes_read(fd, status_place, sizeof status, status) != 0)
        return -1;
    result = (int)syscall(SYS_fdatasync, fd);
    if (status_place != 0 && result == 0)
        memcpy(durable_status, status, sizeof status);
    return result;
}

static void watch_statuses(void)
{
    struct ms_file file;

    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK, "%s", err.text);
    status_place = ms_file_place(&file, MS_VAR_STATUS, 0);
    ms_file_close(&file);
}

START_TEST(a_new_file_has_the_computed_size)
{
    struct stat status;
    int64_t computed = ms_writer_size(&store_case.spec);

    store_case_create();
    ck_assert_int_eq(stat(store_case.path, &status), 0);
    ck_assert_int_le(status.st_size, computed);
    ck_assert_int_ge(status.st_size, computed - 256 * 1024);
}
END_TEST

START_TEST(a_file_that_does_not_fit_is_refused_with_both_sizes)
{
    int64_t endless[] = {(int64_t)1 << 50};
    bool reserved;

    store_case.grid.iterations = endless;
    store_case.grid.n_iterations = 1;
    ck_assert_int_eq(ms_writer_create(store_case.path, &store_case.spec, false, &reserved, &err),
                     MS_CANNOT_CREATE);
    ck_assert_ptr_nonnull(strstr(err.text, " needs 18.0 PB, and the file system has "));
    ck_assert_ptr_nonnull(strstr(err.text, " free"));
    ck_assert_int_ne(access(store_case.path, F_OK), 0);
}
END_TEST

START_TEST(an_existing_file_is_replaced_only_on_request_and_only_if_it_is_a_result)
{
    bool reserved;
    FILE *foreign;
    char text[16] = "";

    store_case_create();
    ck_assert_int_eq(ms_writer_create(store_case.path, &store_case.spec, false, &reserved, &err),
                     MS_CANNOT_CREATE);
    ck_assert_int_eq(ms_writer_create(store_case.path, &store_case.spec, true, &reserved, &err), MS_OK);
    foreign = fopen(store_case.path, "w");
    ck_assert_ptr_nonnull(foreign);
    (void)fputs("a thesis", foreign);
    (void)fclose(foreign);
    ck_assert_int_eq(ms_writer_create(store_case.path, &store_case.spec, true, &reserved, &err),
                     MS_CANNOT_CREATE);
    ck_assert_ptr_nonnull(strstr(err.text, "is not a moonsweep result"));
    foreign = fopen(store_case.path, "r");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, foreign));
    (void)fclose(foreign);
    ck_assert_str_eq(text, "a thesis");
}
END_TEST

START_TEST(in_a_new_file_everything_is_pending)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_open();
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.trajectories, 2);
    ck_assert_int_eq(scan.pending, 4);
    ck_assert_int_eq(scan.done + scan.diverged + scan.damaged + scan.next_lease, 0);
    ck_assert_int_eq(scan.lost_checkpoints, 0);
    ck_assert_int_eq(scan.best.config, -1);
    ck_assert(isnan(scan.best.dev_accuracy));
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_committed_row_is_read_back_by_readers_and_by_the_next_run)
{
    double values[6];
    struct ms_network network, resumed;
    struct ms_resume resume = {.slots = {-1, -1}, .iteration = 2, .network = &resumed};
    struct ms_writer_scan scan;
    struct ms_reader *reader;
    struct ms_table table;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);

    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_table(reader, &table, &err), MS_OK);
    ck_assert_int_eq(table.configs, 4);
    ck_assert_int_eq(table.rows[2].status, MS_DONE);
    ck_assert_int_eq(table.rows[2].seed, 4000000000);
    ck_assert_int_eq(table.rows[2].activation, MS_RELU);
    ck_assert_double_eq(table.rows[2].final_cost, 9);
    ck_assert_double_eq(table.rows[2].dev_accuracy, 82);
    ck_assert_int_eq(table.rows[2].dev_outcomes[3], 8);
    ck_assert_double_eq(table.rows[2].train_seconds, 1.5);
    ck_assert_double_eq(table.rows[2].train_cpu_seconds, 1.25);
    ck_assert_int_eq(table.rows[3].status, MS_PENDING);
    ck_assert_int_eq(table.rows[3].iterations_done, -1);
    ck_assert(isnan(table.rows[3].dev_accuracy));
    ms_table_free(&table);
    ck_assert_int_eq(ms_reader_network(reader, 2, &network, &err), MS_OK);
    ck_assert_int_eq(network.n_h, 2);
    ck_assert_double_eq(network.W1[3], 4);
    ck_assert_double_eq(network.b2, 8);
    ck_assert(isnan(network.W2[1]));
    ms_network_free(&network);
    ms_reader_close(reader);
    ms_writer_close(writer);

    writer = store_case_begin_run();
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.from_iteration[1], 2);
    ck_assert(!scan.finished[1]);
    ck_assert_int_eq(scan.best.config, 2);
    ck_assert_int_eq(ms_network_alloc(&resumed, 2, 2, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(ms_writer_begin(writer, 1, &resume, &err), MS_OK);
    ck_assert_int_eq(resume.iteration, 2);
    memcpy(values, resumed.W1, 4 * sizeof(double));
    ck_assert_double_eq(values[2], 3);
    ck_assert_double_eq(resume.seconds, 1.5);
    ck_assert_double_eq(resume.cpu_seconds, 1.25);
    ms_writer_scan_free(&scan);
    store_case_costs(writer, 2, 10);
    store_case_queue(writer, 3, 10);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert(scan.finished[1] && !scan.finished[0]);
    ck_assert_int_eq(scan.done, 2);
    ck_assert_int_eq(scan.damaged, 0);
    ms_writer_scan_free(&scan);
    ms_network_free(&resumed);
    ms_writer_close(writer);
}
END_TEST

START_TEST(nothing_is_committed_before_a_flush)
{
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.pending, 4);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

/* Starts a run with a row that waits to be committed. */
static struct ms_writer *run_with_result(void)
{
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    return writer;
}

static uint8_t stored_status(int64_t config)
{
    uint8_t status;

    store_case_read(MS_VAR_STATUS, config, &status);
    return status;
}

START_TEST(within_a_second_ticks_commit_a_result)
{
    struct ms_writer *writer = run_with_result();

    ck_assert_int_eq(ms_writer_tick(writer, &err), MS_OK);
    ck_assert_int_eq(stored_status(2), MS_PENDING);
    work_for_a_second();
    ck_assert_int_eq(store_case_tick(writer, 2, &err), MS_OK);
    ck_assert_int_eq(stored_status(2), MS_DONE);
    ms_writer_close(writer);
}
END_TEST

/* A commit begins with costs and rows, so nothing has been written if the costs have not. */
START_TEST(without_the_processor_ticks_commit_a_result_within_two_seconds)
{
    struct ms_writer *writer = run_with_result();
    int64_t count;

    now_s++;
    ck_assert_int_eq(ms_writer_tick(writer, &err), MS_OK);
    store_case_read(MS_VAR_COST_COUNT, 1, &count);
    ck_assert_int_eq(count, 0);
    now_s++;
    ck_assert_int_eq(store_case_tick(writer, 2, &err), MS_OK);
    ck_assert_int_eq(stored_status(2), MS_DONE);
    ms_writer_close(writer);
}
END_TEST

/* A tick only requests a flush, which another thread makes. */
START_TEST(within_another_second_ticks_make_it_durable)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    struct ms_writer *writer = run_with_result();

    watch_statuses();
    work_for_a_second();
    ck_assert_int_eq(store_case_tick(writer, 2, &err), MS_OK);
    ck_assert_int_eq(durable_status[2], MS_PENDING);
    work_for_a_second();
    ck_assert_int_eq(ms_writer_tick(writer, &err), MS_OK);
    for (int i = 0; i < 6000 && durable_status[2] == MS_PENDING; i++)
        (void)nanosleep(&pause, NULL);
    ck_assert_int_eq(durable_status[2], MS_DONE);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_flush_makes_a_result_final_and_durable)
{
    struct ms_writer *writer = run_with_result();

    watch_statuses();
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(stored_status(2), MS_DONE);
    ck_assert_int_eq(durable_status[2], MS_DONE);
    ms_writer_close(writer);
}
END_TEST

/* _i is 0 if a tick has begun to commit the row, and 1 if it has committed it. */
START_TEST(a_flush_completes_commits_that_ticks_have_begun)
{
    struct ms_writer *writer = run_with_result();

    watch_statuses();
    work_for_a_second();
    ck_assert_int_eq(ms_writer_tick(writer, &err), MS_OK);
    if (_i == 1)
        ck_assert_int_eq(store_case_tick(writer, 2, &err), MS_OK);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(durable_status[2], MS_DONE);
    ms_writer_close(writer);
}
END_TEST

START_TEST(rows_that_are_queued_during_a_commit_belong_to_the_next_one)
{
    struct ms_writer *writer = run_with_result();
    struct ms_writer_scan scan;

    work_for_a_second();
    ck_assert_int_eq(ms_writer_tick(writer, &err), MS_OK);
    store_case_costs(writer, 2, 10);
    store_case_queue(writer, 3, 10);
    work_for_a_second();
    ck_assert_int_eq(store_case_tick(writer, 3, &err), MS_OK);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.done, 2);
    ck_assert_int_eq(scan.damaged, 0);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

/* Trains trajectory 0, whose networks have one hidden unit, until its first configuration. */
static void queue_first_config(struct ms_writer *writer)
{
    static double W1[] = {1, 2}, b1[] = {3}, W2[] = {4};
    struct ms_network network = {2, 1, MS_RELU, W1, b1, W2, 5};
    struct ms_result result = {.status = MS_DONE, .iterations_done = 2, .network = &network};
    struct ms_resume resume = {.slots = {-1, -1}};

    ck_assert_int_eq(ms_writer_begin(writer, 0, &resume, &err), MS_OK);
    store_case_costs(writer, 4, 6);
    ck_assert_msg(ms_writer_result(writer, &result, &err) == MS_OK, "%s", err.text);
}

START_TEST(rows_and_costs_that_are_not_adjacent_are_stored_at_their_places)
{
    struct ms_writer *writer = run_with_result();
    struct ms_writer_scan scan;
    double cost;

    queue_first_config(writer);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.status[0], MS_DONE);
    ck_assert_int_eq(scan.status[2], MS_DONE);
    ck_assert_int_eq(scan.pending, 2);
    ck_assert_int_eq(scan.damaged, 0);
    store_case_read(MS_VAR_COST, 1, &cost);
    ck_assert_double_eq(cost, 5);
    store_case_read(MS_VAR_COST, 11, &cost);
    ck_assert_double_eq(cost, 9);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_failed_write_names_variable_and_cause_and_can_be_repeated)
{
    struct rlimit before, small;
    struct ms_writer_scan scan;
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run_with_row();
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1024; /* like a full disk: nothing can be written beyond this place */
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_IO_ERROR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_msg(strstr(err.text, "out.h5: writing cost from row 10 on failed: File too large") != NULL,
                  "%s", err.text);
    ck_assert_int_eq(ms_writer_flush(writer, &err), MS_OK);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.done, 1);
    ms_writer_scan_free(&scan);
    ms_writer_close(writer);
}
END_TEST

START_TEST(a_replaced_run_commits_nothing)
{
    struct ms_writer_scan scan;
    struct ms_writer *old, *new;

    store_case_create();
    old = store_case_begin_run();
    store_case_begin(old);
    store_case_costs(old, 0, 2);
    store_case_queue(old, 2, 2);
    new = store_case_begin_run();
    ck_assert_int_eq(ms_writer_flush(old, &err), MS_BUSY);
    ck_assert_int_eq(ms_writer_scan(new, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.pending, 4);
    ms_writer_scan_free(&scan);
    ms_writer_close(old);
    ms_writer_close(new);
}
END_TEST

START_TEST(a_trajectory_without_stored_costs_begins_at_0)
{
    struct ms_network network;
    struct ms_resume resume = {.slots = {2, 3}, .iteration = 3, .network = &network, .seconds = 7};
    struct ms_writer *writer;

    store_case_create();
    writer = store_case_begin_run();
    ck_assert_int_eq(ms_network_alloc(&network, 2, 2, MS_RELU, &err), MS_OK);
    ck_assert_int_eq(ms_writer_begin(writer, 1, &resume, &err), MS_OK);
    ck_assert_int_eq(resume.iteration, 0);
    ck_assert_double_eq(resume.seconds, 0);
    ms_network_free(&network);
    ms_writer_close(writer);
}
END_TEST

START_TEST(errors_of_a_reader_say_which_configurations_exist)
{
    struct ms_network network;
    struct ms_reader *reader;

    store_case_create();
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_network(reader, 4, &network, &err), MS_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "they are 0 to 3"));
    ck_assert_int_eq(ms_reader_network(reader, 0, &network, &err), MS_BAD_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "pending"));
    ms_reader_close(reader);
}
END_TEST

START_TEST(the_data_and_their_origin_are_read_back)
{
    const struct ms_reader_info *info;
    struct ms_dataset stored;
    struct ms_reader *reader;

    store_case_create();
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    info = ms_reader_info(reader);
    ck_assert_str_eq(info->job_text, "name: unit\n");
    ck_assert_uint_eq(info->job_hash, 0x0123456789abcdefU);
    ck_assert_int_eq(info->train_rows, 15);
    ck_assert_int_eq(info->dev_rows, 5);
    ck_assert_int_eq(info->n_x, 2);
    ck_assert_int_eq(ms_reader_dataset(reader, 0, &stored, &err), MS_OK);
    ck_assert_int_eq(memcmp(stored.train.X, store_case.dataset.train.X, 30 * sizeof(double)), 0);
    ck_assert_int_eq(memcmp(stored.dev.y, store_case.dataset.dev.y, 5), 0);
    ck_assert_int_eq(stored.data_seed, 5);
    ms_dataset_free(&stored);
    ck_assert_int_eq(ms_reader_dataset(reader, 1, &stored, &err), MS_BAD_USAGE);
    ms_reader_close(reader);
}
END_TEST

START_TEST(readers_and_writers_refuse_files_that_are_not_complete_results)
{
    struct ms_reader *reader;
    struct ms_writer *writer;
    struct stat status;

    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_NO_INPUT);
    ck_assert_int_eq(ms_writer_open(store_case.path, &store_case.spec, &writer, &err), MS_NO_INPUT);
    ck_assert_int_eq(ms_reader_open(store_case.folder, &reader, &err), MS_NO_INPUT);
    store_case_create();
    ck_assert_int_eq(stat(store_case.path, &status), 0);
    ck_assert_int_eq(truncate(store_case.path, status.st_size / 2), 0);
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "truncated"));
    ck_assert_int_eq(ms_writer_open(store_case.path, &store_case.spec, &writer, &err), MS_BAD_INPUT);
    ck_assert_int_eq(truncate(store_case.path, 0), 0);
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_BAD_INPUT);
}
END_TEST

/* ---- another rank ----------------------------------------------------------------------------------- */

/* Copies the result to `other` in the same folder. */
static const char *copy_result(void)
{
    static char other[sizeof store_case.path + 8];
    size_t count;
    unsigned char *bytes = store_case_bytes(&count);
    FILE *file;

    (void)snprintf(other, sizeof other, "%.80s.other", store_case.path);
    file = fopen(other, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, count, file), count);
    (void)fclose(file);
    free(bytes);
    return other;
}

START_TEST(another_rank_writes_to_the_file_that_the_first_one_has_opened)
{
    const struct ms_run_info info = {
        .ranks = 2, .hosts = "", .isa = "", .kernels = "", .command = "", .batch_job = ""};
    struct ms_writer *first, *second;
    struct ms_reader *reader;
    struct ms_table table;
    const void *places;
    size_t bytes;
    uint64_t id;
    int32_t row;

    store_case_create();
    first = store_case_open();
    places = ms_writer_places(first, &bytes);
    ck_assert_uint_gt(bytes, 0);
    ck_assert_msg(ms_writer_open_again(store_case.path, &store_case.spec, places, 1, &second, &err) == MS_OK,
                  "%s", err.text);
    ck_assert_int_eq(ms_writer_run_begin(first, &info, &id, &row, &err), MS_OK);
    ms_writer_close(first);
    ms_writer_run_join(second, id, row);
    store_case_begin(second);
    store_case_costs(second, 0, 2);
    store_case_queue(second, 2, 2);
    ck_assert_int_eq(ms_writer_flush(second, &err), MS_OK);
    ms_writer_close(second);
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
    ck_assert_int_eq(ms_reader_table(reader, &table, &err), MS_OK);
    ck_assert_int_eq(table.rows[2].status, MS_DONE);
    ck_assert_int_eq(table.rows[2].rank, 1);
    ck_assert_int_eq(table.rows[2].run, row);
    ms_table_free(&table);
    ms_reader_close(reader);
}
END_TEST

START_TEST(another_rank_refuses_a_different_file)
{
    const char *other;
    struct ms_writer *first, *second;
    const void *places;
    size_t bytes;

    store_case_create();
    other = copy_result(); /* the same bytes in another file */
    first = store_case_open();
    places = ms_writer_places(first, &bytes);
    ck_assert_int_eq(ms_writer_open_again(other, &store_case.spec, places, 1, &second, &err), MS_IO_ERROR);
    ck_assert_msg(strstr(err.text, "out.h5.other is not the same file here as on rank 0") != NULL, "%s",
                  err.text);
    ck_assert_int_eq(truncate(store_case.path, 1 << 20), 0); /* the length differs from that on rank 0 */
    ck_assert_int_eq(ms_writer_open_again(store_case.path, &store_case.spec, places, 1, &second, &err),
                     MS_IO_ERROR);
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(ms_writer_open_again(other, &store_case.spec, places, 1, &second, &err), MS_NO_INPUT);
    ms_writer_close(first);
}
END_TEST

START_TEST(a_file_whose_dimensions_differ_from_the_job_s_is_refused)
{
    static const char *const sentence[] = {"dimension config is 4, but must be 2 for this job",
                                           "dimension config is 4, but must be 6 for this job"};
    static int64_t counts[] = {2, 10, 20};
    struct ms_writer *writer;

    store_case_create();
    store_case.grid.n_iterations = _i == 0 ? 1 : 3;
    store_case.grid.iterations = counts;
    ck_assert_int_eq(ms_writer_open(store_case.path, &store_case.spec, &writer, &err), MS_BAD_INPUT);
    ck_assert_msg(strstr(err.text, sentence[_i]) != NULL, "%s", err.text);
}
END_TEST

/* Changes the value of a root attribute. */
static void change_attribute(const char *name, int32_t value)
{
    hid_t file = H5Fopen(store_case.path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);

    ck_assert_int_ge(H5Awrite(attribute, H5T_NATIVE_INT32, &value), 0);
    (void)H5Aclose(attribute);
    (void)H5Fclose(file);
}

START_TEST(other_formats_are_not_read_and_other_numerics_are_not_resumed)
{
    struct ms_reader *reader;
    struct ms_writer *writer;

    store_case_create();
    for (int i = 0; i < 2; i++) { /* an earlier program's and a later one's */
        change_attribute("numerics", i == 0 ? MS_NUMERICS - 1 : 99);
        ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_OK);
        ms_reader_close(reader);
        ck_assert_int_eq(ms_writer_open(store_case.path, &store_case.spec, &writer, &err), MS_BAD_INPUT);
        ck_assert_ptr_nonnull(strstr(err.text, i == 0 ? "was made with numerics" : "numerics 99"));
    }
    change_attribute("format_version", 2);
    ck_assert_int_eq(ms_reader_open(store_case.path, &reader, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "format version 2"));
}
END_TEST

START_TEST(leases_are_recorded_until_the_table_is_full)
{
    struct ms_writer_lease record = {.row = 6, .count = 1, .started = 1.6e9, .finished = (double)NAN};
    struct ms_writer_scan scan;
    struct ms_writer *writer;
    bool full;

    store_case_create();
    writer = store_case_begin_run();
    ck_assert_int_eq(ms_writer_lease(writer, &record, &full, &err), MS_OK);
    ck_assert(!full);
    ck_assert_int_eq(ms_writer_scan(writer, &scan, &err), MS_OK);
    ck_assert_int_eq(scan.next_lease, 7);
    ms_writer_scan_free(&scan);
    record.row = 2 * 2 + 4096;
    ck_assert_int_eq(ms_writer_lease(writer, &record, &full, &err), MS_OK);
    ck_assert(full);
    ms_writer_close(writer);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *tests = tcase_create("store");

    tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
    tcase_add_test(tests, a_new_file_has_the_computed_size);
    tcase_add_test(tests, a_file_that_does_not_fit_is_refused_with_both_sizes);
    tcase_add_test(tests, an_existing_file_is_replaced_only_on_request_and_only_if_it_is_a_result);
    tcase_add_test(tests, in_a_new_file_everything_is_pending);
    tcase_add_test(tests, a_committed_row_is_read_back_by_readers_and_by_the_next_run);
    tcase_add_test(tests, nothing_is_committed_before_a_flush);
    tcase_add_test(tests, within_a_second_ticks_commit_a_result);
    tcase_add_test(tests, without_the_processor_ticks_commit_a_result_within_two_seconds);
    tcase_add_test(tests, within_another_second_ticks_make_it_durable);
    tcase_add_test(tests, a_flush_makes_a_result_final_and_durable);
    tcase_add_loop_test(tests, a_flush_completes_commits_that_ticks_have_begun, 0, 2);
    tcase_add_test(tests, rows_that_are_queued_during_a_commit_belong_to_the_next_one);
    tcase_add_test(tests, rows_and_costs_that_are_not_adjacent_are_stored_at_their_places);
    tcase_add_test(tests, a_failed_write_names_variable_and_cause_and_can_be_repeated);
    tcase_add_test(tests, a_replaced_run_commits_nothing);
    tcase_add_test(tests, a_trajectory_without_stored_costs_begins_at_0);
    tcase_add_test(tests, errors_of_a_reader_say_which_configurations_exist);
    tcase_add_test(tests, the_data_and_their_origin_are_read_back);
    tcase_add_test(tests, readers_and_writers_refuse_files_that_are_not_complete_results);
    tcase_add_test(tests, another_rank_writes_to_the_file_that_the_first_one_has_opened);
    tcase_add_test(tests, another_rank_refuses_a_different_file);
    tcase_add_loop_test(tests, a_file_whose_dimensions_differ_from_the_job_s_is_refused, 0, 2);
    tcase_add_test(tests, other_formats_are_not_read_and_other_numerics_are_not_resumed);
    tcase_add_test(tests, leases_are_recorded_until_the_table_is_full);
    suite_add_tcase(suite, tests);
    return suite;
}
