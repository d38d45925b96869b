/* Whether what is stored is what was committed: a final status is believed only with right checksums (rule 5
 * of docs/file-format.md). */
#ifndef MOONSWEEP_STORE_VERIFY_H
#define MOONSWEEP_STORE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "checksum.h"
#include "file.h"
#include "row.h"

/* Where a trajectory's costs are. */
struct ms_extent {
    int64_t start, count, stride;
};

/* Reads the extents of trajectories first .. first + count - 1, all within the variable cost. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY, MS_BAD_INPUT (one is not where the format says). */
enum ms_code ms_verify_extents(const struct ms_file *file, int64_t first, int64_t count,
                               struct ms_extent *extents, struct ms_error *err);

/* How many costs of a trajectory belong to its configuration of so many iterations. */
int64_t ms_verify_cost_count(const struct ms_extent *extent, int64_t iterations);

/* Appends the stored costs from .. to - 1 of a trajectory to chain. *last is set to the last of them if there
 * are any. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_verify_costs(const struct ms_file *file, const struct ms_extent *extent, int64_t from,
                             int64_t to, struct ms_chain *chain, double *last, struct ms_error *err);

/* Sets believed[count] for the packed rows[count] of configurations first, first + 1, ... , all of one
 * trajectory: whether each is final and holds its checksums. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_verify_rows(const struct ms_file *file, const struct ms_record_layout *layout,
                            const struct ms_extent *extent, int64_t first, int64_t count,
                            const unsigned char *rows, bool *believed, struct ms_error *err);

#endif
