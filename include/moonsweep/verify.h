/* Looks for corruption in a result file by comparing its contents with their checksums. Nothing is written
 * or locked, and a sweep may be writing the file at the same time.
 *
 *     ms_verify_open(path, &report, &verification, err)   // what never changes
 *     ms_verify_file(verification, &summary, err)         // rows, checkpoints, runs, leases, data
 *     ms_verify_result, ms_verify_costs                   // what was trained again
 *     ms_verify_close(verification)
 *
 * report.visit is called once for each wrong value; finding one is no error. While a run writes the file,
 * a finding may be a value that was being written; a second verification tells.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_VERIFY_H
#define MOONSWEEP_VERIFY_H

#include "moonsweep/reader.h"
#include "moonsweep/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a corrupt value can be repaired. */
enum ms_finding_kind {
    MS_FINDING_REPAIRABLE, /* a run with the job file repairs it, unless it refuses the file */
    MS_FINDING_PERMANENT   /* no run repairs it */
};

/* A value that is wrong. The texts are valid only during the call. */
struct ms_finding {
    enum ms_finding_kind kind;
    const char *place;  /* "X_train[17,1]", as in h5py, or "structure, byte 2048" */
    int64_t config;     /* the configuration that it belongs to, or -1 */
    const char *stored; /* the value in the file */
    const char *due;    /* the expected value, or a rule in words ("at least 20") */
};

struct ms_verify_report {
    void (*visit)(void *context, const struct ms_finding *finding);
    void *context;
};

/* What the file contains, besides the findings. */
struct ms_verify_summary {
    bool refused;   /* a run refuses to resume the file, so nothing is repaired */
    bool rewritten; /* another program has rewritten the file: only rows and data were verified */
    bool readable;  /* its structure is intact; if not, the fields below are 0 */
    int64_t configs, trajectories;
    int64_t by_status[MS_STATUS_COUNT]; /* configurations, as stored */
    int64_t checkpoints;                /* slots with a checkpoint of an unfinished trajectory */
    int64_t half_written;               /* slots that a killed run left half-written; not corrupt */
    int64_t uncommitted; /* pending rows whose run was killed before it wrote their status; not corrupt */
    bool running;        /* according to /runs a run is writing the file, or was killed */
};

struct ms_verification;

/* Compares what never changes with its checksums before HDF5 reads it, and opens the file if its structure
 * is not known to be corrupt. Errors: MS_BAD_INPUT (not a result), those of ms_reader_open, MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_verify_open(const char *path, const struct ms_verify_report *report,
                            struct ms_verification **verification, struct ms_error *err);
void ms_verify_close(struct ms_verification *verification);

/* Returns the open file, or NULL if its structure is corrupt. Corrupt job inputs are repaired in what is
 * read from it. */
struct ms_reader *ms_verify_reader(struct ms_verification *verification);

/* Verifies everything else. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (the contents contradict each
 * other). */
enum ms_code ms_verify_file(struct ms_verification *verification, struct ms_verify_summary *summary,
                            struct ms_error *err);

/* Compares the row of a final configuration with the result of training it again, except for its times.
 * final_cost is the last cost; NaN if there is none. Errors: as for ms_verify_file. */
enum ms_code ms_verify_result(struct ms_verification *verification, const struct ms_result *result,
                              double final_cost, struct ms_error *err);

/* Reports that a configuration is dropped although the rows of its rungs do not say so. */
void ms_verify_not_dropped(struct ms_verification *verification, int64_t config);

/* Compares the stored ones of the costs from .. from + count - 1 of a trajectory with costs[count]. Errors: as for
 * ms_verify_file. */
enum ms_code ms_verify_costs(struct ms_verification *verification, int64_t trajectory, int64_t from,
                             int64_t count, const double *costs, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
