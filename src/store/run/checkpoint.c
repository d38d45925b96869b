/* Writes checkpoints. docs/file-format.md states the invariants too:
 *
 *   C1   A checkpoint is written to the slot of its pair that does not hold the newer valid one: whatever happens
 *        meanwhile, that one stays.
 *   C2   All of a slot but its checksum, and the costs before it, are made durable before the checksum is written, and
 *        the checksum before anything else is.
 *   C3   Every configuration before a checkpoint is committed before the checksum is written.
 *   C4   There is no checkpoint at an iteration count of the grid: the committed configuration is one
 *        (src/sweep/stored_trajectory.c).
 *
 *     rows and costs that wait --commit--> data of the slot --ms_writer_sync--> its checksum: valid
 *                                                           --ms_writer_sync--> durable
 *
 * The newer checkpoint must itself be durable (C2): if its checksum had not reached the disk, a power cut
 * could destroy it together with the slot that is being written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/writer.h"
#include "writer_state.h"

void ms_pair_take(struct ms_pair *pair, const int32_t slots[2])
{
    if (pair->slots[0] == slots[0] && pair->slots[1] == slots[1])
        return; /* the trajectories of a lease share the pair: C1 covers all of them */
    *pair = (struct ms_pair){.slots = {slots[0], slots[1]}};
}

bool ms_writer_has_checkpoint(const struct ms_writer *writer)
{
    return writer->pair.used;
}

/* Writes the packed checkpoint to slot number index, and makes it valid and durable. */
static enum ms_code write_slot(struct ms_writer *writer, int64_t index, struct ms_error *err)
{
    enum ms_code code = ms_writer_fence(writer, err);

    if (code == MS_OK)
        code = ms_record_write_data(&writer->file, &writer->slot_layout, index, writer->slot, err);
    if (code == MS_OK)
        code = ms_writer_sync(writer, err); /* C2 */
    if (code == MS_OK)
        code = ms_writer_fence(writer, err);
    if (code == MS_OK)
        code = ms_record_write_checksum(&writer->file, &writer->slot_layout, index, writer->slot, err);
    return code == MS_OK ? ms_writer_sync(writer, err) : code;
}

enum ms_code ms_writer_checkpoint(struct ms_writer *writer, const struct ms_checkpoint *checkpoint,
                                  struct ms_error *err)
{
    struct ms_history *history = &writer->history;
    struct ms_pair *pair = &writer->pair;
    int32_t index = pair->slots[pair->next];
    const struct ms_slot_record record = {
        .trajectory = (int32_t)history->trajectory,
        .iteration = checkpoint->iteration,
        .seconds = checkpoint->seconds,
        .cpu_seconds = checkpoint->cpu_seconds,
        .cost_hash = ms_chain_hash(&history->chain),
        .final_cost = history->last_cost,
        .stop_best = checkpoint->patience.best,
        .stop_count = checkpoint->patience.waited,
    };
    enum ms_code code;

    if (index < 0)
        return MS_OK;
    if (writer->run_id == 0 || history->trajectory < 0 || history->count != checkpoint->iteration)
        return ms_fail(err, MS_INTERNAL, "%s: a checkpoint without its costs", writer->file.path);
    ms_record_pack(&writer->slot_layout, &record, checkpoint->network, writer->slot);
    ms_record_set_checksums(&writer->slot_layout, writer->file.job_hash, index, 0, writer->slot);
    code = ms_writer_commit(writer, err); /* C3 */
    if (code == MS_OK)
        code = write_slot(writer, index, err);
    if (code == MS_OK) {
        pair->used = true;
        pair->next = 1 - pair->next; /* C1 */
        code = ms_writer_still_named(writer,
                                     err); /* after writing: the file may still exist under another name */
    }
    return code;
}
