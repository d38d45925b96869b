/* Rule 4 of docs/file-format.md: a run that was cut off and replaced writes nothing any more. */
#include "moonsweep/store.h"
#include "store_state.h"

enum ms_code ms_store_fence(const struct ms_store *store, struct ms_error *err)
{
    uint64_t current;
    enum ms_code code = ms_file_read(&store->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code == MS_OK && current != store->run_id)
        code = ms_fail(err, MS_BUSY, "%s has been taken over by another run; this one stops writing",
                       store->file.path);
    return code;
}
