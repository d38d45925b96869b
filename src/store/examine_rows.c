/* Configurations and the costs of their trajectories. A final row must hold its checksums, and its values must agree
 * with each other; a pending one may hold anything, unless it is whole and was never to be pending.
 *
 * What is read is as it was when the status was read: a final row never changes, and what a run writes meanwhile to
 * others is not looked at. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "examine_row.h"
#include "finding.h"
#include "tuple.h"
#include "verify.h"

enum {
    BLOCK_BYTES = 4 << 20 /* of rows that are looked at together, if so many fit */
};

/* Some trajectories and their rows. */
struct block {
    struct ms_record_layout layout;
    int64_t per_trajectory;    /* configurations */
    int64_t capacity;          /* trajectories */
    unsigned char *rows;       /* [capacity * per_trajectory][layout.bytes] owned */
    uint8_t *status;           /* [capacity * per_trajectory] owned */
    int64_t *count;            /* [capacity] owned: cost_count */
    int64_t *stride;           /* [capacity] owned: cost_stride */
    void *tuple;               /* [capacity * per_trajectory] owned: a variable of the tuples by the job */
    struct ms_config *configs; /* likewise: the tuples */
    int64_t *order;            /* [per_trajectory] owned: rows by ascending iterations */
};

static void free_block(struct block *block)
{
    free(block->order);
    free(block->configs);
    free(block->tuple);
    free(block->stride);
    free(block->count);
    free(block->status);
    free(block->rows);
}

static enum ms_code allocate_block(const struct ms_examination *examination, struct block *block,
                                   struct ms_error *err)
{
    const struct ms_shape *shape = &examination->file->shape;
    int64_t trajectories = shape->size[MS_DIM_TRAJECTORY];
    size_t rows;

    ms_record_layout(shape, MS_RECORD_CONFIG, &block->layout);
    block->per_trajectory = shape->size[MS_DIM_CONFIG] / trajectories;
    block->capacity = (int64_t)(BLOCK_BYTES / ((size_t)block->per_trajectory * block->layout.bytes)) + 1;
    if (block->capacity > trajectories)
        block->capacity = trajectories;
    rows = (size_t)(block->capacity * block->per_trajectory);
    block->rows = malloc(rows * block->layout.bytes);
    block->status = malloc(rows);
    block->count = malloc((size_t)block->capacity * sizeof *block->count);
    block->stride = malloc((size_t)block->capacity * sizeof *block->stride);
    block->tuple = malloc(rows * sizeof(double));
    block->configs = malloc(rows * sizeof *block->configs);
    block->order = malloc((size_t)block->per_trajectory * sizeof *block->order);
    if (block->rows == NULL || block->status == NULL || block->count == NULL || block->stride == NULL ||
        block->tuple == NULL || block->configs == NULL || block->order == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its configurations",
                       examination->file->path);
    return MS_OK;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

/* Puts the tuples by the job in place of the stored ones, which examine_given.c compares: a row is damaged beyond its
 * tuple only if it does not hold with the right one. */
static void put_tuples(const struct ms_examination *examination, struct block *block, int64_t first,
                       int64_t rows)
{
    const struct ms_record_layout *layout = &block->layout;

    for (int64_t i = 0; i < rows; i++)
        block->configs[i] = ms_grid_config(examination->spec->grid, first + i);
    for (int v = 0; v < MS_CONFIG_VARIABLE_COUNT; v++) {
        bool is_text = ms_schema[v].type == MS_TYPE_STRING;

        if (!ms_tuple_has((enum ms_variable)v))
            continue;
        ms_tuple_fill((enum ms_variable)v, rows, block->configs, block->tuple);
        for (int64_t i = 0; i < rows; i++) {
            unsigned char *to = block->rows + (size_t)i * layout->bytes + layout->offset[v];

            if (is_text)
                (void)strncpy((char *)to, ((const char *const *)block->tuple)[i], layout->width[v]);
            else
                memcpy(to, (const char *)block->tuple + (size_t)i * layout->width[v], layout->width[v]);
        }
    }
}

/* The statuses first, then the counts, which grow before a status is written. */
static enum ms_code read_block(const struct ms_examination *examination, struct block *block, int64_t first,
                               int64_t count, struct ms_error *err)
{
    const struct ms_file *file = examination->file;
    int64_t first_row = first * block->per_trajectory, rows = count * block->per_trajectory;
    enum ms_code code = ms_file_read(file, MS_VAR_STATUS, first_row, rows, block->status, err);

    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_COUNT, first, count, block->count, err);
    if (code == MS_OK)
        code = ms_file_read(file, MS_VAR_COST_STRIDE, first, count, block->stride, err);
    if (code == MS_OK)
        code = ms_records_read(file, &block->layout, MS_RECORD_ALL, first_row, rows, block->rows, err);
    if (code != MS_OK)
        return code;
    for (int64_t i = 0; i < rows; i++)
        block->rows[(size_t)i * block->layout.bytes + block->layout.offset[MS_VAR_STATUS]] = block->status[i];
    if (examination->spec != NULL) {
        put_tuples(examination, block, first_row, rows);
        for (int64_t t = 0; t < count; t++)
            block->stride[t] = 1;
    }
    return MS_OK;
}

