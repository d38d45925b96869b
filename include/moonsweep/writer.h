/* Creates a result file and writes to it. docs/file-format.md describes the format and its rules.
 *
 *     rank 0: ms_lock_take, ms_writer_clear, then ms_writer_repair, or ms_writer_create if there is no file
 *     rank 0: ms_writer_open(path, &spec, &writer, err), and sends ms_writer_places(writer) to the other ranks
 *     others: ms_writer_open_again(path, &spec, places, rank, &writer, err)
 *     rank 0: ms_writer_scan(writer, &scan, err), ms_writer_run_begin(writer, &info, &id, &row, err)
 *     others: ms_writer_run_join(writer, id, row), ms_writer_confirm_joined(writer, err)
 *     rank 0: ms_writer_reopen(writer, &scan, err), before any rank trains
 *     each trajectory: ms_writer_begin; then ms_writer_costs, ms_writer_result and ms_writer_checkpoint as it advances
 *     often:  ms_writer_tick (commits what has waited for long: src/store/run/age.h); before idling or exiting: ms_writer_flush
 *     rank 0: ms_writer_run_end;   all: ms_writer_close;   rank 0: ms_lock_release
 *
 * moonsweep/session.h runs these steps for a sweep on all ranks. Nothing here needs MPI.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_WRITER_H
#define MOONSWEEP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/best.h"
#include "moonsweep/class_weight.h"
#include "moonsweep/data.h"
#include "moonsweep/grid.h"
#include "moonsweep/halving.h"
#include "moonsweep/lock.h"
#include "moonsweep/metadata.h"
#include "moonsweep/network.h"
#include "moonsweep/patience.h"
#include "moonsweep/row.h"
#include "moonsweep/stop_request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the version of the loaded HDF5 library, e.g. "1.10.8". */
const char *ms_writer_hdf5_version(void);

/* Call this before MPI_Init in a program that writes results. It keeps HDF5 from cleaning up at the end of
 * MPI and of the process, where HDF5 1.10 crashes if it could not close a file earlier, as on a full disk.
 * The cleanup is not needed. */
void ms_writer_prepare(void);

/* ---- creating --------------------------------------------------------------------------------------- */

struct ms_writer_spec {
    const struct ms_grid *grid;
    const struct ms_dataset *datasets; /* [grid->n_datasets], all with the same n_x */
    enum ms_precision precision;
    const struct ms_class_weight *class_weight; /* NULL: none */
    const char *job_text;
    const char *job_set; /* settings that were applied to the text; NULL: none */
    const char *title;
    const struct ms_metadata *metadata; /* NULL: none */
    uint64_t job_hash;
    const char *command;
    const char *mpi_version;            /* NULL if there is none */
    int32_t ranks;                      /* determines the number of checkpoint slots */
    const struct ms_stop_request *stop; /* looked at while the file is created; NULL: none */
    int64_t starts; /* trajectories that continue from states of older results: each has a pair of slots */
};

/* Checks that the system accepts path and the longer names of the files beside it, OUT.h5.lock and
 * OUT.h5.part. The files need not exist. Errors: MS_CANNOT_CREATE (a name or the path is too long),
 * MS_NO_MEMORY. */
enum ms_code ms_writer_check_name(const char *path, struct ms_error *err);

/* Removes the temporary file that a killed run left beside path. Only rank 0 calls it, holding the lock
 * (ms_lock_is_held): without a lock another run may be creating that file. Errors: MS_CANNOT_CREATE (the file
 * cannot be removed, or is not one that a run of this user has left), MS_NO_MEMORY. */
enum ms_code ms_writer_clear(const char *path, struct ms_error *err);

/* Returns how many bytes the result of spec will take, so that absurd sizes can be refused before anything
 * is created; saturates at INT64_MAX. */
int64_t ms_writer_size(const struct ms_writer_spec *spec);

/* Returns how many bytes of it are costs of iterations. */
int64_t ms_writer_cost_bytes(const struct ms_writer_spec *spec);

/* Sets *bytes to the free space for ordinary users on the file system of path's folder; false if it is unknown. */
bool ms_writer_free_bytes(const char *path, int64_t *bytes);

/* Creates the result file as path.part, which must not exist, and then renames it to path (rule 1 of
 * docs/file-format.md). Of several calls at once, even without a lock, one succeeds. *reserved tells whether the file
 * system has reserved the space of the file. An existing file at path is replaced only if `replace` is true and it is a
 * moonsweep result.
 * Errors: MS_CANNOT_CREATE (with the needed and the free size), MS_NO_PERMISSION, MS_IO_ERROR, MS_WORK_LEFT if
 * spec->stop asked for an early end (nothing is left then). */
enum ms_code ms_writer_create(const char *path, const struct ms_writer_spec *spec, bool replace,
                              bool *reserved, struct ms_error *err);

