/* The stored costs of a trajectory, and the check that rows match the costs they were committed with: a
 * final status counts only with right checksums (rule 5 of docs/file-format.md).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_COSTS_H
#define MOONSWEEP_STORE_COSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "checksum.h"
#include "file.h"

enum {
    MS_COSTS_AHEAD = 8 << 10 /* costs that are read at once for several short histories: 64 KiB */
};

/* Consecutive costs of the file, as they were when they were read. */
struct ms_costs_ahead {
    int64_t start, count;
    unsigned char bytes[MS_COSTS_AHEAD * sizeof(double)];
};

/* The place of a trajectory's stored costs, and the number of valid ones. */
struct ms_costs {
    int64_t start, count, stride;
    /* From which short histories are taken, and which then reads on; NULL: none */
    struct ms_costs_ahead *ahead;
};

/* Returns how many of the stored costs belong to a configuration of that many iterations. */
int64_t ms_costs_within(const struct ms_costs *costs, int64_t iterations);

/* Returns a stored count of costs, or 0 if it is impossible, so that the history is computed again. */
int64_t ms_costs_count(int64_t stored, int64_t room);

/* Appends the stored costs from .. to - 1 to chain, and sets *last to the last of them if there are any.
 * Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_append(const struct ms_file *file, const struct ms_costs *costs, int64_t from,
                             int64_t to, struct ms_chain *chain, double *last, struct ms_error *err);

/* Reads the stored costs from .. from + count - 1 into values[count]. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_read(const struct ms_file *file, const struct ms_costs *costs, int64_t from,
                           int64_t count, double *values, struct ms_error *err);

/* Sets ok[count] to whether each of rows[count] is final and matches its checksums. The rows are those of
 * configurations members[count] of the trajectory with these costs. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_costs_rows_ok(const struct ms_file *file, const struct ms_record_layout *layout,
                              const struct ms_costs *costs, const int64_t *members, int64_t count,
                              const unsigned char *rows, bool *ok, struct ms_error *err);

/* Sets *have to whether the first count costs have this hash. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_have_hash(const struct ms_file *file, const struct ms_costs *costs, int64_t count,
                                uint64_t hash, bool *have, struct ms_error *err);

#endif
