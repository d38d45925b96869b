/* Commits rows by rule 3 of docs/file-format.md.
 *
 *     queued --write_rows--> written --flush--> on disk --write_statuses--> committed --flush--> durable
 *
 * A row is queued with both checksums. A commit writes costs, counts and rows with their checksums, waits
 * until they are durable, and only then writes the statuses: a reader that sees a final status finds a
 * complete row, even after a power cut. The flush of the next commit also makes the statuses durable;
 * without a further commit, ms_writer_flush or a later tick does. Rows are sorted first, so that adjacent
 * ones are one write per variable in whatever order they were queued. Training continues while the disk is
 * busy: new results are queued for the next commit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "job_inputs.h"
#include "moonsweep/plural.h"
#include "moonsweep/writer.h"
#include "spread.h"
#include "writer_state.h"

/* ---- queueing --------------------------------------------------------------------------------------- */

/* Checks that a result may be committed. */
static enum ms_code check_result(const struct ms_writer *writer, const struct ms_result *result,
                                 struct ms_error *err)
{
    const struct ms_history *history = &writer->history;
    const struct ms_config config = ms_grid_config(writer->spec.grid, result->config);

    if (writer->run_id == 0)
        return ms_fail(err, MS_INTERNAL, "%s: a result before the run began", writer->file.path);
    if (history->trajectory < 0 || config.trajectory != history->trajectory)
        return ms_fail(err, MS_INTERNAL,
                       "%s: configuration %" PRId64 " is not of trajectory %" PRId64 ", which was begun last",
                       writer->file.path, result->config, history->trajectory);
    if (config.n_h != result->network->n_h || writer->file.shape.size[MS_DIM_FEATURE] != result->network->n_x)
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " has another shape", writer->file.path,
                       result->config);
    if (result->status <= MS_PENDING || result->status >= MS_STATUS_COUNT)
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " has no final status",
                       writer->file.path, result->config);
    if (result->status == MS_DONE && history->count != config.iterations)
        return ms_fail(err, MS_INTERNAL, "%s: configuration %" PRId64 " is done with %" PRId64 " %s",
                       writer->file.path, result->config, history->count,
                       ms_plural(history->count, "cost", "costs"));
    return MS_OK;
}

/* Returns the row of a result, without its parameters and checksums. */
static struct ms_row row_of(const struct ms_writer *writer, const struct ms_result *result)
{
    struct ms_row row;

    ms_job_input_row(writer->spec.grid, result->config, &row);
    row.status = (uint8_t)result->status;
    row.iterations_done = result->iterations_done;
    row.ended_by = (uint8_t)result->ended_by;
    row.train_accuracy = result->train.accuracy;
    row.dev_accuracy = result->dev.accuracy;
    memcpy(row.train_outcomes, result->train.outcomes, sizeof row.train_outcomes);
    memcpy(row.dev_outcomes, result->dev.outcomes, sizeof row.dev_outcomes);
    row.final_cost = result->status == MS_DROPPED ? (double)NAN : writer->history.last_cost;
    row.train_cost = result->train.cost;
    row.dev_cost = result->dev.cost;
    row.stop_best = result->patience.best;
    row.stop_count = result->patience.waited;
    row.train_seconds = result->train_seconds;
    row.train_cpu_seconds = result->train_cpu_seconds;
    row.rank = result->is_taken_over ? -1 : writer->rank;
    row.run = result->is_taken_over ? result->source : writer->run_row;
    return row;
}

enum ms_code ms_writer_result(struct ms_writer *writer, const struct ms_result *result, struct ms_error *err)
{
    struct ms_queue *queue = &writer->queue;
    unsigned char *bytes;
    struct ms_row row;
    enum ms_code code = check_result(writer, result, err);

    if (code == MS_OK && queue->count == queue->capacity)
        code = ms_writer_commit(writer, err);
    if (code != MS_OK)
        return code;
    /* The costs of a trajectory end where it diverges, is dropped or is ended by a rule, so a larger stored count is
     * corrupt. */
    if (result->status != MS_DONE &&
        writer->history.stored > ms_cost_stride_entries(writer->history.cost_stride, writer->history.count))
        writer->history.stored = 0;
    code = ms_history_note(writer, err);
    if (code != MS_OK)
        return code;
    bytes = queue->rows + (size_t)queue->count * writer->layout.bytes;
    memset(bytes, 0, writer->layout.bytes);
    row = row_of(writer, result);
    ms_record_pack(&writer->layout, &row, result->network, bytes);
    ms_record_set_checksums(&writer->layout, writer->file.job_hash, result->config,
                            ms_chain_hash(&writer->history.chain), bytes);
    queue->config[queue->count++] = result->config;
    ms_writer_note_waiting(writer);
    return MS_OK;
}

/* ---- committing ------------------------------------------------------------------------------------- */

/* A queued row and its configuration. */
struct place {
    int64_t config;
    const unsigned char *row;
};

static int by_config(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    return (left->config > right->config) - (left->config < right->config);
}

/* Returns the queued rows by ascending configuration; the caller frees them. */
static struct place *sorted_places(const struct ms_writer *writer)
{
    const struct ms_queue *queue = &writer->queue;
    struct place *places = malloc((size_t)queue->count * sizeof *places);

    if (places == NULL)
        return NULL;
    for (int64_t i = 0; i < queue->count; i++)
        places[i] = (struct place){.config = queue->config[i],
                                   .row = queue->rows + (size_t)i * writer->layout.bytes};
    qsort(places, (size_t)queue->count, sizeof *places, by_config);
    return places;
}