/* Returns whether path is a moonsweep result, corrupt or not. It looks only at the last bytes, without
 * HDF5. */
bool ms_writer_is_result(const char *path);

/* What ms_writer_repair repaired. */
struct ms_writer_repaired {
    int64_t bytes;
    char names[256]; /* of the corrupt variables, separated by commas */
};

/* Compares the parts of an existing file that never change with their checksums, before HDF5 opens the
 * file. If `write` is true, it repairs them from their second copy (only on rank 0, holding the lock);
 * otherwise *repaired tells what a repair would do. Errors: MS_BAD_INPUT (the file is no complete result,
 * another program has rewritten it, or it is corrupt beyond repair; nothing is written), MS_NO_INPUT,
 * MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_repair(const char *path, bool write, struct ms_writer_repaired *repaired,
                              struct ms_error *err);

/* ---- opening: one struct ms_writer a rank ----------------------------------------------------------- */

struct ms_writer;

/* Opens an existing result of spec for writing, on rank 0. The grid and the data sets of spec must outlive
 * the writer. Errors: MS_NO_INPUT, MS_BAD_INPUT (not a result file, another format version or numerics, or
 * sizes that do not match the job), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_open(const char *path, const struct ms_writer_spec *spec, struct ms_writer **writer,
                            struct ms_error *err);

/* Returns what another process needs to open the same file (ms_writer_open_again), and sets *bytes to its size. */
const void *ms_writer_places(const struct ms_writer *writer, size_t *bytes);

/* Opens the file that rank 0 has opened, on another rank. Errors: as for ms_writer_open, and MS_IO_ERROR
 * if path leads to another file on this rank. */
enum ms_code ms_writer_open_again(const char *path, const struct ms_writer_spec *spec, const void *places,
                                  int rank, struct ms_writer **writer, struct ms_error *err);

/* The path of the file, for messages. */
const char *ms_writer_path(const struct ms_writer *writer);

/* The bytes of memory that a writer of a result of spec uses. */
int64_t ms_writer_memory(const struct ms_writer_spec *spec);

/* Closes the writer; also needed after an error. Anything not flushed is lost. writer may be NULL. */
void ms_writer_close(struct ms_writer *writer);

/* Sets a function that is called repeatedly while another call waits for the disk. */
void ms_writer_while_waiting(struct ms_writer *writer, void (*serve)(void *context), void *context);

/* How another process writes on behalf of this one (moonsweep run --writers node). write and flush_state
 * return 0 or an errno. Each function receives context. */
struct ms_writer_proxy {
    int (*write)(void *context, uint64_t offset, size_t count, const void *bytes);
    uint64_t (*ask_flush)(
        void *context); /* of all that was written; returns a ticket, larger than all before */
    int (*flush_state)(void *context, uint64_t ticket, bool *is_done);
    void *context;
};

/* Makes the proxy do all further writes; with NULL this process writes again. */
void ms_writer_use_proxy(struct ms_writer *writer, const struct ms_writer_proxy *proxy);

/* These do the work of a proxy in the process that writes. */
int ms_writer_write_for(struct ms_writer *writer, uint64_t offset, size_t count, const void *bytes);
uint64_t ms_writer_ask_flush_for(struct ms_writer *writer);
int ms_writer_flush_state_for(struct ms_writer *writer, uint64_t ticket, bool *is_done);

/* Returns whether path is on a network file system, where one process per machine should write for all of
 * them. */
bool ms_writer_is_on_network(const char *path);

/* Makes the file system reserve space for the holes of an existing file before rank 0 writes to it, as
 * ms_writer_create does for a new file. Errors: MS_CANNOT_CREATE (with the needed and the free size),
 * MS_IO_ERROR. */
enum ms_code ms_writer_reserve(struct ms_writer *writer, bool *reserved, struct ms_error *err);

enum { MS_SCAN_NAMED = 8 }; /* corrupt configurations that a scan names */

/* What a result already contains. A status is valid only if its row matches its checksums and so do the rows of all
 * smaller iteration counts of the trajectory: after a gap everything is trained again and counts as pending, but for
 * rows whose trajectory has ended before them. A trajectory resumes at 0, at the largest iteration count that is done,
 * or at its newest checkpoint. */
struct ms_writer_scan {
    int64_t trajectories;
    int64_t *from_iteration; /* [trajectories] owned: where each resumes */
    bool *finished;          /* [trajectories] owned: all its configurations are final */
    int32_t *pair;   /* [trajectories] owned: its checkpoint is in slots 2*pair and 2*pair + 1; -1 if none */
    int32_t pairs;   /* number of pairs of slots */
    uint8_t *status; /* [configs] owned: MS_PENDING unless valid */
    int64_t done, diverged, stopped, dropped, pending;
    int64_t damaged;                       /* rows that do not match their checksums; they count as pending */
    int64_t damaged_config[MS_SCAN_NAMED]; /* the first of them */
    int64_t lost_checkpoints; /* checksum mismatch of the slot or its costs: corrupt or half-written */
    int64_t next_lease;       /* the first free row of /leases */
    struct ms_best best;      /* of the configurations that are done or stopped */
};

