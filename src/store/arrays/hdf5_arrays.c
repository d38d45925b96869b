/* Recognizes HDF5 files by their signature, and receives what array_send.c sends, in the same order: the
 * head, the names, the samples with the positions of their labels, and the labels. HDF5 is not called here.
 * The other process may be in any state, so sizes and labels are checked before they are used.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/hdf5_arrays.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array_send.h"
#include "separate_process.h"

enum { LARGEST_NAMES = 64 << 20 };

/* ---- recognizing a file ---------------------------------------------------------------------------------- */

/* The signature is at the beginning, or at 512, 1024, 2048, ... if something else is in front of the file. */
static bool has_signature(int file, off_t size)
{
    static const char signature[] = "\x89HDF\r\n\x1a\n";
    char bytes[sizeof signature - 1];

    for (off_t at = 0; at < size; at = at == 0 ? 512 : 2 * at)
        if (pread(file, bytes, sizeof bytes, at) == (ssize_t)sizeof bytes &&
            memcmp(bytes, signature, sizeof bytes) == 0)
            return true;
    return false;
}

static bool is_one(const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    bool is;

    if (file < 0)
        return false;
    is = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && has_signature(file, status.st_size);
    (void)close(file);
    return is;
}

/* ---- receiving ------------------------------------------------------------------------------------------- */

struct receiving {
    const char *path;
    const struct ms_stop_request *stop;
    struct ms_separate_process process;
    struct ms_report report; /* the last one */
    bool is_reported;        /* there was one */
    bool has_ended; /* the other process sends no more, because of the report or because it is gone */
};

/* Receives a report. After an end, err is not set yet. */
static enum ms_code receive_report(struct receiving *receiving, enum ms_report_kind kind,
                                   struct ms_error *err)
{
    if (!ms_separate_process_wait(&receiving->process, receiving->stop))
        return ms_stop_request_error(err, "reading the data");
    receiving->is_reported = ms_report_receive(receiving->process.pipe, &receiving->report);
    receiving->has_ended = !receiving->is_reported || receiving->report.kind != kind;
    return receiving->has_ended ? MS_BAD_INPUT : MS_OK;
}

static enum ms_code fail_incomplete(const struct receiving *receiving, struct ms_error *err)
{
    return ms_fail(err, MS_INTERNAL, "%s: the process that reads it sent something else than expected",
                   receiving->path);
}

/* Receives a part of this size. */
static enum ms_code receive_part(struct receiving *receiving, void *bytes, size_t count, struct ms_error *err)
{
    enum ms_code code = receive_report(receiving, MS_REPORT_PART, err);

    if (code != MS_OK)
        return code;
    if (receiving->report.part_bytes != count ||
        !ms_report_receive_bytes(receiving->process.pipe, bytes, count))
        return fail_incomplete(receiving, err);
    return MS_OK;
}

/* Checks that the samples can be held, which a small file may claim to contain. */
static enum ms_code check_size(const char *path, const struct ms_array_head *head, struct ms_error *err)
{
    const double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    const double bytes = (double)head->rows * ((double)head->n_x * sizeof(double) + 1);

    if (bytes < memory)
        return MS_OK;
    return ms_fail(err, MS_NO_MEMORY,
                   "%s: %" PRId64 " samples of %" PRId32
                   " features need %.3g GB of memory, and this machine has %.3g GB",
                   path, head->rows, head->n_x, bytes / 1e9, memory / 1e9);
}

static enum ms_code receive_head(struct receiving *receiving, struct ms_arrays *arrays, struct ms_error *err)
{
    struct ms_array_head head;
    enum ms_code code = receive_part(receiving, &head, sizeof head, err);