/* ---- a trajectory ----------------------------------------------------------------------------------- */

/* The first costs of a trajectory. */
struct reach {
    int64_t costs;
    double last; /* of them */
    struct ms_chain chain;
};

/* A trajectory under examination. Its rows come in the order of their iterations. */
struct course {
    struct ms_examination *examination;
    const struct ms_record_layout *layout;
    struct ms_extent extent;
    int64_t room;       /* costs that it has room for */
    struct reach reach; /* as far as the rows so far need it */
    struct reach trial;
    int64_t verified; /* costs of the rows that hold */
    bool is_exact;    /* there can be no more: it has diverged, or all of it is done */
    int64_t gap;      /* the first configuration that is pending and not whole; -1: none */
};

/* Takes reach to so many costs; it never shrinks. */
static enum ms_code extend(const struct course *course, struct reach *reach, int64_t costs,
                           struct ms_error *err)
{
    enum ms_code code;

    if (costs > course->room)
        costs = course->room;
    if (costs <= reach->costs)
        return MS_OK;
    code = ms_verify_costs(course->examination->file, &course->extent, reach->costs, costs, &reach->chain,
                           &reach->last, err);
    if (code == MS_OK)
        reach->costs = costs;
    return code;
}

static struct ms_sealed_row sealed(const struct course *course, const struct reach *reach, int64_t config,
                                   unsigned char *row, enum ms_cover cover)
{
    return (struct ms_sealed_row){
        .layout = course->layout,
        .values = row,
        .job_hash = course->examination->job_hash,
        .cost_hash = ms_chain_hash(&reach->chain),
        .config = config,
        .cover = cover,
        .stored = ms_record_u64(course->layout, row,
                                cover == MS_COVER_ROW ? MS_VAR_CHECKSUM : MS_VAR_TIMES_CHECKSUM),
    };
}

/* ---- a row ------------------------------------------------------------------------------------------ */

/* Whether the row holds with so many costs; then the course has reached them. */
static enum ms_code try_costs(struct course *course, int64_t costs, int64_t config, unsigned char *row,
                              bool *is_whole, struct ms_error *err)
{
    struct ms_sealed_row trial;
    enum ms_code code;

    memcpy(&course->trial, &course->reach, sizeof course->trial);
    code = extend(course, &course->trial, costs, err);
    if (code != MS_OK)
        return code;
    trial = sealed(course, &course->trial, config, row, MS_COVER_ROW);
    *is_whole = ms_examine_holds(&trial);
    if (*is_whole)
        memcpy(&course->reach, &course->trial, sizeof course->reach);
    return MS_OK;
}

/* Finds the costs that a final row was sealed with. One that is done has all up to its iterations. A trajectory that
 * diverged has those that are stored, and if that count is damaged: as many as it made updates, or one more. */
static enum ms_code take_costs(struct course *course, int64_t config, unsigned char *row, bool *is_whole,
                               struct ms_error *err)
{
    const struct ms_extent endless = {.count = INT64_MAX, .stride = course->extent.stride};
    int64_t iterations = ms_record_i64(course->layout, row, MS_VAR_ITERATIONS);
    int64_t done = ms_record_i64(course->layout, row, MS_VAR_ITERATIONS_DONE);
    bool is_done = ms_row_status(course->layout, row) == MS_DONE;
    int64_t costs[] = {ms_verify_cost_count(is_done ? &endless : &course->extent, iterations),
                       ms_verify_cost_count(&endless, done),
                       done < iterations ? ms_verify_cost_count(&endless, done + 1) : 0};
    int tries = is_done ? 0 : sizeof costs / sizeof costs[0];
    struct ms_sealed_row whole;
    enum ms_code code = MS_OK;

