/* The walk along a trajectory: its results, its pieces, and where it stops.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/trajectory.h"

#include <string.h>

#include "moonsweep/moons.h"
#include "stop_counter.h"
#include "unit.h"

enum { COUNTS = 3, MOST_RESULTS = 2 * COUNTS, ROOM = 40, LAST = 100 };

/* A trajectory whose configurations are not numbered by ascending iteration count. */
static const struct ms_grid_member members[COUNTS] = {{12, 7}, {10, 50}, {11, LAST}};

static struct ms_error err;

/* A walk, and everything that the sink received from it. */
struct fixture {
    const struct ms_kernel *kernel;
    struct ms_samples train_samples, dev_samples;
    struct ms_network initial;
    struct ms_train *train;
    struct ms_trajectory trajectory;
    double room[ROOM];

    int64_t begun, ended; /* pieces */
    int64_t largest;      /* the length that begin_piece sets; 0: it leaves the default */
    int64_t iterations, n_costs;
    double costs[LAST + 1]; /* as received */
    struct ms_trajectory_result results[MOST_RESULTS];
    double W1[MOST_RESULTS]; /* the first parameter of each result */
    int n_results;
    int64_t fail_at;           /* the piece whose begin fails; -1: none */
    int fail_result;           /* the result that fails; -1: none */
    int64_t ticks, stop_after; /* ticks of the training; -1: never */
};

static enum ms_code begin_piece(void *context, int64_t *iterations, struct ms_error *error)
{
    struct fixture *fixture = context;

    ck_assert_int_eq(*iterations, ROOM);
    if (fixture->begun++ == fixture->fail_at)
        return ms_fail(error, MS_BUSY, "begin");
    if (fixture->largest > 0)
        *iterations = fixture->largest;
    return MS_OK;
}

static enum ms_code end_piece(void *context, const struct ms_trajectory_piece *piece, struct ms_error *error)
{
    struct fixture *fixture = context;

    (void)error;
    fixture->ended++;
    ck_assert_int_le(piece->iterations, fixture->largest > 0 ? fixture->largest : ROOM);
    ck_assert_int_eq(piece->first_cost, fixture->n_costs);
    ck_assert_double_ge(piece->seconds, 0);
    memcpy(fixture->costs + fixture->n_costs, piece->costs, (size_t)piece->n_costs * sizeof *piece->costs);
    fixture->n_costs += piece->n_costs;
    fixture->iterations += piece->iterations;
    return MS_OK;
}

static enum ms_code take_result(void *context, const struct ms_trajectory_result *result,
                                struct ms_error *error)
{
    struct fixture *fixture = context;

    if (fixture->n_results == fixture->fail_result)
        return ms_fail(error, MS_IO_ERROR, "result");
    ck_assert_int_lt(fixture->n_results, MOST_RESULTS);
    fixture->W1[fixture->n_results] = result->network->W1[0];
    fixture->results[fixture->n_results++] = *result;
    return MS_OK;
}

static bool tick(void *context)
{
    struct fixture *fixture = context;

    return fixture->ticks++ == fixture->stop_after;
}

static const struct ms_trajectory_sink sink = {begin_piece, end_piece, take_result};

static void make_samples(struct ms_samples *samples, int64_t rows, uint32_t seed)
{
    struct ms_data data;

    ck_assert_int_eq(ms_moons_make(rows, 0.2, seed, NULL, &data, &err), MS_OK);
    ck_assert_int_eq(ms_samples_make(samples, &data, MS_FLOAT64, NULL, &err), MS_OK);
    ms_data_free(&data);
}

/* Prepares a walk from iteration 0. */
static void open_fixture(struct fixture *fixture, int64_t rows, enum ms_activation activation, double rate)
{
    struct ms_train_spec spec = {.learning_rate = rate, .tick = tick, .context = fixture};

    *fixture = (struct fixture){.fail_at = -1, .fail_result = -1, .stop_after = -1};
    ck_assert_int_eq(ms_kernel_choose(MS_FLOAT64, NULL, &fixture->kernel, &err), MS_OK);
    make_samples(&fixture->train_samples, rows, 0);
    make_samples(&fixture->dev_samples, 100, 1);
    ck_assert_int_eq(ms_network_alloc(&fixture->initial, 2, 10, activation, &err), MS_OK);
    ms_network_init(&fixture->initial, 0, 0.01, MS_FLOAT64);
    spec.kernel = fixture->kernel;
    spec.samples = &fixture->train_samples;
    ck_assert_int_eq(ms_train_open(&spec, &fixture->initial, 0, &fixture->train, &err), MS_OK);
    fixture->trajectory = (struct ms_trajectory){
        .train = fixture->train,
        .train_samples = &fixture->train_samples,
        .dev_samples = &fixture->dev_samples,
        .members = members,
        .n_members = COUNTS,
        .to = LAST,
        .costs = fixture->room,
        .room = ROOM,
        .sink = &sink,
        .context = fixture,
    };
}

