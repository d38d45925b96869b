/* The schedule: which rank trains what, and when. It is a pure state machine without MPI, clocks or files: the caller
 * reports events with their times, takes the answers that follow from them, and sends these to the ranks.
 *
 *     ms_plan_open(&spec, &plan, err);
 *     a rank asks for a lease:          ms_plan_ask(plan, rank)
 *     a rank has finished a lease:      ms_plan_finish(plan, rank, &finish, now_s)
 *     the sweep is to end early:        ms_plan_stop(plan)
 *     after each event:                 while (ms_plan_next_answer(plan, now_s, &answer)) tell answer.rank
 *     ms_plan_close(plan)
 *
 * now_s: seconds in ascending order.
 *
 * Order. The expected work of a trajectory is the number of its remaining iterations times the cost of one iteration.
 * Trajectories are handed out longest first, one per lease. Once the longest one left takes less than
 * max(10 ms, trainers x 0.2 ms), consecutive trajectories that start at the same iteration are bundled into leases of
 * that size, so that one coordinator can serve every rank; if fewer trajectories wait than there are trainers, their number
 * takes the place of that of trainers. While much is left, bundles are larger: a twentieth of a rank's share, but at most
 * 0.1 s. Near the end, bundles shrink with the work that is left, to a third of a rank's share of it, down to a tenth of
 * that size.
 *
 * Nodes. A trajectory that takes longer than the mean load of the ranks is trained with the help of others, which
 * must be ranks of the same node. Where there are several nodes, these trajectories are shared out among them before the first
 * rank asks, and a rank that has nothing to train first begins those of its node.
 *
 * Early help. Some ranks can be told to leave when they ask first, so that they help from the beginning: those of each node that
 * ask last, in proportion to the work of its long trajectories. moonsweep/early_help.h finds out how many should.
 *
 * Slices. If the longest trajectory that waits could not wait until a trajectory that is given out has been trained to its
 * end, without making the sweep longer than the longest trajectory or the mean load of the ranks, that lease is a slice:
 * it ends at an earlier iteration, and what is left waits like other trajectories, for any rank. The rank that has
 * trained the slice gets the next one, too, unless another trajectory is longer by more than a slice. So when nothing
 * waits any more, each rank that has a slice continues its trajectory, and all others are told to leave.
 *
 * One lease ahead. A rank asks for its next lease when it starts one. It gets the next one at once if the work left
 * after it keeps every rank busy until this one has finished both. Otherwise the answer waits until the rank has
 * finished its lease, so that no lease waits in a queue while another rank is idle.
 *
 * Checkpoint slots. Each lease has a pair of slots, used by whichever of its trajectories is being trained. If a
 * trajectory has a checkpoint, it becomes a lease by itself and keeps the pair that stores the checkpoint; other leases
 * get a free pair. When a lease is finished, its pair is free again, unless it was a slice: then it stays with the
 * trajectory. If no pair is free, the lease has none (ms_plan_unprotected counts such leases) and is no slice.
 *
 * Times. The seconds that a unit of work takes, those that a trajectory takes besides, and those that the end of a slice
 * costs are measured on finished leases. Before the first one is finished, the speed of the slowest vector kernel is
 * assumed, so that the first bundles are too small rather than too large.
 *
 * Cost: O(n log n) to open a plan of n trajectories, then amortized O(1) per trajectory that is not sliced, and
 * O(log n) for each lease.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_PLAN_H
#define MOONSWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"
#include "moonsweep/network.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A lease: trajectories first_trajectory .. first_trajectory + count - 1, each to be trained from from_iteration to
 * to_iteration, or to its own end if that is earlier. */
struct ms_lease {
    int64_t id; /* row of /leases; 0, 1, 2, ... within the file */
    int64_t first_trajectory;
    int64_t count;
    int64_t from_iteration;
    int64_t to_iteration;
    int32_t slots[2]; /* checkpoint slots, -1: none */
    /* Of one trajectory, which goes on after to_iteration in a later lease, perhaps of another rank */
    bool is_slice;
    /* Of one trajectory, of which a slice up to from_iteration was trained, perhaps by another rank */
    bool is_continued;
};

/* What a lease took: seconds of the clock for a slice, without those for which the rank was suspended, and of the processor
 * for any other lease. */
struct ms_finish {
    int64_t lease;
    double work;    /* trained: less than the lease's if trajectories diverged */
    double train_s; /* seconds of training */
    double seconds; /* of the whole lease: training, evaluating, storing, and what the rank did beside */
    /* The trajectory of a slice needs no further one: it has diverged, or a rule has ended it */
    bool has_ended;
};

