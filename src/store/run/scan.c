/* Finds out what is done, from the file alone (I4), by rule 5 of docs/file-format.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/writer.h"
#include "walk.h"
#include "writer_state.h"

/* The state of ms_writer_scan. */
struct pass {
    const struct ms_writer *writer;
    struct ms_writer_scan scan;
    bool *ok; /* [ok_capacity] owned: whether each row of a trajectory matches its checksums */
    int64_t ok_capacity;
    struct ms_grid_member *members; /* [ms_grid_max_members] owned: a buffer */
    int64_t owner; /* trajectory of the even slot of the current pair, if it is used; -1 if not */
};

void ms_writer_scan_free(struct ms_writer_scan *scan)
{
    free(scan->from_iteration);
    free(scan->finished);
    free(scan->pair);
    free(scan->status);
    *scan = (struct ms_writer_scan){0};
}

static enum ms_code fail_memory(const struct ms_writer *writer, struct ms_error *err)
{
    return ms_fail_memory(err, writer->file.path, "to find out what is done");
}

int64_t ms_writer_scan_bytes(const struct ms_grid *grid)
{
    const struct ms_writer_scan *scan = NULL;

    return ms_grid_trajectories(grid) *
               (int64_t)(sizeof *scan->from_iteration + sizeof *scan->finished + sizeof *scan->pair) +
           ms_grid_configs(grid) * (int64_t)sizeof *scan->status;
}

static enum ms_code allocate(struct pass *pass, struct ms_error *err)
{
    const struct ms_shape *shape = &pass->writer->file.shape;
    const size_t trajectories = (size_t)shape->size[MS_DIM_TRAJECTORY];
    struct ms_writer_scan *scan = &pass->scan;

    scan->trajectories = shape->size[MS_DIM_TRAJECTORY];
    scan->from_iteration = calloc(trajectories, sizeof *scan->from_iteration);
    scan->finished = calloc(trajectories, sizeof *scan->finished);
    scan->pair = malloc(trajectories * sizeof *scan->pair);
    scan->status = calloc((size_t)shape->size[MS_DIM_CONFIG], sizeof *scan->status);
    pass->members = malloc((size_t)ms_grid_max_members(pass->writer->spec.grid) * sizeof *pass->members);
    if (scan->from_iteration == NULL || scan->finished == NULL || scan->pair == NULL ||
        scan->status == NULL || pass->members == NULL)
        return fail_memory(pass->writer, err);
    for (size_t t = 0; t < trajectories; t++)
        scan->pair[t] = -1;
    return MS_OK;
}

/* ---- configurations --------------------------------------------------------------------------------- */

static int64_t iterations_of(const struct pass *pass, int64_t config)
{
    return ms_grid_config(pass->writer->spec.grid, config).iterations;
}

/* Counts a valid row. */
static void count_row(struct pass *pass, int64_t trajectory, int64_t config, const unsigned char *bytes)
{
    struct ms_writer_scan *scan = &pass->scan;
    enum ms_status status = ms_record_status(&pass->writer->layout, bytes);
    const int64_t iterations = iterations_of(pass, config);
    double accuracy;

    scan->status[config] = (uint8_t)status;
    if (status == MS_DIVERGED)
        scan->diverged++;
    if (status == MS_DROPPED)
        scan->dropped++;
    scan->stopped += status == MS_STOPPED;
    scan->done += status == MS_DONE;
    if (status != MS_DONE && status != MS_STOPPED)
        return;
    memcpy(&accuracy, bytes + pass->writer->layout.offset[MS_VAR_DEV_ACCURACY], sizeof accuracy);
    ms_best_take(&scan->best, config, accuracy);
    if (status == MS_DONE && iterations > scan->from_iteration[trajectory])
        scan->from_iteration[trajectory] = iterations;
}

/* Counts a row as pending that does not match its checksums, or that follows a gap. */
static void count_pending(struct ms_writer_scan *scan, int64_t config, enum ms_status status, bool ok)
{
    scan->pending++;
    if (ok || status == MS_PENDING)
        return;
    if (scan->damaged < MS_SCAN_NAMED)
        scan->damaged_config[scan->damaged] = config;
    scan->damaged++;
}

/* Returns the smallest iteration count whose row is not valid. The trajectory resumes before it, so the
 * rows from it on are computed again, and count as pending until then. */
static int64_t first_gap(const struct pass *pass, const struct ms_walk_trajectory *trajectory)
{
    int64_t gap = INT64_MAX;

    for (int64_t i = 0; i < trajectory->count; i++) {
        const int64_t iterations = iterations_of(pass, trajectory->members[i]);

        if (!pass->ok[i] && iterations < gap)
            gap = iterations;
    }
    return gap;
}

/* Returns whether row i of the trajectory is valid. One that was dropped only depends on the rows up to its rung: a
 * run may have been killed before it dropped the others. One whose trajectory has ended before depends on no other row:
 * it may have been committed before rows with smaller counts, and where time was the reason, it alone says where the
 * trajectory ends. */
static bool is_valid(const struct pass *pass, const struct ms_walk_trajectory *trajectory, int64_t i,
                     int64_t gap)
{
    const struct ms_record_layout *layout = &pass->writer->layout;
    const unsigned char *bytes = trajectory->rows + (size_t)i * layout->bytes;
    const int64_t iterations = iterations_of(pass, trajectory->members[i]);
    struct ms_row row;

    if (!pass->ok[i] || iterations < gap)
        return pass->ok[i];
    ms_record_unpack(layout, bytes, &row);
    return row.status == MS_DROPPED ? row.iterations_done < gap : row.status != MS_DONE;
}

