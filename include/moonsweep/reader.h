/* Reading a result file, serially, at any time, also while it is being written: nothing of it is locked or cached.
 *
 *     ms_reader_open(path, &reader, err)
 *     ms_reader_table(reader, &table, err) ... table.rows[c].dev_accuracy ... ms_table_free(&table)
 *     ms_reader_close(reader) */
#ifndef MOONSWEEP_READER_H
#define MOONSWEEP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/data.h"
#include "moonsweep/lock.h"
#include "moonsweep/row.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_reader;

/* Errors: MS_NO_INPUT, MS_BAD_INPUT (not HDF5, not ours, truncated, a newer format), MS_NO_PERMISSION. */
enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err);
void ms_reader_close(struct ms_reader *reader);

/* Every configuration. Final rows are consistent; the results of pending ones are NaN and -1. */
struct ms_table {
    int64_t configs, trajectories;
    struct ms_row *rows; /* [configs] owned */
};

/* Reads it; the caller frees table. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err);
void ms_table_free(struct ms_table *table);

/* How many iterations the file holds of all that the job asks for: what a later run need not do again. Errors:
 * MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_progress(struct ms_reader *reader, const struct ms_table *table, int64_t *done,
                                int64_t *all, struct ms_error *err);

/* Errors: MS_BAD_INPUT, MS_IO_ERROR. */
enum ms_code ms_reader_run_state(struct ms_reader *reader, struct ms_run_state *state, struct ms_error *err);

/* The parameters of a final configuration; the caller frees network. Errors: MS_BAD_USAGE when config is
 * out of range (which range) or pending; MS_BAD_INPUT when its checksum is wrong. */
enum ms_code ms_reader_network(struct ms_reader *reader, int64_t config, struct ms_network *network,
                               struct ms_error *err);

/* Root attributes. The texts are owned by reader. */
struct ms_reader_info {
    int32_t format_version, numerics;
    const char *title, *job_text, *program_version, *git_commit, *command, *created;
    bool job_text_ok;  /* its checksum is right: it is not corrupt */
    uint64_t job_hash; /* of what it means */
    enum ms_precision precision;
    int32_t n_x;
    const char *const *feature_names; /* [n_x]; NULL: the attribute is corrupt */
    int64_t train_rows, dev_rows;
};
const struct ms_reader_info *ms_reader_info(const struct ms_reader *reader);

/* Data set `dataset` as stored; the caller frees it. */
enum ms_code ms_reader_dataset(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