/* The leases that all trainers together get in a second, at most: short trajectories are bundled accordingly. */
#define MS_PLAN_LEASES_PER_S 5000.0

struct ms_plan_spec {
    int64_t trajectories;
    const double *cost;            /* [trajectories] work of one iteration (ms_plan_cost), above 0 */
    const int64_t *from_iteration; /* [trajectories] where each starts; below to_iteration unless finished */
    const int64_t *to_iteration;   /* [trajectories] where each ends */
    const bool *finished; /* [trajectories] whether there is nothing to do; only read by ms_plan_open */
    bool ends_together;   /* the trajectories of a lease must have the same to_iteration */
    int32_t ranks;        /* ranks 0 .. ranks - 1 may ask */
    int32_t trainers;     /* how many of them will, the last ones: 1 .. ranks */
    int64_t next_lease;   /* id of the first lease */
    int32_t pairs;        /* pairs of checkpoint slots: pair p is slots 2p and 2p + 1 */
    /* [trajectories] pair with its checkpoint, no two equal, kept even if there is nothing to do; -1: none. NULL:
     * all -1 */
    const int32_t *pair;
    /* [ranks] on which node each is, as the number of one rank of that node; ranks of a node help each other. -1: the rank neither
     * helps nor is helped. NULL: none is */
    const int32_t *node;
    /* So many ranks, at most, are told to leave when they ask first, so that they help with trajectories that take longer than the
     * mean load of the ranks (moonsweep/early_help.h). Only if node is not NULL */
    int32_t helpers;
};

struct ms_plan;

/* What to tell a rank that asked. */
struct ms_plan_answer {
    int32_t rank;
    bool leave;            /* no more work: the rank finishes the leases that it has and leaves */
    struct ms_lease lease; /* only if leave is false */
    double work; /* only if leave is false: what the lease is expected to take, in units of ms_plan_cost */
};

/* The work of one iteration on m samples, in cycles of a fast processor (measured: 8 samples take 6.8 cycles per tanh
 * or sigmoid unit, 2.7 per relu unit, and 5.1 for the output). Only ratios matter. */
double ms_plan_cost(enum ms_activation activation, int32_t n_x, int32_t n_h, int64_t m);

/* The work of trajectory t of a plan that is not open yet; 0 if it is finished. */
double ms_plan_trajectory_work(const struct ms_plan_spec *spec, int64_t t);

/* The seconds that a unit of this work takes on a fast processor, roughly: for decisions about how long to measure. */
extern const double ms_plan_seconds_per_work;

/* spec is copied; cost, from_iteration, to_iteration, node and pair are borrowed until close. Errors: MS_NO_MEMORY. */
enum ms_code ms_plan_open(const struct ms_plan_spec *spec, struct ms_plan **plan, struct ms_error *err);
void ms_plan_close(struct ms_plan *plan);

/* The bytes that a plan needs for so many trajectories, besides what it borrows. */
int64_t ms_plan_bytes(int64_t trajectories);

/* Events. Each returns false and changes nothing if the event is impossible: a rank out of range, a second request
 * while the first one is not answered, a lease that the rank does not have. */
bool ms_plan_ask(struct ms_plan *plan, int32_t rank);
bool ms_plan_finish(struct ms_plan *plan, int32_t rank, const struct ms_finish *finish, double now_s);

/* From now on every request is answered with leave. */
void ms_plan_stop(struct ms_plan *plan);

/* Takes the next answer that is due; false: none. */
bool ms_plan_next_answer(struct ms_plan *plan, double now_s, struct ms_plan_answer *answer);

/* Whether every trajectory is finished. */
bool ms_plan_is_done(const struct ms_plan *plan);

/* Expected work of all trajectories that were unfinished at open. */
double ms_plan_work(const struct ms_plan *plan);

/* The work that was not needed because trajectories had ended in a slice, apart from that of the slice itself. */
double ms_plan_spared(const struct ms_plan *plan);

/* The number of leases given out without checkpoint slots. */
int64_t ms_plan_unprotected(const struct ms_plan *plan);

/* Takes the id of the next lease for something else that has a row of /leases. */
int64_t ms_plan_take_lease_id(struct ms_plan *plan);

/* The id that the next lease will have. */
int64_t ms_plan_next_lease_id(const struct ms_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