static void close_fixture(struct fixture *fixture)
{
    ms_train_close(fixture->train);
    ms_network_free(&fixture->initial);
    ms_samples_free(&fixture->train_samples);
    ms_samples_free(&fixture->dev_samples);
}

static enum ms_train_state walk(struct fixture *fixture)
{
    enum ms_train_state state;

    ck_assert_int_eq(ms_trajectory_walk(&fixture->trajectory, &state, &err), MS_OK);
    return state;
}

/* Trains without a walk; returns the costs, and the result at iteration `until`. */
static void train_straight(struct fixture *fixture, int64_t until, double *costs,
                           struct ms_trajectory_result *result, double *W1)
{
    const struct ms_train_spec spec = {
        .kernel = fixture->kernel, .samples = &fixture->train_samples, .learning_rate = 0.5};
    struct ms_train *train;

    ck_assert_int_eq(ms_train_open(&spec, &fixture->initial, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, until, costs), MS_TRAIN_REACHED);
    *W1 = ms_train_network(train)->W1[0];
    ck_assert_int_eq(ms_evaluate(fixture->kernel, ms_train_network(train), &fixture->train_samples, NULL,
                                 NULL, &result->train, &err),
                     MS_OK);
    ck_assert_int_eq(ms_evaluate(fixture->kernel, ms_train_network(train), &fixture->dev_samples, NULL, NULL,
                                 &result->dev, &err),
                     MS_OK);
    ms_train_close(train);
}

static void walk_in_pieces_of(int64_t largest, int64_t pieces)
{
    struct fixture fixture;
    double costs[LAST];

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.largest = largest;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.begun, pieces);
    ck_assert_int_eq(fixture.ended, pieces);
    ck_assert_int_eq(fixture.iterations, LAST);
    ck_assert_int_eq(fixture.n_costs, LAST);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    for (int i = 0; i < COUNTS; i++) {
        const struct ms_trajectory_result *result = &fixture.results[i];
        struct ms_trajectory_result straight;
        double W1;

        train_straight(&fixture, members[i].iterations, costs, &straight, &W1);
        ck_assert_int_eq(result->config, members[i].config);
        ck_assert(!result->diverged);
        ck_assert_int_eq(result->iterations_done, members[i].iterations);
        ck_assert(fixture.W1[i] == W1);
        ck_assert(result->train.cost == straight.train.cost && result->dev.cost == straight.dev.cost);
        ck_assert(result->dev.accuracy == straight.dev.accuracy);
        ck_assert(result->last_cost == costs[members[i].iterations - 1]);
        ck_assert(memcmp(costs, fixture.costs, (size_t)members[i].iterations * sizeof *costs) == 0);
    }
    close_fixture(&fixture);
}

START_TEST(results_come_in_ascending_order_with_the_bits_of_one_training)
{
    walk_in_pieces_of(0, 1 + 2 + 2);
}
END_TEST

START_TEST(the_sink_chooses_the_length_of_a_piece)
{
    walk_in_pieces_of(1, LAST);
    walk_in_pieces_of(25, 1 + 2 + 2);
}
END_TEST

START_TEST(a_walk_ends_at_the_requested_iteration)
{
    struct fixture fixture;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.trajectory.to = 60; /* between two counts */
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.iterations, 60);
    ck_assert_int_eq(fixture.n_results, 2);
    close_fixture(&fixture);
}
END_TEST

/* Some walks end at a count, some between two counts, and one makes no iteration. */
START_TEST(several_walks_have_the_results_and_costs_of_one)
{
    static const int64_t ends[] = {3, 7, 30, 50, 50, 60, LAST};
    struct fixture fixture, whole;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    open_fixture(&whole, 300, MS_TANH, 0.5);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        fixture.trajectory.to = ends[i];
        ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
        ck_assert_int_eq(fixture.iterations, ends[i]);
    }
    ck_assert_int_eq(walk(&whole), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.n_costs, LAST);
    ck_assert_mem_eq(fixture.costs, whole.costs, LAST * sizeof *whole.costs);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    for (int i = 0; i < COUNTS; i++) {
        ck_assert_int_eq(fixture.results[i].config, members[i].config);
        ck_assert(fixture.W1[i] == whole.W1[i]);
        ck_assert(fixture.results[i].dev.cost == whole.results[i].dev.cost);
    }
    close_fixture(&fixture);
    close_fixture(&whole);
}
END_TEST

