/* Verifies configurations and the costs of their trajectories. A final row must match its checksums. A
 * pending row may contain anything, unless it is complete and cannot be pending.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "moonsweep/cost_stride.h"
#include "record_damage.h"
#include "walk.h"

/* The hash of the first costs of a trajectory. */
struct prefix {
    int64_t costs;
    struct ms_chain chain;
};

/* A row of a trajectory. */
struct turn {
    int64_t iterations, row;
};

/* The trajectory that is being verified, row by row in the order of their iterations. */
struct check {
    struct ms_verification *verification;
    struct ms_record_layout layout;
    const struct ms_walk_trajectory *trajectory;
    struct prefix prefix; /* the costs of the rows so far */
    struct prefix trial;
    int64_t verified;       /* number of costs of the rows that match their checksums */
    bool is_exact;          /* there are no more costs: it has diverged, or is finished */
    int64_t gap;            /* the first configuration that is pending and incomplete; -1 if none */
    int64_t gap_iterations; /* its iteration count */
    struct turn *order;     /* [capacity] owned: rows by ascending iterations */
    int64_t capacity;
};

static void copy_prefix(struct prefix *to, const struct prefix *from)
{
    to->costs = from->costs;
    ms_chain_copy(&to->chain, &from->chain);
}

/* ---- checksums -------------------------------------------------------------------------------------- */

/* Extends a prefix to that many costs; it never shrinks. */
static enum ms_code extend(const struct check *check, struct prefix *prefix, int64_t costs,
                           struct ms_error *err)
{
    const struct ms_costs all = {.start = check->trajectory->costs.start,
                                 .count = check->trajectory->room,
                                 .stride = check->trajectory->costs.stride,
                                 .ahead = check->trajectory->costs.ahead};
    double last;
    enum ms_code code;

    if (costs > all.count)
        costs = all.count;
    if (costs <= prefix->costs)
        return MS_OK;
    code = ms_costs_append(check->verification->file, &all, prefix->costs, costs, &prefix->chain, &last, err);
    if (code == MS_OK)
        prefix->costs = costs;
    return code;
}

/* Returns a row with one of its checksums and the costs of a prefix. */
static struct ms_checked_record checked(const struct check *check, const struct prefix *prefix,
                                        int64_t config, unsigned char *bytes, enum ms_cover cover)
{
    return (struct ms_checked_record){
        .layout = &check->layout,
        .bytes = bytes,
        .job_hash = check->verification->file->job_hash,
        .cost_hash = ms_chain_hash(&prefix->chain),
        .index = config,
        .cover = cover,
    };
}

/* Sets *is_right to whether the row matches its checksum with that many costs; then they become the
 * prefix. */
static enum ms_code try_costs(struct check *check, int64_t costs, int64_t config, unsigned char *bytes,
                              bool *is_right, struct ms_error *err)
{
    struct ms_checked_record record;
    enum ms_code code;

    copy_prefix(&check->trial, &check->prefix);
    code = extend(check, &check->trial, costs, err);
    if (code != MS_OK)
        return code;
    record = checked(check, &check->trial, config, bytes, MS_COVER_RECORD);
    *is_right = ms_record_damage_none(&record);
    if (*is_right)
        copy_prefix(&check->prefix, &check->trial);
    return MS_OK;
}

/* Returns how many costs of that many iterations are stored; 0 for a corrupt number. */
static int64_t entries_of(int64_t stride, int64_t iterations)
{
    return iterations > 0 ? ms_cost_stride_entries(stride, iterations) : 0;
}

/* Finds the costs that the checksum of a final row covers. A row that is done has all costs up to its
 * iterations. A trajectory that diverged has the stored number; if that number is corrupt, it has as many
 * as updates were made, or one more. */
static enum ms_code take_costs(struct check *check, int64_t config, unsigned char *bytes, bool *is_right,
                               struct ms_error *err)
{
    const int64_t stride = check->trajectory->costs.stride;
    struct ms_row row;
    int64_t costs[3];
    int tries;
    enum ms_code code = MS_OK;

    ms_record_unpack(&check->layout, bytes, &row);
    costs[0] = row.status == MS_DONE ? entries_of(stride, row.iterations)
                                     : ms_costs_within(&check->trajectory->costs, row.iterations);
    costs[1] = entries_of(stride, row.iterations_done);
    costs[2] = row.iterations_done < row.iterations ? entries_of(stride, row.iterations_done + 1) : 0;
    tries = row.status == MS_DONE ? 1 : 3;
    *is_right = false;
    for (int i = 0; code == MS_OK && !*is_right && i < tries; i++)
        code = try_costs(check, costs[i], config, bytes, is_right, err);
    return code == MS_OK && !*is_right ? extend(check, &check->prefix, costs[0], err) : code;
}

