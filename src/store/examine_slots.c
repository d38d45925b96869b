/* Checkpoints. A slot that does not hold its checksum is no damage by itself: a run that is killed leaves one half
 * written (C1 and C2 of docs/file-format.md see to it that another is whole). It is damage where one bit is all that is
 * wrong. What slots of finished trajectories hold is nothing any more. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "one_bit.h"
#include "slot.h"
#include "verify.h"

enum {
    BLOCK_BYTES = 4 << 20 /* of slots that are read together */
};

/* A slot and where its checksum begins. */
struct candidate {
    const struct ms_record_layout *layout;
    uint64_t job_hash;
    int64_t index;
    unsigned char *slot;
};

static bool holds(const void *context)
{
    const struct candidate *candidate = context;

    return ms_slot_holds(candidate->layout, candidate->job_hash, candidate->index, candidate->slot);
}

/* Whether the trajectory needs its checkpoints. */
static bool is_under_way(const struct ms_examination *examination, int64_t trajectory)
{
    return trajectory >= 0 && trajectory < examination->file->shape.size[MS_DIM_TRAJECTORY] &&
           !examination->finished[trajectory];
}

/* ---- slots that do not hold ------------------------------------------------------------------------- */

/* One bit of the checksum itself. */
static bool is_checksum_damaged(const struct candidate *candidate, uint64_t *stored, uint64_t *due)
{
    *stored = ms_record_u64(candidate->layout, candidate->slot, MS_VAR_SLOT_CHECKSUM);
    *due = ms_slot_checksum(candidate->layout, candidate->job_hash, candidate->index, candidate->slot);
    return __builtin_popcountll(*stored ^ *due) == 1;
}

/* One that is wrong in more than a bit: after a power cut even its trajectory may be any number. */
static void take_for_half_written(struct ms_examination *examination, int64_t trajectory)
{
    int64_t trajectories = examination->file->shape.size[MS_DIM_TRAJECTORY];

    if (trajectory < 0 || trajectory >= trajectories || !examination->finished[trajectory])
        examination->summary.half_written++;
}

static enum ms_code look_for_damage(struct ms_examination *examination, struct candidate *candidate,
                                    struct ms_error *err)
{
    const struct ms_record_layout *layout = candidate->layout;
    unsigned char *damaged = malloc(layout->bytes);
    uint64_t stored, due;
    size_t byte;

    if (damaged == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine a checkpoint", examination->file->path);
    memcpy(damaged, candidate->slot, layout->bytes);
    if (is_checksum_damaged(candidate, &stored, &due)) {
        if (is_under_way(examination, ms_slot_state(layout, candidate->slot).trajectory))
            ms_finding_values(examination, MS_VAR_SLOT_CHECKSUM, candidate->index, &stored, &due);
    } else if (ms_one_bit_find(candidate->slot, layout->bytes, layout->bytes, holds, candidate, &byte)) {
        enum ms_variable variable = ms_record_variable_at(layout, byte);
        size_t offset = layout->offset[variable];

        if (is_under_way(examination, ms_slot_state(layout, candidate->slot).trajectory))
            ms_finding_values(examination, variable, candidate->index, damaged + offset,
                              candidate->slot + offset);
    } else {
        take_for_half_written(examination, ms_slot_state(layout, damaged).trajectory);
    }
    free(damaged);
    return MS_OK;
}

/* ---- slots that hold -------------------------------------------------------------------------------- */

/* Its figures, and that the costs before it are those that it was made with. */
static enum ms_code check_state(struct ms_examination *examination, int64_t index,
                                const struct ms_slot_state *state, struct ms_error *err)
{
    const struct ms_shape *shape = &examination->file->shape;
    int64_t room = shape->size[MS_DIM_COST_SAMPLE] / shape->size[MS_DIM_TRAJECTORY];
    struct ms_extent extent = {.start = state->trajectory * room, .count = room, .stride = 1};
    struct ms_chain *chain;
    uint64_t due;
    double last;
    enum ms_code code;

    if (state->iteration < 1 || state->iteration >= room) {
        ms_finding_rule(examination, MS_VAR_SLOT_ITERATION, index, 0, &state->iteration, "from 1 to %" PRId64,
                        room - 1);
        return MS_OK;
    }
    if (!(state->seconds >= 0 && isfinite(state->seconds)))
        ms_finding_warn(examination, MS_VAR_SLOT_SECONDS, index, &state->seconds, "at least 0");
    chain = malloc(sizeof *chain);
    if (chain == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its costs", examination->file->path);
    ms_chain_begin(chain, ms_schema_row_bytes(shape, MS_VAR_COST));
    code = ms_verify_costs(examination->file, &extent, 0, state->iteration, chain, &last, err);
    due = ms_chain_hash(chain);
    if (code == MS_OK && due != state->cost_hash)
        ms_finding_rule(examination, MS_VAR_SLOT_COST_HASH, index, 0, &state->cost_hash,
                        "%016" PRIx64 ", the hash of the costs before it", due);
    free(chain);
    return code;
}

static enum ms_code examine_slot(struct ms_examination *examination, const struct ms_record_layout *layout,
                                 int64_t index, unsigned char *slot, struct ms_error *err)
{
    struct candidate candidate = {
        .layout = layout, .job_hash = examination->job_hash, .index = index, .slot = slot};
    const struct ms_slot_state state = ms_slot_state(layout, slot);

    if (!holds(&candidate)) /* -1: nothing was ever written to it */
        return state.trajectory == -1 ? MS_OK : look_for_damage(examination, &candidate, err);
    if (!is_under_way(examination, state.trajectory))
        return MS_OK;
    examination->summary.checkpoints++;
    return check_state(examination, index, &state, err);
}

/* Then no checkpoint is needed any more. */
static bool is_all_finished(const struct ms_examination *examination)
{
    bool is = true;

    for (int64_t t = 0; is && t < examination->file->shape.size[MS_DIM_TRAJECTORY]; t++)
        is = examination->finished[t];
    return is;
}

enum ms_code ms_examine_slots(struct ms_examination *examination, struct ms_error *err)
{
    int64_t slots = examination->file->shape.size[MS_DIM_SLOT];
    struct ms_record_layout layout;
    int64_t capacity;
    unsigned char *block;
    enum ms_code code = MS_OK;

    if (is_all_finished(examination))
        return MS_OK;
    ms_record_layout(&examination->file->shape, MS_RECORD_SLOT, &layout);
    capacity = (int64_t)(BLOCK_BYTES / layout.bytes) + 1;
    if (capacity > slots)
        capacity = slots;
    block = calloc((size_t)capacity, layout.bytes);
    if (block == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its checkpoints",
                       examination->file->path);
    for (int64_t first = 0; code == MS_OK && first < slots; first += capacity) {
        int64_t count = slots - first < capacity ? slots - first : capacity;

        code = ms_records_read(examination->file, &layout, MS_RECORD_ALL, first, count, block, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            code = examine_slot(examination, &layout, first + i, block + (size_t)i * layout.bytes, err);
    }
    free(block);
    return code;
}
