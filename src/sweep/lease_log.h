/* Records the leases of a rank in /leases. The table has a fixed number of rows, since the metadata of a file never changes
 * while ranks write, and nobody knows beforehand how many slices and runs there will be. So a run leaves a quarter of the
 * rows that are free at its beginning to later ones: after that, a rank adds its leases to the row of its last one.
 *
 *     struct ms_lease_log log = {.last = {0}};
 *     each lease when it is finished:  ms_lease_log_write(&log, writer, &lease, &is_missing, err)
 *
 * docs/file-format.md says what such a row contains.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_LEASE_LOG_H
#define MOONSWEEP_SWEEP_LEASE_LOG_H

#include "moonsweep/writer.h"

/* Zeros at first. */
struct ms_lease_log {
    bool has_last;
    struct ms_writer_lease last; /* the row that was written last, of which later leases may become a part */
    int64_t end;                 /* leases from this row on are added to it */
};

/* Records a lease whose own row is lease->row. Sets *is_missing if there is none, and none of this rank to add it to. A
 * lease of no trajectories is the time of helping, which is never added to another one. Errors: as ms_writer_lease. */
enum ms_code ms_lease_log_write(struct ms_lease_log *log, struct ms_writer *writer,
                                const struct ms_writer_lease *lease, bool *is_missing, struct ms_error *err);

#endif
