/* Trajectories that several processes train, compared bit by bit with those that one process trains. The helpers are
 * forked processes, which join and leave at random, and are suspended and killed.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "moonsweep/clock.h"
#include "moonsweep/rng.h"
#include "moonsweep/team.h"
#include "unit.h"

enum { HELPERS = 3, PLACES = HELPERS + 1, DATASETS_MOST = 16, COSTS_MOST = 1 << 16 };

static struct ms_error err;

/* A leader, this process, and its helpers. */
struct group {
    struct ms_kernels kernels;
    struct ms_samples samples[DATASETS_MOST];
    int32_t n_datasets;
    struct ms_team_sizes sizes;
    void *memory;
    struct ms_team *team;
    pid_t helpers[PLACES]; /* from 1; 0: there is none */
};

/* ---- samples --------------------------------------------------------------------------------------------- */

static void add_samples(struct group *group, enum ms_precision precision, int32_t segments, bool weighted)
{
    const int64_t m = (int64_t)segments * 8 * 64 * (precision == MS_FLOAT32 ? 2 : 1) - 37;
    struct ms_samples *samples = &group->samples[group->n_datasets++];
    struct ms_data data;
    struct ms_rng rng;

    ck_assert_int_eq(ms_data_alloc(&data, m, 2, &err), MS_OK);
    ms_rng_seed(&rng, (uint32_t)segments);
    for (int64_t i = 0; i < m; i++) {
        for (int k = 0; k < 2; k++)
            data.X[2 * i + k] = ms_rng_gaussian(&rng);
        data.y[i] = data.X[2 * i] + ms_rng_gaussian(&rng) > 0;
    }
    ck_assert_int_eq(ms_samples_make(samples, &data, precision, NULL, &err), MS_OK);
    ms_data_free(&data);
    ck_assert_int_eq(samples->segments, segments);
    if (weighted)
        ck_assert_int_eq(ms_samples_weigh(samples, (const double[2]){0.5, 1.75}, &err), MS_OK);
}

/* ---- helpers --------------------------------------------------------------------------------------------- */

/* An ms_tick: leaves the team about every eighth time. */
static bool leaves_at_random(void *context)
{
    struct ms_rng *rng = context;

    return ms_rng_gaussian(rng) > 1.15;
}

static _Noreturn void help(const struct group *group, int32_t place)
{
    struct ms_rng rng;
    const struct ms_team_help_spec spec = {
        .samples = group->samples, .kernels = &group->kernels, .tick = leaves_at_random, .context = &rng};
    struct ms_team_helped helped = {.shares = 0};
    struct ms_team *team;
    int32_t leader;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    ms_rng_seed(&rng, (uint32_t)place);
    if (ms_team_open(&group->sizes, group->memory, place, &team, &err) != MS_OK)
        _exit(1);
    ms_team_end_training(team);
    while (ms_team_others_train(team)) {
        if (ms_team_choose(team, &leader))
            ms_team_help(team, leader, &spec, &helped);
        ms_clock_sleep(20e-6);
    }
    _exit(0);
}

static pid_t start_helper(const struct group *group, int32_t place)
{
    const pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        help(group, place);
    return pid;
}

static void open_group(struct group *group, enum ms_precision precision, const char *isa)
{
    *group = (struct group){.sizes = {.places = PLACES}};
    ck_assert_int_eq(ms_kernels_open_all(precision, isa, &group->kernels, &err), MS_OK);
}

/* After the samples have been added. n_h: of the largest network. */
static void start_helpers(struct group *group, int32_t n_h)
{
    size_t bytes;

    for (int32_t d = 0; d < group->n_datasets; d++)
        ms_team_sizes_add(&group->sizes, &group->samples[d], n_h);
    bytes = ms_team_bytes(&group->sizes);
    ck_assert_uint_gt(bytes, 0);
    group->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(group->memory, MAP_FAILED);
    ck_assert_int_eq(ms_team_open(&group->sizes, group->memory, 0, &group->team, &err), MS_OK);
    for (int32_t place = 1; place < PLACES; place++)
        group->helpers[place] = start_helper(group, place);
}

static void close_group(struct group *group)
{
    ms_team_end_training(group->team);
    for (int32_t place = 1; place < PLACES; place++) {
        int status;

        if (group->helpers[place] == 0)
            continue;
        ck_assert_int_eq(kill(group->helpers[place], SIGCONT), 0);
        ck_assert_int_eq(waitpid(group->helpers[place], &status, 0), group->helpers[place]);
        ck_assert_int_eq(status, 0);
    }
    ms_team_close(group->team);
    ck_assert_int_eq(munmap(group->memory, ms_team_bytes(&group->sizes)), 0);
    for (int32_t d = 0; d < group->n_datasets; d++)
        ms_samples_free(&group->samples[d]);
}

