/* The messages between the ranks, and their bytes. No MPI here; who sends what when: docs/protocol.md. */
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
    MS_MESSAGE_ASK,    /* "give me a lease, or tell me to leave" */
    MS_MESSAGE_FINISH, /* "this lease is trained" */
    MS_MESSAGE_TOTALS, /* "so far I have done this" */
    MS_MESSAGE_STOP,   /* "I was told that the sweep is to end in good order" */
    MS_MESSAGE_ERROR,  /* "this went wrong here" */
    MS_MESSAGE_LEFT,   /* "I do nothing more; my final totals": a worker's last message */
    /* from the coordinator to a worker */
    MS_MESSAGE_LEASE,   /* "train this" */
    MS_MESSAGE_LEAVE,   /* "finish what you hold, then leave" */
    MS_MESSAGE_ABORT,   /* "leave what you hold, and leave" */
    MS_MESSAGE_GOODBYE, /* "you have left": the last message to a worker */
    MS_MESSAGE_KIND_COUNT
};

struct ms_finish {
    int64_t lease;
    double work;    /* trained of it, in the plan's unit */
    double seconds; /* of training */
};

/* What a worker has done since the sweep began. */
struct ms_totals {
    int64_t iterations;     /* trained */
    double work_trained;    /* in the plan's unit */
    double work_spared;     /* that need not be done because trajectories diverged */
    double train_s;         /* seconds of training */
    double span_s;          /* seconds for which there was work, see struct ms_sweep_summary */
    int64_t done, diverged; /* configurations */
    struct ms_best best;    /* of the done ones */
    int64_t unrecorded;     /* leases for which /leases had no row */
    int64_t checkpoints;    /* written */
    double checkpoint_s;    /* seconds spent in writing them */
    double
        suspended_s; /* seconds for which the rank was suspended while it trained; in span_s, not in train_s */
    double cpu_s;    /* processor seconds of training */
};

struct ms_message {
    enum ms_message_kind kind;
    union {
        struct ms_finish finish; /* FINISH */
        struct ms_totals totals; /* TOTALS, LEFT */
        struct ms_error error;   /* ERROR */
        struct ms_lease lease;   /* LEASE */
    };
};

/* No message of any version is longer. */
enum { MS_MESSAGE_BYTES = 4 + 4 + 2 + (int)sizeof((struct ms_error *)NULL)->text };

/* Writes message to bytes [MS_MESSAGE_BYTES]; returns how many it takes. */
size_t ms_protocol_encode(const struct ms_message *message, unsigned char *bytes);

/* Reads a message of exactly `count` bytes; false (message undefined) if these are not one. */
bool ms_protocol_decode(const unsigned char *bytes, size_t count, struct ms_message *message);

#endif
