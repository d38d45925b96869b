/* Writing checkpoints: the invariants C1 to C4 of docs/file-format.md.
 *
 *     rows and costs that wait --commit--> data of the slot --ms_store_sync--> its checksum: valid
 *                                                           --ms_store_sync--> durable
 *
 * The slot that is written is never the newer valid one of its pair (C1), so that one instant never endangers
 * both. That one has to be durable for it: were its checksum still on its way to the disk, a power cut could take it
 * together with what the other slot held. */
#include "moonsweep/store.h"
#include "store_state.h"

void ms_pair_take(struct ms_pair *pair, const int32_t slots[2])
{
    if (pair->slots[0] == slots[0] && pair->slots[1] == slots[1])
        return; /* the lease's trajectories write by turns too: C1 holds across them */
    *pair = (struct ms_pair){.slots = {slots[0], slots[1]}};
}

bool ms_store_has_checkpoint(const struct ms_store *store)
{
    return store->pair.used;
}

/* Makes what is packed valid and durable in slot number index. */
static enum ms_code write_slot(struct ms_store *store, int64_t index, struct ms_error *err)
{
    enum ms_code code = ms_store_fence(store, err);

    if (code == MS_OK)
        code = ms_slot_write_data(&store->file, &store->slot_layout, index, store->slot, err);
    if (code == MS_OK)
        code = ms_store_sync(store, err);
    if (code == MS_OK)
        code = ms_store_fence(store, err);
    if (code == MS_OK)
        code = ms_slot_write_checksum(&store->file, &store->slot_layout, index, store->slot, err);
    return code == MS_OK ? ms_store_sync(store, err) : code;
}

enum ms_code ms_store_checkpoint(struct ms_store *store, const struct ms_checkpoint *checkpoint,
                                 struct ms_error *err)
{
    struct ms_history *history = &store->history;
    struct ms_pair *pair = &store->pair;
    int32_t index = pair->slots[pair->next];
    const struct ms_slot_state state = {
        .trajectory = history->trajectory,
        .iteration = checkpoint->iteration,
        .seconds = checkpoint->seconds,
        .cost_hash = ms_chain_hash(&history->chain),
    };
    enum ms_code code;

    if (index < 0)
        return MS_OK;
    if (store->run_id == 0 || history->trajectory < 0 || history->count != checkpoint->iteration)
        return ms_fail(err, MS_INTERNAL, "%s: a checkpoint without its costs", store->file.path);
    ms_slot_pack(&store->slot_layout, &state, checkpoint->network, store->slot);
    ms_slot_seal(&store->slot_layout, store->file.job_hash, index, store->slot);
    code = ms_store_commit(store, err);
    if (code == MS_OK)
        code = write_slot(store, index, err);
    if (code == MS_OK) {
        pair->used = true;
        pair->next = 1 - pair->next;
        code = ms_store_still_named(store, err); /* it is written first: the file may have another name */
    }
    return code;
}
