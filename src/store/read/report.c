/* Sends reports as the bytes of their structs, as one process is a copy of the other; they are cleared
 * before, so that no uninitialised bytes are sent. ms_report_send_ended needs neither memory nor much of the
 * stack, since a signal handler calls it. Sizes that arrive are checked before memory of these sizes is
 * allocated.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect.h"

enum {
    LARGEST_TEXTS = 64 << 20 /* bytes of all texts of a result: its job has at most 1 MiB */
};

/* ---- sending ---------------------------------------------------------------------------------------- */

static bool send_bytes(int pipe, const void *bytes, size_t count)
{
    const char *from = bytes;

    while (count > 0) {
        const ssize_t sent = write(pipe, from, count);

        if (sent < 0 && errno != EINTR)
            return false;
        if (sent > 0) {
            from += sent;
            count -= (size_t)sent;
        }
    }
    return true;
}

bool ms_report_send_error(int pipe, const struct ms_error *err)
{
    struct ms_report report;

    memset(&report, 0, sizeof report);
    report.kind = MS_REPORT_FAILED;
    (void)ms_fail(&report.err, err->code, "%s", err->text);
    return send_bytes(pipe, &report, sizeof report);
}

bool ms_report_send_ended(int pipe, int signal, int cause)
{
    static struct ms_report report; /* the stack may be full */

    report.kind = MS_REPORT_ENDED;
    report.signal = signal;
    report.cause = cause;
    return write(pipe, &report, sizeof report) == (ssize_t)sizeof report;
}

bool ms_report_send_growing_error(int pipe, const struct ms_error *err)
{
    if (err->code == MS_NO_MEMORY && strstr(err->text, "memory allocation failed") != NULL)
        return ms_report_send_ended(pipe, 0, ENOMEM);
    return ms_report_send_error(pipe, err);
}

bool ms_report_send_part(int pipe, const void *bytes, size_t count)
{
    struct ms_report report;

    memset(&report, 0, sizeof report);
    report.kind = MS_REPORT_PART;
    report.part_bytes = count;
    return send_bytes(pipe, &report, sizeof report) && send_bytes(pipe, bytes, count);
}

bool ms_report_send_done(int pipe)
{
    struct ms_report report;

    memset(&report, 0, sizeof report);
    report.kind = MS_REPORT_DONE;
    return send_bytes(pipe, &report, sizeof report);
}

bool ms_report_send(int pipe, const struct ms_reader *reader)
{
    const int32_t n_x = reader->feature_names == NULL ? 0 : reader->info.n_x;
    struct ms_report report;
    bool is_sent;

    memset(&report, 0, sizeof report);
    report.kind = MS_REPORT_OPENED;
    report.file = reader->file;
    report.job_text_ok = reader->info.job_text_ok;
    for (int i = 0; i < MS_READER_TEXTS; i++)
        report.text_bytes[i] = strlen(reader->texts[i]) + 1;
    for (int32_t i = 0; i < n_x; i++)
        report.names_bytes += strlen(reader->feature_names[i]) + 1;
    is_sent = send_bytes(pipe, &report, sizeof report);
    for (int i = 0; is_sent && i < MS_READER_TEXTS; i++)
        is_sent = send_bytes(pipe, reader->texts[i], report.text_bytes[i]);
    for (int32_t i = 0; is_sent && i < n_x; i++)
        is_sent = send_bytes(pipe, reader->feature_names[i], strlen(reader->feature_names[i]) + 1);
    return is_sent;
}

/* ---- receiving -------------------------------------------------------------------------------------- */

bool ms_report_receive_bytes(int pipe, void *bytes, size_t count)
{
    char *to = bytes;

    while (count > 0) {
        const ssize_t got = read(pipe, to, count);

        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            to += got;
            count -= (size_t)got;
        }
    }
    return true;
}

bool ms_report_receive(int pipe, struct ms_report *report)
{
    return ms_report_receive_bytes(pipe, report, sizeof *report);
}

static enum ms_code fail_incomplete(const char *path, struct ms_error *err)
{
    return ms_fail(err, MS_INTERNAL, "%s: the process that opens it sent an incomplete report", path);
}

static enum ms_code check_sizes(const char *path, const struct ms_report *report, struct ms_error *err)
{
    size_t left = LARGEST_TEXTS;
    bool fits = report->names_bytes <= left;

    left -= fits ? report->names_bytes : 0;
    for (int i = 0; fits && i < MS_READER_TEXTS; i++) {
        fits = report->text_bytes[i] <= left;
        left -= fits ? report->text_bytes[i] : 0;
    }
    if (fits)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT, "%s: the texts of its attributes have more than the %d bytes allowed",
                   path, LARGEST_TEXTS);
}

static enum ms_code receive_text(int pipe, const char *path, size_t bytes, char **text, struct ms_error *err)
{
    char *received = malloc(bytes + 1);

    if (received == NULL)
        return ms_fail_memory(err, path, "to read its attributes");
    received[bytes] = '\0';
    *text = received;
    return ms_report_receive_bytes(pipe, received, bytes) ? MS_OK : fail_incomplete(path, err);
}

/* Receives the names into one allocation with the pointers to them. */
static enum ms_code receive_names(int pipe, const char *path, const struct ms_report *report,
                                  const char ***names, struct ms_error *err)
{
    const size_t count = (size_t)report->file.shape.size[MS_DIM_FEATURE];
    const char **received;
    char *at;

    if (report->names_bytes == 0)
        return MS_OK;
    received = malloc(count * sizeof *received + report->names_bytes + 1);
    if (received == NULL)
        return ms_fail_memory(err, path, "to read the names of its features");
    at = (char *)(received + count);
    at[report->names_bytes] = '\0';
    *names = received;
    if (report->names_bytes < count || !ms_report_receive_bytes(pipe, at, report->names_bytes))
        return fail_incomplete(path, err);
    for (size_t i = 0; i < count; i++) {
        received[i] = at;
        at += i + 1 < count ? strlen(at) + 1 : 0;
    }
    return MS_OK;
}

enum ms_code ms_report_receive_reader(int pipe, const char *path, const struct ms_report *report,
                                      struct ms_reader *reader, struct ms_error *err)
{
    enum ms_code code = check_sizes(path, report, err);

    reader->file = report->file;
    reader->file.path = NULL;
    reader->file.descriptor = -1;
    reader->info.job_text_ok = report->job_text_ok;
    for (int i = 0; code == MS_OK && i < MS_READER_TEXTS; i++)
        code = receive_text(pipe, path, report->text_bytes[i], &reader->texts[i], err);
    if (code == MS_OK)
        code = receive_names(pipe, path, report, &reader->feature_names, err);
    if (code == MS_OK)
        ms_inspect_point(reader);
    return code;
}
