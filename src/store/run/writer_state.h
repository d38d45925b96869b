/* What a rank knows of the result file that it writes. writer.c opens and closes it, history.c appends costs,
 * commit.c commits rows, checkpoint.c writes checkpoints, fence.c says whether it may; rule and invariant numbers are
 * those of docs/file-format.md. */
#ifndef MOONSWEEP_STORE_WRITER_STATE_H
#define MOONSWEEP_STORE_WRITER_STATE_H

#include "checksum.h"
#include "costs.h"
#include "file.h"
#include "flusher.h"
#include "moonsweep/writer.h"

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

/* Counts of consecutive trajectories as they are stored, read ahead. */
struct ms_counts_ahead {
    int64_t *values; /* [capacity] owned */
    int64_t capacity, first, count;
};

/* The trajectory that was begun last. */
struct ms_history {
    int64_t trajectory;              /* -1: none */
    struct ms_grid_trajectory place; /* of its configurations and costs */
    int64_t count;                   /* appended so far, verified ones included */
    int64_t stored;                  /* its cost_count in the file */
    double last_cost;                /* NaN: none */
    struct ms_chain chain;
};

/* Rows waiting to be written, in the order they came. */
struct ms_queue {
    unsigned char *rows; /* [capacity][layout.bytes] owned */
    int64_t *config;     /* [capacity] owned */
    int64_t capacity, count;
};

/* Rows that are written, whose statuses wait for the disk to have them. */
struct ms_batch {
    int64_t *config; /* [queue.capacity] owned, ascending */
    uint8_t *status; /* [queue.capacity] owned */
    int64_t count;   /* 0: there is none */
    uint64_t ticket; /* of the flush that they wait for */
};

/* The checkpoint slots of the present lease. */
struct ms_pair {
    int32_t slots[2]; /* -1: none */
    int next;         /* which of the two is written next */
    bool used;        /* they hold a checkpoint of this lease's */
};

struct ms_writer {
    int rank;
    struct ms_writer_spec spec; /* grid and data sets: borrowed */
    struct ms_file file;
    struct ms_flusher *flusher;
    struct ms_writer_proxy proxy; /* used if file.proxy says so */
    struct ms_record_layout layout;

    uint64_t run_id; /* 0: no run has begun */
    int32_t run_row;
    struct ms_run_record *run; /* owned: that row, of rank 0 */

    struct ms_history history;
    struct ms_cost_buffer costs;
    struct ms_cost_count *counts; /* [queue.capacity] owned */
    int64_t n_counts;
    struct ms_counts_ahead ahead;
    struct ms_queue queue;
    struct ms_batch batch;
    double waiting_since_s; /* monotonic; of what waits longest to be written; negative: nothing waits */
    double
        unsynced_since_s; /* monotonic; of what was written since the last flush was asked for; negative: nothing */
    uint64_t last_ticket; /* of the last flush that was asked for */

    struct ms_record_layout slot_layout;
    unsigned char *slot; /* [slot_layout.bytes] owned: a checkpoint on its way */
    struct ms_pair pair;

    unsigned char *column; /* [queue.capacity][widest row] owned: one variable of a run of rows */
};

/* Makes what was written to the file durable, and waits for it. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_sync(struct ms_writer *writer, struct ms_error *err);

/* Says that something was written that is to become durable. */
void ms_writer_note_written(struct ms_writer *writer);

/* Asks for everything written so far to become durable; ms_writer_is_flushed says when it is. Errors: MS_IO_ERROR, once
 * any flush has failed. */
void ms_writer_ask_flush(struct ms_writer *writer);
enum ms_code ms_writer_is_flushed(struct ms_writer *writer, uint64_t ticket, bool *is, struct ms_error *err);

/* Whether the file is still this run's; due before each group of writes and after each flush between them, so that a
 * process that stood still in between notices. Errors: MS_BUSY (another run has taken it over), MS_IO_ERROR (also:
 * something else was written over it). */
enum ms_code ms_writer_fence(const struct ms_writer *writer, struct ms_error *err);

/* Writes the costs that wait, and the counts. Errors: as ms_writer_fence. */
enum ms_code ms_history_write(struct ms_writer *writer, struct ms_error *err);

/* Begins the history of a trajectory without costs. Errors: MS_IO_ERROR. */
enum ms_code ms_history_begin(struct ms_writer *writer, int64_t trajectory, struct ms_error *err);

/* The costs of that trajectory, as they are stored. */
struct ms_costs ms_history_costs(const struct ms_writer *writer);

/* Notes the count of the present history, to be written before the next commit. Errors: as ms_writer_fence. */
enum ms_code ms_history_note(struct ms_writer *writer, struct ms_error *err);

/* Says that something waits from now on. */
void ms_writer_wait(struct ms_writer *writer);

/* Brings everything that waits into the file, and waits for the disk where it must: rows are valid then, and durable
 * after the next flush. Errors: as ms_writer_flush. */
enum ms_code ms_writer_commit(struct ms_writer *writer, struct ms_error *err);

/* Makes slots the pair that checkpoints go to. The same pair again keeps its turn. */
void ms_pair_take(struct ms_pair *pair, const int32_t slots[2]);

/* Turns a flipped bit of a row of /runs or /leases back; *next_lease: the first free row of /leases. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_log_scan(const struct ms_writer *writer, int64_t *next_lease, struct ms_error *err);

#endif
