/* Compares one process that trains a network with a team of two, and with two processes that train one network each
 * (docs/benchmarks.md).
 *
 *     bench_team [--beside LOOPS] [--seconds SECONDS] [ROUNDS [CASE ...]]
 *
 * Two independent trainings at once show what the machine allows: their speed-up is twice the time of one alone, divided by
 * the time of each of them. All are measured in turns, in wall time, since the processes wait for each other. The team is
 * the one that chooses its size while it trains (moonsweep/team.h); "fixed" is one that always has two members, and
 * "estimated" what that should gain by moonsweep/team_speed.h, from the time of one process.
 *
 * With --beside, so many other programs compute meanwhile, each in a separate session as those of other users are, and
 * each measurement takes as long as several of the turns in which the processes have the cores, unless --seconds says how long.
 * "mean" is the speed-up of the team by the iterations of all rounds, and "again" the same for one process that is measured
 * twice: what chance does.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_case.h"
#include "moonsweep/clock.h"
#include "moonsweep/team.h"
#include "moonsweep/team_speed.h"
#include "stopwatch.h"

enum { ROUNDS = 15, ROUNDS_MOST = 1001, PIECE = 4096 };

/* Small enough for the network to stay in the narrow range. */
static const double learning_rate = 1e-6;

/* The time of each measurement, alone and beside other programs, and how long those run before. */
static const double measured_alone_s = 0.1, measured_beside_s = 0.5, settling_s = 2;

enum { LOOPS_MOST = 80 };

/* How long the second process sleeps when it has nothing to do, as in a sweep. */
static const double idle_s = 10e-3, beginning_s = 20e-3;

enum way { ONE, TEAM, FIXED, TWO, AGAIN /* one, once more */, WAYS };

static const char *const shapes[] = {"tanh 2 50 1600",   "relu 2 50 1600", "tanh 2 10 1600",
                                     "relu 2 10 1600",   "tanh 2 1 1600",  "tanh 2 50 1000000",
                                     "relu 2 50 1000000"};

/* What the two processes share. */
struct shared {
    _Atomic int32_t is_training; /* the second process trains a network itself */
    _Atomic int32_t is_over;
};

/* Both processes of a case. */
struct pair {
    struct bench_case one;
    struct ms_kernels kernels;
    struct ms_team_sizes sizes;
    struct shared *shared;
    void *memory;
    struct ms_team *team;
    pid_t other;
    double measured_s;
};

