/* What the coordinator makes of the reports of the workers, against the same from a list of all reports.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/tally.h"

#include <math.h>

#include "unit.h"

enum { RANKS = 5, REPORTS = 200 };

/* A file of 6 configurations, of which earlier runs have finished some. */
static int32_t n_h[] = {1, 2, 3};
static int64_t iterations[] = {10, 20};
static enum ms_activation activation[] = {MS_TANH};
static double learning_rate[] = {0.5}, init_scale[] = {0.01};
static uint32_t seed[] = {0};
static const struct ms_grid grid = {.n_datasets = 1,
                                    .cost_stride = 1,
                                    .n_n_h = 3,
                                    .n_activation = 1,
                                    .n_learning_rate = 1,
                                    .n_init_scale = 1,
                                    .n_seed = 1,
                                    .n_iterations = 2,
                                    .n_h = n_h,
                                    .activation = activation,
                                    .learning_rate = learning_rate,
                                    .init_scale = init_scale,
                                    .seed = seed,
                                    .iterations = iterations};
static struct ms_writer_scan scan = {
    .done = 7, .diverged = 3, .stopped = 2, .dropped = 4, .best = {.config = 4, .dev_accuracy = 60}};
static struct ms_sweep_spec spec = {.grid = &grid, .scan = &scan};
static const struct ms_work no_work = {.whole = 0};

static struct ms_tally tally;

static void open_at(double now_s)
{
    ck_assert(ms_tally_open(&tally, &spec, RANKS, now_s));
}

/* A whole number from 0 to below - 1. */
static int64_t any(int64_t below)
{
    static uint64_t state = 88172645463325252; /* xorshift64 */

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int64_t)(state >> 11) % below;
}

/* ---- sums ------------------------------------------------------------------------------------------------ */

/* Totals of which every member is another whole number, so that all sums are exact. */
static struct ms_totals any_totals(void)
{
    return (struct ms_totals){
        .iterations = any(1000),
        .work_trained = (double)any(1000),
        .work_spared = (double)any(1000),
        .train_s = (double)any(1000),
        .span_s = (double)any(1000),
        .done = any(1000),
        .diverged = any(1000),
        .best = {.config = any(50) - 1, .dev_accuracy = any(9) == 0 ? NAN : 50 + (double)any(20)},
        .unrecorded = any(1000),
        .checkpoints = any(1000),
        .checkpoint_s = (double)any(1000),
        .suspended_s = (double)any(1000),
        .cpu_s = (double)any(1000),
        .stopped = any(1000),
        .helped_s = (double)any(1000),
        .repeated = any(1000),
    };
}

/* Whether a is in front of b, where the best comes first. */
static bool is_better(const struct ms_best *a, const struct ms_best *b)
{
    if (a->config < 0 || isnan(a->dev_accuracy))
        return false;
    return b->config < 0 || a->dev_accuracy > b->dev_accuracy ||
           (a->dev_accuracy == b->dev_accuracy && a->config < b->config);
}

/* The sum of one member over what each rank has reported last. */
#define SUM(last, member) \
    ((last)[0].member + (last)[1].member + (last)[2].member + (last)[3].member + (last)[4].member)

static void expect_sums(const struct ms_totals last[RANKS])
{
    const struct ms_totals sum = ms_tally_sum(&tally);
    struct ms_best best = scan.best;

    for (int rank = 0; rank < RANKS; rank++)
        if (is_better(&last[rank].best, &best))
            best = last[rank].best;
    ck_assert_int_eq(sum.iterations, SUM(last, iterations));
    ck_assert_double_eq(sum.work_trained, SUM(last, work_trained));
    ck_assert_double_eq(sum.work_spared, SUM(last, work_spared));
    ck_assert_double_eq(sum.train_s, SUM(last, train_s));
    ck_assert_double_eq(sum.span_s, SUM(last, span_s));
    ck_assert_int_eq(sum.done, 7 + SUM(last, done));
    ck_assert_int_eq(sum.diverged, 3 + SUM(last, diverged));
    ck_assert_int_eq(sum.stopped, 2 + SUM(last, stopped));
    ck_assert_int_eq(sum.unrecorded, SUM(last, unrecorded));
    ck_assert_int_eq(sum.checkpoints, SUM(last, checkpoints));
    ck_assert_double_eq(sum.checkpoint_s, SUM(last, checkpoint_s));
    ck_assert_double_eq(sum.suspended_s, SUM(last, suspended_s));
    ck_assert_double_eq(sum.cpu_s, SUM(last, cpu_s));
    ck_assert_double_eq(sum.helped_s, SUM(last, helped_s));
    ck_assert_int_eq(sum.repeated, SUM(last, repeated));
    ck_assert_int_eq(sum.best.config, best.config);
    ck_assert_double_eq(sum.best.dev_accuracy, best.dev_accuracy);
}

