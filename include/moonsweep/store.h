/* The result file: one HDF5 file that all ranks write and anybody reads at any time. The format and its
 * rules: docs/file-format.md.
 *
 * Writing, on every rank of comm:
 *
 *     rank 0: ms_store_lock(path, true, &lock, err), ms_store_clear(path, err), ms_store_create unless it exists
 *     all:    ms_store_open(path, comm, &store, err)
 *     rank 0: ms_store_restore(store, &spec, &restored, err) if the file was there before
 *     rank 0: ms_store_scan(store, &scan, err), ms_store_run_begin(store, &info, err)
 *     each trajectory: ms_store_begin; then ms_store_costs, ms_store_result and ms_store_checkpoint as they come
 *     often:  ms_store_tick (makes what waits for a second durable); before idling or leaving: ms_store_flush
 *     rank 0: ms_store_run_end;   all: ms_store_close;   rank 0: ms_store_unlock
 *
 * Reading, without MPI: ms_reader_open ... ms_reader_close. */
#ifndef MOONSWEEP_STORE_H
#define MOONSWEEP_STORE_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/data.h"
#include "moonsweep/grid.h"
#include "moonsweep/network.h"

/* The values of `status`; all but pending are final. */
enum ms_status { MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED, MS_STATUS_COUNT };
const char *ms_status_name(enum ms_status status);

/* The version of the HDF5 library that is loaded, e.g. "1.10.8". */
const char *ms_store_hdf5_version(void);

/* Before MPI_Init, in a program that makes results: keeps HDF5 from cleaning up at the end of MPI and of the process,
 * where version 1.10 crashes if a file could not be flushed or closed before, as on a full disk (nothing needs it), and
 * Open MPI from making a semaphore for each file. */
void ms_store_prepare(void);

/* How a run ended: the bits of /runs/how_ended. */
enum ms_run_end {
    MS_RUN_RUNNING = 1,
    MS_RUN_FINISHED = 2, /* no work was left */
    MS_RUN_STOPPED = 4,  /* in good order, with work left */
    MS_RUN_FAILED = 8    /* an error ended it */
};

/* ---- the lock: OUT.h5.lock, one run a file ---------------------------------------------------------- */

struct ms_store_lock;

/* Takes the lock of the result file path (links followed). required: where the file system has no locks, this
 * fails; otherwise the lock file only says who is at work. Errors: MS_BUSY with who holds it (host, process, job,
 * since when); MS_CANNOT_CREATE, MS_NO_PERMISSION, MS_NO_MEMORY. */
enum ms_code ms_store_lock(const char *path, bool required, struct ms_store_lock **lock,
                           struct ms_error *err);

/* Releases it and unlinks its file. NULL is harmless. */
void ms_store_unlock(struct ms_store_lock *lock);

/* Whether somebody holds the lock of a result, as this host sees it. Looking is in nobody's way. */
enum ms_lock_state {
    MS_LOCK_FREE,
    MS_LOCK_HELD,
    MS_LOCK_UNKNOWN /* the lock file cannot be read, or the file system has no locks */
};
enum { MS_LOCK_HOLDER = 256 };
struct ms_lock_look {
    enum ms_lock_state state;
    char holder
        [MS_LOCK_HOLDER]; /* who holds it, or held it last, as in the message of MS_BUSY; empty: not known */
    bool has_file;        /* there is a lock file, be it free; or that cannot be told */
    bool elsewhere;       /* holder is of another host */
    double since;         /* when holder took it, in whole seconds since 1970; 0: not known */
};
void ms_store_look_at_lock(const char *path, struct ms_lock_look *look);

/* Whether the system takes path and the longer names of the files beside it, OUT.h5.lock and OUT.h5.part; whether there
 * is such a file does not matter. Errors: MS_CANNOT_CREATE (a name or a path that is too long, a path from a working
 * directory that is gone), MS_NO_MEMORY. */
enum ms_code ms_store_check_name(const char *path, struct ms_error *err);

/* Rank 0, under the lock: removes what a run that was killed left beside path, and what MPI did. Errors:
 * MS_CANNOT_CREATE (something cannot be removed; the user has a file of a name that MPI uses), MS_NO_MEMORY. */
enum ms_code ms_store_clear(const char *path, struct ms_error *err);

/* ---- creating --------------------------------------------------------------------------------------- */

