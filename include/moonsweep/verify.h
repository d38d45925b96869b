/* Looking for damage in a result file: everything in it against its checksums. Nothing is written or locked; a sweep may
 * be writing meanwhile.
 *
 *     ms_verify_open(path, &report, &verification, err)   // what never changes
 *     ms_verify_file(verification, &summary, err)         // rows, checkpoints, runs, leases, data
 *     ms_verify_result, ms_verify_costs                   // of what was trained again
 *     ms_verify_close(verification)
 *
 * What is found goes to report.visit, one call a value; it is no error. Where a run writes meanwhile, what is found may
 * be a value on its way: looking again tells. */
#ifndef MOONSWEEP_VERIFY_H
#define MOONSWEEP_VERIFY_H

#include "moonsweep/reader.h"
#include "moonsweep/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What damage means for the file. */
enum ms_finding_kind {
    MS_FINDING_REPAIRABLE, /* a run with the job file repairs it, unless it refuses the file */
    MS_FINDING_PERMANENT   /* no run repairs it */
};

/* One value that is not what it must be. The texts live as long as the call. */
struct ms_finding {
    enum ms_finding_kind kind;
    const char *place;  /* "X_train[17,1]", as h5py writes it; "structure, byte 2048" */
    int64_t config;     /* the configuration it belongs to; -1: to none alone */
    const char *stored; /* the value */
    const char *due;    /* what it must be: a value, or a rule in words ("at least 20") */
};

struct ms_verify_report {
    void (*visit)(void *context, const struct ms_finding *finding);
    void *context;
};

/* What there is, beside what is wrong with it. */
struct ms_verify_summary {
    bool refused;   /* a run does not carry the file on, so that nothing is repaired */
    bool rewritten; /* another program has rewritten the file: only rows and data could be verified */
    bool readable;  /* its structure is sound; if not, what follows is 0 */
    int64_t configs, trajectories;
    int64_t by_status[MS_STATUS_COUNT]; /* configurations, as stored */
    int64_t checkpoints;                /* slots that hold a checkpoint of an unfinished trajectory */
    int64_t half_written;               /* slots that a run was killed at: of no use, and no damage */
    int64_t uncommitted; /* rows that a run was killed at before their status: pending, and no damage */
    bool running;        /* by /runs somebody is at work on the file, or was killed there */
};

struct ms_verification;

/* Compares what never changes with its checksums, before HDF5 follows it, and opens the file if its structure is sound.
 * A file whose structure cannot be compared (another program has rewritten it, or the checksums are damaged themselves)
 * is opened by another process first, which may crash. Errors: MS_BAD_INPUT
 * (not a result), those of ms_reader_open, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_verify_open(const char *path, const struct ms_verify_report *report,
                            struct ms_verification **verification, struct ms_error *err);
void ms_verify_close(struct ms_verification *verification);

/* The open file, with damage of what the job gave repaired in what is read; NULL: its structure is damaged. */
struct ms_reader *ms_verify_reader(struct ms_verification *verification);

/* Compares everything else. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (it contradicts itself). */
enum ms_code ms_verify_file(struct ms_verification *verification, struct ms_verify_summary *summary,
                            struct ms_error *err);

/* Compares the row of a final configuration with result, which was trained again (its times do not matter);
 * final_cost: its last cost, NaN: none. Errors: as above. */
enum ms_code ms_verify_result(struct ms_verification *verification, const struct ms_result *result,
                              double final_cost, struct ms_error *err);

/* Compares the costs from .. from + count - 1 of a trajectory with costs[count]. */
enum ms_code ms_verify_costs(struct ms_verification *verification, int64_t trajectory, int64_t from,
                             int64_t count, const double *costs, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