START_TEST(the_totals_are_those_of_the_file_and_of_the_last_report_of_each_rank)
{
    struct ms_totals last[RANKS] = {{.iterations = 0}};

    for (int rank = 0; rank < RANKS; rank++)
        last[rank].best = ms_best_none;
    open_at(100);
    expect_sums(last);
    for (int i = 0; i < REPORTS; i++) {
        const int32_t rank = (int32_t)any(RANKS);

        last[rank] = any_totals();
        ms_tally_report(&tally, rank, &last[rank], 100 + 0.25 * i);
        expect_sums(last);
    }
    ms_tally_close(&tally);
}
END_TEST

START_TEST(without_any_result_there_is_no_best_configuration)
{
    const struct ms_best found = scan.best;

    scan.best = ms_best_none;
    open_at(0);
    ck_assert_int_eq(ms_tally_sum(&tally).best.config, -1);
    ms_tally_report(&tally, 3, &(struct ms_totals){.best = {.config = 5, .dev_accuracy = 40}}, 1);
    ck_assert_int_eq(ms_tally_sum(&tally).best.config, 5);
    ms_tally_close(&tally);
    scan.best = found;
}
END_TEST

/* ---- the rate -------------------------------------------------------------------------------------------- */

/* A look at the figures. */
struct look {
    double now_s;
    int64_t iterations; /* so many had been trained */
};

/* The rate at looks[n - 1], from the beginning: a window ends at the first look that is at least two seconds after its start.
 * The rate is that of the last window which has ended, or else that since the start of this one. */
static double rate_of(const struct look *looks, int n)
{
    struct look start = looks[0];
    double rate = 0;

    for (int i = 1; i < n; i++) {
        const double so_far = (double)(looks[i].iterations - start.iterations) /
                              (looks[i].now_s - start.now_s);

        if (looks[i].now_s - start.now_s >= 2) {
            rate = so_far;
            start = looks[i];
            if (i == n - 1)
                return rate;
        } else if (i == n - 1) {
            return rate > 0 ? rate : so_far;
        }
    }
    return rate;
}

START_TEST(the_rate_is_that_of_the_last_window_of_two_seconds)
{
    struct look looks[REPORTS] = {{.now_s = 1000}};
    struct ms_totals totals[RANKS] = {{.iterations = 0}};

    open_at(1000);
    for (int i = 1; i < REPORTS; i++) {
        const int32_t rank = (int32_t)any(RANKS);
        const int64_t trained = i < 100 || i > 140 ? any(400) : 0; /* for some time nothing is trained */

        looks[i].now_s = looks[i - 1].now_s + 0.125 * (double)(1 + any(6));
        looks[i].iterations = looks[i - 1].iterations + trained;
        totals[rank].iterations += trained;
        ms_tally_report(&tally, rank, &totals[rank], looks[i].now_s);
        ck_assert_double_eq(ms_tally_figures(&tally, &no_work, looks[i].now_s).iterations_per_s,
                            rate_of(looks, i + 1));
    }
    ms_tally_close(&tally);
}
END_TEST

/* ---- other figures --------------------------------------------------------------------------------------- */

START_TEST(the_configurations_are_those_of_the_whole_file)
{
    static const int64_t goal[3] = {20, 20, 20};
    struct ms_progress_figures figures;

    open_at(0);
    ms_tally_report(&tally, 1, &(struct ms_totals){.done = 10, .diverged = 20, .stopped = 40}, 1);
    figures = ms_tally_figures(&tally, &no_work, 1);
    ck_assert_int_eq(figures.configs, 6);
    ck_assert_int_eq(figures.done, 17);
    ck_assert_int_eq(figures.diverged, 23);
    ck_assert_int_eq(figures.stopped, 42);
    ck_assert_int_eq(figures.dropped, 4);
    ck_assert_int_eq(figures.best.config, 4);
    ck_assert(!figures.is_bound);
    spec.goal = goal;
    ck_assert(ms_tally_figures(&tally, &no_work, 1).is_bound);
    spec.goal = NULL;
    ms_tally_close(&tally);
}
END_TEST