/* The accuracy that ends the trajectory is reached from the beginning on, but it is asked for at iteration 7 first. */
START_TEST(no_rule_applies_where_a_walk_ends_between_two_counts)
{
    struct fixture fixture;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.trajectory.rules.target_dev_accuracy = 1;
    fixture.trajectory.to = 3;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.n_results, 0);
    fixture.trajectory.to = LAST;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_ENDED);
    ck_assert_int_eq(fixture.iterations, 7);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    close_fixture(&fixture);
}
END_TEST

START_TEST(counts_before_the_beginning_of_a_walk_are_skipped)
{
    struct fixture fixture;
    double costs[50];

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    ck_assert_int_eq(ms_train_run(fixture.train, 50, costs), MS_TRAIN_REACHED);
    fixture.n_costs = 50;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.iterations, 50);
    ck_assert_int_eq(fixture.n_results, 1);
    ck_assert_int_eq(fixture.results[0].config, 11);
    close_fixture(&fixture);
}
END_TEST

/* The training begins before the end, and at it. */
static const int beginnings[] = {0, 20, 49, 50};

/* A trajectory is known to end at iteration 50, by its time. */
START_TEST(a_walk_ends_where_the_trajectory_is_known_to_end)
{
    struct fixture fixture;
    struct ms_trajectory_result straight;
    const int from = beginnings[_i];
    double costs[50], W1;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    train_straight(&fixture, 50, costs, &straight, &W1);
    if (from > 0)
        ck_assert_int_eq(ms_train_run(fixture.train, from, costs), MS_TRAIN_REACHED);
    fixture.n_costs = from;
    fixture.trajectory.end = 50;
    fixture.trajectory.cpu_seconds_before = 1e9; /* another run may have used more time */
    fixture.trajectory.rules.max_seconds = 1;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_ENDED);
    ck_assert_int_eq(fixture.iterations, 50 - from);
    ck_assert_int_eq(fixture.n_results, COUNTS - (from >= 7) - (from >= 50));
    for (int i = 0; i < fixture.n_results; i++) {
        const struct ms_trajectory_result *result = &fixture.results[i];
        const bool is_ended = result->config == 11;

        ck_assert_int_eq(result->ended_by, is_ended ? MS_ENDED_BY_TIME : MS_ENDED_BY_NOTHING);
        if (!is_ended)
            continue;
        ck_assert_int_eq(result->iterations_done, 50);
        ck_assert(fixture.W1[i] == W1);
        ck_assert(result->train.cost == straight.train.cost && result->dev.cost == straight.dev.cost);
        ck_assert(result->dev.accuracy == straight.dev.accuracy);
    }
    close_fixture(&fixture);
}
END_TEST

START_TEST(equal_counts_have_equal_results)
{
    static const struct ms_grid_member equal[COUNTS] = {{2, 50}, {0, 50}, {7, 50}};
    struct fixture fixture;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.trajectory.members = equal;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.iterations, 50);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    for (int i = 0; i < COUNTS; i++) {
        ck_assert_int_eq(fixture.results[i].config, equal[i].config);
        ck_assert_int_eq(fixture.results[i].iterations_done, 50);
        ck_assert(fixture.results[i].dev.cost == fixture.results[0].dev.cost);
    }
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_walk_to_where_it_begins_makes_no_calls)
{
    struct fixture fixture;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.trajectory.to = 0;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.begun + fixture.ended + fixture.n_results, 0);
    close_fixture(&fixture);
}
END_TEST

/* This includes a count beyond the end of the walk. */
START_TEST(divergence_ends_all_remaining_configurations)
{
    struct fixture fixture;

    open_fixture(&fixture, 32, MS_RELU, 1e300);
    fixture.trajectory.to = 50;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_DIVERGED);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    for (int i = 0; i < COUNTS; i++) {
        ck_assert(fixture.results[i].diverged);
        ck_assert_int_eq(fixture.results[i].config, members[i].config);
        ck_assert_int_eq(fixture.results[i].iterations_done, ms_train_iteration(fixture.train));
        ck_assert(fixture.results[i].last_cost == fixture.costs[fixture.n_costs - 1]);
    }
    ck_assert_int_eq(fixture.n_costs, ms_train_costs(fixture.train));
    ck_assert_int_lt(fixture.iterations, members[0].iterations);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_tick_stops_a_walk_with_the_costs_so_far_and_without_a_result)
{
    struct fixture fixture;

    open_fixture(&fixture, 200000, MS_TANH, 0.5); /* an iteration takes longer than the time between ticks */
    fixture.stop_after = 2;
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_STOPPED);
    ck_assert_int_eq(fixture.n_results, 0);
    ck_assert_int_eq(fixture.ended, fixture.begun);
    ck_assert_int_eq(fixture.iterations, ms_train_iteration(fixture.train));
    ck_assert_int_lt(fixture.iterations, members[0].iterations);
    close_fixture(&fixture);
}
END_TEST

