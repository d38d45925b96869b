/* The rows of a run are given out in ascending order, so the first one of a rank tells about where the run began. If a run
 * is killed while a row is written again, that row is lost like one that was being written for the first time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "lease_log.h"

/* The part of the free rows that a run leaves to later ones. */
enum { LEFT_PART = 4 };

/* The row of leases that are not consecutive trajectories. */
static const int64_t several = -1;

static struct ms_writer_lease sum(const struct ms_writer_lease *before, const struct ms_writer_lease *lease)
{
    struct ms_writer_lease both = *before;

    both.first_trajectory = several;
    both.count += lease->count;
    if (lease->from_iteration < both.from_iteration)
        both.from_iteration = lease->from_iteration;
    if (lease->to_iteration > both.to_iteration)
        both.to_iteration = lease->to_iteration;
    both.finished = lease->finished;
    return both;
}

enum ms_code ms_lease_log_write(struct ms_lease_log *log, struct ms_writer *writer,
                                const struct ms_writer_lease *lease, bool *is_missing, struct ms_error *err)
{
    const bool is_help = lease->count == 0;
    struct ms_writer_lease written = *lease;
    enum ms_code code;

    if (!log->has_last) {
        const int64_t rows = ms_writer_lease_rows(writer);

        log->end = rows - (rows - lease->row) / LEFT_PART;
    } else if (lease->row >= log->end) {
        if (is_help)
            return MS_OK;
        written = sum(&log->last, lease);
    }
    code = ms_writer_lease(writer, &written, is_missing, err);
    if (code == MS_OK && !*is_missing && !is_help) {
        log->last = written;
        log->has_last = true;
    }
    return code;
}