static enum ms_code scan_trajectory(void *context, const struct ms_walk_trajectory *trajectory,
                                    struct ms_error *err)
{
    struct pass *pass = context;
    const struct ms_record_layout *layout = &pass->writer->layout;
    int64_t gap, final = 0;
    enum ms_code code;

    if (trajectory->rows == NULL) { /* nothing to verify, as in most of a new file */
        pass->scan.pending += trajectory->count;
        return MS_OK;
    }
    if (trajectory->count > pass->ok_capacity) {
        free(pass->ok);
        pass->ok = malloc((size_t)trajectory->count * sizeof *pass->ok);
        pass->ok_capacity = trajectory->count;
        if (pass->ok == NULL)
            return fail_memory(pass->writer, err);
    }
    code = ms_costs_rows_ok(&pass->writer->file, layout, &trajectory->costs, trajectory->members,
                            trajectory->count, trajectory->rows, pass->ok, err);
    if (code != MS_OK)
        return code;
    gap = first_gap(pass, trajectory);
    for (int64_t i = 0; i < trajectory->count; i++) {
        const unsigned char *bytes = trajectory->rows + (size_t)i * layout->bytes;

        if (is_valid(pass, trajectory, i, gap)) {
            count_row(pass, trajectory->index, trajectory->members[i], bytes);
            final++;
        } else {
            count_pending(&pass->scan, trajectory->members[i], ms_record_status(layout, bytes), pass->ok[i]);
        }
    }
    pass->scan.finished[trajectory->index] = final == trajectory->count;
    return MS_OK;
}

/* ---- checkpoints ------------------------------------------------------------------------------------ */

/* Returns whether the trajectory can resume from a checkpoint: there must be no configuration between the
 * iteration where it would resume otherwise and that of the checkpoint, since its row would be skipped. */
static bool can_resume_from(const struct pass *pass, const struct ms_slot_record *slot)
{
    const struct ms_grid *grid = pass->writer->spec.grid;
    const int64_t members = ms_grid_members(grid, slot->trajectory, pass->members);
    const int64_t from = pass->scan.from_iteration[slot->trajectory];
    bool can = slot->iteration > from &&
               slot->iteration < ms_grid_trajectory(grid, slot->trajectory).longest.iterations;

    for (int64_t i = 0; can && i < members; i++) {
        const int64_t iterations = pass->members[i].iterations;

        can = iterations <= from || iterations > slot->iteration;
    }
    return can;
}

/* Makes the trajectory resume from a slot if that is further. The rank that trains the trajectory checks
 * the slot again (ms_writer_begin). A pair belongs to one trajectory. */
static enum ms_code scan_slot(void *context, int64_t index, unsigned char *bytes, struct ms_error *err)
{
    struct pass *pass = context;
    const struct ms_writer *writer = pass->writer;
    struct ms_writer_scan *scan = &pass->scan;
    struct ms_slot_record slot;
    struct ms_costs costs = {.count = 0};
    bool has;
    enum ms_code code;

    if (index % 2 == 0)
        pass->owner = -1;
    ms_record_unpack(&writer->slot_layout, bytes, &slot);
    if (slot.trajectory == -1) /* the slot was never written */
        return MS_OK;
    if (!ms_record_checksum_ok(&writer->slot_layout, writer->file.job_hash, index, 0, bytes)) {
        scan->lost_checkpoints++;
        return MS_OK;
    }
    if (slot.trajectory < 0 || slot.trajectory >= scan->trajectories || scan->finished[slot.trajectory] ||
        (pass->owner >= 0 && pass->owner != slot.trajectory) || !can_resume_from(pass, &slot))
        return MS_OK;
    costs.start = ms_grid_trajectory(writer->spec.grid, slot.trajectory).cost_start;
    costs.count = ms_cost_stride_entries(writer->spec.grid->cost_stride, slot.iteration);
    code = ms_costs_have_hash(&writer->file, &costs, costs.count, slot.cost_hash, &has, err);
    if (code != MS_OK)
        return code;
    if (!has) {
        scan->lost_checkpoints++;
        return MS_OK;
    }
    scan->from_iteration[slot.trajectory] = slot.iteration;
    scan->pair[slot.trajectory] = (int32_t)(index / 2);
    pass->owner = slot.trajectory;
    return MS_OK;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static enum ms_code scan_all(struct pass *pass, const struct ms_trajectories *trajectories,
                             struct ms_error *err)
{
    const struct ms_writer *writer = pass->writer;
    enum ms_code code = allocate(pass, err);

    if (code == MS_OK)
        code = ms_walk(&writer->file, &writer->layout, trajectories, true, scan_trajectory, pass, err);
    if (code == MS_OK)
        code = ms_walk_records(&writer->file, &writer->slot_layout, scan_slot, pass, err);
    return code == MS_OK ? ms_log_scan(writer, &pass->scan.next_lease, err) : code;
}

enum ms_code ms_writer_scan(struct ms_writer *writer, struct ms_writer_scan *scan, struct ms_error *err)
{
    struct pass pass = {
        .writer = writer,
        .scan = {.best = ms_best_none, .pairs = (int32_t)(writer->file.shape.size[MS_DIM_SLOT] / 2)},
        .owner = -1,
    };
    struct ms_trajectories trajectories;
    enum ms_code code = ms_trajectories_read(&writer->file, &trajectories, err);

    if (code != MS_OK)
        return code;
    code = scan_all(&pass, &trajectories, err);
    if (code == MS_OK)
        *scan = pass.scan;
    else
        ms_writer_scan_free(&pass.scan);
    free(pass.members);
    free(pass.ok);
    ms_trajectories_free(&trajectories);
    return code;
}
