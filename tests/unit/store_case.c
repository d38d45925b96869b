#include "store_case.h"

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "unit.h"

static int32_t n_h[] = {1, 2};
static enum ms_activation activation[] = {MS_RELU};
static double learning_rate[] = {0.5};
static uint32_t seed[] = {4000000000U};

struct store_case store_case;

void store_case_set_up(void)
{
    struct store_case *one = &store_case;
    struct ms_data all;

    (void)MPI_Init(NULL, NULL);
    *one = (struct store_case){.iterations = {2, 10}};
    (void)snprintf(one->folder, sizeof one->folder, "/tmp/ms-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(one->folder));
    (void)snprintf(one->path, sizeof one->path, "%.63s/out.h5", one->folder);
    one->grid = (struct ms_grid){2, 1, 1, 1, 2, n_h, activation, learning_rate, seed, one->iterations, 0.01};
    one->dataset = (struct ms_dataset){.noise = 0.2, .data_seed = 5, .split_seed = 6, .fold = -1};
    ck_assert_int_eq(ms_moons_make(20, 0.2, 5, &all, &one->err), MS_OK);
    ck_assert_int_eq(ms_split(&all, 0.25, 6, &one->dataset.train, &one->dataset.dev, &one->err), MS_OK);
    ms_data_free(&all);
    one->spec = (struct ms_writer_spec){.grid = &one->grid,
                                       .n_datasets = 1,
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
    (void)MPI_Finalize();
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
    struct ms_writer *store = NULL;
    struct ms_error err;

    ck_assert_msg(ms_writer_open(store_case.path, MPI_COMM_SELF, &store, &err) == MS_OK, "%s", err.text);
    return store;
}

struct ms_writer *store_case_begin_run(void)
{
    struct ms_run_info info = {.ranks = 1, .hosts = "h", .isa = "i", .command = "c"};
    struct ms_writer *store = store_case_open();
    struct ms_error err;
    uint64_t id;
    int32_t row;

    ck_assert_int_eq(ms_writer_run_begin(store, &info, &id, &row, &err), MS_OK);
    ck_assert_uint_ne(id, 0);
    return store;
}

void store_case_begin(struct ms_writer *store)
{
    struct ms_resume resume = {.slots = {0, 1}};
    struct ms_error err;

    ck_assert_int_eq(ms_writer_begin(store, 1, &resume, &err), MS_OK);
}

void store_case_costs(struct ms_writer *store, int64_t from, int64_t to)
{
    static const double costs[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    struct ms_error err;

    ck_assert_int_eq(ms_writer_costs(store, to - from, costs + from, &err), MS_OK);
}

struct ms_network store_case_network(void)
{
    static double W1[] = {1, 2, 3, 4}, b1[] = {5, 6}, W2[] = {7, 9};

    return (struct ms_network){2, 2, MS_RELU, W1, b1, W2, 8};
}

void store_case_queue(struct ms_writer *store, int64_t config, int64_t iterations)
{
    struct ms_network network = store_case_network();
    struct ms_result result = {.config = config,
                               .status = MS_DONE,
                               .iterations_done = iterations,
                               .network = &network,
                               .train = {90, 0.25, {1, 2, 3, 4}},
                               .dev = {80 + (double)config, 0.5, {5, 6, 7, 8}},
                               .train_seconds = 1.5};
    struct ms_error err;

    network.W2[1] = NAN; /* a parameter like any other: it must come back as it was */
    ck_assert_msg(ms_writer_result(store, &result, &err) == MS_OK, "%s", err.text);
}
