/* Verifies configurations and the costs of their trajectories. A final row must match its checksums. A
 * pending row may contain anything, unless it is complete and cannot be pending. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "record_damage.h"
#include "walk.h"

/* The hash of the first costs of a trajectory. */
struct prefix {
    int64_t costs;
    struct ms_chain chain;
};

/* The trajectory that is being verified, row by row in the order of their iterations. */
struct course {
    struct ms_verification *verification;
    struct ms_record_layout layout;
    const struct ms_walk_trajectory *trajectory;
    struct prefix prefix; /* the costs of the rows so far */
    struct prefix trial;
    int64_t verified; /* number of costs of the rows that match their checksums */
    bool is_exact;    /* there are no more costs: it has diverged, or is finished */
    int64_t gap;      /* the first configuration that is pending and incomplete; -1 if none */
    int64_t *order;   /* [capacity] owned: rows by ascending iterations */
    int64_t capacity;
};

/* ---- checksums -------------------------------------------------------------------------------------- */

/* Extends a prefix to that many costs; it never shrinks. */
static enum ms_code extend(const struct course *course, struct prefix *prefix, int64_t costs,
                           struct ms_error *err)
{
    const struct ms_costs all = {.start = course->trajectory->costs.start, .count = course->trajectory->room};
    double last;
    enum ms_code code;

    if (costs > all.count)
        costs = all.count;
    if (costs <= prefix->costs)
        return MS_OK;
    code = ms_costs_append(course->verification->file, &all, prefix->costs, costs, &prefix->chain, &last,
                           err);
    if (code == MS_OK)
        prefix->costs = costs;
    return code;
}

/* Returns a row with one of its checksums and the costs of a prefix. */
static struct ms_checked_record checked(const struct course *course, const struct prefix *prefix,
                                        int64_t config, unsigned char *bytes, enum ms_cover cover)
{
    return (struct ms_checked_record){
        .layout = &course->layout,
        .bytes = bytes,
        .job_hash = course->verification->file->job_hash,
        .cost_hash = ms_chain_hash(&prefix->chain),
        .index = config,
        .cover = cover,
    };
}

/* Sets *is_right to whether the row matches its checksum with that many costs; then they become the
 * prefix. */
static enum ms_code try_costs(struct course *course, int64_t costs, int64_t config, unsigned char *bytes,
                              bool *is_right, struct ms_error *err)
{
    struct ms_checked_record record;
    enum ms_code code;

    memcpy(&course->trial, &course->prefix, sizeof course->trial);
    code = extend(course, &course->trial, costs, err);
    if (code != MS_OK)
        return code;
    record = checked(course, &course->trial, config, bytes, MS_COVER_RECORD);
    *is_right = ms_record_damage_none(&record);
    if (*is_right)
        memcpy(&course->prefix, &course->trial, sizeof course->prefix);
    return MS_OK;
}

/* Finds the costs that the checksum of a final row covers. A row that is done has all costs up to its
 * iterations. A trajectory that diverged has the stored number; if that number is corrupt, it has as many
 * as updates were made, or one more. */
static enum ms_code take_costs(struct course *course, int64_t config, unsigned char *bytes, bool *is_right,
                               struct ms_error *err)
{
    struct ms_row row;
    int64_t costs[3];
    int tries;
    enum ms_code code = MS_OK;

    ms_record_unpack(&course->layout, bytes, &row);
    costs[0] = row.status == MS_DONE ? row.iterations
                                     : ms_costs_due(&course->trajectory->costs, row.iterations);
    costs[1] = row.iterations_done;
    costs[2] = row.iterations_done < row.iterations ? row.iterations_done + 1 : 0;
    tries = row.status == MS_DONE ? 1 : 3;
    *is_right = false;
    for (int i = 0; code == MS_OK && !*is_right && i < tries; i++)
        code = try_costs(course, costs[i], config, bytes, is_right, err);
    return code == MS_OK && !*is_right ? extend(course, &course->prefix, costs[0], err) : code;
}

/* ---- a row ------------------------------------------------------------------------------------------ */