/* ---- trainings ------------------------------------------------------------------------------------------- */

/* A training on one of the samples of a group. */
struct training {
    int32_t dataset;
    struct ms_network initial;
    struct ms_train_spec spec;
};

static struct training training_of(const struct group *group, int32_t dataset, enum ms_activation activation,
                                   int32_t n_h)
{
    const struct ms_samples *samples = &group->samples[dataset];
    struct training training = {.dataset = dataset};

    ck_assert_int_eq(ms_network_alloc(&training.initial, 2, n_h, activation, &err), MS_OK);
    ms_network_init(&training.initial, 7, 0.5, samples->precision);
    training.spec = (struct ms_train_spec){.kernel = ms_kernels_for(&group->kernels, activation, n_h),
                                           .samples = samples,
                                           .learning_rate = 0.3,
                                           .computes_recurring = true,
                                           .dataset = dataset};
    return training;
}

/* Trains alone as far as `team` has been trained, and compares all costs and parameters. */
static void compare(const struct training *training, const struct ms_train *team, const double *costs)
{
    static double expected[COSTS_MOST];
    const int64_t iterations = ms_train_iteration(team);
    struct ms_train_spec spec = training->spec;
    struct ms_train *alone;

    spec.team = NULL;
    spec.tick = NULL;
    ck_assert_int_eq(ms_train_open(&spec, &training->initial, 0, &alone, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(alone, iterations, expected), MS_TRAIN_REACHED);
    ck_assert_mem_eq(costs, expected, (size_t)iterations * sizeof *costs);
    ck_assert(ms_network_has_same_bits(ms_train_network(team), ms_train_network(alone)));
    ms_train_close(alone);
}

/* Trains in pieces until helpers have taken part in so many iterations, and compares. */
static void train_together(struct group *group, struct training *training, int64_t together)
{
    static double costs[COSTS_MOST];
    const int64_t before = ms_team_counts(group->team).together;
    struct ms_train *train;

    training->spec.team = group->team;
    ck_assert_int_eq(ms_train_open(&training->spec, &training->initial, 0, &train, &err), MS_OK);
    ms_team_expect(group->team, 1);
    while (ms_team_counts(group->team).together < before + together) {
        const int64_t from = ms_train_iteration(train);

        ck_assert_int_lt(from + 3, COSTS_MOST);
        ck_assert_int_ne(ms_train_run(train, from + 3, costs + from), MS_TRAIN_DIVERGED);
        if (ms_team_counts(group->team).together == before)
            ms_clock_sleep(2e-3);
    }
    compare(training, train, costs);
    ms_train_close(train);
    ms_network_free(&training->initial);
}

/* ---- tests ----------------------------------------------------------------------------------------------- */

/* A third of all combinations of numbers of segments, with and without class weights, and activations, in teams of four
 * and of one in turns. */
static void train_shapes(enum ms_precision precision, const char *isa, int third)
{
    static const int32_t segments[] = {2, 3, 4, 5, 7, 13, 25, 31, 64};
    struct group group;

    open_group(&group, precision, isa);
    for (size_t i = 0; i < sizeof segments / sizeof *segments; i++)
        add_samples(&group, precision, segments[i], i % 3 == 1);
    start_helpers(&group, 6);
    ms_team_fix(group.team, PLACES, 1, 3);
    for (int32_t d = 0; d < group.n_datasets; d++)
        for (int a = (d + third) % 3; a < MS_ACTIVATION_COUNT; a += 3) {
            struct training training = training_of(&group, d, (enum ms_activation)a, a + d % 4 + 1);

            train_together(&group, &training, 6);
        }
    close_group(&group);
}

START_TEST(a_team_computes_the_bits_of_one_process_with_every_kernel)
{
    const struct ms_kernel *kernel;
    enum ms_precision precision = (enum ms_precision)_i;

    for (int k = 0; (kernel = ms_kernel_available(precision, k)) != NULL; k++)
        train_shapes(precision, kernel->isa, k);
}
END_TEST

/* Trains n_h units of tanh on the first samples, which helpers must leave to the leader, and compares. */
static void train_alone(struct group *group, int32_t n_h)
{
    enum { ITERATIONS = 100 };
    struct training training = training_of(group, 0, MS_TANH, n_h);
    struct ms_train *train;
    double costs[ITERATIONS];

    ms_team_fix(group->team, PLACES, 0, 1);
    training.spec.team = group->team;
    ck_assert_int_eq(ms_train_open(&training.spec, &training.initial, 0, &train, &err), MS_OK);
    ck_assert_int_eq(ms_train_run(train, ITERATIONS, costs), MS_TRAIN_REACHED);
    ck_assert_int_eq(ms_team_counts(group->team).alone, ITERATIONS);
    ck_assert_int_eq(ms_team_counts(group->team).together, 0);
    compare(&training, train, costs);
    ms_train_close(train);
    ms_network_free(&training.initial);
}

START_TEST(one_segment_is_trained_alone)
{
    struct group group;

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 1, false);
    add_samples(&group, MS_FLOAT64, 2, false);
    start_helpers(&group, 3);
    train_alone(&group, 3);
    close_group(&group);
}
END_TEST

