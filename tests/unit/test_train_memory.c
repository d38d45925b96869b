/* Memory that trainings use one after the other, and that of a training which an evaluation uses: no result depends on
 * what is in it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "available_kernels.h"
#include "moonsweep/train.h"
#include "unit.h"

enum { ITERATIONS = 20 };

static struct ms_error err;

struct fixture {
    const struct ms_kernel *kernel;
    struct ms_samples train, dev;
};

static void make_samples(struct ms_samples *samples, int64_t rows, int32_t n_x, enum ms_precision precision,
                         const double *weight)
{
    struct ms_data data;

    ck_assert_int_eq(ms_data_alloc(&data, rows, n_x, &err), MS_OK);
    for (int64_t row = 0; row < rows; row++) {
        for (int32_t i = 0; i < n_x; i++)
            data.X[row * n_x + i] = (double)((row * 7 + i * 3) % 11) / 11 - 0.5;
        data.y[row] = row * 5 % 7 < 3;
    }
    ck_assert_int_eq(ms_samples_make(samples, &data, precision, NULL, &err), MS_OK);
    if (weight != NULL)
        ck_assert_int_eq(ms_samples_weigh(samples, weight, &err), MS_OK);
    ms_data_free(&data);
}

static void open_fixture(struct fixture *fixture, enum ms_precision precision, int32_t n_x,
                         const double *weight)
{
    const struct ms_kernel *kernels[MAX_KERNELS];

    (void)available_kernels(precision, kernels);
    fixture->kernel = kernels[0];
    make_samples(&fixture->train, 131, n_x, precision, weight);
    make_samples(&fixture->dev, 1025, n_x, precision, weight);
}

static void close_fixture(struct fixture *fixture)
{
    ms_samples_free(&fixture->train);
    ms_samples_free(&fixture->dev);
}

/* What a training gives. */
struct trained {
    double costs[ITERATIONS];
    struct ms_network network;
    struct ms_evaluation train, dev;
};

static struct ms_train *open_training(const struct fixture *fixture, int32_t n_h,
                                      enum ms_activation activation, struct ms_train_memory *memory)
{
    const struct ms_train_spec spec = {
        .kernel = fixture->kernel, .samples = &fixture->train, .learning_rate = 0.5, .memory = memory};
    struct ms_network initial;
    struct ms_train *train;

    ck_assert_int_eq(ms_network_alloc(&initial, fixture->train.n_x, n_h, activation, &err), MS_OK);
    ms_network_init(&initial, (uint32_t)n_h, 0.5, fixture->train.precision);
    ck_assert_int_eq(ms_train_open(&spec, &initial, 0, &train, &err), MS_OK);
    ms_network_free(&initial);
    return train;
}

static void copy_network(const struct ms_train *train, struct ms_network *copy)
{
    const struct ms_network *network = ms_train_network(train);

    ck_assert_int_eq(ms_network_alloc(copy, network->n_x, network->n_h, network->activation, &err), MS_OK);
    ms_network_copy(copy, network);
}

/* In separate memory, without evaluations in between. */
static struct trained train_alone(const struct fixture *fixture, int32_t n_h, enum ms_activation activation)
{
    struct ms_train *train = open_training(fixture, n_h, activation, NULL);
    struct trained trained;

    ck_assert_int_eq(ms_train_run(train, ITERATIONS, trained.costs), MS_TRAIN_REACHED);
    copy_network(train, &trained.network);
    ms_train_close(train);
    ck_assert_int_eq(
        ms_evaluate(fixture->kernel, &trained.network, &fixture->train, NULL, NULL, &trained.train, &err),
        MS_OK);
    ck_assert_int_eq(
        ms_evaluate(fixture->kernel, &trained.network, &fixture->dev, NULL, NULL, &trained.dev, &err), MS_OK);
    return trained;
}

