/* What the process that opens a file (separate_process.h) sends to the one that started it, through a pipe: a struct
 * ms_report and, if a result was opened, the texts of its attributes. For a file of arrays it sends their parts.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_REPORT_H
#define MOONSWEEP_STORE_REPORT_H

#include "reader_state.h"

struct ms_report {
    enum ms_report_kind {
        MS_REPORT_OPENED = 1, /* the texts follow */
        MS_REPORT_PART,       /* bytes of arrays follow (arrays/) */
        MS_REPORT_DONE,       /* there are no further parts */
        MS_REPORT_FAILED,     /* with err */
        MS_REPORT_ENDED       /* by a signal or by HDF5 itself, with the signal (0: none) and errno */
    } kind;
    struct ms_error err;
    int signal, cause;
    struct ms_file file; /* without path and descriptor */
    bool job_text_ok;
    size_t text_bytes[MS_READER_TEXTS]; /* with the final NUL */
    size_t part_bytes;                  /* of a part */
    size_t names_bytes;                 /* of all feature names with their final NULs; 0 if there are none */
};

/* Sends everything that reader contains. Returns whether it was sent. */
bool ms_report_send(int pipe, const struct ms_reader *reader);

/* Sends err. */
bool ms_report_send_error(int pipe, const struct ms_error *err);

/* Does the same in a process that is growing (separate_process.h). If HDF5 lacks memory although it may use what the values
 * need, it read the size of something from the file, which this process cannot judge: it ends as if HDF5 had crashed. */
bool ms_report_send_growing_error(int pipe, const struct ms_error *err);

/* Sends how the process ends: for MS_REPORT_ENDED. May be called in a signal handler. */
bool ms_report_send_ended(int pipe, int signal, int cause);

/* Sends a part, and that there are no more. */
bool ms_report_send_part(int pipe, const void *bytes, size_t count);
bool ms_report_send_done(int pipe);

/* Receives count bytes of a part; false if the other process ended before. */
bool ms_report_receive_bytes(int pipe, void *bytes, size_t count);

/* Receives a report; false if the other process ended without one. */
bool ms_report_receive(int pipe, struct ms_report *report);

/* Receives the texts that follow a report of MS_REPORT_OPENED, and fills reader, except for the path and the descriptor
 * of its file. Errors: MS_NO_MEMORY, MS_BAD_INPUT (the texts are larger than those of any result), MS_INTERNAL. */
enum ms_code ms_report_receive_reader(int pipe, const char *path, const struct ms_report *report,
                                      struct ms_reader *reader, struct ms_error *err);

#endif
