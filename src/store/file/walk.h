/* Visits the contents of a file block by block: every trajectory with its rows, and every other record.
 * The scan of a run, the progress of a sweep and the verification use it.
 *
 * If a run writes the file meanwhile, each row is as of the time when its status was read; a final row
 * never changes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_WALK_H
#define MOONSWEEP_STORE_WALK_H

#include "costs.h"
#include "trajectories.h"

/* A trajectory as stored. */
struct ms_walk_trajectory {
    int64_t index;
    const int64_t *members; /* [count] its configurations, ascending */
    int64_t count;
    struct ms_costs costs;
    int64_t cost_count, room; /* as stored, even if impossible; number of costs that fit */
    unsigned char *rows;      /* [count][layout->bytes]; NULL if nothing is final */
};

typedef enum ms_code ms_walk_visit(void *context, const struct ms_walk_trajectory *trajectory,
                                   struct ms_error *err);

/* Reads the records of configurations members[count]; adjacent ones are read at once. Errors: MS_IO_ERROR,
 * MS_NO_MEMORY. */
enum ms_code ms_walk_read_members(const struct ms_file *file, const struct ms_record_layout *layout,
                                  const int64_t *members, int64_t count, unsigned char *rows,
                                  struct ms_error *err);

/* Visits every trajectory in order. If skip_pending is true, the rows of a block are not read when none of
 * them is final. Errors: MS_IO_ERROR, MS_NO_MEMORY, and those of visit. */
enum ms_code ms_walk(const struct ms_file *file, const struct ms_record_layout *layout,
                     const struct ms_trajectories *trajectories, bool skip_pending, ms_walk_visit *visit,
                     void *context, struct ms_error *err);

typedef enum ms_code ms_walk_record_visit(void *context, int64_t index, unsigned char *bytes,
                                          struct ms_error *err);

/* Visits every record of another kind: checkpoint slots, runs or leases. Errors: as for ms_walk. */
enum ms_code ms_walk_records(const struct ms_file *file, const struct ms_record_layout *layout,
                             ms_walk_record_visit *visit, void *context, struct ms_error *err);

#endif
