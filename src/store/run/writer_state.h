/* The state of one rank's writer. writer.c opens and closes it, history.c appends costs, commit.c commits
 * rows, checkpoint.c writes checkpoints, and fence.c checks that the run still may write. The numbers of
 * rules and invariants are those of docs/file-format.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_WRITER_STATE_H
#define MOONSWEEP_STORE_WRITER_STATE_H

#include "age.h"
#include "checksum.h"
#include "costs.h"
#include "file.h"
#include "flusher.h"
#include "moonsweep/writer.h"

/* Costs for consecutive places in `cost` that wait to be written. */
struct ms_cost_buffer {
    unsigned char *bytes; /* [capacity] owned */
    int64_t capacity;     /* in costs */
    int64_t start, count; /* index in `cost` of the first; number of waiting costs */
    int64_t known;        /* as many from the first on are known: those that do not wait are as in the file */
};

/* A cost_count that waits to be written. */
struct ms_cost_count {
    int64_t trajectory, count;
};

/* The stored counts of consecutive trajectories, read ahead. */
struct ms_counts_ahead {
    int64_t *values; /* [capacity] owned */
    int64_t capacity, first, count;
};

/* The history of the current trajectory, the one begun last. */
struct ms_history {
    int64_t trajectory;                         /* -1 if none */
    int64_t cost_start, cost_room, cost_stride; /* its place in `cost` */
    int64_t iterations;                         /* of its largest configuration */
    int64_t count;  /* costs appended so far, including verified ones from the file, whether or not stored */
    int64_t stored; /* its cost_count in the file */
    double last_cost; /* NaN if there is none */
    struct ms_chain chain;
};

/* Rows that wait to be written, in the order in which they were queued. */
struct ms_queue {
    unsigned char *rows; /* [capacity][layout.bytes] owned */
    int64_t *config;     /* [capacity] owned */
    int64_t capacity, count;
};

/* Rows that have been written, whose statuses are written once the disk has the rows. */
struct ms_batch {
    int64_t *config; /* [queue.capacity] owned, ascending */
    uint8_t *status; /* [queue.capacity] owned */
    int64_t count;   /* 0 if there is no batch */
    uint64_t ticket; /* of the flush that they wait for */
};

/* The checkpoint slots of the current lease. */
struct ms_pair {
    int32_t slots[2]; /* -1 if none */
    int next;         /* index of the slot that is written next */
    bool used;        /* they contain a checkpoint of this lease */
};

struct ms_writer {
    int rank;
    bool is_alone;              /* no other process writes to the file at present (spread.h) */
    struct ms_writer_spec spec; /* grid and data sets are not owned */
    struct ms_file file;
    struct ms_flusher *flusher;
    struct ms_writer_proxy proxy; /* used if file.proxy points to it */
    struct ms_record_layout layout;

    uint64_t run_id; /* 0 before a run begins */
    int32_t run_row;
    struct ms_run_record *run; /* owned: the record in that row; only on rank 0 */

    struct ms_history history;
    struct ms_cost_buffer costs;
    struct ms_cost_count *counts; /* [queue.capacity] owned */
    int64_t n_counts;
    struct ms_counts_ahead ahead;
    struct ms_queue queue;
    struct ms_batch batch;
    struct ms_age unwritten; /* of the oldest data to be written */
    struct ms_age unsynced;  /* of the first unflushed write */
    uint64_t last_ticket;    /* of the latest flush request */

    struct ms_record_layout slot_layout;
    unsigned char *slot; /* owned: the checkpoint that is being written */
    struct ms_pair pair;

    unsigned char *column; /* [queue.capacity][widest row] owned: one variable of consecutive rows */
};

/* Makes everything written to the file durable, and waits for it. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_sync(struct ms_writer *writer, struct ms_error *err);

/* Records that something was written that must become durable. */
void ms_writer_note_written(struct ms_writer *writer);

/* Requests a flush of everything written so far. */
void ms_writer_ask_flush(struct ms_writer *writer);

/* Sets *is to whether the flush with that ticket has finished. Errors: MS_IO_ERROR, once any flush has failed. */
enum ms_code ms_writer_is_flushed(struct ms_writer *writer, uint64_t ticket, bool *is, struct ms_error *err);

/* Checks that the file still belongs to this run. Must be called before each group of writes and after
 * each flush between them, so that a process that was suspended in between notices. Errors: MS_BUSY
 * (another run has taken over the file), MS_IO_ERROR (also if something else overwrote the file). */
enum ms_code ms_writer_fence(const struct ms_writer *writer, struct ms_error *err);

/* Writes the waiting costs and counts. Errors: as for ms_writer_fence. */
enum ms_code ms_history_write(struct ms_writer *writer, struct ms_error *err);

/* Begins the history of a trajectory, without costs. Errors: MS_IO_ERROR. */
enum ms_code ms_history_begin(struct ms_writer *writer, int64_t trajectory, struct ms_error *err);

/* Returns the place and the stored number of the costs of that trajectory. */
struct ms_costs ms_history_costs(const struct ms_writer *writer);

/* Appends costs of the current history, up to `to` of them in total. entries are those among them that are stored, and
 * last is the last of all. Errors: as for ms_writer_fence. */
enum ms_code ms_history_append(struct ms_writer *writer, int64_t to, const double *entries, double last,
                               struct ms_error *err);

/* Queues the count of the current history, to be written before the next commit. Errors: as for
 * ms_writer_fence. */
enum ms_code ms_history_note(struct ms_writer *writer, struct ms_error *err);

/* Records that something waits to be written. */
void ms_writer_note_waiting(struct ms_writer *writer);

/* Commits everything that waits, and waits for the disk where needed. The rows are valid after that, and
 * durable after the next flush. Errors: as for ms_writer_flush. */
enum ms_code ms_writer_commit(struct ms_writer *writer, struct ms_error *err);

/* Makes slots the pair for checkpoints. If it already is, the slots keep alternating. */
void ms_pair_take(struct ms_pair *pair, const int32_t slots[2]);

/* Does the same as ms_writer_repair with a file that is already open, for reading and writing if `write` is
 * true. *found, which must be zero before, is also set after an error. */
enum ms_code ms_writer_repair_open(const char *path, int descriptor, bool write,
                                   struct ms_writer_repaired *found, struct ms_error *err);

/* Writes a record of /runs or /leases with its checksum last: a row that matches its checksum is complete. Errors:
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_log_write(const struct ms_writer *writer, enum ms_record_kind kind, int64_t index,
                          const void *fields, struct ms_error *err);

/* Sets *row to the first free row of /runs; to the last row if none is free. Errors: MS_IO_ERROR. */
enum ms_code ms_log_free_run(const struct ms_writer *writer, int32_t *row, struct ms_error *err);

/* Copies text to a row of MS_RUN_TEXT bytes, truncated at the end of a UTF-8 character. */
void ms_log_cut_text(const char *text, char *row);

/* Repairs single flipped bits in rows of /runs and /leases, and sets *next_lease to the first free row of
 * /leases. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_log_scan(const struct ms_writer *writer, int64_t *next_lease, struct ms_error *err);

#endif
