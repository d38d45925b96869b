/* Making a result file and writing to it. The format and its rules: docs/file-format.md.
 *
 *     rank 0: ms_lock_take, ms_writer_clear, then ms_writer_repair, or ms_writer_create where there is no file
 *     rank 0: ms_writer_open(path, &spec, &writer, err), and sends ms_writer_places(writer)
 *     others: ms_writer_open_again(path, &spec, places, rank, &writer, err)
 *     rank 0: ms_writer_scan(writer, &scan, err), ms_writer_run_begin(writer, &info, &id, &row, err)
 *     others: ms_writer_run_join(writer, id, row)
 *     each trajectory: ms_writer_begin; then ms_writer_costs, ms_writer_result and ms_writer_checkpoint as they come
 *     often:  ms_writer_tick (makes what waits for a second durable); before idling or leaving: ms_writer_flush
 *     rank 0: ms_writer_run_end;   all: ms_writer_close;   rank 0: ms_lock_release
 *
 * A sweep on all ranks does this by itself (moonsweep/session.h). Nothing here needs MPI. */
#ifndef MOONSWEEP_WRITER_H
#define MOONSWEEP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/best.h"
#include "moonsweep/data.h"
#include "moonsweep/grid.h"
#include "moonsweep/lock.h"
#include "moonsweep/network.h"
#include "moonsweep/row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the HDF5 library that is loaded, e.g. "1.10.8". */
const char *ms_writer_hdf5_version(void);

/* Before MPI_Init, in a program that makes results: keeps HDF5 from cleaning up at the end of MPI and of the process,
 * where version 1.10 crashes if a file could not be closed before, as on a full disk. Nothing needs it. */
void ms_writer_prepare(void);

/* ---- creating --------------------------------------------------------------------------------------- */

struct ms_writer_spec {
    const struct ms_grid *grid;
    int32_t n_datasets;
    const struct ms_dataset *datasets; /* [n_datasets], all with the same n_x */
    enum ms_precision precision;
    const char *job_text;
    const char *title;
    uint64_t job_hash;
    const char *command;
    const char *mpi_version; /* NULL: none */
    int32_t ranks;           /* for the number of checkpoint slots */
};

/* Whether the system takes path and the longer names of the files beside it, OUT.h5.lock and OUT.h5.part; whether there
 * is such a file does not matter. Errors: MS_CANNOT_CREATE (a name or a path that is too long), MS_NO_MEMORY. */
enum ms_code ms_writer_check_name(const char *path, struct ms_error *err);

/* Rank 0, under the lock: removes what a run that was killed left beside path. Errors: MS_CANNOT_CREATE (it cannot be
 * removed), MS_NO_MEMORY. */
enum ms_code ms_writer_clear(const char *path, struct ms_error *err);

/* Bytes that the result of spec will take, for refusing absurd sizes before anything is made; saturates at
 * INT64_MAX. */
int64_t ms_writer_size(const struct ms_writer_spec *spec);

/* Makes path by way of path.part (rule 1 of docs/file-format.md). *reserved says whether the file system
 * holds the space for us. Errors: MS_CANNOT_CREATE (needed and free size named), MS_NO_PERMISSION,
 * MS_IO_ERROR. A path that exists is replaced only if replace is true, and then only if it is a result file
 * of ours. */
enum ms_code ms_writer_create(const char *path, const struct ms_writer_spec *spec, bool replace,
                              bool *reserved, struct ms_error *err);

/* Whether path is a result of ours, damaged or not: by its last bytes, without HDF5. */
bool ms_writer_is_result(const char *path);

/* What had to be repaired. */
struct ms_writer_repaired {
    int64_t bytes;
    char names[256]; /* of what they belonged to, separated by commas */
};

/* Before HDF5 opens a file that is there: compares all that never changes with its checksums. write: repairs it from its
 * second copy (rank 0, under the lock); otherwise *repaired only says what that would do. Errors: MS_BAD_INPUT (the file
 * is not a whole result, another program has rewritten it, or it is corrupt where it cannot be repaired; nothing is
 * written), MS_NO_INPUT, MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_repair(const char *path, bool write, struct ms_writer_repaired *repaired,
                              struct ms_error *err);

/* ---- opening: one struct ms_writer a rank ----------------------------------------------------------- */

struct ms_writer;

/* Rank 0: opens an existing result of spec for writing. Grid and data sets are borrowed until it is closed. Errors:
 * MS_NO_INPUT, MS_BAD_INPUT (not a result file, another format version or numerics, sizes that are not those of the
 * job), MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_open(const char *path, const struct ms_writer_spec *spec, struct ms_writer **writer,
                            struct ms_error *err);

/* What another process needs to open the same file: plain bytes. */
const void *ms_writer_places(const struct ms_writer *writer, size_t *bytes);