struct ms_store_spec {
    const struct ms_grid *grid;
    int32_t n_datasets;
    const struct ms_dataset *datasets; /* [n_datasets], all with the same n_x */
    enum ms_precision precision;
    const char *job_text;
    const char *title;
    uint64_t job_hash;
    const char *command;
    int32_t ranks; /* for the number of checkpoint slots */
};

/* Bytes that the result of spec will take, for refusing absurd sizes before anything is made; saturates at
 * INT64_MAX. */
int64_t ms_store_size(const struct ms_store_spec *spec);

/* Makes path by way of path.part (rule 1 of docs/file-format.md). *reserved says whether the file system
 * holds the space for us. Errors: MS_CANNOT_CREATE (needed and free size named), MS_NO_PERMISSION,
 * MS_IO_ERROR. A path that exists is replaced only if replace is true, and then only if it is a result file
 * of ours. */
enum ms_code ms_store_create(const char *path, const struct ms_store_spec *spec, bool replace, bool *reserved,
                             struct ms_error *err);

/* ---- writing: one struct ms_store a rank ------------------------------------------------------------ */

struct ms_store;

/* Opens an existing result for writing; collective over comm (duplicated inside). Errors: MS_NO_INPUT,
 * MS_BAD_INPUT (not a result file, another format version or numerics), MS_IO_ERROR. */
enum ms_code ms_store_open(const char *path, MPI_Comm comm, struct ms_store **store, struct ms_error *err);

/* Collective; also after an error. What was not flushed is lost. */
void ms_store_close(struct ms_store *store);

/* Rank 0, before a file that was there is written to: makes the file system set aside what it has holes for, as
 * ms_store_create does for a new one. Errors: MS_CANNOT_CREATE (needed and free size named), MS_IO_ERROR. */
enum ms_code ms_store_reserve(struct ms_store *store, bool *reserved, struct ms_error *err);

/* What had to be put back. */
struct ms_store_restored {
    int64_t rows;
    char names[256]; /* of the variables, separated by commas */
    int last;        /* the one named last */
};

/* Rank 0, before anything else is read: compares what the job gave to the file when it was made (tuples, places of
 * histories, data) with spec, of which only grid and data sets matter, and writes again what was damaged since.
 * Errors: MS_BAD_INPUT (damaged where it cannot be mended: a text, or a size), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_store_restore(struct ms_store *store, const struct ms_store_spec *spec,
                              struct ms_store_restored *restored, struct ms_error *err);

enum { MS_SCAN_NAMED = 8 }; /* damaged configurations that a scan names */

/* What is done already. A status is believed only with a right checksum, and only if those of the trajectory's
 * smaller iteration counts are: behind a gap all is trained, and counts as pending, again. */
struct ms_store_scan {
    int64_t trajectories;
    int64_t *from_iteration; /* [trajectories] owned: where each goes on: 0, the largest count done, or its
                                newest checkpoint */
    bool *finished;          /* [trajectories] owned: all its configurations are final */
    int32_t *pair;   /* [trajectories] owned: slots 2*pair and 2*pair + 1 hold its checkpoint; -1: none */
    int32_t pairs;   /* of slots, in all */
    uint8_t *status; /* [configs] owned: as believed */
    int64_t done, diverged, pending;
    int64_t damaged;                       /* rows whose checksum was wrong; they are pending now */
    int64_t damaged_config[MS_SCAN_NAMED]; /* the first of them */
    int64_t lost_checkpoints; /* slots that do not hold, or whose costs do not: damaged, or half written */
    int64_t next_lease;       /* the first free row of /leases */
    double best_dev_accuracy; /* of the done ones; NaN: none */
    int64_t best_config;      /* its index; -1: none */
};

/* Rank 0. The caller frees scan. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (what is stored contradicts
 * itself). */
enum ms_code ms_store_scan(struct ms_store *store, struct ms_store_scan *scan, struct ms_error *err);
void ms_store_scan_free(struct ms_store_scan *scan);

/* One run of the program on the file. */
struct ms_run_info {
    int32_t ranks;
    const char *hosts; /* comma-separated, cut at the room there is */
    const char *isa;
    const char *command;
};

/* Rank 0: takes the next row of /runs and writes a random id to it and to /runs/current. The id and the row
 * go to every rank by ms_store_run_join. Errors: MS_IO_ERROR. */
enum ms_code ms_store_run_begin(struct ms_store *store, const struct ms_run_info *info, uint64_t *id,
                                int32_t *row, struct ms_error *err);

