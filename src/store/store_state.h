/* What a rank knows of the result file that it writes. store.c opens and closes it, history.c appends costs,
 * commit.c commits rows, checkpoint.c writes checkpoints, fence.c says whether it may; rule and invariant numbers are
 * those of docs/file-format.md. */
#ifndef MOONSWEEP_STORE_STORE_STATE_H
#define MOONSWEEP_STORE_STORE_STATE_H

#include <mpi.h>

#include "checksum.h"
#include "file.h"
#include "moonsweep/store.h"
#include "row.h"
#include "slot.h"

/* Costs of consecutive places in `cost`, waiting to be written. */
struct ms_cost_buffer {
    unsigned char *bytes; /* [capacity] owned */
    int64_t capacity;     /* in costs */
    int64_t start, count; /* place in the file, costs waiting */
};

/* A cost_count to be written. */
struct ms_cost_count {
    int64_t trajectory, count;
};

/* The trajectory that was begun last. */
struct ms_history {
    int64_t trajectory; /* -1: none */
    int64_t start;      /* of its history in `cost` */
    int64_t count;      /* appended so far, verified ones included */
    int64_t stored;     /* its cost_count in the file */
    double last_cost;   /* NaN: none */
    struct ms_chain chain;
};

/* Rows waiting to be committed, in the order they came. */
struct ms_queue {
    unsigned char *rows; /* [capacity][layout.bytes] owned */
    int64_t *config;     /* [capacity] owned */
    int64_t capacity, count;
};

/* The tuples of consecutive configurations, read ahead: trajectories come in bundles. */
struct ms_tuples {
    unsigned char *rows; /* [capacity][layout.bytes] owned */
    int64_t capacity, first, count;
};

/* The checkpoint slots of the present lease. */
struct ms_pair {
    int32_t slots[2]; /* -1: none */
    int next;         /* which of the two is written next */
    bool used;        /* they hold a checkpoint of this lease's */
};

struct ms_store {
    MPI_Comm comm;
    int rank;
    struct ms_file file;
    int sync_fd;    /* a plain descriptor of the same file, for fdatasync */
    int sync_cause; /* errno of a sync that failed; 0: none has */
    struct ms_record_layout layout;

    uint64_t run_id; /* 0: no run has begun */
    int32_t run_row;

    struct ms_history history;
    struct ms_cost_buffer costs;
    struct ms_cost_count *counts; /* [queue.capacity] owned */
    int64_t n_counts;
    struct ms_queue queue;
    struct ms_tuples tuples;
    double waiting_since_s;  /* monotonic; of what waits longest; negative: nothing waits */
    double unsynced_since_s; /* monotonic; of the statuses written since the last sync; negative: none */

    struct ms_record_layout slot_layout;
    unsigned char *slot; /* [slot_layout.bytes] owned: a checkpoint on its way */
    struct ms_pair pair;

    unsigned char *column; /* [queue.capacity][widest row] owned: one variable of a run of rows */
};

/* Makes what was written to the file durable. Once it has failed it always does: the system takes what it could not
 * write for written, so that the next call would make statuses durable whose rows are lost. Errors: MS_IO_ERROR. */
enum ms_code ms_store_sync(struct ms_store *store, struct ms_error *err);

/* Whether the file is still this run's; due before each group of writes and after each sync between them, so that a
 * process that stood still in between notices. Errors: MS_BUSY (another run has taken it over), MS_IO_ERROR (also:
 * something else was written over it). */
enum ms_code ms_store_fence(const struct ms_store *store, struct ms_error *err);

/* Writes the costs that wait, and the counts. Errors: as ms_store_fence. */
enum ms_code ms_history_write(struct ms_store *store, struct ms_error *err);

/* Begins the history of a trajectory without costs. Errors: MS_IO_ERROR. */
enum ms_code ms_history_begin(struct ms_store *store, int64_t trajectory, struct ms_error *err);

/* Notes the count of the present history, to be written before the next commit. Errors: as ms_store_fence. */
enum ms_code ms_history_note(struct ms_store *store, struct ms_error *err);

/* Says that something waits from now on. */
void ms_store_wait(struct ms_store *store);

/* Brings everything that waits into the file: rows are valid then, and durable after the next sync. Errors:
 * as ms_store_flush. */
enum ms_code ms_store_commit(struct ms_store *store, struct ms_error *err);

/* Makes slots the pair that checkpoints go to. The same pair again keeps its turn. */
void ms_pair_take(struct ms_pair *pair, const int32_t slots[2]);

#endif
