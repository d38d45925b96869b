/* SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/plan.h"

#include <math.h>
#include <stdlib.h>

#include "moonsweep/simulate.h"
#include "unit.h"

/* ---- a simulated cluster ------------------------------------------------------------------------------- */

/* What is observed of a simulated sweep (moonsweep/simulate.h). */
struct cluster {
    const struct ms_plan_spec *spec;
    double seconds_per_work;
    bool *leaving;        /* [ranks] */
    uint8_t *times_given; /* [trajectories] */
    double total_work;
    double given_work; /* work of all leases so far */
    int64_t leases;
    double smallest_before_end; /* work of the smallest bundle while much work was left */
};

static double work_of(const struct ms_plan_spec *spec, const struct ms_lease *lease)
{
    double work = 0;

    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++)
        work += spec->cost[t] * (double)(spec->to_iteration[t] - lease->from_iteration);
    return work;
}

/* An ms_simulate_observer: checks an answer of the plan. */
static void check_answer(void *context, const struct ms_plan *plan, const struct ms_plan_answer *answer,
                         double now_s)
{
    struct cluster *cluster = context;
    const struct ms_plan_spec *spec = cluster->spec;
    const struct ms_lease *lease = &answer->lease;
    const double least_s = fmax(0.010, 0.0002 * spec->trainers);
    int64_t longest = 0, wrong = 0; /* one assertion for all, since Check writes to a file for each */
    double work;

    if (answer->leave) {
        cluster->leaving[answer->rank] = true;
        return;
    }
    for (int64_t t = lease->first_trajectory; t < lease->first_trajectory + lease->count; t++) {
        wrong += spec->finished[t] || spec->from_iteration[t] != lease->from_iteration;
        cluster->times_given[t]++;
        if (spec->to_iteration[t] > longest)
            longest = spec->to_iteration[t];
    }
    work = work_of(spec, lease);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_ge(lease->count, 1);
    ck_assert_int_eq(lease->to_iteration, longest);
    ck_assert_int_eq(lease->id, spec->next_lease + cluster->leases);
    ck_assert_double_eq(answer->work, work);
    cluster->leases++;
    cluster->given_work += work;
    if (now_s > 0 &&
        (ms_plan_work(plan) - cluster->given_work) * cluster->seconds_per_work > 4 * spec->trainers * least_s)
        cluster->smallest_before_end = fmin(cluster->smallest_before_end, work);
}

static void *allocate(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);

    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* Simulates a whole sweep and returns its makespan. The caller frees the cluster with close_cluster. */
static double run(struct cluster *cluster, const struct ms_plan_spec *spec, double seconds_per_work)
{
    struct ms_simulation simulation;
    struct ms_error err;
    double *seconds = allocate(spec->trajectories, sizeof *seconds);

    *cluster = (struct cluster){.spec = spec, .seconds_per_work = seconds_per_work};
    cluster->smallest_before_end = INFINITY;
    cluster->leaving = allocate(spec->ranks, sizeof *cluster->leaving);
    cluster->times_given = allocate(spec->trajectories, sizeof *cluster->times_given);
    for (int64_t t = 0; t < spec->trajectories; t++) {
        const double work = spec->cost[t] * (double)(spec->to_iteration[t] - spec->from_iteration[t]);

        seconds[t] = work * seconds_per_work;
        cluster->total_work += spec->finished[t] ? 0 : work;
    }
    ck_assert_int_eq(ms_simulate(spec, seconds, check_answer, cluster, &simulation, &err), MS_OK);
    ck_assert_int_eq(simulation.leases, cluster->leases);
    free(seconds);
    return simulation.wall_s;
}

static void close_cluster(struct cluster *cluster)
{
    const struct ms_plan_spec *spec = cluster->spec;
    int64_t wrong = 0;

    for (int64_t t = 0; t < spec->trajectories; t++)
        wrong += cluster->times_given[t] != (spec->finished[t] ? 0 : 1);
    for (int32_t rank = 0; rank < spec->ranks; rank++)
        wrong += cluster->leaving[rank] != (rank >= spec->ranks - spec->trainers);
    ck_assert_int_eq(wrong, 0);
    free(cluster->leaving);
    free(cluster->times_given);
}

