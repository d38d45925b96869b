/* Going through a file by blocks: every trajectory with its rows, and every checkpoint. What counts what is done, what
 * tells how far a sweep is, and what looks for damage all go this way.
 *
 * Of a file that is being written each row is as it was when its status was read: a final one never changes. */
#ifndef MOONSWEEP_STORE_WALK_H
#define MOONSWEEP_STORE_WALK_H

#include "costs.h"
#include "trajectories.h"

/* A trajectory as it is stored. */
struct ms_walk_trajectory {
    int64_t index;
    int64_t first, count; /* its configurations: first .. first + count - 1 */
    struct ms_costs costs;
    int64_t cost_count, room; /* as stored, whether or not it can be; costs there is room for */
    unsigned char *rows;      /* [count][layout->bytes]; NULL: nothing is final */
};

typedef enum ms_code ms_walk_visit(void *context, const struct ms_walk_trajectory *trajectory,
                                   struct ms_error *err);

/* Visits every trajectory, in their order. skip_pending: rows are not read where nothing of a block is final. Errors:
 * MS_IO_ERROR, MS_NO_MEMORY, and those of visit. */
enum ms_code ms_walk(const struct ms_file *file, const struct ms_record_layout *layout,
                     const struct ms_trajectories *trajectories, bool skip_pending, ms_walk_visit *visit,
                     void *context, struct ms_error *err);

typedef enum ms_code ms_walk_record_visit(void *context, int64_t index, unsigned char *bytes,
                                          struct ms_error *err);

/* Visits every record of another kind: checkpoint slots, runs or leases. Errors: likewise. */
enum ms_code ms_walk_records(const struct ms_file *file, const struct ms_record_layout *layout,
                             ms_walk_record_visit *visit, void *context, struct ms_error *err);

#endif