START_TEST(a_network_that_the_memory_is_too_small_for_is_trained_alone)
{
    struct group group;

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 2, false);
    start_helpers(&group, 3);
    train_alone(&group, 50);
    close_group(&group);
}
END_TEST

/* As slices of trajectories are trained: one stays open while another one is trained, and is then continued. */
START_TEST(trainings_in_turns_have_the_bits_of_one_process_each)
{
    static double costs[2][COSTS_MOST];
    struct group group;
    struct training trainings[2];
    struct ms_train *trains[2];

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 5, false);
    add_samples(&group, MS_FLOAT64, 13, true);
    start_helpers(&group, 8);
    ms_team_fix(group.team, PLACES, 1, 3);
    for (int i = 0; i < 2; i++) {
        trainings[i] = training_of(&group, i, i == 0 ? MS_TANH : MS_RELU, 3 + 5 * i);
        trainings[i].spec.team = group.team;
        ck_assert_int_eq(ms_train_open(&trainings[i].spec, &trainings[i].initial, 0, &trains[i], &err),
                         MS_OK);
    }
    ms_team_expect(group.team, 1);
    for (int64_t until = 3; ms_team_counts(group.team).together < 20; until += 3) {
        ck_assert_int_lt(until, COSTS_MOST);
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(ms_train_run(trains[i], until, costs[i] + ms_train_iteration(trains[i])),
                             MS_TRAIN_REACHED);
        ms_clock_sleep(1e-3);
    }
    for (int i = 0; i < 2; i++) {
        compare(&trainings[i], trains[i], costs[i]);
        ms_train_close(trains[i]);
        ms_network_free(&trainings[i].initial);
    }
    close_group(&group);
}
END_TEST

/* What happens to helpers while the leader trains. */
struct harm {
    struct group *group;
    struct ms_rng rng;
    bool kills;
    int64_t ticks, signals;
};

/* An ms_tick of the leader: suspends or resumes a helper, or kills one now and then and starts another one. */
static bool do_harm(void *context)
{
    struct harm *harm = context;
    const int32_t place = 1 + (int32_t)(harm->ticks++ % HELPERS);
    pid_t *helper = &harm->group->helpers[place];
    const double chance = ms_rng_gaussian(&harm->rng);

    if (harm->kills && chance > 2.3) {
        ck_assert_int_eq(kill(*helper, SIGKILL), 0);
        ck_assert_int_eq(waitpid(*helper, NULL, 0), *helper);
        *helper = start_helper(harm->group, place);
        harm->signals++;
    } else if (!harm->kills) {
        ck_assert_int_eq(kill(*helper, chance > 0.5 ? SIGSTOP : SIGCONT), 0);
        harm->signals++;
    }
    return false;
}

static void train_with_harm(bool kills)
{
    struct group group;
    struct harm harm = {.group = &group, .kills = kills};

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 25, false);
    start_helpers(&group, 10);
    ms_team_fix(group.team, PLACES, 5, 45);
    ms_rng_seed(&harm.rng, 3);
    for (int a = 0; a < MS_ACTIVATION_COUNT || harm.signals < 6; a++) {
        struct training training = training_of(&group, 0, (enum ms_activation)(a % MS_ACTIVATION_COUNT), 10);

        training.spec.tick = do_harm;
        training.spec.context = &harm;
        train_together(&group, &training, TIMES(100));
    }
    close_group(&group);
}

START_TEST(helpers_that_are_suspended_and_resumed_change_no_bits)
{
    train_with_harm(false);
}
END_TEST

/* The slot of a helper that was killed stays taken, and its mark as it was. */
START_TEST(helpers_that_are_killed_change_no_bits)
{
    train_with_harm(true);
}
END_TEST

/* The size that is the quickest is found by the clock. Runs of one iteration are those of a sweep with slow ones. */
START_TEST(a_team_of_its_own_choice_computes_the_same_bits_and_counts_the_time_of_helpers)
{
    static double costs[COSTS_MOST];
    const int64_t run = _i == 0 ? 100 : 1;
    struct group group;
    struct training training;
    struct ms_train *train;

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 64, false);
    start_helpers(&group, 20);
    training = training_of(&group, 0, MS_TANH, _i == 0 ? 10 : 20);
    training.spec.team = group.team;
    ck_assert_int_eq(ms_train_open(&training.spec, &training.initial, 0, &train, &err), MS_OK);
    ms_team_expect(group.team, 1);
    while (ms_team_counts(group.team).together == 0 || ms_team_counts(group.team).cpu_seconds <= 0) {
        const int64_t from = ms_train_iteration(train);

        ck_assert_int_lt(from + run, COSTS_MOST);
        ck_assert_int_eq(ms_train_run(train, from + run, costs + from), MS_TRAIN_REACHED);
    }
    ck_assert_double_ge(ms_train_cpu_seconds(train), ms_team_counts(group.team).cpu_seconds);
    compare(&training, train, costs);
    ms_train_close(train);
    ms_network_free(&training.initial);
    close_group(&group);
}
END_TEST