/* Finds out what the file already contains, on rank 0. The caller frees scan. It repairs a row of /runs or
 * /leases in which a single bit has flipped. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (the contents
 * contradict each other). */
enum ms_code ms_writer_scan(struct ms_writer *writer, struct ms_writer_scan *scan, struct ms_error *err);
void ms_writer_scan_free(struct ms_writer_scan *scan);

/* The bytes that the scan of a result with this grid takes. */
int64_t ms_writer_scan_bytes(const struct ms_grid *grid);

/* ---- a run ------------------------------------------------------------------------------------------ */

/* One run of the program on the file. */
struct ms_run_info {
    uint64_t id; /* ms_lock_run_id of the lock that the run holds; 0: a random one */
    int32_t ranks;
    const char *hosts;   /* comma-separated; truncated if too long */
    const char *isa;     /* comma-separated */
    const char *kernels; /* what was measured of them; "" if nothing was */
    const char *command;
    const char *batch_job; /* id of the batch job; "" if none */
};

/* Begins a run, on rank 0: writes the next row of /runs and stores its id there and in /runs/current.
 * Every other rank needs the id and the row (ms_writer_run_join). Errors: MS_IO_ERROR. */
enum ms_code ms_writer_run_begin(struct ms_writer *writer, const struct ms_run_info *info, uint64_t *id,
                                 int32_t *row, struct ms_error *err);

/* Joins the run, on every rank except 0. From then on, each group of writes first checks that
 * /runs/current still is id: it fails with MS_BUSY if another run has taken over the file, and with
 * MS_IO_ERROR if the file was overwritten with an older copy. */
void ms_writer_run_join(struct ms_writer *writer, uint64_t id, int32_t row);

/* Checks that the open file is the one in which rank 0 has begun the run, on every rank, before it writes
 * anything. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_confirm_joined(const struct ms_writer *writer, struct ms_error *err);

/* Makes all rows pending, and durably so, that are final in the file but pending according to the scan: they
 * are trained again. Rank 0 calls it after ms_writer_run_begin and before any rank begins a trajectory.
 * Errors: MS_IO_ERROR, MS_BUSY, MS_NO_MEMORY. */
enum ms_code ms_writer_reopen(struct ms_writer *writer, const struct ms_writer_scan *scan,
                              struct ms_error *err);

/* Completes the row of the run, on rank 0. core_seconds is the processor time of training; how_ended is
 * MS_RUN_FINISHED, ... Errors: MS_IO_ERROR, MS_BUSY. */
enum ms_code ms_writer_run_end(struct ms_writer *writer, double core_seconds, unsigned how_ended,
                               struct ms_error *err);

/* Sets *asked to whether this run was asked to stop (ms_lock_ask_to_stop). Errors: MS_IO_ERROR. */
enum ms_code ms_writer_stop_asked(struct ms_writer *writer, bool *asked, struct ms_error *err);

/* Checks that the path of the result still leads to the file being written: it may have been removed,
 * renamed or replaced. The check is cheap: rank 0 makes it often, the other ranks after each commit. If
 * the system cannot tell at the moment, the check passes. Errors: MS_IO_ERROR, which says where the rows
 * are. */
enum ms_code ms_writer_still_named(const struct ms_writer *writer, struct ms_error *err);

/* Checks that the file contains at least `final` final configurations, on rank 0 after every rank has
 * flushed. There are fewer if something else overwrote the file. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_confirm_rows(const struct ms_writer *writer, int64_t final, struct ms_error *err);

/* Does the same as ms_writer_still_named at the end of a run: if the system still cannot tell after a
 * second, that is an error. */
enum ms_code ms_writer_confirm_named(const struct ms_writer *writer, struct ms_error *err);

/* Forgets what was read from the file, on every rank, before a trajectory is continued that another rank has trained in
 * the same run. */
void ms_writer_refresh(struct ms_writer *writer);

/* Reads the measures by which halving decides, of all configurations whose status is final according to the scan, on
 * rank 0. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_halving_rows(struct ms_writer *writer, const struct ms_writer_scan *scan,
                                    const struct ms_halving *halving, struct ms_halving_row *rows,
                                    struct ms_error *err);

/* ---- a trajectory ----------------------------------------------------------------------------------- */