/* ---- a row ------------------------------------------------------------------------------------------ */

/* Reports what is wrong in a row that does not match its checksum. */
static enum ms_code report_damage(struct check *check, struct ms_checked_record *record, struct ms_error *err)
{
    const bool is_times = record->cover == MS_COVER_TIMES;
    const uint64_t stored = ms_record_stored_checksum(record->layout, record->cover, record->bytes);
    bool found;
    enum ms_code code = ms_record_damage_bit(check->verification, record, &found, err);

    if (code == MS_OK && !found)
        ms_finding_rule(check->verification, is_times ? MS_VAR_TIMES_CHECKSUM : MS_VAR_CHECKSUM,
                        record->index, 0, &stored,
                        is_times ? "the checksum of its times" : "the checksum of its row and costs");
    return code;
}

static enum ms_code verify_final(struct check *check, int64_t config, unsigned char *bytes, bool *is_right,
                                 struct ms_error *err)
{
    const enum ms_status status = ms_record_status(&check->layout, bytes);
    struct ms_checked_record record, times;
    enum ms_code code = take_costs(check, config, bytes, is_right, err);

    if (code != MS_OK)
        return code;
    record = checked(check, &check->prefix, config, bytes, MS_COVER_RECORD);
    times = checked(check, &check->prefix, config, bytes, MS_COVER_TIMES);
    if (*is_right && status >= MS_STATUS_COUNT)
        ms_finding_rule(check->verification, MS_VAR_STATUS, config, 0,
                        bytes + check->layout.offset[MS_VAR_STATUS], "from 0 to %d", MS_STATUS_COUNT - 1);
    if (!ms_record_damage_none(&times))
        code = report_damage(check, &times, err);
    return code == MS_OK && !*is_right ? report_damage(check, &record, err) : code;
}

/* Sets *is_whole to whether a pending row matches its checksum with some final status, and *status to that
 * status. */
static enum ms_code find_status(struct check *check, int64_t config, unsigned char *bytes, uint8_t *status,
                                bool *is_whole, struct ms_error *err)
{
    struct prefix *before = malloc(sizeof *before);
    enum ms_code code = MS_OK;

    if (before == NULL)
        return ms_fail_memory(err, check->verification->path, "to verify a row");
    copy_prefix(before, &check->prefix);
    for (uint8_t final = MS_DONE; code == MS_OK && !*is_whole && final < MS_STATUS_COUNT; final++) {
        *status = final;
        code = take_costs(check, config, bytes, is_whole, err);
        copy_prefix(&check->prefix, before);
    }
    free(before);
    return code;
}

/* Verifies a pending row. If it is complete with a final status, its status is corrupt, or its run was
 * killed before writing the status. */
static enum ms_code verify_pending(struct check *check, int64_t config, unsigned char *bytes,
                                   struct ms_error *err)
{
    static const uint8_t pending = MS_PENDING;
    uint8_t *status = bytes + check->layout.offset[MS_VAR_STATUS];
    bool is_whole = false;
    struct ms_row row;
    enum ms_code code = MS_OK;

    ms_record_unpack(&check->layout, bytes, &row);
    if (row.checksum != 0) /* otherwise the row was never written */
        code = find_status(check, config, bytes, status, &is_whole, err);
    if (code == MS_OK && is_whole) {
        if (ms_verify_is_settled(check->verification, row.run))
            ms_finding_values(check->verification, MS_VAR_STATUS, config, &pending, status);
        else
            check->verification->summary.uncommitted++;
    }
    if (!is_whole && check->gap < 0) {
        check->gap = config;
        check->gap_iterations = row.iterations;
    }
    *status = pending;
    return code;
}

/* Reports that there is a pending row before a final one. What was dropped depends only on the rows up to its rung, and
 * where the trajectory has ended, the final row depends on no other. */
static void check_gap(struct check *check, int64_t config, const unsigned char *bytes)
{
    static const uint8_t pending = MS_PENDING;
    struct ms_row row;

    if (check->gap < 0)
        return;
    ms_record_unpack(&check->layout, bytes, &row);
    if (row.status == MS_DROPPED ? row.iterations_done < check->gap_iterations : row.status != MS_DONE)
        return;
    ms_finding_rule(check->verification, MS_VAR_STATUS, check->gap, 0, &pending,
                    "final: configuration %" PRId64 " comes after it", config);
    check->gap = -1;
}

