/* Makes rows that are trained again pending before any of their bytes is written, so that a final row is
 * never half of one result and half of another, whenever the run is killed.
 *
 *     status 0 --flush--> checksum 0 --flush--> training writes the row
 *
 * A row without a checksum was never written, so a row that still matches its old checksum is not mistaken
 * for one whose status is corrupt.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "moonsweep/writer.h"
#include "writer_state.h"

/* Returns how many configurations from `first` on are final in the file but pending according to the scan. */
static int64_t count_reopened(const struct ms_writer_scan *scan, const uint8_t *status, int64_t first,
                              int64_t configs)
{
    int64_t count = 0;

    while (first + count < configs && status[first + count] != MS_PENDING &&
           scan->status[first + count] == MS_PENDING)
        count++;
    return count;
}

/* Writes zeros to a variable of all reopened rows, and makes them durable. status: as in the file before. */
static enum ms_code clear(struct ms_writer *writer, enum ms_variable variable,
                          const struct ms_writer_scan *scan, const uint8_t *status, const void *zeros,
                          struct ms_error *err)
{
    const int64_t configs = writer->file.shape.size[MS_DIM_CONFIG];
    enum ms_code code = ms_writer_fence(writer, err);

    for (int64_t first = 0; code == MS_OK && first < configs; first++) {
        const int64_t count = count_reopened(scan, status, first, configs);

        if (count > 0)
            code = ms_file_write(&writer->file, variable, first, count, zeros, err);
        first += count; /* the row after them is not reopened */
    }
    return code == MS_OK ? ms_writer_sync(writer, err) : code;
}

/* Returns whether any configuration is reopened. */
static bool is_any(const struct ms_writer_scan *scan, const uint8_t *status, int64_t configs)
{
    bool is = false;

    for (int64_t c = 0; !is && c < configs; c++)
        is = count_reopened(scan, status, c, c + 1) > 0;
    return is;
}

enum ms_code ms_writer_reopen(struct ms_writer *writer, const struct ms_writer_scan *scan,
                              struct ms_error *err)
{
    const int64_t configs = writer->file.shape.size[MS_DIM_CONFIG];
    uint8_t *status = malloc((size_t)configs);
    uint64_t *zeros = calloc((size_t)configs, sizeof *zeros);
    enum ms_code code;

    if (status == NULL || zeros == NULL)
        code = ms_fail_memory(err, writer->file.path, "to train configurations again");
    else
        code = ms_file_read(&writer->file, MS_VAR_STATUS, 0, configs, status, err);
    if (code == MS_OK && is_any(scan, status, configs)) {
        code = clear(writer, MS_VAR_STATUS, scan, status, zeros, err);
        if (code == MS_OK)
            code = clear(writer, MS_VAR_CHECKSUM, scan, status, zeros, err);
    }
    free(status);
    free(zeros);
    return code;
}