    if (code != MS_OK)
        return code;
    if (head.rows < 1 || head.rows > INT32_MAX || head.n_x < 1)
        return fail_incomplete(receiving, err);
    if (head.names_bytes > LARGEST_NAMES)
        return ms_fail(err, MS_BAD_INPUT, "%s: the names of its features have more than %d bytes",
                       receiving->path, LARGEST_NAMES);
    code = check_size(receiving->path, &head, err);
    if (code == MS_OK)
        code = ms_data_alloc(&arrays->data, head.rows, head.n_x, err);
    arrays->has_labels = head.has_labels;
    arrays->names_bytes = head.names_bytes;
    if (code != MS_OK || head.names_bytes == 0)
        return code;
    arrays->names = malloc(head.names_bytes);
    if (arrays->names == NULL)
        return ms_fail_memory(err, receiving->path, "for the names of its features");
    return receive_part(receiving, arrays->names, head.names_bytes, err);
}

/* Receives the rows from *row on that are sent together, and moves *row past them. */
static enum ms_code receive_rows(struct receiving *receiving, struct ms_arrays *arrays, int64_t *row,
                                 struct ms_error *err)
{
    const struct ms_data *data = &arrays->data;
    const size_t row_bytes = (size_t)data->n_x * sizeof *data->X;
    enum ms_code code = receive_report(receiving, MS_REPORT_PART, err);
    const size_t bytes = receiving->report.part_bytes;
    const int64_t rows = (int64_t)(bytes / row_bytes);

    if (code != MS_OK)
        return code;
    if (bytes % row_bytes != 0 || rows < 1 || rows > data->rows - *row ||
        !ms_report_receive_bytes(receiving->process.pipe, data->X + *row * data->n_x, bytes))
        return fail_incomplete(receiving, err);
    if (arrays->has_labels)
        code = receive_part(receiving, data->y + *row, (size_t)rows, err);
    *row += rows;
    return code;
}

/* The other process may be in any state, so that its labels are checked before they are used. */
static enum ms_code receive_labels(struct receiving *receiving, struct ms_arrays *arrays,
                                   struct ms_error *err)
{
    struct ms_labels *labels = &arrays->labels;
    enum ms_code code = receive_part(receiving, labels, sizeof *labels, err);
    uint8_t largest = 0;

    if (code != MS_OK)
        return code;
    for (int i = 0; i < 2; i++)
        labels->values[i].text[sizeof labels->values[i].text - 1] = '\0';
    for (int64_t row = 0; row < arrays->data.rows; row++)
        largest = arrays->data.y[row] > largest ? arrays->data.y[row] : largest;
    return labels->count < 1 || labels->count > 2 || largest >= labels->count
               ? fail_incomplete(receiving, err)
               : MS_OK;
}

static enum ms_code receive_all(struct receiving *receiving, struct ms_arrays *arrays, struct ms_error *err)
{
    int64_t row = 0;
    enum ms_code code = receive_head(receiving, arrays, err);

    while (code == MS_OK && row < arrays->data.rows)
        code = receive_rows(receiving, arrays, &row, err);
    if (code == MS_OK && arrays->has_labels)
        code = receive_labels(receiving, arrays, err);
    return code == MS_OK ? receive_report(receiving, MS_REPORT_DONE, err) : code;
}

static enum ms_code read_arrays(const char *path, const struct ms_arrays_wanted *wanted,
                                const struct ms_stop_request *stop, struct ms_arrays *arrays,
                                struct ms_error *err)
{
    const struct ms_array_request request = {path, wanted};
    const struct ms_separate_work work = {.run = ms_array_send, .context = &request, .is_growing = true};
    struct receiving receiving = {.path = path, .stop = stop};
    struct ms_arrays made = {.names = NULL};
    enum ms_code code = ms_separate_process_start(path, &work, &receiving.process, err);
    int status;

    if (code != MS_OK)
        return code;
    code = receive_all(&receiving, &made, err);
    if (code != MS_OK && !receiving.has_ended)
        ms_separate_process_kill(&receiving.process);
    status = ms_separate_process_end(&receiving.process);
    if (receiving.has_ended)
        code = ms_separate_process_fail(path, -1, receiving.is_reported ? &receiving.report : NULL, status,
                                        err);
    if (code == MS_OK)
        *arrays = made;
    else
        ms_arrays_free(&made);
    return code;
}

const struct ms_array_reader ms_hdf5_arrays = {.is_one = is_one, .read = read_arrays};
