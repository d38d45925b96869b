/* Opens and closes a writer, with all buffers that results need while they wait, and makes durable what was
 * written. The steps between are in the other files of this folder (writer_state.h). Only the rank that opens
 * the file first needs HDF5 for it; the others receive the places of the variables.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/writer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "bytes.h"
#include "hdf5_call.h"
#include "moonsweep/version.h"
#include "places.h"
#include "reserve.h"
#include "writer_state.h"

enum {
    QUEUE_BYTES = 16 << 20,    /* of queued rows, but at least one row */
    QUEUE_ROWS = 8192,         /* the most queued rows */
    COSTS_WAITING = 128 << 10, /* costs that may wait to be written: 1 MiB */
    COUNTS_AHEAD = 4096        /* counts per read */
};

void ms_writer_prepare(void)
{
    (void)H5dont_atexit();
    (void)H5open();
}

/* ---- opening ---------------------------------------------------------------------------------------- */

/* Returns how many rows of row_bytes fit into room: at least one, at most limit. */
static int64_t rows_in(size_t room, size_t row_bytes, int64_t limit)
{
    int64_t rows = (int64_t)(room / row_bytes);

    if (rows < 1)
        return 1;
    return rows < limit ? rows : limit;
}

/* The number of rows of this layout that may wait to be written. */
static int64_t queue_rows(const struct ms_record_layout *layout)
{
    return rows_in(QUEUE_BYTES, layout->bytes, QUEUE_ROWS);
}

int64_t ms_writer_memory(const struct ms_writer_spec *spec)
{
    const struct ms_writer *writer = NULL;
    const int64_t configs = ms_grid_configs(spec->grid);
    struct ms_shape shape;
    struct ms_record_layout layout, slot_layout;
    int64_t rows, row_bytes;

    ms_schema_shape(spec, &shape);
    ms_record_layout(&shape, MS_RECORD_CONFIG, &layout);
    ms_record_layout(&shape, MS_RECORD_SLOT, &slot_layout);
    rows = queue_rows(&layout);
    row_bytes = (int64_t)(layout.bytes + layout.widest + sizeof *writer->queue.config +
                          sizeof *writer->batch.config + sizeof *writer->batch.status +
                          sizeof *writer->counts);
    /* The system provides no memory for rows that are never used. */
    return (rows < configs ? rows : configs) * row_bytes +
           COSTS_WAITING * (int64_t)ms_schema_row_bytes(&shape, MS_VAR_COST) +
           COUNTS_AHEAD * (int64_t)sizeof *writer->ahead.values + (int64_t)slot_layout.bytes;
}

static enum ms_code allocate(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_queue *queue = &writer->queue;
    struct ms_batch *batch = &writer->batch;
    size_t capacity;

    ms_record_layout(&writer->file.shape, MS_RECORD_CONFIG, &writer->layout);
    ms_record_layout(&writer->file.shape, MS_RECORD_SLOT, &writer->slot_layout);
    queue->capacity = queue_rows(&writer->layout);
    capacity = (size_t)queue->capacity;
    writer->costs.capacity = COSTS_WAITING;
    writer->ahead.capacity = COUNTS_AHEAD;
    queue->rows = malloc(capacity * writer->layout.bytes);
    queue->config = malloc(capacity * sizeof *queue->config);
    batch->config = malloc(capacity * sizeof *batch->config);
    batch->status = malloc(capacity * sizeof *batch->status);
    writer->costs.bytes = malloc((size_t)writer->costs.capacity *
                                 ms_schema_row_bytes(&writer->file.shape, MS_VAR_COST));
    writer->ahead.values = malloc((size_t)writer->ahead.capacity * sizeof *writer->ahead.values);
    writer->counts = malloc(capacity * sizeof *writer->counts);
    writer->column = malloc(capacity * writer->layout.widest);
    writer->slot = calloc(1, writer->slot_layout.bytes);
    if (queue->rows == NULL || queue->config == NULL || batch->config == NULL || batch->status == NULL ||
        writer->costs.bytes == NULL || writer->ahead.values == NULL || writer->counts == NULL ||
        writer->column == NULL || writer->slot == NULL ||
        !ms_flusher_open(writer->file.descriptor, &writer->flusher))
        return ms_fail_memory(err, writer->file.path, "for the results that wait to be written");
    return MS_OK;
}

/* Checks that the sizes are those that follow from the job. */
static enum ms_code check_sizes(const struct ms_writer *writer, struct ms_error *err)
{
    const struct ms_shape *found = &writer->file.shape;
    struct ms_shape expected;

    ms_schema_shape(&writer->spec, &expected);
    for (int d = 0; d < MS_DIM_COUNT; d++)
        if (d != MS_DIM_SLOT &&
            d != MS_DIM_INTEGRITY_BYTE && /* depends on the ranks of the first run, and on the file itself */
            found->size[d] != expected.size[d])
            return ms_fail(err, MS_BAD_INPUT,
                           "%s: dimension %s is %" PRId64 ", but must be %" PRId64
                           " for this job; start over with --force",
                           writer->file.path, ms_schema_dimensions[d].name, found->size[d], expected.size[d]);
    if (found->precision != expected.precision)
        return ms_fail(err, MS_BAD_INPUT,
                       "%s: its precision differs from that of the job; start over with --force",
                       writer->file.path);
    return MS_OK;
}

static enum ms_code check_numerics(const struct ms_writer *writer, struct ms_error *err)
{
    if (writer->file.numerics == MS_NUMERICS)
        return MS_OK;
    return ms_fail(err, MS_BAD_INPUT,
                   "%s was made with numerics %" PRId32 ", but this program has %d, whose results may differ "
                   "in their last digits: the file cannot be resumed",
                   writer->file.path, writer->file.numerics, MS_NUMERICS);
}

