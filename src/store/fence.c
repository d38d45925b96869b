/* Rule 4 of docs/file-format.md: a run that was cut off and replaced writes nothing any more. */
#include "moonsweep/store.h"
#include "store_state.h"

/* Whether the run's row in /runs is another's. A run that takes a file over leaves the rows before its own; only the
 * last one is used again. An older copy that was written over the file does not have the row. */
static bool is_row_lost(const struct ms_store *store)
{
    struct ms_error ignored;
    uint64_t id = store->run_id;

    return store->run_row < MS_RUNS - 1 &&
           ms_file_read(&store->file, MS_VAR_RUN_ID, store->run_row, 1, &id, &ignored) == MS_OK &&
           id != store->run_id;
}

enum ms_code ms_store_fence(const struct ms_store *store, struct ms_error *err)
{
    uint64_t current;
    enum ms_code code = ms_file_read(&store->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code != MS_OK || current == store->run_id)
        return code;
    if (is_row_lost(store))
        return ms_fail(
            err, MS_IO_ERROR,
            "%s was overwritten by another file while it was written: what was trained is lost; this run "
            "stops writing",
            store->file.path);
    return ms_fail(err, MS_BUSY, "%s has been taken over by another run; this one stops writing",
                   store->file.path);
}