    *is_whole = false;
    for (int i = 0; code == MS_OK && !*is_whole && i < tries; i++)
        code = try_costs(course, costs[i], config, row, is_whole, err);
    if (code != MS_OK || *is_whole)
        return code;
    code = extend(course, &course->reach, costs[0], err);
    whole = sealed(course, &course->reach, config, row, MS_COVER_ROW);
    *is_whole = code == MS_OK && ms_examine_holds(&whole);
    return code;
}

/* A status that there is none of, under a checksum that holds. */
static void report_status(struct course *course, int64_t config, const unsigned char *row)
{
    ms_finding_rule(course->examination, MS_VAR_STATUS, config, 0,
                    row + course->layout->offset[MS_VAR_STATUS], "from 0 to %d", MS_STATUS_COUNT - 1);
}

/* A final row: both checksums, then what they cannot know. */
static enum ms_code examine_final(struct course *course, int64_t config, unsigned char *row, bool *is_whole,
                                  struct ms_error *err)
{
    enum ms_status status = ms_row_status(course->layout, row);
    struct ms_sealed_row whole, times;
    bool holds_times;
    enum ms_code code = take_costs(course, config, row, is_whole, err);

    if (code != MS_OK)
        return code;
    whole = sealed(course, &course->reach, config, row, MS_COVER_ROW);
    times = sealed(course, &course->reach, config, row, MS_COVER_TIMES);
    holds_times = ms_examine_holds(&times);
    if (!*is_whole)
        code = ms_examine_damage(course->examination, &whole, err);
    if (code == MS_OK && !holds_times)
        code = ms_examine_damage(course->examination, &times, err);
    if (code != MS_OK || !*is_whole || !holds_times)
        return code;
    if (status >= MS_STATUS_COUNT)
        report_status(course, config, row);
    if (status != MS_DONE && status != MS_DIVERGED)
        return MS_OK;
    return ms_examine_values(course->examination, course->layout, config, row,
                             course->reach.costs > 0 ? course->reach.last : (double)NAN, err);
}