/* In this memory, with an evaluation before each iteration. */
static struct trained train_there(const struct fixture *fixture, int32_t n_h, enum ms_activation activation,
                                  struct ms_train_memory *memory)
{
    struct ms_train *train = open_training(fixture, n_h, activation, memory);
    struct trained trained;

    for (int64_t i = 0; i < ITERATIONS; i++) {
        ck_assert_int_eq(ms_train_evaluate(train, &fixture->dev, NULL, NULL, &trained.dev, &err), MS_OK);
        ck_assert_int_eq(ms_train_run(train, i + 1, &trained.costs[i]), MS_TRAIN_REACHED);
    }
    ck_assert_int_eq(ms_train_evaluate(train, &fixture->train, NULL, NULL, &trained.train, &err), MS_OK);
    ck_assert_int_eq(ms_train_evaluate(train, &fixture->dev, NULL, NULL, &trained.dev, &err), MS_OK);
    copy_network(train, &trained.network);
    ms_train_close(train);
    return trained;
}

static bool is_same_evaluation(const struct ms_evaluation *a, const struct ms_evaluation *b)
{
    return a->cost == b->cost && a->accuracy == b->accuracy && a->unpredicted == b->unpredicted &&
           memcmp(a->outcomes, b->outcomes, sizeof a->outcomes) == 0;
}

static void demand_same(const struct trained *a, const struct trained *b)
{
    ck_assert_int_eq(memcmp(a->costs, b->costs, sizeof a->costs), 0);
    ck_assert(ms_network_has_same_bits(&a->network, &b->network));
    ck_assert(is_same_evaluation(&a->train, &b->train));
    ck_assert(is_same_evaluation(&a->dev, &b->dev));
}

START_TEST(memory_of_an_earlier_training_changes_no_bits)
{
    static const int32_t n_h[] = {3, 1, 200, 2, 200, 40};
    struct ms_train_memory memory = {.block = NULL};
    struct fixture fixture;

    open_fixture(&fixture, (enum ms_precision)_i, 2, NULL);
    for (size_t i = 0; i < sizeof n_h / sizeof *n_h; i++) {
        const enum ms_activation activation = (enum ms_activation)(i % MS_ACTIVATION_COUNT);
        struct trained alone = train_alone(&fixture, n_h[i], activation);
        struct trained there = train_there(&fixture, n_h[i], activation, &memory);

        demand_same(&alone, &there);
        ck_assert_int_ge((int64_t)memory.bytes, ms_train_bytes(&fixture.train, n_h[i]));
        memset(memory.block, 0xff, memory.bytes); /* NaN, in both precisions */
        ms_network_free(&alone.network);
        ms_network_free(&there.network);
    }
    ck_assert_int_eq((int64_t)memory.bytes, ms_train_bytes(&fixture.train, 200)); /* the largest one */
    ms_train_memory_free(&memory);
    ck_assert_ptr_null(memory.block);
    close_fixture(&fixture);
}
END_TEST

/* The smallest training has the least memory for an evaluation. AddressSanitizer finds out if it does not suffice. */
START_TEST(the_memory_of_the_smallest_training_suffices_for_an_evaluation)
{
    static const double weight[2] = {0.5, 1.5};
    struct fixture fixture;
    struct trained alone, there;

    open_fixture(&fixture, (enum ms_precision)_i, 1, weight);
    alone = train_alone(&fixture, 1, MS_RELU);
    there = train_there(&fixture, 1, MS_RELU, NULL);
    demand_same(&alone, &there);
    ms_network_free(&alone.network);
    ms_network_free(&there.network);
    close_fixture(&fixture);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("train_memory");
    TCase *tests = tcase_create("train_memory");

    tcase_add_loop_test(tests, memory_of_an_earlier_training_changes_no_bits, 0, MS_PRECISION_COUNT);
    tcase_add_loop_test(tests, the_memory_of_the_smallest_training_suffices_for_an_evaluation, 0,
                        MS_PRECISION_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}
