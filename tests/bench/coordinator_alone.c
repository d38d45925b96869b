/* Measures the processor time in which the coordinator handles the messages of any number of ranks, without MPI:
 * docs/benchmarks.md.
 *
 *     coordinator_alone FOLDER RANKS [ROUNDS]
 *
 * Every rank sends the same message at once, so that the figure is also what happens if all do. Prints a line for each
 * kind: its name, and the nanoseconds of one, the median of the rounds. A lease is FINISH, ASK and the answer to it; look
 * is what the coordinator does four times a second without any message, all of it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include "coordinator_case.h"
#include "many_ranks.h"
#include "moonsweep/clock.h"
#include "stopwatch.h"
#include "sweep/coordinator.h"

enum { MOST_ROUNDS = 100, LEASES_OF_RANK = 2 };

/* Longer than the interval between looks for silent ranks. */
static const double look_after_s = 0.3;

struct bench {
    int ranks, rounds;
    struct ms_coordinator *coordinator;
    int64_t *training; /* [ranks] the lease that each rank trains; the next one is the last that it got */
};

static double serve(const struct bench *bench)
{
    const double started_s = stopwatch_now_s();

    ms_coordinator_serve(bench->coordinator);
    return stopwatch_now_s() - started_s;
}

static void send_all(const struct bench *bench, const struct ms_message *message)
{
    for (int rank = 1; rank < bench->ranks; rank++)
        many_ranks_send(rank, message);
}

static void demand_sent(const struct bench *bench, const char *what)
{
    const int64_t sent = many_ranks_sent();

    if (sent == bench->ranks - 1)
        return;
    (void)fprintf(stderr, "coordinator_alone: %s: rank 0 sent %lld messages, not %d\n", what, (long long)sent,
                  bench->ranks - 1);
    exit(EXIT_FAILURE);
}

static double ask(struct bench *bench)
{
    double seconds;

    (void)serve(bench); /* a look that is due */
    send_all(bench, &(struct ms_message){.kind = MS_MESSAGE_ASK});
    seconds = serve(bench);
    demand_sent(bench, "ASK");
    return seconds;
}

static double finish_and_ask(struct bench *bench)
{
    double seconds;

    (void)serve(bench); /* a look that is due */
    for (int rank = 1; rank < bench->ranks; rank++) {
        const struct ms_finish finish = {
            .lease = bench->training[rank], .work = 1e9, .train_s = 1, .seconds = 1};

        many_ranks_send(rank, &(struct ms_message){.kind = MS_MESSAGE_FINISH, .finish = finish});
        many_ranks_send(rank, &(struct ms_message){.kind = MS_MESSAGE_ASK});
        bench->training[rank] = many_ranks_lease(rank);
    }
    seconds = serve(bench);
    demand_sent(bench, "FINISH");
    return seconds;
}

static double report(struct bench *bench)
{
    static const struct ms_totals totals = {
        .iterations = 1, .work_trained = 1, .train_s = 1, .span_s = 1, .best = {.config = -1}};

    (void)serve(bench); /* a look that is due */
    send_all(bench, &(struct ms_message){.kind = MS_MESSAGE_TOTALS, .totals = totals});
    return serve(bench);
}

static void print(const char *name, double seconds, int count)
{
    (void)printf("%s %.1f\n", name, 1e9 * seconds / count);
    (void)fflush(stdout);
}

static void measure(struct bench *bench, const char *name, double (*one)(struct bench *bench))
{
    double seconds[MOST_ROUNDS];

    for (int round = 0; round < bench->rounds; round++)
        seconds[round] = one(bench);
    print(name, stopwatch_median(seconds, bench->rounds), bench->ranks - 1);
}

static double look(struct bench *bench)
{
    ms_clock_sleep(look_after_s);
    return serve(bench) * (bench->ranks - 1); /* of all ranks together */
}

static void leave(struct bench *bench)
{
    static const struct ms_totals totals = {.best = {.config = -1}};
    double seconds;

    (void)serve(bench); /* a look that is due */
    send_all(bench, &(struct ms_message){.kind = MS_MESSAGE_STOP});
    (void)serve(bench);
    demand_sent(bench, "STOP");
    send_all(bench, &(struct ms_message){.kind = MS_MESSAGE_LEFT, .totals = totals});
    seconds = serve(bench);
    demand_sent(bench, "LEFT");
    print("left", seconds, bench->ranks - 1);
}

static void run(struct bench *bench)
{
    print("first_ask", ask(bench), bench->ranks - 1);
    for (int rank = 1; rank < bench->ranks; rank++)
        bench->training[rank] = many_ranks_lease(rank);
    print("ask", ask(bench), bench->ranks - 1);
    measure(bench, "lease", finish_and_ask);
    measure(bench, "totals", report);
    measure(bench, "look", look);
    leave(bench);
}

int main(int argc, char **argv)
{
    struct bench bench = {.ranks = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0,
                          .rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 5};
    struct coordinator_case prepared;
    struct ms_mailbox mailbox;
    struct ms_error err;

    MPI_Init(&argc, &argv);
    if (bench.ranks < 2 || bench.rounds < 1 || bench.rounds > MOST_ROUNDS) {
        (void)fprintf(stderr,
                      "usage: coordinator_alone FOLDER RANKS [ROUNDS], at least 2 ranks, 1 to %d rounds\n",
                      MOST_ROUNDS);
        MPI_Finalize();
        return 64;
    }
    bench.training = calloc((size_t)bench.ranks, sizeof *bench.training);
    coordinator_case_open(&prepared, argv[1], bench.ranks * (bench.rounds + 2 * LEASES_OF_RANK));
    if (bench.training == NULL || !many_ranks_begin(bench.ranks))
        coordinator_case_must(ms_fail_memory(&err, NULL, "for the ranks"), &err);
    ms_mailbox_open(&mailbox, MPI_COMM_WORLD);
    coordinator_case_must(ms_coordinator_open(&prepared.spec, &mailbox, &bench.coordinator, &err), &err);
    run(&bench);
    ms_coordinator_close(bench.coordinator);
    ms_mailbox_close(&mailbox);
    many_ranks_end();
    coordinator_case_close(&prepared);
    free(bench.training);
    MPI_Finalize();
    return EXIT_SUCCESS;
}
