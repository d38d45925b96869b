/* Makes the small result, writes rows and costs to it, and lets the writer tick until all is durable.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "store_case.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "store/file/bytes.h"
#include "store/file/file.h"
#include "unit.h"

/* A tick commits after half a second, and the disk may take long. After a minute of ticks something hangs. */
enum { TICKS = 6000, BETWEEN_TICKS_NS = 10 * 1000 * 1000 };

static int32_t n_h[] = {1, 2};
static enum ms_activation activation[] = {MS_RELU};
static double learning_rate[] = {0.5};
static double init_scale[] = {0.01};
static uint32_t seed[] = {4000000000U};

struct store_case store_case;

void store_case_set_up(void)
{
    struct store_case *one = &store_case;
    struct ms_data all;

    *one = (struct store_case){.iterations = {2, 10}};
    (void)snprintf(one->folder, sizeof one->folder, "/tmp/ms-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(one->folder));
    (void)snprintf(one->path, sizeof one->path, "%.63s/out.h5", one->folder);
    one->grid = (struct ms_grid){
        1, 2, 1, 1, 1, 1, 2, n_h, activation, learning_rate, init_scale, seed, one->iterations, 1, NULL};
    one->dataset = (struct ms_dataset){.noise = 0.2, .data_seed = 5, .split_seed = 6, .fold = -1};
    ck_assert_int_eq(ms_moons_make(20, 0.2, 5, NULL, &all, &one->err), MS_OK);
    ck_assert_int_eq(ms_split(&all, 0.25, 6, NULL, &one->dataset.train, &one->dataset.dev, &one->err), MS_OK);
    ms_data_free(&all);
    one->spec = (struct ms_writer_spec){.grid = &one->grid,
                                        .datasets = &one->dataset,
                                        .precision = MS_FLOAT64,
                                        .job_text = "name: unit\n",
                                        .title = "unit",
                                        .job_hash = 0x0123456789abcdefU,
                                        .command = "test",
                                        .ranks = 1};
}

void store_case_tear_down(void)
{
    ms_dataset_free(&store_case.dataset);
    (void)unlink(store_case.path);
    ck_assert_int_eq(rmdir(store_case.folder), 0);
}

void store_case_create(void)
{
    struct ms_error err;
    bool reserved;

    ck_assert_msg(ms_writer_create(store_case.path, &store_case.spec, false, &reserved, &err) == MS_OK, "%s",
                  err.text);
}

struct ms_writer *store_case_open(void)
{
    struct ms_writer *writer = NULL;
    struct ms_error err;

    ck_assert_msg(ms_writer_open(store_case.path, &store_case.spec, &writer, &err) == MS_OK, "%s", err.text);
    return writer;
}

struct ms_writer *store_case_begin_run(void)
{
    struct ms_run_info info = {.id = store_case.run_id,
                               .ranks = 1,
                               .hosts = "h",
                               .isa = "i",
                               .kernels = "k",
                               .command = "c",
                               .batch_job = "7"};
    struct ms_writer *writer = store_case_open();
    struct ms_error err;
    uint64_t id;
    int32_t row;

    ck_assert_int_eq(ms_writer_run_begin(writer, &info, &id, &row, &err), MS_OK);
    ck_assert_uint_ne(id, 0);
    store_case.run_id = 0;
    return writer;
}

void store_case_begin(struct ms_writer *writer)
{
    struct ms_resume resume = {.slots = {0, 1}};
    struct ms_error err;

    ck_assert_int_eq(ms_writer_begin(writer, 1, &resume, &err), MS_OK);
}

void store_case_costs(struct ms_writer *writer, int64_t from, int64_t to)
{
    static const double costs[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    struct ms_error err;

    ck_assert_int_eq(ms_writer_costs(writer, to - from, costs + from, &err), MS_OK);
}

struct ms_network store_case_network(void)
{
    static double W1[] = {1, 2, 3, 4}, b1[] = {5, 6}, W2[] = {7, 9};

    return (struct ms_network){2, 2, MS_RELU, W1, b1, W2, 8};
}

void store_case_queue(struct ms_writer *writer, int64_t config, int64_t iterations)
{
    struct ms_network network = store_case_network();
    struct ms_result result = {.config = config,
                               .status = MS_DONE,
                               .iterations_done = iterations,
                               .network = &network,
                               .train = {90, 0.25, {1, 2, 3, 4}},
                               .dev = {80 + (double)config, 0.5, {5, 6, 7, 8}},
                               .train_seconds = 1.5,
                               .train_cpu_seconds = 1.25};
    struct ms_error err;

    network.W2[1] = NAN; /* is stored like any other value */
    ck_assert_msg(ms_writer_result(writer, &result, &err) == MS_OK, "%s", err.text);
}

struct ms_writer *store_case_begin_run_with_row(void)
{
    struct ms_writer *writer = store_case_begin_run();

    store_case_begin(writer);
    store_case_costs(writer, 0, 2);
    store_case_queue(writer, 2, 2);
    return writer;
}

/* ---- ticking ---------------------------------------------------------------------------------------- */

/* Returns whether a configuration is final in the file; false if the file has been renamed. */
static bool is_final(int64_t config)
{
    struct ms_error err;
    struct ms_file file;
    uint8_t status = MS_PENDING;

    if (ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK)
        ck_assert_int_eq(ms_file_read(&file, MS_VAR_STATUS, config, 1, &status, &err), MS_OK);
    ms_file_close(&file);
    return status != MS_PENDING;
}

enum ms_code store_case_tick(struct ms_writer *writer, int64_t config, struct ms_error *err)
{
    const struct timespec pause = {.tv_nsec = BETWEEN_TICKS_NS};

    for (int i = 0; i < TICKS; i++) {
        enum ms_code code = ms_writer_tick(writer, err);

        if (code != MS_OK || is_final(config))
            return code;
        (void)nanosleep(&pause, NULL);
    }
    ck_abort_msg("configuration %lld is not final after a minute of ticks", (long long)config);
}

/* ---- bytes of the file ------------------------------------------------------------------------------ */

/* Returns the place of a row in the file, and sets *bytes to its size. */
static uint64_t place_of(enum ms_variable variable, int64_t row, size_t *bytes)
{
    struct ms_error err;
    struct ms_file file;
    uint64_t place;

    ck_assert_msg(ms_file_open(store_case.path, O_RDONLY, NULL, &file, &err) == MS_OK, "%s", err.text);
    place = ms_file_place(&file, variable, row);
    *bytes = ms_schema_row_bytes(&file.shape, variable);
    ms_file_close(&file);
    return place;
}

static int open_bytes(void)
{
    int descriptor = open(store_case.path, O_RDWR | O_CLOEXEC);

    ck_assert_int_ge(descriptor, 0);
    return descriptor;
}

void store_case_read(enum ms_variable variable, int64_t row, void *value)
{
    size_t bytes;
    uint64_t place = place_of(variable, row, &bytes);
    int descriptor = open_bytes();

    ck_assert_int_eq(ms_bytes_read(descriptor, place, bytes, value), 0);
    (void)close(descriptor);
}

void store_case_write(enum ms_variable variable, int64_t row, const void *value)
{
    size_t bytes;
    uint64_t place = place_of(variable, row, &bytes);
    int descriptor = open_bytes();

    ck_assert_int_eq(ms_bytes_write(descriptor, place, bytes, value), 0);
    (void)close(descriptor);
}

void store_case_flip(enum ms_variable variable, int64_t row, size_t byte, int bit)
{
    size_t bytes;
    uint64_t place = place_of(variable, row, &bytes);
    int descriptor = open_bytes();
    unsigned char value;

    ck_assert_uint_lt(byte, bytes);
    ck_assert_int_eq(ms_bytes_read(descriptor, place + byte, 1, &value), 0);
    value ^= (unsigned char)(1U << bit);
    ck_assert_int_eq(ms_bytes_write(descriptor, place + byte, 1, &value), 0);
    (void)close(descriptor);
}

unsigned char *store_case_bytes(size_t *count)
{
    int descriptor = open_bytes();
    unsigned char *bytes;
    struct stat status;

    ck_assert_int_eq(fstat(descriptor, &status), 0);
    *count = (size_t)status.st_size;
    bytes = malloc(*count);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_int_eq(ms_bytes_read(descriptor, 0, *count, bytes), 0);
    (void)close(descriptor);
    return bytes;
}
