/* Work with HDF5 in a separate process, which sends what it finds as struct ms_report through a pipe. HDF5 1.10 follows
 * corrupt metadata without checks and survives no failed allocation: it may crash, exit, or compute for ever. That ends
 * the other process only, and this one never calls HDF5.
 *
 *     ms_separate_process_start(path, &work, &process, err)
 *     bool is_reported = ms_report_receive(process.pipe, &report);
 *     int status = ms_separate_process_end(&process);
 *     if (!is_reported || report.kind is not what was expected)
 *         return ms_separate_process_fail(path, descriptor, is_reported ? &report : NULL, status, err);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SEPARATE_PROCESS_H
#define MOONSWEEP_STORE_SEPARATE_PROCESS_H

#include <sys/types.h>

#include "moonsweep/stop_request.h"
#include "report.h"

/* What the other process does. */
struct ms_separate_work {
    /* Returns whether everything was sent through the pipe, errors included. */
    bool (*run)(const void *context, int pipe);
    const void *context;
    /* It calls ms_separate_process_allow; otherwise it has what any result needs, and no more */
    bool is_growing;
};

struct ms_separate_process {
    pid_t id;
    int pipe; /* where its messages come from */
};

/* Starts the process. The caller ends it. Errors: MS_NO_MEMORY, MS_IO_ERROR. */
enum ms_code ms_separate_process_start(const char *path, const struct ms_separate_work *work,
                                       struct ms_separate_process *process, struct ms_error *err);

/* For the other process: lets it use as much more memory, in addition to a fixed amount, and the processor time to
 * read as many bytes, from now on. Returns false if the limits of the user do not allow as much memory. */
bool ms_separate_process_allow(size_t bytes);

/* Waits until the process sends something or has ended. Returns false if a stop was requested before; stop may be NULL.
 */
bool ms_separate_process_wait(const struct ms_separate_process *process, const struct ms_stop_request *stop);

/* Ends the process at once; ms_separate_process_end must be called nevertheless. */
void ms_separate_process_kill(const struct ms_separate_process *process);

/* Closes the pipe and waits for the end of the process. Returns its status as waitpid does. */
int ms_separate_process_end(struct ms_separate_process *process);

/* Fails because of a report of MS_REPORT_FAILED or MS_REPORT_ENDED, or because the process with that status has ended
 * without one (NULL). descriptor: of the file, if it may be a result; otherwise -1. Errors: MS_BAD_INPUT (also if the
 * other process crashed, or used more processor time or memory than the file can need), MS_NO_MEMORY (also if it
 * crashed for lack of memory or of stack), MS_INTERNAL, and that of the report. */
enum ms_code ms_separate_process_fail(const char *path, int descriptor, const struct ms_report *report,
                                      int status, struct ms_error *err);

#endif