/* Another rank: opens the file that rank 0 has opened. Errors: as above, and MS_IO_ERROR where path leads to another file
 * here. */
enum ms_code ms_writer_open_again(const char *path, const struct ms_writer_spec *spec, const void *places,
                                  int rank, struct ms_writer **writer, struct ms_error *err);

/* Also after an error; NULL is harmless. What was not flushed is lost. */
void ms_writer_close(struct ms_writer *writer);

/* Something to be done again and again while a call waits for the disk. */
void ms_writer_while_waiting(struct ms_writer *writer, void (*serve)(void *context), void *context);

/* Another process that writes for this one (moonsweep run --writers node). Each function returns 0 or an errno, and gets
 * context. */
struct ms_writer_proxy {
    int (*write)(void *context, uint64_t offset, size_t count, const void *bytes);
    uint64_t (*ask_flush)(
        void *context); /* of everything written before; returns a ticket, larger than all before */
    int (*flush_state)(void *context, uint64_t ticket, bool *is_done);
    void *context;
};

/* From here on everything is written by proxy; NULL: by this process again. */
void ms_writer_use_proxy(struct ms_writer *writer, const struct ms_writer_proxy *proxy);

/* The same, done for another process. */
int ms_writer_write_for(struct ms_writer *writer, uint64_t offset, size_t count, const void *bytes);
uint64_t ms_writer_ask_flush_for(struct ms_writer *writer);
int ms_writer_flush_state_for(struct ms_writer *writer, uint64_t ticket, bool *is_done);

/* Whether path is on a network file system, where one process of a machine should write for all. */
bool ms_writer_is_on_network(const char *path);

/* Rank 0, before a file that was there is written to: makes the file system set aside what it has holes for, as
 * ms_writer_create does for a new one. Errors: MS_CANNOT_CREATE (needed and free size named), MS_IO_ERROR. */
enum ms_code ms_writer_reserve(struct ms_writer *writer, bool *reserved, struct ms_error *err);

enum { MS_SCAN_NAMED = 8 }; /* damaged configurations that a scan names */

/* What is done already. A status counts only with right checksums, and only if those of the trajectory's smaller
 * iteration counts are right: after a gap all is trained, and counts as pending, again. */
struct ms_writer_scan {
    int64_t trajectories;
    int64_t *from_iteration; /* [trajectories] owned: where each goes on: 0, the largest count done, or its
                                newest checkpoint */
    bool *finished;          /* [trajectories] owned: all its configurations are final */
    int32_t *pair;   /* [trajectories] owned: slots 2*pair and 2*pair + 1 hold its checkpoint; -1: none */
    int32_t pairs;   /* of slots, in all */
    uint8_t *status; /* [configs] owned: those that count */
    int64_t done, diverged, pending;
    int64_t damaged;                       /* rows whose checksum was wrong; they are pending now */
    int64_t damaged_config[MS_SCAN_NAMED]; /* the first of them */
    int64_t
        lost_checkpoints; /* slots with a wrong checksum, or whose costs have one: damaged, or half written */
    int64_t next_lease;   /* the first free row of /leases */
    struct ms_best best;  /* of the done ones */
};

/* Rank 0. The caller frees scan. One flipped bit of a row of /runs or /leases is turned back. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY, MS_BAD_INPUT (what is stored contradicts itself). */
enum ms_code ms_writer_scan(struct ms_writer *writer, struct ms_writer_scan *scan, struct ms_error *err);
void ms_writer_scan_free(struct ms_writer_scan *scan);

/* ---- a run ------------------------------------------------------------------------------------------ */

/* One run of the program on the file. */
struct ms_run_info {
    int32_t ranks;
    const char *hosts; /* comma-separated, cut at the room there is */
    const char *isa;
    const char *command;
    const char *batch_job; /* id of the batch job; "": none */
};

/* Rank 0: takes the next row of /runs and writes a random id to it and to /runs/current. The id and the row
 * go to every rank by ms_writer_run_join. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_run_begin(struct ms_writer *writer, const struct ms_run_info *info, uint64_t *id,
                                 int32_t *row, struct ms_error *err);

/* Every rank but 0: belongs to that run. From here on nothing is written before a look whether /runs/current is
 * still id: whatever writes fails with MS_BUSY once another run has taken the file over, and with MS_IO_ERROR once an
 * older copy was written over it. */
void ms_writer_run_join(struct ms_writer *writer, uint64_t id, int32_t row);

