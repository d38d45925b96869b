/* The messages between the ranks, and their encoding as bytes, without MPI. docs/protocol.md says which rank sends
 * which message when.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_PROTOCOL_H
#define MOONSWEEP_SWEEP_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/best.h"
#include "moonsweep/error.h"
#include "moonsweep/plan.h"

enum ms_message_kind {
    /* from a worker to the coordinator */
    MS_MESSAGE_ASK,    /* requests a lease, or the answer to leave */
    MS_MESSAGE_FINISH, /* a lease is trained */
    MS_MESSAGE_TOTALS, /* what the worker has done so far */
    MS_MESSAGE_STOP,   /* the sweep is to be stopped cleanly */
    MS_MESSAGE_ERROR,  /* an error on this rank */
    MS_MESSAGE_LEFT,   /* the final totals: the worker's last message */
    /* from the coordinator to a worker */
    MS_MESSAGE_LEASE,   /* a lease to be trained */
    MS_MESSAGE_LEAVE,   /* finish the current lease, then leave */
    MS_MESSAGE_ABORT,   /* stop training and leave */
    MS_MESSAGE_GOODBYE, /* confirms LEFT: the last message to a worker */
    MS_MESSAGE_ALIVE,   /* rank 0 is alive; to the rank that watches it */
    MS_MESSAGE_KIND_COUNT
};

/* What a worker has done since the sweep began. */
struct ms_totals {
    int64_t iterations;     /* number trained */
    double work_trained;    /* in the plan's unit */
    double work_spared;     /* not needed because trajectories diverged or ended, or their parameters recur */
    double train_s;         /* seconds of training */
    double span_s;          /* seconds in which there was work: see struct ms_sweep_summary */
    int64_t done, diverged; /* configurations */
    struct ms_best best;    /* of the done and stopped configurations */
    int64_t unrecorded;     /* leases for which /leases had no free row */
    int64_t checkpoints;    /* number written */
    double checkpoint_s;    /* seconds spent writing them */
    double suspended_s;     /* seconds of suspension during training; in span_s, not in train_s */
    double cpu_s;           /* processor seconds of training */
    int64_t stopped;        /* configurations whose trajectories a rule has ended early */
    double helped_s;        /* seconds for which it helped others */
    int64_t repeated;       /* iterations that were not computed, because the parameters recur */
};

struct ms_message {
    enum ms_message_kind kind;
    union {
        struct ms_finish finish; /* FINISH */
        struct ms_totals totals; /* TOTALS, LEFT */
        struct ms_error error;   /* ERROR */
        struct ms_lease lease;   /* LEASE */
        int64_t leave_row; /* LEAVE: the row of /leases for the time of helping; -1: there are no teams */
    };
};

/* The longest message. */
enum { MS_MESSAGE_BYTES = 4 + 4 + 2 + (int)sizeof((struct ms_error *)NULL)->text };

/* Encodes message into bytes [MS_MESSAGE_BYTES]; returns its length. */
size_t ms_protocol_encode(const struct ms_message *message, unsigned char *bytes);

/* Decodes a message of exactly `count` bytes. Returns false, with message undefined, if they are not valid. */
bool ms_protocol_decode(const unsigned char *bytes, size_t count, struct ms_message *message);

#endif
