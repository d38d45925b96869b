/* Starts work in the other process, receives the reader that it reports, and waits for its end, whatever has
 * failed before. The reader has the descriptor of the caller; its places and texts come from the other
 * process.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "separate.h"

#include <stdlib.h>
#include <string.h>

#include "inspect.h"
#include "report.h"

/* What the other process opens. */
struct opening {
    const char *path;
    int descriptor;
};

/* A run of struct ms_separate_work. */
static bool open_and_report(const void *context, int pipe)
{
    static struct ms_reader reader;
    const struct opening *opening = context;
    struct ms_error err;

    if (ms_inspect(opening->path, opening->descriptor, NULL, &reader, &err) != MS_OK)
        return ms_report_send_error(pipe, &err);
    return ms_report_send(pipe, &reader);
}

enum ms_code ms_separate_open_by(const char *path, int descriptor, const struct ms_separate_work *work,
                                 const struct ms_stop_request *stop, struct ms_reader *reader,
                                 struct ms_error *err)
{
    struct ms_separate_process process;
    struct ms_report report = {.kind = MS_REPORT_FAILED};
    bool is_stopped, is_reported;
    int status;
    enum ms_code code;

    reader->file.descriptor = descriptor;
    code = ms_separate_process_start(path, work, &process, err);
    if (code != MS_OK)
        return code;
    is_stopped = stop != NULL && !ms_separate_process_wait(&process, stop);
    if (is_stopped)
        ms_separate_process_kill(&process);
    is_reported = !is_stopped && ms_report_receive(process.pipe, &report);
    if (is_reported && report.kind == MS_REPORT_OPENED)
        code = ms_report_receive_reader(process.pipe, path, &report, reader, err);
    status = ms_separate_process_end(&process);
    reader->file.descriptor = descriptor;
    if (is_stopped)
        return ms_stop_request_error(err, "reading the result");
    if (!is_reported || report.kind != MS_REPORT_OPENED)
        return ms_separate_process_fail(path, work->is_growing ? -1 : descriptor,
                                        is_reported ? &report : NULL, status, err);
    if (code != MS_OK)
        return code;
    reader->file.path = strdup(path);
    return reader->file.path == NULL ? ms_fail_memory(err, path, "to open it") : MS_OK;
}

enum ms_code ms_separate_open(const char *path, int descriptor, struct ms_reader *reader,
                              struct ms_error *err)
{
    const struct opening opening = {path, descriptor};
    const struct ms_separate_work work = {.run = open_and_report, .context = &opening};

    return ms_separate_open_by(path, descriptor, &work, NULL, reader, err);
}