/* Earlier runs have done 400 of 1000, and this one has trained and spared 100 before these ranks began. */
START_TEST(what_ranks_train_and_spare_is_added_to_the_work_that_is_done)
{
    const struct ms_work work = {.whole = 1000, .left_at_start = 600, .trained = 70, .spared = 30};

    open_at(0);
    ck_assert_double_eq_tol(ms_tally_figures(&tally, &work, 0).fraction, 0.5, 1e-12);
    ms_tally_report(&tally, 0, &(struct ms_totals){.work_trained = 90, .work_spared = 10}, 1);
    ms_tally_report(&tally, 4, &(struct ms_totals){.work_trained = 150, .work_spared = 50}, 1);
    ck_assert_double_eq_tol(ms_tally_figures(&tally, &work, 1).fraction, 0.8, 1e-12);
    ms_tally_close(&tally);
}
END_TEST

/* Each rank holds 100 and does 5 of it in a second, of which a part is spared. After 10 seconds 250 of 1000 are done. */
START_TEST(the_time_that_is_left_follows_from_what_ranks_hold_and_do)
{
    const struct ms_work work = {.whole = 1000, .left_at_start = 1000};
    double left_s;

    open_at(0);
    ck_assert_double_nan(ms_tally_figures(&tally, &work, 0).left_s);
    for (int32_t rank = 0; rank < RANKS; rank++)
        ms_tally_give(&tally, rank, 100, 0);
    for (double now_s = 0.25; now_s <= 10; now_s += 0.25)
        for (int32_t rank = 0; rank < RANKS; rank++)
            ms_tally_report(&tally, rank,
                            &(struct ms_totals){.work_trained = 4 * now_s, .work_spared = now_s}, now_s);
    left_s = ms_tally_figures(&tally, &work, 10).left_s;
    ck_assert_double_eq_tol(left_s, 750.0 / 25, 1e-9);
    ms_tally_close(&tally);
}
END_TEST

/* Each rank does 1 in a second; rank 1 spares it, and rank 2 stops after 15 seconds. */
static void report_all(double seconds)
{
    for (int32_t rank = 0; rank < RANKS - 1; rank++) {
        const double moved_s = rank == 2 ? fmin(seconds, 15) : seconds;
        const struct ms_totals trained = {.work_trained = moved_s}, spared = {.work_spared = moved_s};

        ms_tally_report(&tally, rank, rank == 1 ? &spared : &trained, 50 + seconds);
    }
}

START_TEST(a_rank_that_holds_work_and_makes_no_progress_is_named)
{
    struct ms_progress_figures figures;

    open_at(50);
    for (int32_t rank = 0; rank < RANKS - 1; rank++) /* the last rank has nothing to do */
        ms_tally_give(&tally, rank, 1000, 50);
    for (double seconds = 0.5; seconds <= 25; seconds += 0.5)
        report_all(seconds);
    figures = ms_tally_figures(&tally, &no_work, 75);
    ck_assert_int_eq(figures.stalled_rank, -1);
    ck_assert_double_eq(figures.stalled_s, 0);
    for (double seconds = 25.5; seconds <= 30; seconds += 0.5)
        report_all(seconds);
    figures = ms_tally_figures(&tally, &no_work, 80);
    ck_assert_int_eq(figures.stalled_rank, 2);
    ck_assert_double_eq(figures.stalled_s, 15);
    ms_tally_close(&tally);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tally");
    TCase *tests = tcase_create("tally");

    tcase_add_test(tests, the_totals_are_those_of_the_file_and_of_the_last_report_of_each_rank);
    tcase_add_test(tests, without_any_result_there_is_no_best_configuration);
    tcase_add_test(tests, the_rate_is_that_of_the_last_window_of_two_seconds);
    tcase_add_test(tests, the_configurations_are_those_of_the_whole_file);
    tcase_add_test(tests, what_ranks_train_and_spare_is_added_to_the_work_that_is_done);
    tcase_add_test(tests, the_time_that_is_left_follows_from_what_ranks_hold_and_do);
    tcase_add_test(tests, a_rank_that_holds_work_and_makes_no_progress_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
