/* What a plan knows of its ranks: which of them wait for an answer, which leases each of them has, and when it is
 * expected to have trained them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CORE_SEATS_H
#define MOONSWEEP_CORE_SEATS_H

#include "max_tree.h"
#include "waiting.h"

struct ms_held_lease {
    int64_t id, count;
    int32_t pair;        /* of checkpoint slots; -1: none */
    bool is_slice;       /* of one trajectory */
    double work;         /* multiplied by slowness, as in struct ms_rest */
    double seconds;      /* expected */
    struct ms_rest rest; /* is_slice: what is left of the trajectory after it */
    double rest_s;       /* expected for that; 0 if it is no slice */
};

enum { MS_MAX_HELD = 2 }; /* the lease being trained and the next one (I2) */

struct ms_seat {
    struct ms_held_lease held[MS_MAX_HELD];
    int held_count;
    bool has_begun; /* it has asked at least once */
    bool helps;     /* it helps from the beginning, and gets no lease */
    bool asked;     /* its request is not answered yet */
    bool queued;    /* its request is in the queue */
    bool has_kept;  /* `kept` is left of the slice that it has just trained, and is offered to it first */
    struct ms_rest kept;
    double end_s; /* when it is expected to have trained what it has; 0 if it has nothing */
};

/* A ring buffer of ranks, each of which is in it at most once. */
struct ms_rank_queue {
    int32_t *ranks; /* [capacity] owned */
    int32_t capacity, first, count;
};

struct ms_seats {
    struct ms_seat *seats;          /* [ranks] owned */
    struct ms_rank_queue queue;     /* of ranks whose requests can be answered now */
    struct ms_max_tree whole_end_s; /* of each rank: when its trajectories could be at their ends */
    double end_s;                   /* sum of the ends of the ranks that have leases */
    int32_t ranks, busy;            /* busy: the number of those ranks */
    int64_t rests;                  /* trajectories that are left after the slices that ranks have or keep */
    double rest_work;               /* the work of these */
};

/* Returns false if there is not enough memory; ms_seats_close is needed then, too. */
bool ms_seats_open(struct ms_seats *seats, int32_t ranks);
void ms_seats_close(struct ms_seats *seats);

/* Queues the request of a rank. */
void ms_seats_queue(struct ms_seats *seats, int32_t rank);

/* Sets *rank to the next one whose request can be answered; false: there is none. */
bool ms_seats_next(struct ms_seats *seats, int32_t *rank);

/* Gives a lease to a rank. */
void ms_seats_give(struct ms_seats *seats, int32_t rank, const struct ms_held_lease *held, double now_s);

/* Takes the lease with this id from a rank, which has trained it. Returns false if it does not have it. */
bool ms_seats_take(struct ms_seats *seats, int32_t rank, int64_t id, double now_s,
                   struct ms_held_lease *held);

/* Multiplies by `change` the times from now_s on in which ranks are expected to train what they have. */
void ms_seats_rescale(struct ms_seats *seats, double change, double now_s);

/* Keeps what is left of the slice that a rank has trained until its request is answered, and takes it from there. */
void ms_seats_keep(struct ms_seats *seats, int32_t rank, const struct ms_rest *rest);
void ms_seats_stop_keeping(struct ms_seats *seats, int32_t rank);

/* The seconds from now_s on in which the ranks that have leases are expected to be busy, summed. */
double ms_seats_busy_s(const struct ms_seats *seats, double now_s);

/* The time at which the last of the trajectories that ranks have can be trained to its end, if none of them is
 * interrupted; 0 if there are none. */
double ms_seats_whole_end_s(const struct ms_seats *seats);

#endif