static void *share(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static struct ms_train_spec spec_of(const struct pair *pair)
{
    return (struct ms_train_spec){.kernel = pair->one.kernel,
                                  .samples = &pair->one.samples,
                                  .learning_rate = learning_rate,
                                  .computes_recurring = true};
}

/* ---- the second process ---------------------------------------------------------------------------------- */

/* An ms_tick: the first process wants something else. */
static bool is_wanted_elsewhere(void *context)
{
    const struct pair *pair = context;

    return pair->shared->is_training != 0 || pair->shared->is_over != 0;
}

static bool is_no_longer_to_train(void *context)
{
    const struct pair *pair = context;

    return pair->shared->is_training == 0 || pair->shared->is_over != 0;
}

static void train_beside(struct pair *pair)
{
    static double costs[PIECE];
    struct ms_train_spec spec = spec_of(pair);
    struct ms_train *train;
    struct ms_error err;

    spec.tick = is_no_longer_to_train;
    spec.context = pair;
    if (ms_train_open(&spec, &pair->one.network, 0, &train, &err) != MS_OK)
        _exit(1);
    while (!is_no_longer_to_train(pair))
        (void)ms_train_run(train, ms_train_iteration(train) + PIECE, costs);
    ms_train_close(train);
}

static _Noreturn void be_the_other(struct pair *pair)
{
    const struct ms_team_help_spec spec = {.samples = &pair->one.samples,
                                           .kernels = &pair->kernels,
                                           .tick = is_wanted_elsewhere,
                                           .context = pair};
    struct ms_team_helped helped = {.shares = 0};
    struct ms_team *team;
    struct ms_error err;
    int32_t leader;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (ms_team_open(&pair->sizes, pair->memory, 1, &team, &err) != MS_OK)
        _exit(1);
    while (pair->shared->is_over == 0) {
        if (pair->shared->is_training != 0)
            train_beside(pair);
        if (ms_team_choose(team, &leader))
            ms_team_help(team, leader, &spec, &helped);
        ms_clock_sleep(idle_s);
    }
    _exit(0);
}

/* ---- the first process ----------------------------------------------------------------------------------- */

/* Seconds of an iteration, after a few that do not count. */
static double time_iterations(struct ms_train *train, double measured_s)
{
    static double costs[PIECE];
    double began_s = 0, elapsed_s = 0;
    int64_t piece = 1, first = 0;

    for (int warming = 2; elapsed_s < measured_s || ms_train_iteration(train) < first + 4;) {
        (void)ms_train_run(train, ms_train_iteration(train) + piece, costs);
        elapsed_s = ms_clock_monotonic_s() - began_s;
        if (warming > 0 && warming-- > 0) {
            began_s = ms_clock_monotonic_s();
            first = ms_train_iteration(train);
            elapsed_s = 0;
        } else if (elapsed_s < measured_s / 16 && piece < PIECE) {
            piece *= 2;
        }
    }
    return elapsed_s / (double)(ms_train_iteration(train) - first);
}

static enum ms_code time_way(struct pair *pair, enum way way, double *seconds, struct ms_error *err)
{
    struct ms_train_spec spec = spec_of(pair);
    struct ms_train *train;
    enum ms_code code;

    spec.team = way == TEAM || way == FIXED ? pair->team : NULL;
    code = ms_train_open(&spec, &pair->one.network, 0, &train, err);
    if (code != MS_OK)
        return code;
    ms_team_fix(pair->team, way == FIXED ? 2 : 0, 0, 1);
    if (spec.team != NULL)
        ms_team_expect(pair->team, 1);
    pair->shared->is_training = way == TWO;
    ms_clock_sleep(beginning_s); /* the other process begins */
    *seconds = time_iterations(train, pair->measured_s);
    pair->shared->is_training = 0;
    ms_train_close(train);
    ms_clock_sleep(beginning_s); /* and ends */
    return MS_OK;
}

static enum ms_code open_pair(const char *text, struct pair *pair, struct ms_error *err)
{
    enum ms_code code = bench_case_make(text, &pair->one, err);

    if (code == MS_OK)
        code = ms_kernels_open(pair->one.samples.precision, pair->one.kernel->isa, &pair->kernels, err);
    if (code != MS_OK)
        return code;
    pair->sizes = (struct ms_team_sizes){.places = 2};
    ms_team_sizes_add(&pair->sizes, &pair->one.samples, pair->one.network.n_h);
    pair->memory = share(ms_team_bytes(&pair->sizes));
    pair->shared = share(sizeof *pair->shared);
    if (pair->memory == NULL || pair->shared == NULL)
        return ms_fail_memory(err, NULL, "for a team");
    code = ms_team_open(&pair->sizes, pair->memory, 0, &pair->team, err);
    if (code == MS_OK)
        pair->other = fork();
    if (pair->other == 0)
        be_the_other(pair);
    return code;
}

static void close_pair(struct pair *pair)
{
    pair->shared->is_over = 1;
    (void)waitpid(pair->other, NULL, 0);
    ms_team_close(pair->team);
    (void)munmap(pair->memory, ms_team_bytes(&pair->sizes));
    (void)munmap(pair->shared, sizeof *pair->shared);
    bench_case_free(&pair->one);
}

/* The quotients of rounds, with their median and the quarters. */
static void print_ratios(const double *over, const double *under, double factor, int rounds)
{
    static double ratios[ROUNDS_MOST];
    double median;

    for (int i = 0; i < rounds; i++)
        ratios[i] = factor * over[i] / under[i];
    median = stopwatch_median(ratios, rounds);
    (void)printf("  %5.2f (%.2f to %.2f)", median, ratios[rounds / 4], ratios[rounds - 1 - rounds / 4]);
}

/* Iterations in a second in all rounds, which take the same time: where turns of processes make rounds very different, that
 * counts, and medians hide it. */
static double mean_rate(const double *iteration_s, int rounds)
{
    double sum = 0;

    for (int i = 0; i < rounds; i++)
        sum += 1 / iteration_s[i];
    return sum / rounds;
}

/* What a team of two should gain. */
static double estimated(const struct bench_case *one, double iteration_s)
{
    const struct ms_team_shape shape = {
        .samples = &one->samples, .n_h = one->network.n_h, .iteration_s = iteration_s};

    return iteration_s / ms_team_speed_iteration_s(&shape, 2);
}

/* The order of the ways in a round. In a series of 20 rounds each follows each other one equally often, because what the
 * processes have just used counts for a while when the system divides the processors. */
static enum way way_in_turn(int round, int turn)
{
    const int step = 1 + round % (WAYS - 1), first = round / (WAYS - 1);

    return (enum way)((first + turn * step) % WAYS); /* WAYS is a prime number */
}

static enum ms_code measure_case(const char *text, int rounds, double measured_s, struct ms_error *err)
{
    static double seconds[WAYS][ROUNDS_MOST];
    struct pair pair;
    double one_s;
    enum ms_code code = open_pair(text, &pair, err);

    pair.measured_s = measured_s;
    for (int i = 0; i < rounds * WAYS && code == MS_OK; i++) {
        const enum way way = way_in_turn(i / WAYS, i % WAYS);

        code = time_way(&pair, way, &seconds[way][i / WAYS], err);
    }
    if (code != MS_OK)
        return code;
    (void)printf("%-36s", text);
    (void)printf("  %5.2f", mean_rate(seconds[TEAM], rounds) / mean_rate(seconds[ONE], rounds));
    (void)printf("  %5.2f", mean_rate(seconds[AGAIN], rounds) / mean_rate(seconds[ONE], rounds));
    print_ratios(seconds[ONE], seconds[TEAM], 1, rounds);
    print_ratios(seconds[ONE], seconds[FIXED], 1, rounds);
    print_ratios(seconds[ONE], seconds[TWO], 2, rounds);
    one_s = stopwatch_median(seconds[ONE], rounds); /* sorts them */
    (void)printf("  %9.2f  %10.2f\n", estimated(&pair.one, one_s), 1e6 * one_s);
    (void)fflush(stdout);
    close_pair(&pair);
    return MS_OK;
}

static enum ms_code measure_shapes(int rounds, double measured_s, struct ms_error *err)
{
    const struct ms_kernel *kernel;
    enum ms_code code = ms_kernel_choose(MS_FLOAT64, NULL, &kernel, err);

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes && code == MS_OK; i++) {
        char text[128];

        (void)snprintf(text, sizeof text, "%s float64 %s", kernel->isa, shapes[i]);
        code = measure_case(text, rounds, measured_s, err);
    }
    return code;
}

