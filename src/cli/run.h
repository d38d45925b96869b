/* The steps of `moonsweep run`, in their order. command_run.c calls them.
 *
 * Each step is collective and ends with ms_agree, so that either all ranks continue or all end with one message and one
 * exit status. The steps before run_create write nothing.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_RUN_H
#define MOONSWEEP_CLI_RUN_H

#include <mpi.h>
#include <signal.h>
#include <stdbool.h>

#include "moonsweep/job.h"
#include "moonsweep/kernels.h"
#include "moonsweep/leave.h"
#include "moonsweep/session.h"
#include "moonsweep/share_samples.h"
#include "older_results.h"
#include "run_arguments.h"

/* The results of the steps, on every rank unless a comment says otherwise. */
struct run {
    const struct run_arguments *arguments;
    MPI_Comm comm;
    int rank, ranks;
    const volatile sig_atomic_t *stop;
    double started_s; /* monotonic */
    char *command;    /* rank 0: the command line as one text */

    struct ms_job job;
    struct ms_kernels kernels;        /* to choose from */
    struct ms_dataset *datasets;      /* [job.grid.n_datasets] owned */
    struct ms_shared_samples *shared; /* [2 * job.grid.n_datasets] owned: training and dev set of each */
    struct ms_samples *train, *dev;   /* [job.grid.n_datasets] owned; their arrays are those of shared */
    char mpi_version[MPI_MAX_LIBRARY_VERSION_STRING];
    struct ms_writer_spec result;

    char *path;                  /* the result file, after following links */
    struct ms_lock *lock;        /* rank 0 */
    struct older_results *older; /* rank 0: what rows are taken over from; NULL: nothing */
    bool was_there;              /* rank 0: whether the file existed before */
    bool is_late;                /* the time limit has ended the work before the sweep */
    bool has_swept;              /* the outcome is set */
    struct ms_session_outcome outcome;
};

/* Reads the job on rank 0 only and sends its text and settings to the others, so that all ranks have the same ones even
 * if the file changes. Sets run->job. Errors: those of ms_job_read_set. */
enum ms_code run_read_job(struct run *run, struct ms_error *err);

/* Opens the kernels, makes the data and lays it out. Sets kernels, datasets, shared, train and dev. Errors: those of
 * ms_kernels_open and ms_job_data, MS_NO_MEMORY, MS_WORK_LEFT if the run is stopped meanwhile. */
enum ms_code run_make_samples(struct run *run, struct ms_error *err);

/* Describes the content of the result: sets run->result. Errors: MS_NO_MEMORY. */
enum ms_code run_describe_result(struct run *run, struct ms_error *err);

/* Opens the older results, checks the target, locks it, and creates it if it does not exist. Sets path, older, lock and
 * was_there. Errors: those of target.h, older_results.h and moonsweep/lock.h; MS_WORK_LEFT if the run is stopped
 * meanwhile. */
enum ms_code run_create(struct run *run, struct ms_error *err);

/* Trains what is left. Sets run->outcome. Errors: those of ms_session_run. */
enum ms_code run_sweep(struct run *run, struct ms_error *err);

/* What to do when ranks give no sign of life, for the sweep. Not collective. */
struct ms_sweep_watch run_watch(struct run *run);

/* Rank 0: writes the summary of a sweep that ended with MS_OK or MS_WORK_LEFT to standard error. Returns the code with
 * which the program ends, and sets err unless that is MS_OK. */
enum ms_code run_report(const struct run *run, enum ms_code code, struct ms_error *err);

/* ---- What several steps need. ---- */

/* Begins work that a signal to one rank, or its time limit, ends on all of them. */
void run_leave_begin(const struct run *run, struct ms_leave *leave);

/* Ends it: the same code on every rank, MS_WORK_LEFT if it was stopped. */
enum ms_code run_leave_end(struct run *run, struct ms_leave *leave, enum ms_code code, struct ms_error *err);

/* Says that the run was stopped before it has written anything. step: the end of a clause. Returns MS_WORK_LEFT. */
enum ms_code run_fail_stopped(const struct run *run, const char *step, struct ms_error *err);

/* Rank 0: warns that the file system could not reserve space for the result. */
void run_say_unreserved(const struct run *run);

/* Rank 0: says which kernels were chosen, what each takes, and if there are several ranks, whether rank 0 trains. */
void run_say_start(const struct run *run, const struct ms_kernels *kernels, bool is_dedicated);

/* Rank 0: says what is known before training: what a scan found damaged, and notes about the data. */
void run_say(const struct run *run, const struct ms_writer_scan *scan, bool is_reserved);

#endif