/* Every rank but 0: belongs to that run. From here on nothing is written before a look whether /runs/current is
 * still id: whatever writes fails with MS_BUSY once another run has taken the file over, and with MS_IO_ERROR once an
 * older copy was written over it. */
void ms_store_run_join(struct ms_store *store, uint64_t id, int32_t row);

/* Rank 0: closes the row. how_ended: MS_RUN_FINISHED, ... Errors: MS_IO_ERROR, MS_BUSY. */
enum ms_code ms_store_run_end(struct ms_store *store, double core_seconds, unsigned how_ended,
                              struct ms_error *err);

/* Whether somebody asked this run to stop (ms_store_ask_to_stop). Errors: MS_IO_ERROR. */
enum ms_code ms_store_stop_asked(struct ms_store *store, bool *asked, struct ms_error *err);

/* Whether the name of the result still leads to the file that is written: it may have been removed, renamed or replaced.
 * Cheap; rank 0 looks often, and each rank after it has committed something. What the system cannot tell at the moment
 * passes. Errors: MS_IO_ERROR, which says where the rows are. */
enum ms_code ms_store_still_named(const struct ms_store *store, struct ms_error *err);

/* Rank 0, in the end, when every rank has flushed: whether at least so many configurations are final in the file. They
 * are not if something else was written over it. Errors: MS_IO_ERROR. */
enum ms_code ms_store_confirm_rows(const struct ms_store *store, int64_t final, struct ms_error *err);

/* As ms_store_still_named, as the last that a run does: what the system cannot tell within a second is an error. */
enum ms_code ms_store_confirm_named(const struct ms_store *store, struct ms_error *err);

/* Where a trajectory begins. */
struct ms_resume {
    int32_t slots[2];  /* the lease's checkpoint slots, -1: none; they belong to the caller's lease */
    int64_t iteration; /* in: where the lease begins; out: where the trajectory does */
    struct ms_network *network; /* of the trajectory's shape; out: the parameters, unless it begins at 0 */
    double seconds;             /* out: of training up to there */
};

/* Begins a trajectory with the newest state that holds its checksum, its costs included, up to
 * resume->iteration: a checkpoint in the slots, or a committed configuration. Where there is none (always
 * for 0) it begins at iteration 0, whose parameters the caller makes. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_store_begin(struct ms_store *store, int64_t trajectory, struct ms_resume *resume,
                            struct ms_error *err);

/* Appends costs[count] to the history of the trajectory begun last. Errors: as ms_store_flush. */
enum ms_code ms_store_costs(struct ms_store *store, int64_t count, const double *costs, struct ms_error *err);

/* One configuration's final row. The costs it covers (all appended so far) must have been appended. */
struct ms_result {
    int64_t config;
    enum ms_status status;
    int64_t iterations_done;
    const struct ms_network *network; /* its parameters, copied */
    struct ms_evaluation train, dev;
    double train_seconds;
};

/* Queues result; it is durable after the next flush. Errors: as ms_store_flush. */
enum ms_code ms_store_result(struct ms_store *store, const struct ms_result *result, struct ms_error *err);

/* The trajectory begun last, between two iterations. */
struct ms_checkpoint {
    int64_t iteration; /* all its costs have been appended */
    double seconds;    /* of training so far */
    const struct ms_network *network;
};

/* Commits what waits and writes the checkpoint to the older slot of the trajectory's lease; without slots
 * nothing happens. Errors: as ms_store_flush. */
enum ms_code ms_store_checkpoint(struct ms_store *store, const struct ms_checkpoint *checkpoint,
                                 struct ms_error *err);

/* Whether the slots of the present lease hold a checkpoint: then a flush is due before they are free. */
bool ms_store_has_checkpoint(const struct ms_store *store);

/* Makes everything queued durable: data and checksums, fdatasync, then status (rule 3). Errors: MS_IO_ERROR
 * with variable and cause; MS_BUSY when another run has taken the file over; MS_NO_MEMORY. */
enum ms_code ms_store_flush(struct ms_store *store, struct ms_error *err);

/* Flushes if something has waited for a second or much is queued; cheap otherwise. */
enum ms_code ms_store_tick(struct ms_store *store, struct ms_error *err);

/* Who trained what when: a row of /leases; times in seconds since 1970. A row past the end is not written:
 * *full is then set. Errors: MS_IO_ERROR, MS_BUSY. */