/* Walks until an evaluation is stopped at one of its ticks, which come during an evaluation of so many samples. */
static void walk_to_stopped_evaluation(struct fixture *fixture, enum ms_activation activation, double rate)
{
    struct stop_counter counter = {.stop_at = 0};

    open_fixture(fixture, 200000, activation, rate);
    fixture->trajectory.to = 50;
    fixture->trajectory.tick = stop_counter_look;
    fixture->trajectory.tick_context = &counter;
    ck_assert_int_eq(walk(fixture), MS_TRAIN_STOPPED);
    ck_assert_int_eq(counter.looks, 1); /* nothing was evaluated after that */
    ck_assert_int_eq(fixture->n_results, 0);
    /* What a checkpoint contains: as many costs as updates. */
    ck_assert_int_eq(fixture->iterations, ms_train_iteration(fixture->train));
    ck_assert_int_eq(fixture->n_costs, fixture->iterations);
    ck_assert_int_eq(ms_train_costs(fixture->train), fixture->iterations);
    fixture->trajectory.tick = NULL;
}

START_TEST(a_stopped_evaluation_is_made_again_from_the_update_before)
{
    struct fixture fixture;
    struct ms_trajectory_result straight;
    double costs[LAST], W1;

    walk_to_stopped_evaluation(&fixture, MS_TANH, 0.5);
    ck_assert_int_eq(fixture.iterations, members[0].iterations - 1);
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_REACHED);
    ck_assert_int_eq(fixture.n_results, 2);
    train_straight(&fixture, members[1].iterations, costs, &straight, &W1);
    ck_assert(fixture.W1[1] == W1);
    ck_assert(fixture.results[1].dev.cost == straight.dev.cost);
    ck_assert_int_eq(fixture.n_costs, members[1].iterations);
    ck_assert(memcmp(costs, fixture.costs, (size_t)fixture.n_costs * sizeof *costs) == 0);
    close_fixture(&fixture);
}
END_TEST

START_TEST(a_stopped_evaluation_after_divergence_is_made_again)
{
    struct fixture fixture;

    walk_to_stopped_evaluation(&fixture, MS_RELU, 1e300);
    ck_assert_int_eq(walk(&fixture), MS_TRAIN_DIVERGED);
    ck_assert_int_eq(fixture.n_results, COUNTS);
    ck_assert(fixture.results[0].diverged);
    ck_assert_int_eq(fixture.n_costs, ms_train_costs(fixture.train));
    close_fixture(&fixture);
}
END_TEST

START_TEST(an_error_of_the_sink_ends_the_walk)
{
    struct fixture fixture;
    enum ms_train_state state;

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.fail_at = 1;
    ck_assert_int_eq(ms_trajectory_walk(&fixture.trajectory, &state, &err), MS_BUSY);
    ck_assert_str_eq(err.text, "begin");
    ck_assert_int_eq(fixture.ended, 1);
    close_fixture(&fixture);

    open_fixture(&fixture, 300, MS_TANH, 0.5);
    fixture.fail_result = 1;
    ck_assert_int_eq(ms_trajectory_walk(&fixture.trajectory, &state, &err), MS_IO_ERROR);
    ck_assert_int_eq(fixture.n_results, 1);
    ck_assert_int_eq(fixture.iterations, 50);
    close_fixture(&fixture);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("trajectory");
    TCase *tests = tcase_create("trajectory");

    tcase_add_test(tests, results_come_in_ascending_order_with_the_bits_of_one_training);
    tcase_add_test(tests, the_sink_chooses_the_length_of_a_piece);
    tcase_add_test(tests, a_walk_ends_at_the_requested_iteration);
    tcase_add_test(tests, several_walks_have_the_results_and_costs_of_one);
    tcase_add_test(tests, no_rule_applies_where_a_walk_ends_between_two_counts);
    tcase_add_test(tests, counts_before_the_beginning_of_a_walk_are_skipped);
    tcase_add_loop_test(tests, a_walk_ends_where_the_trajectory_is_known_to_end, 0,
                        sizeof beginnings / sizeof beginnings[0]);
    tcase_add_test(tests, equal_counts_have_equal_results);
    tcase_add_test(tests, a_walk_to_where_it_begins_makes_no_calls);
    tcase_add_test(tests, divergence_ends_all_remaining_configurations);
    tcase_add_test(tests, a_tick_stops_a_walk_with_the_costs_so_far_and_without_a_result);
    tcase_add_test(tests, a_stopped_evaluation_is_made_again_from_the_update_before);
    tcase_add_test(tests, a_stopped_evaluation_after_divergence_is_made_again);
    tcase_add_test(tests, an_error_of_the_sink_ends_the_walk);
    suite_add_tcase(suite, tests);
    return suite;
}