/* ---- other programs -------------------------------------------------------------------------------------- */

static _Noreturn void compute_forever(void)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setsid();
    for (volatile uint64_t i = 0;; i++)
        ;
}

static void start_loops(int loops, pid_t pids[LOOPS_MOST])
{
    for (int i = 0; i < loops; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            compute_forever();
    }
}

static void end_loops(int loops, const pid_t pids[LOOPS_MOST])
{
    for (int i = 0; i < loops; i++) {
        if (pids[i] > 0) {
            (void)kill(pids[i], SIGKILL);
            (void)waitpid(pids[i], NULL, 0);
        }
    }
}

/* ---- all cases ------------------------------------------------------------------------------------------- */

/* What the command line asks for. */
struct wanted {
    long loops, rounds; /* loops -1: no option */
    double measured_s;  /* of each measurement */
    int cases;
    char **texts;
};

static struct wanted parse(int argc, char **argv)
{
    struct wanted wanted = {.loops = -1, .rounds = ROUNDS};
    int used = 1;

    for (; used + 1 < argc && strncmp(argv[used], "--", 2) == 0; used += 2) {
        if (strcmp(argv[used], "--beside") == 0)
            wanted.loops = strtol(argv[used + 1], NULL, 10);
        else if (strcmp(argv[used], "--seconds") == 0)
            wanted.measured_s = strtod(argv[used + 1], NULL);
        else
            break;
    }
    if (wanted.measured_s <= 0)
        wanted.measured_s = wanted.loops < 0 ? measured_alone_s : measured_beside_s;
    if (used < argc)
        wanted.rounds = strtol(argv[used++], NULL, 10);
    wanted.cases = argc - used;
    wanted.texts = argv + used;
    return wanted;
}

static enum ms_code measure(const struct wanted *wanted, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    (void)printf("%-36s  %5s  %5s  %-20s  %-20s  %-20s  %9s  %10s\n", "speed-up", "mean", "again", "team",
                 "team of two", "two trainings", "estimated", "one, us");
    if (wanted->cases == 0)
        code = measure_shapes((int)wanted->rounds, wanted->measured_s, err);
    for (int i = 0; i < wanted->cases && code == MS_OK; i++)
        code = measure_case(wanted->texts[i], (int)wanted->rounds, wanted->measured_s, err);
    return code;
}

int main(int argc, char **argv)
{
    const struct wanted wanted = parse(argc, argv);
    pid_t pids[LOOPS_MOST];
    struct ms_error err;

    enum ms_code code;

    if (wanted.rounds < 1 || wanted.rounds > ROUNDS_MOST || wanted.loops > LOOPS_MOST) {
        (void)fprintf(
            stderr,
            "usage: bench_team [--beside LOOPS] [--seconds SECONDS] [ROUNDS [CASE ...]], 1 to %d rounds, "
            "at most %d loops\n",
            ROUNDS_MOST, LOOPS_MOST);
        return ms_exit_status(MS_BAD_USAGE);
    }
    start_loops((int)wanted.loops, pids);
    ms_clock_sleep(wanted.loops > 0 ? settling_s : 0);
    code = measure(&wanted, &err);
    end_loops((int)wanted.loops, pids);
    if (code != MS_OK)
        (void)fprintf(stderr, "bench_team: %s\n", err.text);
    return ms_exit_status(code);
}
