/* Measures the processor time in which a dedicated coordinator receives, handles and answers the messages of other ranks,
 * which train nothing: docs/benchmarks.md.
 *
 *     mpirun -n RANKS coordinator_messages FOLDER [SECONDS]
 *
 * Rank 0 sleeps between polls as in a sweep. In the first phase the others send nothing, in the second they send TOTALS,
 * all together as many in a second as 10,000 ranks do, and in the third they finish leases and ask for the next ones as
 * quickly as they get answers. Prints the nanoseconds of one poll that finds nothing; then for each phase its name, the share of its core that rank 0 used, the messages (or
 * leases) a second, and the nanoseconds of one, without what rank 0 uses if nothing is sent.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

#include "coordinator_case.h"
#include "moonsweep/clock.h"
#include "stopwatch.h"
#include "sweep/coordinator.h"
#include "sweep/wait.h"

/* The sleeps of the coordinator, and those between two looks of a rank that waits for an answer. */
enum { SLEEP_NS = 1000 * 1000 };

/* 10,000 ranks report four times a second. */
static const double reports_per_s = 40000;

enum { POLLS = 20000 };

/* Leases that a rank gets in the third phase at most. */
enum { TRAJECTORIES_OF_RANK = 20000 };

struct rank {
    struct ms_mailbox *mailbox;
    int ranks;
    double seconds; /* of a phase */
};

/* ---- the other ranks ------------------------------------------------------------------------------------- */

static void tell(struct rank *rank, const struct ms_message *message)
{
    ms_mailbox_send(rank->mailbox, MS_COORDINATOR_RANK, message);
}

/* Whether a message of this kind has arrived; others are ignored. */
static bool has_arrived(struct rank *rank, enum ms_message_kind kind, struct ms_message *message)
{
    struct ms_error err;
    bool arrived = true;
    int from;

    while (arrived) {
        coordinator_case_must(ms_mailbox_receive(rank->mailbox, MS_WORKER, &arrived, &from, message, &err),
                              &err);
        if (arrived && message->kind == kind)
            return true;
    }
    return false;
}

static int64_t send_nothing(struct rank *rank)
{
    ms_clock_sleep(rank->seconds);
    return 0;
}

static int64_t send_totals(struct rank *rank)
{
    static const struct ms_message report = {.kind = MS_MESSAGE_TOTALS, .totals = {.best = {.config = -1}}};
    const double started_s = ms_clock_monotonic_s(), rate = reports_per_s / (rank->ranks - 1);
    double now_s = started_s;
    int64_t count = 0;

    while (now_s - started_s < rank->seconds) {
        for (; (double)count < rate * (now_s - started_s); count++)
            tell(rank, &report);
        ms_clock_sleep(1e-9 * SLEEP_NS);
        now_s = ms_clock_monotonic_s();
    }
    return count;
}

/* The answer to the last ASK of a phase is awaited, so that each phase begins without one. */
static int64_t send_leases(struct rank *rank)
{
    const double started_s = ms_clock_monotonic_s();
    struct ms_message answer;
    int64_t count = 0;

    tell(rank, &(struct ms_message){.kind = MS_MESSAGE_ASK});
    for (;;) {
        struct ms_finish finish;

        while (!has_arrived(rank, MS_MESSAGE_LEASE, &answer))
            ms_clock_sleep(1e-10 * SLEEP_NS);
        count++;
        finish = (struct ms_finish){.lease = answer.lease.id, .work = 1e9, .train_s = 1, .seconds = 1};
        tell(rank, &(struct ms_message){.kind = MS_MESSAGE_FINISH, .finish = finish});
        if (ms_clock_monotonic_s() - started_s >= rank->seconds || count == TRAJECTORIES_OF_RANK)
            return count;
        tell(rank, &(struct ms_message){.kind = MS_MESSAGE_ASK});
    }
}

static void leave(struct rank *rank)
{
    static const struct ms_message left = {.kind = MS_MESSAGE_LEFT, .totals = {.best = {.config = -1}}};
    struct ms_message answer;

    tell(rank, &(struct ms_message){.kind = MS_MESSAGE_STOP});
    while (!has_arrived(rank, MS_MESSAGE_ABORT, &answer))
        ms_clock_sleep(1e-9 * SLEEP_NS);
    tell(rank, &left);
    while (!has_arrived(rank, MS_MESSAGE_GOODBYE, &answer))
        ms_clock_sleep(1e-9 * SLEEP_NS);
}

