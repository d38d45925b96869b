/* Asks a run to stop, wherever it runs, by writing its id to /runs/stop. A later run has another id, so
 * the request need not be withdrawn.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bytes.h"
#include "moonsweep/writer.h"
#include "places.h"
#include "run_state.h"
#include "separate.h"
#include "writer_state.h"

enum ms_code ms_writer_stop_asked(struct ms_writer *writer, bool *asked, struct ms_error *err)
{
    uint64_t id;
    enum ms_code code = ms_file_read(&writer->file, MS_VAR_RUN_STOP, 0, 1, &id, err);

    if (code == MS_OK)
        *asked = writer->run_id != 0 && id == writer->run_id;
    return code;
}

/* Writes id to its place in the file. These eight bytes are all that `moonsweep stop` writes. */
static enum ms_code write_id(const struct ms_file *file, uint64_t id, struct ms_error *err)
{
    enum ms_code code = ms_file_write(file, MS_VAR_RUN_STOP, 0, 1, &id, err);
    int cause = code == MS_OK ? ms_bytes_sync(file->descriptor) : 0;

    return cause == 0 ? code
                      : ms_fail(err, MS_IO_ERROR, "%s: writing runs/stop failed: %s", file->path,
                                ms_bytes_reason(cause));
}

/* Opens the file once: what is checked is what is read and written, whatever its name leads to meanwhile. */
static enum ms_code open_sound(const char *path, struct ms_reader *reader, struct ms_error *err)
{
    struct ms_writer_repaired damage = {.bytes = 0};
    int descriptor;
    enum ms_code code = ms_file_descriptor(path, O_RDWR, &descriptor, err);

    if (code != MS_OK)
        return code;
    code = ms_writer_repair_open(path, descriptor, false, &damage, err);
    if (code == MS_OK && damage.bytes > 0)
        code = ms_fail(err, MS_BAD_INPUT, "%s is corrupt (%s); file not changed; `moonsweep run` repairs it",
                       path, damage.names);
    if (code == MS_OK)
        return ms_separate_open(path, descriptor, reader, err);
    (void)close(descriptor);
    return code;
}

/* Asks the run that writes the file; a killed run is asked too, which tells others not to restart it. */
static enum ms_code ask(const struct ms_file *file, struct ms_run_state *state, struct ms_error *err)
{
    enum ms_code code = ms_places_check(file, err);

    if (code == MS_OK)
        code = ms_run_state_read(file, state, err);
    if (code == MS_OK && state->activity != MS_RUN_NONE && state->activity != MS_RUN_PASSING)
        code = write_id(file, state->id, err);
    return code;
}

enum ms_code ms_lock_ask_to_stop(const char *path, struct ms_run_state *state, struct ms_error *err)
{
    struct ms_run_state found = {.activity = MS_RUN_NONE};
    struct ms_reader *reader = calloc(1, sizeof *reader);
    enum ms_code code;

    if (reader == NULL)
        return ms_fail_memory(err, path, "to open it");
    ms_file_clear(&reader->file);
    code = open_sound(path, reader, err);
    if (code == MS_OK)
        code = ask(&reader->file, &found, err);
    ms_reader_close(reader);
    if (code == MS_OK)
        *state = found;
    return code;
}