/* Whether a pending row is whole with some final status, which *status is then. */
static enum ms_code find_status(struct course *course, int64_t config, unsigned char *row, uint8_t *status,
                                bool *is_whole, struct ms_error *err)
{
    struct reach *before = malloc(sizeof *before);
    enum ms_code code = MS_OK;

    if (before == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine a row", course->examination->file->path);
    memcpy(before, &course->reach, sizeof *before);
    for (uint8_t final = MS_DONE; code == MS_OK && !*is_whole && final < MS_STATUS_COUNT; final++) {
        *status = final;
        code = take_costs(course, config, row, is_whole, err);
        memcpy(&course->reach, before, sizeof *before);
    }
    free(before);
    return code;
}

/* A pending row that is whole with a final status was to be final, or its run was killed between the two. */
static enum ms_code examine_pending(struct course *course, int64_t config, unsigned char *row,
                                    struct ms_error *err)
{
    static const uint8_t pending = MS_PENDING;
    unsigned char *status = row + course->layout->offset[MS_VAR_STATUS];
    bool is_whole = false;
    enum ms_code code = MS_OK;

    if (ms_record_u64(course->layout, row, MS_VAR_CHECKSUM) != 0) /* else nothing was ever written to it */
        code = find_status(course, config, row, status, &is_whole, err);
    if (code == MS_OK && is_whole) {
        if (ms_examine_is_settled(course->examination, ms_record_i32(course->layout, row, MS_VAR_RUN)))
            ms_finding_values(course->examination, MS_VAR_STATUS, config, &pending, status);
        else
            course->examination->summary.uncommitted++;
    }
    if (!is_whole && course->gap < 0)
        course->gap = config;
    *status = pending;
    return code;
}

/* ---- all rows of a trajectory ----------------------------------------------------------------------- */

/* Sorts the rows by their iterations; few, and mostly sorted. */
static void sort_rows(const struct block *block, const unsigned char *rows)
{
    for (int64_t i = 0; i < block->per_trajectory; i++) {
        int64_t place = i;
        int64_t iterations = ms_record_i64(&block->layout, rows + (size_t)i * block->layout.bytes,
                                           MS_VAR_ITERATIONS);

        while (place > 0 &&
               ms_record_i64(&block->layout, rows + (size_t)block->order[place - 1] * block->layout.bytes,
                             MS_VAR_ITERATIONS) > iterations) {
            block->order[place] = block->order[place - 1];
            place--;
        }
        block->order[place] = i;
    }
}

/* Costs are noted before the rows that need them; beyond those there may be more, for rows to come. */
static void check_count(struct course *course, int64_t trajectory)
{
    int64_t count = course->extent.count;

    if (course->is_exact && count != course->verified)
        ms_finding_values(course->examination, MS_VAR_COST_COUNT, trajectory, &count, &course->verified);
    else if (count < course->verified || count > course->room)
        ms_finding_rule(course->examination, MS_VAR_COST_COUNT, trajectory, 0, &count,
                        "from %" PRId64 " to %" PRId64, course->verified, course->room);
}

static enum ms_code examine_row(struct course *course, int64_t config, unsigned char *row,
                                struct ms_error *err)
{
    enum ms_status status = ms_row_status(course->layout, row);
    bool is_whole;
    enum ms_code code;

    if (status < MS_STATUS_COUNT)
        course->examination->summary.by_status[status]++;
    if (status == MS_PENDING)
        return examine_pending(course, config, row, err);
    code = examine_final(course, config, row, &is_whole, err);
    if (code != MS_OK || !is_whole)
        return code;
    course->verified = course->reach.costs;
    course->is_exact = status != MS_DONE;
    if (course->gap >= 0) {
        static const uint8_t pending = MS_PENDING;

        ms_finding_rule(course->examination, MS_VAR_STATUS, course->gap, 0, &pending,
                        "final: configuration %" PRId64 " comes after it", config);
        course->gap = -1;
    }
    return MS_OK;
}

/* Trajectory number `trajectory`, the t-th of the block. */
static enum ms_code examine_trajectory(struct ms_examination *examination, struct block *block, int64_t t,
                                       int64_t trajectory, struct course *course, struct ms_error *err)
{
    int64_t first = trajectory * block->per_trajectory;
    unsigned char *rows = block->rows + (size_t)(t * block->per_trajectory) * block->layout.bytes;
    int64_t final = 0;
    enum ms_code code = MS_OK;

    course->examination = examination;
    course->layout = &block->layout;
    course->room = examination->file->shape.size[MS_DIM_COST_SAMPLE] /
                   examination->file->shape.size[MS_DIM_TRAJECTORY];
    course->extent = (struct ms_extent){
        .start = trajectory * course->room, .count = block->count[t], .stride = block->stride[t]};
    course->reach.costs = course->verified = 0;
    course->is_exact = false;
    course->gap = -1;
    ms_chain_begin(&course->reach.chain, ms_schema_row_bytes(&examination->file->shape, MS_VAR_COST));
    sort_rows(block, rows);
    for (int64_t i = 0; code == MS_OK && i < block->per_trajectory; i++) {
        int64_t row = block->order[i];

        final += block->status[t * block->per_trajectory + row] != MS_PENDING;
        code = examine_row(course, first + row, rows + (size_t)row * block->layout.bytes, err);
    }
    if (code != MS_OK)
        return code;
    examination->finished[trajectory] = final == block->per_trajectory;
    course->is_exact |= final == block->per_trajectory && course->verified == course->reach.costs;
    check_count(course, trajectory);
    return MS_OK;
}

enum ms_code ms_examine_rows(struct ms_examination *examination, struct ms_error *err)
{
    const struct ms_shape *shape = &examination->file->shape;
    int64_t trajectories = shape->size[MS_DIM_TRAJECTORY];
    struct block block = {0};
    struct course *course;
    enum ms_code code;

    if (shape->size[MS_DIM_CONFIG] % trajectories != 0) {
        examination->kind = MS_FINDING_PERMANENT;
        ms_finding_report(examination, "dimension config", -1, "no multiple of trajectory", "a multiple");
        examination->summary.refused = true;
        return MS_OK;
    }
    course = malloc(sizeof *course);
    code = allocate_block(examination, &block, err);
    if (code == MS_OK && course == NULL)
        code = ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its costs", examination->file->path);
    for (int64_t first = 0; code == MS_OK && first < trajectories; first += block.capacity) {
        int64_t count = trajectories - first < block.capacity ? trajectories - first : block.capacity;

        code = read_block(examination, &block, first, count, err);
        for (int64_t t = 0; code == MS_OK && t < count; t++)
            code = examine_trajectory(examination, &block, t, first + t, course, err);
    }
    free_block(&block);
    free(course);
    return code;
}