/* Reports what is wrong in a row that does not match its checksum. */
static enum ms_code report_damage(struct course *course, struct ms_checked_record *record,
                                  struct ms_error *err)
{
    const bool is_times = record->cover == MS_COVER_TIMES;
    const uint64_t stored = ms_record_stored_checksum(record->layout, record->cover, record->bytes);
    bool found;
    enum ms_code code = ms_record_damage_bit(course->verification, record, &found, err);

    if (code == MS_OK && !found)
        ms_finding_rule(course->verification, is_times ? MS_VAR_TIMES_CHECKSUM : MS_VAR_CHECKSUM,
                        record->index, 0, &stored,
                        is_times ? "the checksum of its times" : "the checksum of its row and costs");
    return code;
}

static enum ms_code verify_final(struct course *course, int64_t config, unsigned char *bytes, bool *is_right,
                                 struct ms_error *err)
{
    const enum ms_status status = ms_record_status(&course->layout, bytes);
    struct ms_checked_record record, times;
    enum ms_code code = take_costs(course, config, bytes, is_right, err);

    if (code != MS_OK)
        return code;
    record = checked(course, &course->prefix, config, bytes, MS_COVER_RECORD);
    times = checked(course, &course->prefix, config, bytes, MS_COVER_TIMES);
    if (*is_right && status >= MS_STATUS_COUNT)
        ms_finding_rule(course->verification, MS_VAR_STATUS, config, 0,
                        bytes + course->layout.offset[MS_VAR_STATUS], "from 0 to %d", MS_STATUS_COUNT - 1);
    if (!ms_record_damage_none(&times))
        code = report_damage(course, &times, err);
    return code == MS_OK && !*is_right ? report_damage(course, &record, err) : code;
}

/* Sets *is_whole to whether a pending row matches its checksum with some final status, and *status to that
 * status. */
static enum ms_code find_status(struct course *course, int64_t config, unsigned char *bytes, uint8_t *status,
                                bool *is_whole, struct ms_error *err)
{
    struct prefix *before = malloc(sizeof *before);
    enum ms_code code = MS_OK;

    if (before == NULL)
        return ms_fail_memory(err, course->verification->path, "to verify a row");
    memcpy(before, &course->prefix, sizeof *before);
    for (uint8_t final = MS_DONE; code == MS_OK && !*is_whole && final < MS_STATUS_COUNT; final++) {
        *status = final;
        code = take_costs(course, config, bytes, is_whole, err);
        memcpy(&course->prefix, before, sizeof *before);
    }
    free(before);
    return code;
}

/* Verifies a pending row. If it is complete with a final status, its status is corrupt, or its run was
 * killed before writing the status. */
static enum ms_code verify_pending(struct course *course, int64_t config, unsigned char *bytes,
                                   struct ms_error *err)
{
    static const uint8_t pending = MS_PENDING;
    uint8_t *status = bytes + course->layout.offset[MS_VAR_STATUS];
    bool is_whole = false;
    struct ms_row row;
    enum ms_code code = MS_OK;

    ms_record_unpack(&course->layout, bytes, &row);
    if (row.checksum != 0) /* otherwise the row was never written */
        code = find_status(course, config, bytes, status, &is_whole, err);
    if (code == MS_OK && is_whole) {
        if (ms_verify_is_settled(course->verification, row.run))
            ms_finding_values(course->verification, MS_VAR_STATUS, config, &pending, status);
        else
            course->verification->summary.uncommitted++;
    }
    if (!is_whole && course->gap < 0)
        course->gap = config;
    *status = pending;
    return code;
}

static enum ms_code verify_row(struct course *course, int64_t config, unsigned char *bytes,
                               struct ms_error *err)
{
    static const uint8_t pending = MS_PENDING;
    const enum ms_status status = ms_record_status(&course->layout, bytes);
    bool is_right;
    enum ms_code code;