/* Rank 0: closes the row. core_seconds: processor time of training. how_ended: MS_RUN_FINISHED, ... Errors:
 * MS_IO_ERROR, MS_BUSY. */
enum ms_code ms_writer_run_end(struct ms_writer *writer, double core_seconds, unsigned how_ended,
                               struct ms_error *err);

/* Whether somebody asked this run to stop (ms_lock_ask_to_stop). Errors: MS_IO_ERROR. */
enum ms_code ms_writer_stop_asked(struct ms_writer *writer, bool *asked, struct ms_error *err);

/* Whether the name of the result still leads to the file that is written: it may have been removed, renamed or replaced.
 * Cheap; rank 0 looks often, and each rank after it has committed something. What the system cannot tell at the moment
 * passes. Errors: MS_IO_ERROR, which says where the rows are. */
enum ms_code ms_writer_still_named(const struct ms_writer *writer, struct ms_error *err);

/* Rank 0, in the end, when every rank has flushed: whether at least so many configurations are final in the file. They
 * are not if something else was written over it. Errors: MS_IO_ERROR. */
enum ms_code ms_writer_confirm_rows(const struct ms_writer *writer, int64_t final, struct ms_error *err);

/* As ms_writer_still_named, as the last that a run does: what the system cannot tell within a second is an error. */
enum ms_code ms_writer_confirm_named(const struct ms_writer *writer, struct ms_error *err);

/* ---- a trajectory ----------------------------------------------------------------------------------- */

/* Where a trajectory begins. */
struct ms_resume {
    int32_t slots[2];  /* the lease's checkpoint slots, -1: none; they belong to the caller's lease */
    int64_t iteration; /* in: where the lease begins; out: where the trajectory does */
    struct ms_network *network;  /* of the trajectory's shape; out: the parameters, unless it begins at 0 */
    double seconds, cpu_seconds; /* out: of training up to there */
};

/* Begins a trajectory with the newest state that has right checksums, its costs included, up to
 * resume->iteration: a checkpoint in the slots, or a committed configuration. Where there is none (always
 * for 0) it begins at iteration 0, whose parameters the caller makes. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_writer_begin(struct ms_writer *writer, int64_t trajectory, struct ms_resume *resume,
                             struct ms_error *err);

/* Appends costs[count] to the history of the trajectory begun last. Errors: as ms_writer_flush. */
enum ms_code ms_writer_costs(struct ms_writer *writer, int64_t count, const double *costs,
                             struct ms_error *err);

/* One configuration's final row. The costs it covers (all appended so far) must have been appended. */
struct ms_result {
    int64_t config;
    enum ms_status status;
    int64_t iterations_done;
    const struct ms_network *network; /* its parameters, copied */
    struct ms_evaluation train, dev;
    double train_seconds, train_cpu_seconds;
};

/* Queues result; it is durable after the next flush. Errors: as ms_writer_flush. */
enum ms_code ms_writer_result(struct ms_writer *writer, const struct ms_result *result, struct ms_error *err);

/* The trajectory begun last, between two iterations. */
struct ms_checkpoint {
    int64_t iteration;           /* all its costs have been appended */
    double seconds, cpu_seconds; /* of training so far */
    const struct ms_network *network;
};

/* Commits what waits and writes the checkpoint to the older slot of the trajectory's lease; without slots
 * nothing happens. Errors: as ms_writer_flush. */
enum ms_code ms_writer_checkpoint(struct ms_writer *writer, const struct ms_checkpoint *checkpoint,
                                  struct ms_error *err);

/* Whether the slots of the present lease hold a checkpoint: then a flush is due before they are free. */
bool ms_writer_has_checkpoint(const struct ms_writer *writer);

/* Makes everything queued durable: data and checksums, fdatasync, then status (rule 3). Errors: MS_IO_ERROR
 * with variable and cause; MS_BUSY when another run has taken the file over; MS_NO_MEMORY. */
enum ms_code ms_writer_flush(struct ms_writer *writer, struct ms_error *err);

/* Begins to commit if something has waited for a second or much is queued, and goes on with what the disk has finished;
 * never waits for it. Cheap otherwise. Errors: as ms_writer_flush. */
enum ms_code ms_writer_tick(struct ms_writer *writer, struct ms_error *err);

/* Who trained what when: a row of /leases; times in seconds since 1970. A row past the end is not written:
 * *full is then set. Errors: MS_IO_ERROR, MS_BUSY. */
struct ms_writer_lease {
    int64_t row;
    int32_t rank;
    int64_t first_trajectory, count, from_iteration, to_iteration;
    double started, finished;
};
enum ms_code ms_writer_lease(struct ms_writer *writer, const struct ms_writer_lease *lease, bool *full,
                             struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