struct ms_lease_record {
    int64_t row;
    int32_t rank;
    int64_t first_trajectory, count, from_iteration, to_iteration;
    double started, finished;
};
enum ms_code ms_store_lease(struct ms_store *store, const struct ms_lease_record *record, bool *full,
                            struct ms_error *err);

/* Whether a run is at work on a result, as far as this host can see. */
enum ms_presence_state {
    MS_PRESENCE_NONE,    /* none is: the last one said how it ended, or there was none */
    MS_PRESENCE_AT_WORK, /* one is, and holds the lock */
    MS_PRESENCE_PASSING, /* one holds the lock and is just beginning or ending */
    MS_PRESENCE_KILLED,  /* the last one did not say that it ended, and nobody holds the lock */
    MS_PRESENCE_UNSEEN, /* the same, but it ran on another host, or locks do not show here: it may be at work */
    MS_PRESENCE_UNNAMED /* the same, but there is no lock file, which a run that is killed leaves: it may be at work
                           under another name of the file */
};
struct ms_presence {
    enum ms_presence_state state;
    uint64_t run_id;             /* of the run that came last; 0: there was none */
    unsigned how_ended;          /* MS_RUN_RUNNING, ...; 0: there was none */
    bool asked_to_stop;          /* it was, by ms_store_ask_to_stop */
    char holder[MS_LOCK_HOLDER]; /* as ms_store_look_at_lock says */
};

/* Asks the run that is writing path to stop in good order, wherever it runs; from any process, without MPI.
 * presence: whether there is one. One that was killed is asked too, so that whoever would start it again knows; one
 * that is just beginning is not. Errors: those of ms_reader_open, MS_IO_ERROR. */
enum ms_code ms_store_ask_to_stop(const char *path, struct ms_presence *presence, struct ms_error *err);

/* ---- reading, serially, at any time ----------------------------------------------------------------- */

struct ms_reader;

/* Errors: MS_NO_INPUT, MS_BAD_INPUT (not HDF5, not ours, truncated, a newer format), MS_NO_PERMISSION. */
enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err);
void ms_reader_close(struct ms_reader *reader);

/* The per-configuration scalars, one array a variable. Final rows are consistent; pending ones hold NaN, -1.
 */
struct ms_table {
    int64_t configs, trajectories;
    int32_t *n_h;
    uint8_t *activation; /* enum ms_activation */
    double *learning_rate, *init_scale;
    int64_t *iterations, *seed;
    uint8_t *status; /* enum ms_status */
    int64_t *iterations_done;
    double *train_accuracy, *dev_accuracy, *final_cost, *train_cost, *dev_cost, *train_seconds;
    int32_t *rank, *run;
};

/* Reads them; the caller frees table. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err);
void ms_table_free(struct ms_table *table);

/* How many iterations the file keeps of all that the job asks for: what a later run need not do again. Errors:
 * MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_kept(struct ms_reader *reader, const struct ms_table *table, int64_t *kept,
                            int64_t *all, struct ms_error *err);

/* Errors: MS_BAD_INPUT, MS_IO_ERROR. */
enum ms_code ms_reader_presence(struct ms_reader *reader, struct ms_presence *presence, struct ms_error *err);

/* The parameters of a final configuration; the caller frees network. Errors: MS_BAD_USAGE when config is
 * out of range (which range) or pending; MS_BAD_INPUT when its checksum does not hold. */
enum ms_code ms_reader_network(struct ms_reader *reader, int64_t config, struct ms_network *network,
                               struct ms_error *err);

/* Root attributes. The texts are owned by reader. */
struct ms_reader_info {
    int32_t format_version, numerics;
    const char *title, *job_text, *program_version, *git_commit, *command, *created;
    bool job_text_holds; /* its checksum: nothing in it is damaged */
    uint64_t job_hash;   /* as stored: of the meaning that it had */
    enum ms_precision precision;
    int32_t n_x;
    int64_t train_rows, dev_rows;
};
const struct ms_reader_info *ms_reader_info(const struct ms_reader *reader);

/* Sets *names to the names of the n_x features, in the order of the networks; the caller frees them in one piece with
 * free. Errors: MS_BAD_INPUT (the attribute is damaged), MS_NO_MEMORY. */
enum ms_code ms_reader_feature_names(const struct ms_reader *reader, const char ***names,
                                     struct ms_error *err);

/* Data set `dataset` as stored; the caller frees it. */
enum ms_code ms_reader_dataset(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err);

#endif
