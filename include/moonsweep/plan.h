/* The schedule: which rank trains what, when. A pure state machine, without MPI, clocks or files: events go
 * in, answers come out, and who calls it carries them out.
 *
 *     ms_plan_open(&spec, &plan, err);
 *     a rank asks for a lease:          ms_plan_ask(plan, rank)
 *     a rank has finished a lease:      ms_plan_finish(plan, rank, id, work, seconds)
 *     the sweep is to end early:        ms_plan_stop(plan)
 *     after each event:                 while (ms_plan_next_answer(plan, &answer)) tell answer.rank
 *     ms_plan_close(plan)
 *
 * The order. The expected work of a trajectory is its remaining iterations times the cost of one.
 * Trajectories are handed out longest first, one a lease; once what is left is small (less than max(10 ms,
 * trainers x 0.2 ms), so that one coordinator keeps up with every rank), consecutive ones that go on from the
 * same iteration are bundled up to that much. Near the end bundles shrink with the work that is left, to a
 * tenth.
 *
 * One lease ahead. A rank asks for its next lease when it starts one. It gets it at once if the work left
 * keeps every rank busy until this one has done both; otherwise its ask waits until it has finished, so that
 * no lease lies in a queue while another rank is idle.
 *
 * Checkpoint slots. Each lease has a pair of slots for whichever of its trajectories is under way: the pair that
 * holds the trajectory's checkpoint, which is then a lease of its own, or a free one. A finished lease's pair is
 * free again. Where none is free a lease goes without (ms_plan_unprotected counts them).
 *
 * How long a unit of work takes is learnt from finished leases; before the first the slowest vector kernel is
 * assumed, so that first bundles are too small rather than too large.
 *
 * Cost: O(n log n) to open for n trajectories, amortized O(1) a trajectory and an event afterwards. */
#ifndef MOONSWEEP_PLAN_H
#define MOONSWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A piece of work: trajectories first_trajectory .. first_trajectory + count - 1, each from from_iteration to
 * to_iteration. */
struct ms_lease {
    int64_t id; /* row of /leases, 0, 1, 2, ... within the file */
    int64_t first_trajectory;
    int64_t count;
    int64_t from_iteration;
    int64_t to_iteration;
    int32_t slots[2]; /* checkpoint slots, -1: none */
};

struct ms_plan_spec {
    int64_t trajectories;
    const double *cost;            /* [trajectories] work of one iteration (ms_plan_cost), above 0 */
    const int64_t *from_iteration; /* [trajectories] where each goes on; below to_iteration unless finished */
    const bool *finished;          /* [trajectories] nothing is left to do; only read by ms_plan_open */
    int64_t to_iteration;          /* where each ends */
    int32_t ranks;                 /* ranks 0 .. ranks - 1 may ask */
    int32_t trainers;              /* how many of them will: 1 .. ranks */
    int64_t next_lease;            /* id of the first lease */
    int32_t pairs;                 /* of checkpoint slots: pair p is slots 2p and 2p + 1 */
    const int32_t *pair; /* [trajectories] the pair with its checkpoint, no two the same; -1: none. NULL:
                                      none at all */
};

struct ms_plan;

/* What to tell a rank that asked. */
struct ms_plan_answer {
    int32_t rank;
    bool leave;            /* there is no more work for it: it finishes what it holds and leaves */
    struct ms_lease lease; /* unless leave */
};

/* Work of one iteration on m samples, in cycles of a fast processor (measured: 8 samples take 6.8 cycles a
 * tanh or sigmoid unit, 2.7 a relu unit, 5.1 the output). Only ratios matter. */
double ms_plan_cost(enum ms_activation activation, int32_t n_x, int32_t n_h, int64_t m);

/* spec is copied; cost, from_iteration and pair are borrowed until close. Errors: MS_NO_MEMORY. */
enum ms_code ms_plan_open(const struct ms_plan_spec *spec, struct ms_plan **plan, struct ms_error *err);
void ms_plan_close(struct ms_plan *plan);

/* Events. False, and nothing changed, for one that cannot be: a rank out of range, a second ask while one is
 * not answered, a lease the rank does not hold. work: what was trained of the lease (less than all where
 * trajectories diverged), in seconds of training. */
bool ms_plan_ask(struct ms_plan *plan, int32_t rank);
bool ms_plan_finish(struct ms_plan *plan, int32_t rank, int64_t lease, double work, double seconds);

/* From here on every ask is answered with leave. */
void ms_plan_stop(struct ms_plan *plan);

/* Takes the next answer that is due; false: none. */
bool ms_plan_next_answer(struct ms_plan *plan, struct ms_plan_answer *answer);

/* Whether every trajectory is finished. */
bool ms_plan_is_done(const struct ms_plan *plan);

/* Expected work of all that was unfinished at open. */
double ms_plan_work(const struct ms_plan *plan);

/* How many leases were given out without checkpoint slots. */
int64_t ms_plan_unprotected(const struct ms_plan *plan);

/* The id that the next lease will have. */
int64_t ms_plan_next_lease_id(const struct ms_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
