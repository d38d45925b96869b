/* Trainings whose parameters recur exactly: what is not computed has the same bits as what is.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/moons.h"
#include "moonsweep/train.h"
#include "train/cycle.h"
#include "unit.h"

enum { ITERATIONS = 2000 };

static struct ms_error err;

/* Relu networks on two moons whose parameters recur with these periods. */
static const struct {
    int64_t samples;
    int32_t n_h;
    double learning_rate;
    int period;
} recurring[] = {{10, 1, 2, 2}, {28, 3, 1.2, 1}};

enum { RECURRING = sizeof recurring / sizeof recurring[0] };

struct fixture {
    struct ms_samples samples;
    struct ms_network initial;
    struct ms_train_spec spec;
};

static void open_fixture(struct fixture *fixture, enum ms_precision precision, int i)
{
    struct ms_data data;

    *fixture = (struct fixture){.spec = {.learning_rate = recurring[i].learning_rate}};
    ck_assert_int_eq(ms_moons_make(recurring[i].samples, 0.25, 0, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(&fixture->samples, &data, precision, NULL, &err), MS_OK);
    ms_data_free(&data);
    ck_assert_int_eq(ms_kernel_choose(precision, NULL, &fixture->spec.kernel, &err), MS_OK);
    fixture->spec.samples = &fixture->samples;
    ck_assert_int_eq(ms_network_alloc(&fixture->initial, 2, recurring[i].n_h, MS_RELU, &err), MS_OK);
    ms_network_init(&fixture->initial, 0, 0.01, precision);
}

static void close_fixture(struct fixture *fixture)
{
    ms_network_free(&fixture->initial);
    ms_samples_free(&fixture->samples);
}

static struct ms_train *begin(const struct fixture *fixture, bool computes_recurring)
{
    struct ms_train_spec spec = fixture->spec;
    struct ms_train *train;

    spec.computes_recurring = computes_recurring;
    ck_assert_int_eq(ms_train_open(&spec, &fixture->initial, 0, &train, &err), MS_OK);
    return train;
}

/* Trains both to the same iteration, and compares costs and parameters. */
static void advance_both(struct ms_train *computed, struct ms_train *known, int64_t until)
{
    const size_t count = (size_t)(until - ms_train_iteration(computed));
    double expected[ITERATIONS], actual[ITERATIONS];

    ck_assert_int_eq(ms_train_run(computed, until, expected), MS_TRAIN_REACHED);
    ck_assert_int_eq(ms_train_run(known, until, actual), MS_TRAIN_REACHED);
    ck_assert_int_eq(ms_train_iteration(known), until);
    ck_assert_int_eq(ms_train_costs(known), until);
    ck_assert_mem_eq(actual, expected, count * sizeof *actual);
    ck_assert(ms_network_has_same_bits(ms_train_network(computed), ms_train_network(known)));
}

START_TEST(costs_and_parameters_have_the_same_bits_at_every_iteration)
{
    const enum ms_precision precision = _i < RECURRING ? MS_FLOAT64 : MS_FLOAT32;
    struct ms_train *computed, *known;
    struct fixture fixture;

    open_fixture(&fixture, precision, _i % RECURRING);
    computed = begin(&fixture, true);
    known = begin(&fixture, false);
    for (int64_t until = 1; until <= ITERATIONS; until += until < 1900 ? 13 : 1)
        advance_both(computed, known, until);
    ck_assert_int_eq(ms_train_repeated(computed), 0);
    ck_assert_int_gt(ms_train_repeated(known), ITERATIONS / 2);
    ms_train_close(computed);
    ms_train_close(known);
    close_fixture(&fixture);
}
END_TEST

START_TEST(the_examples_are_a_fixed_point_and_a_cycle_of_two)
{
    struct fixture fixture;
    struct ms_train *train;
    double costs[ITERATIONS];

    open_fixture(&fixture, MS_FLOAT64, _i);
    train = begin(&fixture, true);
    ck_assert_int_eq(ms_train_run(train, ITERATIONS, costs), MS_TRAIN_REACHED);
    ck_assert(costs[ITERATIONS - 1] == costs[ITERATIONS - 3]);
    ck_assert_int_eq(costs[ITERATIONS - 1] == costs[ITERATIONS - 2], recurring[_i].period == 1);
    ms_train_close(train);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_training_that_resumes_within_the_cycle_has_the_same_bits)
{
    struct ms_train *first, *resumed;
    struct fixture fixture;
    double costs[ITERATIONS];

    open_fixture(&fixture, MS_FLOAT64, _i % RECURRING);
    first = begin(&fixture, true);
    ck_assert_int_eq(ms_train_run(first, 1500 + _i / RECURRING, costs), MS_TRAIN_REACHED);
    ck_assert_int_eq(
        ms_train_open(&fixture.spec, ms_train_network(first), 1500 + _i / RECURRING, &resumed, &err), MS_OK);
    for (int64_t until = 1510; until < ITERATIONS; until += 33)
        advance_both(first, resumed, until);
    ck_assert_int_gt(ms_train_repeated(resumed), 300);
    ms_train_close(first);
    ms_train_close(resumed);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_step_back_within_the_cycle_is_made_good_with_the_same_bits)
{
    struct ms_train *computed, *known;
    struct fixture fixture;

    open_fixture(&fixture, MS_FLOAT64, _i);
    computed = begin(&fixture, true);
    known = begin(&fixture, false);
    for (int64_t until = 1; until < ITERATIONS; until++) {
        int64_t repeated;

        advance_both(computed, known, until);
        repeated = ms_train_repeated(known);
        ms_train_step_back(computed);
        ms_train_step_back(known);
        ck_assert_int_eq(ms_train_iteration(known), until - 1);
        ck_assert(ms_network_has_same_bits(ms_train_network(computed), ms_train_network(known)));
        advance_both(computed, known, until);
        ck_assert_int_le(ms_train_repeated(known), repeated + 1);
    }
    ms_train_close(computed);
    ms_train_close(known);
    close_fixture(&fixture);
}
END_TEST

static bool tick(void *context)
{
    const bool *stops = context;

    return *stops;
}

/* A trajectory may have so many iterations that storing known costs takes minutes. */
START_TEST(known_iterations_can_be_stopped)
{
    struct fixture fixture;
    struct ms_train *train;
    double costs[ITERATIONS];
    bool stops = false;

    open_fixture(&fixture, MS_FLOAT64, _i);
    fixture.spec.tick = tick;
    fixture.spec.context = &stops;
    train = begin(&fixture, false);
    ck_assert_int_eq(ms_train_run(train, 1500, costs), MS_TRAIN_REACHED);
    ck_assert_int_gt(ms_train_repeated(train), 0);
    stops = true;
    ck_assert_int_eq(ms_train_run(train, ITERATIONS, costs), MS_TRAIN_STOPPED);
    ck_assert_int_eq(ms_train_iteration(train), 1500);
    stops = false;
    ck_assert_int_eq(ms_train_run(train, ITERATIONS, costs), MS_TRAIN_REACHED);
    ms_train_close(train);
    close_fixture(&fixture);
}
END_TEST

/* ---- equal costs of different parameters -------------------------------------------------------------------- */

/* Notes equal costs, and shows the parameters a and b in turns for `period` iterations each. */
static bool is_found(const struct ms_network *a, const struct ms_network *b, int period)
{
    struct ms_network kept;
    struct ms_cycle cycle;
    bool found = false;

    ck_assert_int_eq(ms_network_alloc(&kept, a->n_x, a->n_h, a->activation, &err), MS_OK);
    ms_cycle_begin(&cycle, &kept);
    for (int64_t i = 0; !found && i < 10 * MS_CYCLE_COSTS; i++) {
        ms_cycle_note(&cycle, i, 0.25);
        ms_cycle_look(&cycle, i / period % 2 == 0 ? a : b);
        found = cycle.is_found;
    }
    ms_network_free(&kept);
    return found;
}

START_TEST(parameters_recur_only_if_all_their_bits_do)
{
    struct ms_network a, b;

    ck_assert_int_eq(ms_network_alloc(&a, 2, 3, MS_TANH, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&b, 2, 3, MS_TANH, &err), MS_OK);
    ms_network_init(&a, 1, 1, MS_FLOAT64);
    ms_network_copy(&b, &a);
    ck_assert(is_found(&a, &b, 2));
    for (int64_t i = 0; i < ms_network_size(&a); i++) {
        double *one = i < ms_network_size(&a) - 1 ? &a.W1[i] : &a.b2;
        double *other = i < ms_network_size(&a) - 1 ? &b.W1[i] : &b.b2;
        const double before = *one;

        *one = 0;
        *other = -0.0;
        ck_assert_msg(!is_found(&a, &b, 2), "parameter %lld", (long long)i);
        ck_assert(is_found(&a, &b, 1)); /* a, b, a, b, ... is a cycle of two */
        *one = *other = before;
    }
    ms_network_free(&a);
    ms_network_free(&b);
}
END_TEST

START_TEST(costs_that_do_not_recur_long_enough_are_not_followed_by_a_comparison)
{
    struct ms_network network, kept;
    struct ms_cycle cycle;

    ck_assert_int_eq(ms_network_alloc(&network, 2, 3, MS_TANH, &err), MS_OK);
    ck_assert_int_eq(ms_network_alloc(&kept, 2, 3, MS_TANH, &err), MS_OK);
    kept.b2 = 1;
    ms_cycle_begin(&cycle, &kept);
    for (int64_t i = 0; i < 10 * MS_CYCLE_COSTS; i++) {
        ms_cycle_note(&cycle, i, i % (MS_CYCLE_COSTS - 2) == 0 ? 0.5 : 0.25);
        ms_cycle_look(&cycle, &network);
    }
    ck_assert_double_eq(cycle.kept.b2, 1); /* nothing was kept */
    ck_assert(!cycle.is_found);
    ms_network_free(&kept);
    ms_network_free(&network);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cycle");
    TCase *tests = tcase_create("cycle");

    tcase_add_loop_test(tests, costs_and_parameters_have_the_same_bits_at_every_iteration, 0, 2 * RECURRING);
    tcase_add_loop_test(tests, the_examples_are_a_fixed_point_and_a_cycle_of_two, 0, RECURRING);
    tcase_add_loop_test(tests, a_training_that_resumes_within_the_cycle_has_the_same_bits, 0, 2 * RECURRING);
    tcase_add_loop_test(tests, a_step_back_within_the_cycle_is_made_good_with_the_same_bits, 0, RECURRING);
    tcase_add_loop_test(tests, known_iterations_can_be_stopped, 0, RECURRING);
    tcase_add_test(tests, parameters_recur_only_if_all_their_bits_do);
    tcase_add_test(tests, costs_that_do_not_recur_long_enough_are_not_followed_by_a_comparison);
    suite_add_tcase(suite, tests);
    return suite;
}