/* ---- phases ---------------------------------------------------------------------------------------------- */

static const struct phase {
    const char *name;
    int64_t (*send)(struct rank *rank); /* returns the number of messages or leases */
} phases[] = {{"idle", send_nothing}, {"totals", send_totals}, {"lease", send_leases}};

/* The processor time of a look for messages when there are none, in nanoseconds: what a rank 0 that trains spends in each
 * tick. */
static double poll_ns(struct ms_coordinator *coordinator)
{
    const double started_s = stopwatch_now_s();

    for (int i = 0; i < POLLS; i++)
        ms_coordinator_serve(coordinator);
    return 1e9 * (stopwatch_now_s() - started_s) / POLLS;
}

/* Rank 0 serves until all others have ended the phase, and returns the share of its core that this took. */
static double serve(struct ms_coordinator *coordinator, double *wall_s)
{
    struct ms_wait wait = ms_wait_begin(SLEEP_NS);
    const double started_s = ms_clock_monotonic_s(), used_s = stopwatch_now_s();
    MPI_Request request;
    int completed = 0;

    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    while (!completed) {
        ms_coordinator_serve(coordinator);
        ms_wait_sleep(&wait);
        MPI_Test(&request, &completed, MPI_STATUS_IGNORE);
    }
    *wall_s = ms_clock_monotonic_s() - started_s;
    return (stopwatch_now_s() - used_s) / *wall_s;
}

static void coordinate(struct coordinator_case *prepared, struct ms_mailbox *mailbox)
{
    struct ms_coordinator *coordinator;
    struct ms_error err;
    double idle = 0;

    coordinator_case_must(ms_coordinator_open(&prepared->spec, mailbox, &coordinator, &err), &err);
    (void)printf("poll %.1f\n", poll_ns(coordinator));
    MPI_Barrier(MPI_COMM_WORLD); /* the others begin the first phase */
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        int64_t own = 0, count;
        double wall_s;
        const double share = serve(coordinator, &wall_s);

        if (i == 0)
            idle = share;
        MPI_Reduce(&own, &count, 1, MPI_INT64_T, MPI_SUM, MS_COORDINATOR_RANK, MPI_COMM_WORLD);
        (void)printf("%s %.5f %.0f %.1f\n", phases[i].name, share, (double)count / wall_s,
                     count > 0 ? 1e9 * (share - idle) * wall_s / (double)count : 0);
        (void)fflush(stdout);
    }
    while (!ms_coordinator_is_over(coordinator)) {
        ms_coordinator_serve(coordinator);
        ms_clock_sleep(1e-9 * SLEEP_NS);
    }
    ms_coordinator_close(coordinator);
}

static void send_phases(struct rank *rank)
{
    MPI_Barrier(MPI_COMM_WORLD);
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        int64_t count = phases[i].send(rank);
        MPI_Request request;

        MPI_Ibarrier(MPI_COMM_WORLD, &request);
        ms_wait_request(&request);
        MPI_Reduce(&count, NULL, 1, MPI_INT64_T, MPI_SUM, MS_COORDINATOR_RANK, MPI_COMM_WORLD);
    }
    leave(rank);
}

int main(int argc, char **argv)
{
    struct rank rank = {.seconds = argc > 2 ? strtod(argv[2], NULL) : 2};
    struct ms_mailbox mailbox;
    int number;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    MPI_Comm_size(MPI_COMM_WORLD, &rank.ranks);
    if (argc < 2 || rank.ranks < 2 || !(rank.seconds > 0)) {
        if (number == 0)
            (void)fprintf(stderr, "usage: mpirun -n RANKS coordinator_messages FOLDER [SECONDS], at least 2 "
                                  "ranks\n");
        MPI_Finalize();
        return 64;
    }
    ms_mailbox_open(&mailbox, MPI_COMM_WORLD);
    rank.mailbox = &mailbox;
    if (number == MS_COORDINATOR_RANK) {
        struct coordinator_case prepared;

        coordinator_case_open(&prepared, argv[1], (rank.ranks - 1) * TRAJECTORIES_OF_RANK);
        coordinate(&prepared, &mailbox);
        coordinator_case_close(&prepared);
    } else {
        send_phases(&rank);
    }
    ms_mailbox_close(&mailbox);
    MPI_Finalize();
    return EXIT_SUCCESS;
}