/* A training at a place, of which one iteration has been made. */
static void begin_at(const struct training *training, struct ms_team *team, double work,
                     struct ms_train **train)
{
    struct ms_train_spec spec = training->spec;
    double cost;

    spec.team = team;
    ck_assert_int_eq(ms_train_open(&spec, &training->initial, 0, train, &err), MS_OK);
    ms_team_expect(team, work);
    ck_assert_int_eq(ms_train_run(*train, 1, &cost), MS_TRAIN_REACHED);
}

enum { TICKS_MOST = 5 };

/* The leader at place 0, while it is helped. */
struct successive {
    const struct training *training;
    struct ms_team *team;
    struct ms_train *train;
    int ticks;
};

/* An ms_tick of its helper: at the first one, the leader ends its training, and begins another one. */
static bool begin_another(void *context)
{
    struct successive *leader = context;

    if (leader->ticks++ == 0) {
        ms_train_close(leader->train);
        begin_at(leader->training, leader->team, 1, &leader->train);
    }
    return leader->ticks == TICKS_MOST;
}

/* Two leaders and a helper, all of this process, which does not compute any share. */
START_TEST(a_helper_leaves_when_its_leader_begins_anew_and_more_is_left_elsewhere)
{
    const bool is_more_elsewhere = _i == 1;
    struct ms_team *other, *own;
    struct ms_train *elsewhere;
    struct ms_team_helped helped = {.shares = 0};
    struct ms_team_help_spec spec = {.tick = begin_another};
    struct successive leader = {.ticks = 0};
    struct group group;
    struct training training;
    int32_t place;

    open_group(&group, MS_FLOAT64, NULL);
    add_samples(&group, MS_FLOAT64, 5, false);
    ms_team_sizes_add(&group.sizes, &group.samples[0], 3);
    group.memory = mmap(NULL, ms_team_bytes(&group.sizes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                        -1, 0);
    ck_assert_ptr_ne(group.memory, MAP_FAILED);
    ck_assert_int_eq(ms_team_open(&group.sizes, group.memory, 0, &group.team, &err), MS_OK);
    ck_assert_int_eq(ms_team_open(&group.sizes, group.memory, 1, &other, &err), MS_OK);
    ck_assert_int_eq(ms_team_open(&group.sizes, group.memory, 2, &own, &err), MS_OK);
    ms_team_end_training(own);
    training = training_of(&group, 0, MS_TANH, 3);
    leader.training = &training;
    leader.team = group.team;
    begin_at(&training, other, is_more_elsewhere ? 10 : 0.1, &elsewhere);
    begin_at(&training, group.team, 100, &leader.train);
    spec.samples = group.samples;
    spec.kernels = &group.kernels;
    spec.context = &leader;

    ck_assert(ms_team_choose(own, &place));
    ck_assert_int_eq(place, 0);
    ms_team_help(own, place, &spec, &helped);
    ck_assert_int_eq(leader.ticks, is_more_elsewhere ? 1 : TICKS_MOST);
    ck_assert(ms_team_choose(own, &place));
    ck_assert_int_eq(place, is_more_elsewhere ? 1 : 0);

    ms_train_close(elsewhere);
    ms_train_close(leader.train);
    ms_network_free(&training.initial);
    ms_team_close(own);
    ms_team_close(other);
    close_group(&group);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("team");
    TCase *tests = tcase_create("team");

    tcase_add_loop_test(tests, a_team_computes_the_bits_of_one_process_with_every_kernel, 0,
                        MS_PRECISION_COUNT);
    tcase_add_test(tests, one_segment_is_trained_alone);
    tcase_add_loop_test(tests, a_helper_leaves_when_its_leader_begins_anew_and_more_is_left_elsewhere, 0, 2);
    tcase_add_test(tests, a_network_that_the_memory_is_too_small_for_is_trained_alone);
    tcase_add_test(tests, trainings_in_turns_have_the_bits_of_one_process_each);
    tcase_add_test(tests, helpers_that_are_suspended_and_resumed_change_no_bits);
    tcase_add_test(tests, helpers_that_are_killed_change_no_bits);
    tcase_add_loop_test(tests, a_team_of_its_own_choice_computes_the_same_bits_and_counts_the_time_of_helpers,
                        0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