/* ---- jobs ---------------------------------------------------------------------------------------------- */

struct job {
    struct ms_plan_spec spec;
    double *cost;
    int64_t *from_iteration, *to_iteration;
    bool *finished;
};

static struct job make_job(int64_t trajectories, int64_t iterations, int32_t ranks)
{
    struct job job = {
        .cost = allocate(trajectories, sizeof *job.cost),
        .from_iteration = allocate(trajectories, sizeof *job.from_iteration),
        .to_iteration = allocate(trajectories, sizeof *job.to_iteration),
        .finished = allocate(trajectories, sizeof *job.finished),
    };

    for (int64_t t = 0; t < trajectories; t++) {
        job.cost[t] = 1000;
        job.to_iteration[t] = iterations;
    }
    job.spec = (struct ms_plan_spec){
        .trajectories = trajectories,
        .cost = job.cost,
        .from_iteration = job.from_iteration,
        .finished = job.finished,
        .to_iteration = job.to_iteration,
        .ranks = ranks,
        .trainers = ranks,
    };
    return job;
}

static void free_job(struct job *job)
{
    free(job->cost);
    free(job->from_iteration);
    free(job->to_iteration);
    free(job->finished);
}

/* Returns the 105 trajectories of the article's sweep. */
static struct job make_default_job(int32_t ranks)
{
    static const int32_t n_h[] = {1, 2, 3, 4, 5, 10, 50};
    struct job job = make_job(105, 100000, ranks);

    for (int t = 0; t < 105; t++)
        job.cost[t] = ms_plan_cost((enum ms_activation)(t / 5 % 3), 2, n_h[t / 15], 1600);
    return job;
}

/* Returns a pseudo-random number in [0, 1) from a 64-bit linear congruential generator (Knuth's MMIX constants). */
static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Returns the best makespan that a schedule without preemption can guarantee: the mean load, plus the longest lease in
 * case it starts last. A bundle is up to twice as long as the smallest lease. */
static double worst_s(const struct cluster *cluster)
{
    const struct ms_plan_spec *spec = cluster->spec;
    double longest_s = 2 * fmax(0.010, 0.0002 * spec->trainers);

    for (int64_t t = 0; t < spec->trajectories; t++) {
        double work = spec->cost[t] * (double)(spec->to_iteration[t] - spec->from_iteration[t]);

        if (!spec->finished[t])
            longest_s = fmax(longest_s, work * cluster->seconds_per_work);
    }
    return cluster->total_work * cluster->seconds_per_work / spec->trainers + longest_s;
}

/* ---- tests --------------------------------------------------------------------------------------------- */

START_TEST(every_trajectory_is_trained_once_and_no_rank_waits_while_there_is_work)
{
    static const int32_t ranks[] = {1, 2, 3, 7, 64, 1000};

    for (int i = 0; i < 6; i++) {
        struct job job = make_job(3000, 1000000, ranks[i]);
        struct cluster cluster;
        uint64_t state = 1;
        double makespan_s;

        job.spec.next_lease = 17;
        for (int t = 0; t < 3000; t++) {
            job.cost[t] = 10 + 1e5 * pow(noise(&state), 8); /* many short ones and a few long ones */
            job.finished[t] = noise(&state) < 0.2;
            job.to_iteration[t] = 500000 + (int64_t)(500000 * noise(&state));
            job.from_iteration[t] = noise(&state) < 0.05 ? 100000 : 0;
        }
        makespan_s = run(&cluster, &job.spec, 1e-9);
        ck_assert_double_le(makespan_s, worst_s(&cluster));
        close_cluster(&cluster);
        free_job(&job);
    }
}
END_TEST