    if (status < MS_STATUS_COUNT)
        course->verification->summary.by_status[status]++;
    if (status == MS_PENDING)
        return verify_pending(course, config, bytes, err);
    code = verify_final(course, config, bytes, &is_right, err);
    if (code != MS_OK || !is_right)
        return code;
    course->verified = course->prefix.costs;
    course->is_exact = status != MS_DONE;
    if (course->gap >= 0) {
        ms_finding_rule(course->verification, MS_VAR_STATUS, course->gap, 0, &pending,
                        "final: configuration %" PRId64 " comes after it", config);
        course->gap = -1;
    }
    return MS_OK;
}

/* ---- all rows of a trajectory ----------------------------------------------------------------------- */

static int64_t iterations_of(const struct course *course, int64_t i)
{
    int64_t iterations;

    memcpy(&iterations,
           course->trajectory->rows + (size_t)i * course->layout.bytes +
               course->layout.offset[MS_VAR_ITERATIONS],
           sizeof iterations);
    return iterations;
}

/* Sorts the rows by their iterations. There are few, and they are mostly sorted. */
static void sort_rows(struct course *course)
{
    for (int64_t i = 0; i < course->trajectory->count; i++) {
        int64_t place = i;

        for (; place > 0 && iterations_of(course, course->order[place - 1]) > iterations_of(course, i);
             place--)
            course->order[place] = course->order[place - 1];
        course->order[place] = i;
    }
}

/* Verifies the count of costs. It is written before the rows that need it, so it may include costs of
 * later rows. */
static void check_count(struct course *course)
{
    const int64_t count = course->trajectory->cost_count, room = course->trajectory->room;

    if (course->is_exact && count != course->verified)
        ms_finding_values(course->verification, MS_VAR_COST_COUNT, course->trajectory->index, &count,
                          &course->verified);
    else if (count < course->verified || count > room)
        ms_finding_rule(course->verification, MS_VAR_COST_COUNT, course->trajectory->index, 0, &count,
                        "from %" PRId64 " to %" PRId64, course->verified, room);
}

static enum ms_code begin_trajectory(struct course *course, const struct ms_walk_trajectory *trajectory,
                                     struct ms_error *err)
{
    course->trajectory = trajectory;
    course->prefix.costs = course->verified = 0;
    course->is_exact = false;
    course->gap = -1;
    ms_chain_begin(&course->prefix.chain, ms_schema_row_bytes(&course->layout.shape, MS_VAR_COST));
    if (trajectory->count > course->capacity) {
        free(course->order);
        course->order = malloc((size_t)trajectory->count * sizeof *course->order);
        course->capacity = trajectory->count;
        if (course->order == NULL)
            return ms_fail_memory(err, course->verification->path, "to verify its configurations");
    }
    sort_rows(course);
    return MS_OK;
}

static enum ms_code verify_trajectory(void *context, const struct ms_walk_trajectory *trajectory,
                                      struct ms_error *err)
{
    struct course *course = context;
    int64_t final = 0;
    enum ms_code code = begin_trajectory(course, trajectory, err);

    for (int64_t i = 0; code == MS_OK && i < trajectory->count; i++) {
        const int64_t row = course->order[i];
        unsigned char *bytes = trajectory->rows + (size_t)row * course->layout.bytes;

        final += ms_record_status(&course->layout, bytes) != MS_PENDING;
        code = verify_row(course, trajectory->first + row, bytes, err);
    }
    if (code != MS_OK)
        return code;
    course->verification->finished[trajectory->index] = final == trajectory->count;
    course->is_exact |= final == trajectory->count && course->verified == course->prefix.costs;
    check_count(course);
    return MS_OK;
}

enum ms_code ms_verify_rows(struct ms_verification *verification, struct ms_error *err)
{
    struct course *course = calloc(1, sizeof *course);
    enum ms_code code;

    if (course == NULL)
        return ms_fail_memory(err, verification->path, "to verify its costs");
    course->verification = verification;
    ms_record_layout(&verification->file->shape, MS_RECORD_CONFIG, &course->layout);
    code = ms_walk(verification->file, &course->layout, &verification->trajectories, false, verify_trajectory,
                   course, err);
    free(course->order);
    free(course);
    return code;
}
