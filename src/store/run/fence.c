/* Rule 4 of docs/file-format.md: a run that was cut off and replaced writes nothing any more. */
#include "moonsweep/writer.h"
#include "writer_state.h"

/* Whether the run's row in /runs is another's. A run that takes a file over leaves the rows before its own; only the
 * last one is used again. An older copy that was written over the file does not have the row. */
static bool is_row_lost(const struct ms_writer *writer)
{
    struct ms_error ignored;
    uint64_t id = writer->run_id;

    return writer->run_row < MS_RUNS - 1 &&
           ms_file_read(&writer->file, MS_VAR_RUN_ID, writer->run_row, 1, &id, &ignored) == MS_OK &&
           id != writer->run_id;
}

enum ms_code ms_writer_fence(const struct ms_writer *writer, struct ms_error *err)
{
    uint64_t current;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_RUN_CURRENT, 0, 1, &current, err);

    if (code != MS_OK || current == writer->run_id)
        return code;
    if (is_row_lost(writer))
        return ms_fail(
            err, MS_IO_ERROR,
            "%s was overwritten by another file while it was written: what was trained is lost; this run "
            "stops writing",
            writer->file.path);
    return ms_fail(err, MS_BUSY, "%s has been taken over by another run; this one stops writing",
                   writer->file.path);
}