/* Opens a writer. If places is NULL, HDF5 finds the places. */
static enum ms_code open_writer(const char *path, const struct ms_writer_spec *spec,
                                const struct ms_file *places, int rank, struct ms_writer **writer,
                                struct ms_error *err)
{
    struct ms_writer *opened = calloc(1, sizeof *opened);
    enum ms_code code;

    if (opened == NULL)
        return ms_fail_memory(err, path, "to open it");
    opened->rank = rank;
    opened->spec = *spec;
    opened->history.trajectory = -1;
    opened->pair = (struct ms_pair){.slots = {-1, -1}};
    code = places == NULL ? ms_file_open(path, O_RDWR, NULL, &opened->file, err)
                          : ms_file_open_again(path, places, &opened->file, err);
    if (code == MS_OK && places == NULL)
        code = ms_places_check(&opened->file, err);
    if (code == MS_OK)
        code = check_numerics(opened, err);
    if (code == MS_OK)
        code = check_sizes(opened, err);
    if (code == MS_OK)
        code = allocate(opened, err);
    if (code != MS_OK) {
        ms_writer_close(opened);
        return code;
    }
    *writer = opened;
    return MS_OK;
}

enum ms_code ms_writer_open(const char *path, const struct ms_writer_spec *spec, struct ms_writer **writer,
                            struct ms_error *err)
{
    return open_writer(path, spec, NULL, 0, writer, err);
}

const void *ms_writer_places(const struct ms_writer *writer, size_t *bytes)
{
    *bytes = sizeof writer->file;
    return &writer->file;
}

enum ms_code ms_writer_open_again(const char *path, const struct ms_writer_spec *spec, const void *places,
                                  int rank, struct ms_writer **writer, struct ms_error *err)
{
    return open_writer(path, spec, places, rank, writer, err);
}

const char *ms_writer_path(const struct ms_writer *writer)
{
    return writer->file.path;
}

void ms_writer_close(struct ms_writer *writer)
{
    if (writer == NULL)
        return;
    ms_flusher_close(writer->flusher);
    ms_file_close(&writer->file);
    free(writer->run);
    free(writer->queue.rows);
    free(writer->queue.config);
    free(writer->batch.config);
    free(writer->batch.status);
    free(writer->costs.bytes);
    free(writer->ahead.values);
    free(writer->counts);
    free(writer->column);
    free(writer->slot);
    free(writer);
}

void ms_writer_while_waiting(struct ms_writer *writer, void (*serve)(void *context), void *context)
{
    ms_flusher_while_waiting(writer->flusher, serve, context);
}

/* ---- writing for others ----------------------------------------------------------------------------- */

void ms_writer_use_proxy(struct ms_writer *writer, const struct ms_writer_proxy *proxy)
{
    if (proxy != NULL)
        writer->proxy = *proxy;
    writer->file.proxy = proxy == NULL ? NULL : &writer->proxy;
    ms_flusher_use_proxy(writer->flusher, writer->file.proxy);
}

int ms_writer_write_for(struct ms_writer *writer, uint64_t offset, size_t count, const void *bytes)
{
    return ms_bytes_write(writer->file.descriptor, offset, count, bytes);
}

uint64_t ms_writer_ask_flush_for(struct ms_writer *writer)
{
    return ms_flusher_ask(writer->flusher);
}

int ms_writer_flush_state_for(struct ms_writer *writer, uint64_t ticket, bool *is_done)
{
    return ms_flusher_state(writer->flusher, ticket, is_done);
}

/* Compares with the magic numbers of file systems (statfs(2)). */
bool ms_writer_is_on_network(const char *path)
{
    static const unsigned long systems[] = {0x6969 /* NFS */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB 2 */};
    struct statfs status;
    bool is = false;

    if (statfs(path, &status) != 0)
        return false;
    for (size_t i = 0; !is && i < sizeof systems / sizeof systems[0]; i++)
        is = (unsigned long)status.f_type == systems[i];
    return is;
}

enum ms_code ms_writer_reserve(struct ms_writer *writer, bool *reserved, struct ms_error *err)
{
    const struct ms_file *file = &writer->file;
    enum ms_code code = ms_reserve_file(file->path, file->descriptor, reserved, err);

    return code == MS_IO_ERROR ? ms_reserve_explain(file->path, (int64_t)file->bytes, err) : code;
}

/* ---- making it durable ------------------------------------------------------------------------------ */

static enum ms_code fail_flush(const struct ms_writer *writer, int cause, struct ms_error *err)
{
    return ms_fail(err, MS_IO_ERROR, "%s: making results durable failed: %s", writer->file.path,
                   ms_bytes_reason(cause));
}

void ms_writer_note_waiting(struct ms_writer *writer)
{
    ms_age_begin(&writer->unwritten);
}

void ms_writer_note_written(struct ms_writer *writer)
{
    ms_age_begin(&writer->unsynced);
}

void ms_writer_ask_flush(struct ms_writer *writer)
{
    writer->last_ticket = ms_flusher_ask(writer->flusher);
    ms_age_end(&writer->unsynced);
}

enum ms_code ms_writer_is_flushed(struct ms_writer *writer, uint64_t ticket, bool *is, struct ms_error *err)
{
    int cause = ms_flusher_state(writer->flusher, ticket, is);

    return cause == 0 ? MS_OK : fail_flush(writer, cause, err);
}

enum ms_code ms_writer_sync(struct ms_writer *writer, struct ms_error *err)
{
    int cause;

    ms_writer_ask_flush(writer);
    cause = ms_flusher_wait(writer->flusher, writer->last_ticket);
    return cause == 0 ? MS_OK : fail_flush(writer, cause, err);
}