/* Writes one variable of the rows at places[count], which are those of the configurations config[count]. */
static enum ms_code write_column(struct ms_writer *writer, enum ms_variable variable, int64_t count,
                                 const struct place *places, const int64_t *config, struct ms_error *err)
{
    size_t width = writer->layout.width[variable], offset = writer->layout.offset[variable];

    for (int64_t i = 0; i < count; i++)
        memcpy(writer->column + (size_t)i * width, places[i].row + offset, width);
    return ms_spread_write(writer, variable, count, config, writer->column, err);
}

/* Writes all variables of the rows except the job inputs, which the file already has, and the status,
 * which comes last. */
static enum ms_code write_rows(struct ms_writer *writer, const struct place *places, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int v = 0; code == MS_OK && v < MS_CONFIG_VARIABLE_COUNT; v++) {
        if (ms_schema_is_writable((enum ms_variable)v) && v != MS_VAR_STATUS)
            code = write_column(writer, (enum ms_variable)v, writer->queue.count, places,
                                writer->batch.config, err);
    }
    return code;
}

/* Lists the queued rows as the next batch, which they become once they have been written. */
static void list_batch(struct ms_writer *writer, const struct place *places)
{
    struct ms_batch *batch = &writer->batch;

    for (int64_t i = 0; i < writer->queue.count; i++) {
        batch->config[i] = places[i].config;
        batch->status[i] = (uint8_t)ms_record_status(&writer->layout, places[i].row);
    }
}

/* Makes the rows that have been written the batch whose statuses come next. */
static void begin_batch(struct ms_writer *writer)
{
    writer->batch.count = writer->queue.count;
    writer->queue.count = 0;
}

/* Writes everything that waits. Rows among it become a batch, for which a flush is requested. */
static enum ms_code begin_commit(struct ms_writer *writer, struct ms_error *err)
{
    struct place *places = NULL;
    enum ms_code code = ms_history_note(writer, err);

    if (code == MS_OK)
        code = ms_history_write(writer, err);
    if (code == MS_OK && writer->queue.count > 0) {
        places = sorted_places(writer);
        if (places == NULL)
            code = ms_fail_memory(err, writer->file.path, "to commit results");
        if (code == MS_OK)
            code = ms_writer_fence(writer, err);
        if (code == MS_OK) {
            list_batch(writer, places);
            code = write_rows(writer, places, err);
        }
        if (code == MS_OK) {
            begin_batch(writer);
            ms_writer_ask_flush(writer);
            writer->batch.ticket = writer->last_ticket;
        }
    }
    free(places);
    if (code == MS_OK)
        ms_age_end(&writer->unwritten);
    return code;
}

/* Writes the statuses of the batch. */
static enum ms_code write_statuses(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_batch *batch = &writer->batch;
    enum ms_code code = ms_writer_fence(writer, err); /* again, since the flush may have taken long */

    if (code == MS_OK)
        code = ms_spread_write(writer, MS_VAR_STATUS, batch->count, batch->config, batch->status, err);
    if (code != MS_OK)
        return code;
    batch->count = 0;
    ms_writer_note_written(writer);
    return MS_OK;
}

/* Commits the batch, if there is one and the disk has its rows. `wait` waits for the disk. */
static enum ms_code end_commit(struct ms_writer *writer, bool wait, struct ms_error *err)
{
    bool is_flushed;
    enum ms_code code;

    if (writer->batch.count == 0)
        return MS_OK;
    if (wait)
        (void)ms_flusher_wait(writer->flusher, writer->batch.ticket);
    code = ms_writer_is_flushed(writer, writer->batch.ticket, &is_flushed, err);
    if (code != MS_OK || !is_flushed)
        return code;
    return write_statuses(writer, err);
}

enum ms_code ms_writer_commit(struct ms_writer *writer, struct ms_error *err)
{
    enum ms_code code = end_commit(writer, true, err);

    if (code == MS_OK)
        code = begin_commit(writer, err);
    return code == MS_OK ? end_commit(writer, true, err) : code;
}

/* Sets *is to whether everything written is durable. */
static enum ms_code is_durable(struct ms_writer *writer, bool *is, struct ms_error *err)
{
    enum ms_code code = ms_writer_is_flushed(writer, writer->last_ticket, is, err);

    *is = *is && !writer->unsynced.waits;
    return code;
}

enum ms_code ms_writer_flush(struct ms_writer *writer, struct ms_error *err)
{
    bool is = false;
    enum ms_code code = MS_OK;

    if (writer->unwritten.waits || writer->batch.count > 0)
        code = ms_writer_commit(writer, err);
    if (code == MS_OK)
        code = is_durable(writer, &is, err);
    if (code != MS_OK || is)
        return code;
    code = ms_writer_sync(writer, err);
    return code == MS_OK ? ms_writer_still_named(writer, err) : code;
}

enum ms_code ms_writer_tick(struct ms_writer *writer, struct ms_error *err)
{
    const bool had_batch = writer->batch.count > 0;
    enum ms_code code = end_commit(writer, false, err);

    if (code == MS_OK && had_batch && writer->batch.count == 0)
        code = ms_writer_still_named(writer, err);
    if (code == MS_OK && writer->batch.count == 0 && ms_age_is_due(&writer->unwritten))
        code = begin_commit(writer, err);
    if (code == MS_OK && ms_age_is_due(&writer->unsynced))
        ms_writer_ask_flush(writer);
    return code;
}