START_TEST(the_default_sweep_on_two_ranks_ends_within_1_percent_of_the_bound)
{
    struct job job = make_default_job(2);
    struct cluster cluster;
    double makespan_s = run(&cluster, &job.spec, 0.29e-9);

    ck_assert_double_le(makespan_s, 1.01 * cluster.total_work * 0.29e-9 / 2);
    ck_assert_int_eq(cluster.leases, 105);
    close_cluster(&cluster);
    free_job(&job);
}
END_TEST

START_TEST(the_longest_trajectories_are_given_out_first)
{
    struct job job = make_default_job(1);
    struct ms_plan *plan;
    struct ms_plan_answer answer;
    struct ms_error err;
    double previous = INFINITY;

    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    for (int i = 0; i < 105; i++) {
        ck_assert(ms_plan_ask(plan, 0));
        ck_assert(ms_plan_next_answer(plan, &answer));
        ck_assert(!answer.leave);
        ck_assert_double_le(job.cost[answer.lease.first_trajectory], previous);
        previous = job.cost[answer.lease.first_trajectory];
        ck_assert(ms_plan_finish(plan, 0, answer.lease.id, 1, 1.3e-9));
    }
    ck_assert(ms_plan_is_done(plan));
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

START_TEST(equal_trajectories_take_no_more_rounds_than_necessary)
{
    /* 105 on 64 ranks and 15,000 on 10,000 take two rounds. If a lease waited in a queue, they would take three. */
    static const int64_t trajectories[] = {105, 15000};
    static const int32_t ranks[] = {64, 10000};

    for (int i = 0; i < 2; i++) {
        struct job job = make_job(trajectories[i], 1000000, ranks[i]);
        struct cluster cluster;
        double makespan_s = run(&cluster, &job.spec, 1e-8); /* 10 s each */

        ck_assert_double_eq_tol(makespan_s, 20, 1e-6);
        close_cluster(&cluster);
        free_job(&job);
    }
}
END_TEST

START_TEST(a_million_small_trajectories_on_ten_thousand_ranks_stay_near_the_bound)
{
    struct job job = make_job(1000000, 1000000, 10000);
    struct cluster cluster;
    double makespan_s = run(&cluster, &job.spec, 1e-9); /* 1 s each: 100 s per rank, 2 s per lease */
    double bound_s = cluster.total_work * 1e-9 / 10000;

    ck_assert_double_le(makespan_s, 1.03 * bound_s);
    ck_assert_double_ge(cluster.smallest_before_end * 1e-9, 2.0 - 1e-9);
    /* One coordinator can serve 5,000 leases a second. */
    ck_assert_double_le((double)cluster.leases, makespan_s * 5000 * 1.5);
    close_cluster(&cluster);
    free_job(&job);
}
END_TEST

START_TEST(small_trajectories_are_bundled_to_ten_milliseconds_and_bundles_shrink_near_the_end)
{
    struct job job = make_job(20000, 100, 2);
    struct cluster cluster;
    double makespan_s = run(&cluster, &job.spec, 1.2e-9); /* 120 us each */
    double bound_s = cluster.total_work * 1.2e-9 / 2;

    ck_assert_double_ge(cluster.smallest_before_end * 1.2e-9, 0.010 - 1e-9);
    ck_assert_double_le(makespan_s - bound_s, 0.002); /* far less than a lease of 10 ms */
    ck_assert_int_le(cluster.leases, 20000 / 80);
    close_cluster(&cluster);
    free_job(&job);
}
END_TEST

START_TEST(the_size_of_bundles_follows_the_measured_speed)
{
    struct job job = make_job(100000, 1000, 1);
    struct cluster fast, slow;

    run(&fast, &job.spec, 0.3e-9);
    run(&slow, &job.spec, 3e-9);
    /* Both speeds are measured: training that is ten times slower needs about ten times the leases. */
    ck_assert_int_gt(slow.leases, 5 * fast.leases);
    close_cluster(&fast);
    close_cluster(&slow);
    free_job(&job);
}
END_TEST

START_TEST(a_coordinator_that_does_not_train_is_given_nothing)
{
    struct job job = make_default_job(5);
    struct cluster cluster;

    job.spec.trainers = 4;
    run(&cluster, &job.spec, 1e-9);
    ck_assert(!cluster.leaving[0]);
    ck_assert(cluster.leaving[1]);
    close_cluster(&cluster);
    free_job(&job);
}
END_TEST

START_TEST(after_a_stop_every_request_is_answered_with_leave)
{
    struct job job = make_job(3, 1000000, 2);
    struct ms_plan *plan;
    struct ms_plan_answer answer;
    struct ms_error err;

    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    ck_assert(ms_plan_ask(plan, 0));
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(!answer.leave);
    ck_assert(ms_plan_ask(plan, 0)); /* ahead: it has to wait, since rank 1 may need the rest */
    ck_assert(!ms_plan_next_answer(plan, &answer));
    ms_plan_stop(plan);
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(answer.leave);
    ck_assert_int_eq(answer.rank, 0);
    ck_assert(ms_plan_ask(plan, 1));
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(answer.leave);
    ck_assert(!ms_plan_is_done(plan));
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

/* Asks for the next lease of a rank, which must get one. */
static struct ms_lease next_lease(struct ms_plan *plan, int32_t rank)
{
    struct ms_plan_answer answer;

    ck_assert(ms_plan_ask(plan, rank));
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(!answer.leave);
    ck_assert_int_eq(answer.rank, rank);
    return answer.lease;
}

static void fill_costs(struct job *job, double cost)
{
    for (int64_t t = 0; t < job->spec.trajectories; t++)
        job->cost[t] = cost;
}

static void check_slots(const struct ms_lease *lease, int32_t first)
{
    ck_assert_int_eq(lease->slots[0], first);
    ck_assert_int_eq(lease->slots[1], first < 0 ? -1 : first + 1);
}

START_TEST(each_lease_has_separate_slots_until_it_is_finished)
{
    struct job job = make_job(5, 100000000, 3);
    struct ms_lease first, second, third;
    struct ms_plan *plan;
    struct ms_error err;

    fill_costs(&job, 1000);
    job.spec.pairs = 2;
    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    first = next_lease(plan, 0);
    second = next_lease(plan, 1);
    third = next_lease(plan, 2);
    check_slots(&first, 0);
    check_slots(&second, 2);
    check_slots(&third, -1); /* no pair is left: the lease has none, which is counted */
    ck_assert_int_eq(ms_plan_unprotected(plan), 1);
    ck_assert(ms_plan_finish(plan, 1, second.id, 1, 1));
    second = next_lease(plan, 1);
    check_slots(&second, 2);
    ck_assert(ms_plan_finish(plan, 2, third.id, 1, 1)); /* it had no slots */
    third = next_lease(plan, 2);
    check_slots(&third, -1);
    ck_assert_int_eq(ms_plan_unprotected(plan), 2);
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

START_TEST(a_trajectory_with_a_checkpoint_is_a_lease_by_itself_with_the_same_slots)
{
    /* Six trajectories that are so small that they are bundled, except the one with a checkpoint. There is nothing to
     * do for the first one at present, but its checkpoint is kept. */
    struct job job = make_job(6, 10, 1);
    int32_t pair[] = {0, -1, -1, 2, -1, -1};
    struct ms_lease lease;
    struct ms_plan *plan;
    struct ms_error err;

    fill_costs(&job, 1);
    job.finished[0] = true;
    job.spec.pairs = 3;
    job.spec.pair = pair;
    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    lease = next_lease(plan, 0);
    ck_assert_int_eq(lease.first_trajectory, 1);
    ck_assert_int_eq(lease.count, 2);
    check_slots(&lease, 2);
    ck_assert(ms_plan_finish(plan, 0, lease.id, 0, 0));
    lease = next_lease(plan, 0);
    ck_assert_int_eq(lease.first_trajectory, 3);
    ck_assert_int_eq(lease.count, 1);
    check_slots(&lease, 4);
    ck_assert(ms_plan_finish(plan, 0, lease.id, 0, 0));
    lease = next_lease(plan, 0);
    ck_assert_int_eq(lease.first_trajectory, 4);
    ck_assert_int_eq(lease.count, 2);
    check_slots(&lease, 4); /* the pair that was released last */
    ck_assert_int_eq(ms_plan_unprotected(plan), 0);
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

START_TEST(a_lease_ends_together_if_that_is_required)
{
    struct job job = make_job(4, 10, 1);
    struct ms_lease lease;
    struct ms_plan *plan;
    struct ms_error err;

    fill_costs(&job, 1);
    job.to_iteration[2] = 20;
    job.spec.ends_together = true;
    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    for (int64_t first = 0; first < 4; first += lease.count) {
        lease = next_lease(plan, 0);
        ck_assert_int_eq(lease.first_trajectory, first);
        ck_assert_int_eq(lease.count, first == 0 ? 2 : 1);
        ck_assert_int_eq(lease.to_iteration, first == 2 ? 20 : 10);
        ck_assert(ms_plan_finish(plan, 0, lease.id, 0, 0));
    }
    ck_assert(ms_plan_is_done(plan));
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

START_TEST(impossible_events_are_refused_and_change_nothing)
{
    struct job job = make_job(3, 1000000, 2);
    struct ms_plan *plan;
    struct ms_plan_answer answer;
    struct ms_error err;

    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    ck_assert(!ms_plan_ask(plan, -1));
    ck_assert(!ms_plan_ask(plan, 2));
    ck_assert(ms_plan_ask(plan, 1));
    ck_assert(!ms_plan_ask(plan, 1));
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(!ms_plan_finish(plan, 0, answer.lease.id, 1, 1));
    ck_assert(!ms_plan_finish(plan, 1, answer.lease.id + 1, 1, 1));
    ck_assert(ms_plan_finish(plan, 1, answer.lease.id, 1, 1));
    ck_assert(!ms_plan_finish(plan, 1, answer.lease.id, 1, 1));
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

START_TEST(a_finished_sweep_answers_every_rank_with_leave)
{
    struct job job = make_job(1, 10, 1);
    struct ms_plan *plan;
    struct ms_plan_answer answer;
    struct ms_error err;

    job.finished[0] = true;
    ck_assert_int_eq(ms_plan_open(&job.spec, &plan, &err), MS_OK);
    ck_assert(ms_plan_is_done(plan));
    ck_assert(ms_plan_ask(plan, 0));
    ck_assert(ms_plan_next_answer(plan, &answer));
    ck_assert(answer.leave);
    ms_plan_close(plan);
    free_job(&job);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");

    tcase_add_test(tests, every_trajectory_is_trained_once_and_no_rank_waits_while_there_is_work);
    tcase_add_test(tests, the_default_sweep_on_two_ranks_ends_within_1_percent_of_the_bound);
    tcase_add_test(tests, the_longest_trajectories_are_given_out_first);
    tcase_add_test(tests, equal_trajectories_take_no_more_rounds_than_necessary);
    tcase_add_test(tests, a_million_small_trajectories_on_ten_thousand_ranks_stay_near_the_bound);
    tcase_add_test(tests, small_trajectories_are_bundled_to_ten_milliseconds_and_bundles_shrink_near_the_end);
    tcase_add_test(tests, the_size_of_bundles_follows_the_measured_speed);
    tcase_add_test(tests, a_coordinator_that_does_not_train_is_given_nothing);
    tcase_add_test(tests, after_a_stop_every_request_is_answered_with_leave);
    tcase_add_test(tests, each_lease_has_separate_slots_until_it_is_finished);
    tcase_add_test(tests, a_lease_ends_together_if_that_is_required);
    tcase_add_test(tests, a_trajectory_with_a_checkpoint_is_a_lease_by_itself_with_the_same_slots);
    tcase_add_test(tests, impossible_events_are_refused_and_change_nothing);
    tcase_add_test(tests, a_finished_sweep_answers_every_rank_with_leave);
    suite_add_tcase(suite, tests);
    return suite;
}