/* Where to resume a trajectory. */
struct ms_resume {
    int32_t slots[2];            /* checkpoint slots of the caller's lease; -1 if none */
    int64_t iteration;           /* in: where the lease begins; out: where the trajectory resumes */
    struct ms_network *network;  /* of the trajectory's shape; out: the parameters, unless it begins at 0 */
    double seconds, cpu_seconds; /* out: of training up to there */
    struct ms_patience patience; /* out: of the costs up to there, unless it begins at 0 */
};

/* Begins a trajectory from its newest state up to resume->iteration that matches its checksums, including
 * those of its costs: a checkpoint in the slots, or a committed configuration. Without such a state, and
 * always if resume->iteration is 0, it begins at iteration 0, and the caller initializes the parameters.
 * Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_begin(struct ms_writer *writer, int64_t trajectory, struct ms_resume *resume,
                             struct ms_error *err);

/* Appends costs[count], those of the next iterations, to the history of the current trajectory, the one begun last. Of
 * them those are stored that the stride of the grid says. Errors: as for ms_writer_flush. */
enum ms_code ms_writer_costs(struct ms_writer *writer, int64_t count, const double *costs,
                             struct ms_error *err);

/* The final result of one configuration. The costs up to it must have been appended, and no others. */
struct ms_result {
    int64_t config;
    enum ms_status status;
    enum ms_ended_by ended_by;
    int64_t iterations_done;
    const struct ms_network *network; /* its parameters, which are copied */
    struct ms_evaluation train, dev;
    struct ms_patience patience; /* of the costs before iterations_done */
    double train_seconds, train_cpu_seconds;
    bool is_taken_over; /* from an older result (moonsweep/older.h); otherwise this rank has trained it */
    int32_t source;     /* if it was taken over: the row of /runs that says from where */
};

/* Sets *is_final to whether the configuration has a final row in the file, which must not be written again. Errors:
 * MS_IO_ERROR. */
enum ms_code ms_writer_is_final(const struct ms_writer *writer, int64_t config, bool *is_final,
                                struct ms_error *err);

/* Sets *end to the iteration at which the rule about time has ended the trajectory of members[count], if one of them has
 * a final row that says so; otherwise to 0. Its other rows must say the same. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_time_end(const struct ms_writer *writer, int64_t count,
                                const struct ms_grid_member *members, int64_t *end, struct ms_error *err);

/* Queues a result, which becomes durable with the next flush. Errors: as for ms_writer_flush. */
enum ms_code ms_writer_result(struct ms_writer *writer, const struct ms_result *result, struct ms_error *err);

/* Returns the result of a configuration that was dropped at the rung with this iteration count: there are no values.
 * Sets the parameters of network, which must have the configuration's shape, to NaN. */
struct ms_result ms_writer_dropped(int64_t config, int64_t rung, struct ms_network *network);

/* The state of the current trajectory between two iterations. */
struct ms_checkpoint {
    int64_t iteration;           /* whose costs have all been appended */
    double seconds, cpu_seconds; /* of training so far */
    struct ms_patience patience; /* of the costs so far */
    const struct ms_network *network;
};

/* Commits everything that waits and writes the checkpoint to the older slot of the lease. Without slots it
 * does nothing. Errors: as for ms_writer_flush. */
enum ms_code ms_writer_checkpoint(struct ms_writer *writer, const struct ms_checkpoint *checkpoint,
                                  struct ms_error *err);

/* Returns whether the slots of the current lease contain a checkpoint; then the writer must be flushed
 * before the slots are reused. */
bool ms_writer_has_checkpoint(const struct ms_writer *writer);

/* Makes everything queued durable: data and checksums, fdatasync, then the statuses (rule 3). Errors:
 * MS_IO_ERROR with the variable and the cause; MS_BUSY if another run has taken over the file;
 * MS_NO_MEMORY. */
enum ms_code ms_writer_flush(struct ms_writer *writer, struct ms_error *err);

/* Begins a commit if data has waited for a while, and continues a commit whose data the disk has written;
 * never waits for the disk, and is cheap. Errors: as for ms_writer_flush. */
enum ms_code ms_writer_tick(struct ms_writer *writer, struct ms_error *err);

/* A row of /leases: which rank trained what, and when, in seconds since 1970. first_trajectory is -1 if it stands for several
 * leases: count is the sum of theirs, and the iterations are the lowest and the highest. */
struct ms_writer_lease {
    int64_t row;
    int32_t rank;
    int64_t first_trajectory, count, from_iteration, to_iteration;
    double started, finished;
};

/* Returns the number of rows of /leases. */
int64_t ms_writer_lease_rows(const struct ms_writer *writer);

/* Writes a row of /leases. A row past the end of the table is not written, and *full is set. Errors: MS_IO_ERROR,
 * MS_BUSY. */
enum ms_code ms_writer_lease(struct ms_writer *writer, const struct ms_writer_lease *lease, bool *full,
                             struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