static enum ms_code verify_row(struct check *check, int64_t config, unsigned char *bytes,
                               struct ms_error *err)
{
    const enum ms_status status = ms_record_status(&check->layout, bytes);
    bool is_right;
    enum ms_code code;

    if (status < MS_STATUS_COUNT)
        check->verification->summary.by_status[status]++;
    if (status == MS_PENDING)
        return verify_pending(check, config, bytes, err);
    code = verify_final(check, config, bytes, &is_right, err);
    if (code != MS_OK || !is_right)
        return code;
    check->verified = check->prefix.costs;
    check->is_exact = status != MS_DONE;
    check_gap(check, config, bytes);
    return MS_OK;
}

/* ---- all rows of a trajectory ----------------------------------------------------------------------- */

static int64_t iterations_of(const struct check *check, int64_t i)
{
    int64_t iterations;

    memcpy(&iterations,
           check->trajectory->rows + (size_t)i * check->layout.bytes +
               check->layout.offset[MS_VAR_ITERATIONS],
           sizeof iterations);
    return iterations;
}

static int by_iterations(const void *a, const void *b)
{
    const struct turn *left = a, *right = b;
    const int compared = (left->iterations > right->iterations) - (left->iterations < right->iterations);

    return compared != 0 ? compared : (left->row > right->row) - (left->row < right->row);
}

/* Sorts the rows by their iterations. A corrupt file may have all rows in one trajectory, in any order. */
static void sort_rows(struct check *check)
{
    for (int64_t i = 0; i < check->trajectory->count; i++)
        check->order[i] = (struct turn){.iterations = iterations_of(check, i), .row = i};
    qsort(check->order, (size_t)check->trajectory->count, sizeof *check->order, by_iterations);
}

/* Verifies the count of costs. It is written before the rows that need it, so it may include costs of
 * later rows. */
static void check_count(struct check *check)
{
    const int64_t count = check->trajectory->cost_count, room = check->trajectory->room;

    if (check->is_exact && count != check->verified)
        ms_finding_values(check->verification, MS_VAR_COST_COUNT, check->trajectory->index, &count,
                          &check->verified);
    else if (count < check->verified || count > room)
        ms_finding_rule(check->verification, MS_VAR_COST_COUNT, check->trajectory->index, 0, &count,
                        "from %" PRId64 " to %" PRId64, check->verified, room);
}

static enum ms_code begin_trajectory(struct check *check, const struct ms_walk_trajectory *trajectory,
                                     struct ms_error *err)
{
    check->trajectory = trajectory;
    check->prefix.costs = check->verified = 0;
    check->is_exact = false;
    check->gap = -1;
    ms_chain_begin(&check->prefix.chain, ms_schema_row_bytes(&check->layout.shape, MS_VAR_COST));
    if (trajectory->count > check->capacity) {
        free(check->order);
        check->order = malloc((size_t)trajectory->count * sizeof *check->order);
        check->capacity = trajectory->count;
        if (check->order == NULL)
            return ms_fail_memory(err, check->verification->path, "to verify its configurations");
    }
    sort_rows(check);
    return MS_OK;
}

static enum ms_code verify_trajectory(void *context, const struct ms_walk_trajectory *trajectory,
                                      struct ms_error *err)
{
    struct check *check = context;
    int64_t final = 0;
    enum ms_code code = begin_trajectory(check, trajectory, err);

    for (int64_t i = 0; code == MS_OK && i < trajectory->count; i++) {
        const int64_t row = check->order[i].row;
        unsigned char *bytes = trajectory->rows + (size_t)row * check->layout.bytes;

        final += ms_record_status(&check->layout, bytes) != MS_PENDING;
        code = verify_row(check, trajectory->members[row], bytes, err);
    }
    if (code != MS_OK)
        return code;
    check->verification->finished[trajectory->index] = final == trajectory->count;
    check->verification->longest[trajectory->index] = check->order[trajectory->count - 1].iterations;
    check->is_exact |= final == trajectory->count && check->verified == check->prefix.costs;
    check_count(check);
    return MS_OK;
}

enum ms_code ms_verify_rows(struct ms_verification *verification, struct ms_error *err)
{
    struct check *check = calloc(1, sizeof *check);
    enum ms_code code;

    if (check == NULL)
        return ms_fail_memory(err, verification->path, "to verify its costs");
    check->verification = verification;
    ms_record_layout(&verification->file->shape, MS_RECORD_CONFIG, &check->layout);
    code = ms_walk(verification->file, &check->layout, &verification->trajectories, false, verify_trajectory,
                   check, err);
    free(check->order);
    free(check);
    return code;
}
