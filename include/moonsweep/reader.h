/* Reads a result file, serially. A file can be read at any time, also while a run writes it: nothing is
 * locked or cached.
 *
 *     ms_reader_open(path, &reader, err)
 *     ms_reader_table(reader, &table, err) ... table.rows[c].dev_accuracy ... ms_table_free(&table)
 *     ms_reader_close(reader)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_READER_H
#define MOONSWEEP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/data.h"
#include "moonsweep/halving.h"
#include "moonsweep/lock.h"
#include "moonsweep/row.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_reader;

/* Opens a result for reading. HDF5 opens it in a separate process, which is forked for that and has ended afterwards:
 * HDF5 may crash where the file is corrupt. Errors: MS_NO_INPUT, MS_BAD_INPUT (not HDF5, not a moonsweep result,
 * truncated, corrupt, or a newer format), MS_NO_PERMISSION, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_open(const char *path, struct ms_reader **reader, struct ms_error *err);
void ms_reader_close(struct ms_reader *reader);

/* All configurations. Final rows are consistent; the results of pending rows are NaN and -1. */
struct ms_table {
    int64_t configs, trajectories;
    struct ms_row *rows; /* [configs] owned */
};

/* Reads the table, which the caller frees. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_table(struct ms_reader *reader, struct ms_table *table, struct ms_error *err);

void ms_table_free(struct ms_table *table);

/* Sets rows[configs] to what halving needs to know of the configurations. */
void ms_table_halving_rows(const struct ms_table *table, const struct ms_halving *halving,
                           struct ms_halving_row *rows);

/* Does the same without a table: reads it from the file. Errors: those of ms_reader_table. */
enum ms_code ms_reader_halving_rows(struct ms_reader *reader, const struct ms_halving *halving,
                                    struct ms_halving_row *rows, struct ms_error *err);

/* What the progress of a result and its best configuration depend on: the fields of struct ms_row that have these names. */
struct ms_progress_row {
    int32_t n_h, config_dataset;
    uint8_t activation, status;
    int64_t iterations, iterations_done;
    double dev_accuracy, train_seconds;
};

/* All configurations, as in struct ms_table, in a quarter of its memory. */
struct ms_progress_table {
    int64_t configs, trajectories;
    struct ms_progress_row *rows; /* [configs] owned */
};

/* Reads the table, which the caller frees. Errors: those of ms_reader_table. */
enum ms_code ms_reader_progress_table(struct ms_reader *reader, struct ms_progress_table *table,
                                      struct ms_error *err);
void ms_progress_table_free(struct ms_progress_table *table);

/* The fields of a row. */
struct ms_progress_row ms_progress_row_of(const struct ms_row *row);

/* How much of the work of a result is done. */
struct ms_reader_progress {
    int64_t done, all; /* iterations that a later run need not repeat, of those that are trained at most */
    /* The pace of a run that is active now: from the time that the stored iterations have taken, also in earlier runs, and
     * from the number of its ranks, each of which trains one trajectory at a time. NaN: nothing is stored yet, or no run
     * was given. */
    double iterations_per_s;
    double left_s; /* until all work is done, if no training ends early */
};

/* Reads the progress, with the pace of run, which may be NULL. most: the iteration count to which each trajectory is
 * trained at most; NULL: to its largest one. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_progress(struct ms_reader *reader, const struct ms_progress_table *table,
                                const int64_t *most, const struct ms_run_state *run,
                                struct ms_reader_progress *progress, struct ms_error *err);

/* Finds out whether a run is writing the result (moonsweep/lock.h). Errors: MS_BAD_INPUT, MS_IO_ERROR. */
enum ms_code ms_reader_run_state(struct ms_reader *reader, struct ms_run_state *state, struct ms_error *err);

/* Reads the trained parameters of a final configuration; the caller frees network. Errors: MS_BAD_USAGE if
 * config is out of range (with the range) or pending; MS_BAD_INPUT on a checksum mismatch. */
enum ms_code ms_reader_network(struct ms_reader *reader, int64_t config, struct ms_network *network,
                               struct ms_error *err);

/* The root attributes of a result. The texts are owned by the reader. */
struct ms_reader_info {
    int32_t format_version, numerics;
    const char *title, *job_text, *program_version, *git_commit, *command, *created, *class_weight;
    const char *job_set; /* settings that were applied to job_text; empty: none */
    bool job_text_ok;    /* whether job_text and job_set match their checksum */
    uint64_t job_hash;   /* of what the job means */
    enum ms_precision precision;
    int32_t n_x;
    int32_t datasets;                 /* number of data sets */
    const char *const *feature_names; /* [n_x]; NULL if the attribute is corrupt */
    const char *label_values[2];      /* of the labels 0 and 1; empty if the attribute is corrupt */
    const char *label_name;           /* of the column of labels */
    int64_t train_rows, dev_rows;
};
const struct ms_reader_info *ms_reader_info(const struct ms_reader *reader);

/* Reads data set number `dataset`; the caller frees it. Its names are those of the attributes. */
enum ms_code ms_reader_dataset(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                               struct ms_error *err);

/* Reads only how data set number `dataset`, which must exist, was standardized: feature_mean and feature_scale of data,
 * which the caller frees. They stay NULL if it was not. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_reader_standardization(struct ms_reader *reader, int32_t dataset, struct ms_dataset *data,
                                       struct ms_error *err);

/* Sets *dataset to the number of the data set of config, a configuration whose network was read. Errors: MS_BAD_INPUT if
 * there is no such data set, MS_IO_ERROR. */
enum ms_code ms_reader_config_dataset(struct ms_reader *reader, int64_t config, int32_t *dataset,
                                      struct ms_error *err);

/* How a data set was made, and its size. */
struct ms_reader_origin {
    int64_t train_count, dev_count;
    int64_t data_seed, split_seed, fold; /* as in struct ms_dataset, like noise */
    double noise;
};

/* Reads how data set number `dataset`, which must exist, was made. Errors: MS_IO_ERROR. */
enum ms_code ms_reader_origin(struct ms_reader *reader, int32_t dataset, struct ms_reader_origin *origin,
                              struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
