/* The stored costs of a trajectory, and whether rows are what was committed with them: a final status counts only with
 * right checksums (rule 5 of docs/file-format.md). */
#ifndef MOONSWEEP_STORE_COSTS_H
#define MOONSWEEP_STORE_COSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "checksum.h"
#include "file.h"

/* Where a trajectory's costs are, and how many are valid. */
struct ms_costs {
    int64_t start, count;
};

/* How many of them belong to the configuration of so many iterations. */
int64_t ms_costs_due(const struct ms_costs *costs, int64_t iterations);

/* A count as it is stored; one that cannot be counts nothing, so that the history is made again. */
int64_t ms_costs_count(int64_t stored, int64_t room);

/* Appends the stored costs from .. to - 1 to chain. *last is set to the last of them if there are any. Errors:
 * MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_append(const struct ms_file *file, const struct ms_costs *costs, int64_t from,
                             int64_t to, struct ms_chain *chain, double *last, struct ms_error *err);

/* Sets ok[count] for rows[count] of configurations first, first + 1, ..., all of the trajectory of these costs: whether
 * each is final and has right checksums. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_rows_ok(const struct ms_file *file, const struct ms_record_layout *layout,
                              const struct ms_costs *costs, int64_t first, int64_t count,
                              const unsigned char *rows, bool *ok, struct ms_error *err);

/* Whether the first count costs have this hash. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_costs_have_hash(const struct ms_file *file, const struct ms_costs *costs, int64_t count,
                                uint64_t hash, bool *have, struct ms_error *err);

#endif
