/* The schema of the result file, format version 1: every dimension and every variable, in one table that
 * creating, reading and verifying a file and its documentation share.
 *
 *     struct ms_shape shape;                         // sizes of the dimensions, precision
 *     for (int v = 0; v < MS_VARIABLE_COUNT; v++)
 *         ... ms_schema[v].name, ms_schema_rows(&shape, v), ms_schema_row_bytes(&shape, v) ...
 *
 * To add a variable, add a name to enum ms_variable, a line to the table in schema.c, the code that writes
 * it where the rest of its group is written, and its line in docs/file-format.md (a test shows that line).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_SCHEMA_H
#define MOONSWEEP_STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"
#include "moonsweep/network.h"
#include "moonsweep/writer.h"

/* Raised when the layout of the file changes. */
#define MS_FORMAT_VERSION 1

/* Sizes that are part of the format. */
enum {
    MS_RUNS = 1024,         /* rows of /runs */
    MS_LEASES_SPARE = 4096, /* rows of /leases beyond two per trajectory */
    MS_SLOT_TRAJECTORIES =
        1024, /* the least number of trajectories with checkpoint slots, if the grid has as many */
    MS_SLOTS_PER_RANK = 4 /* ... and this many per rank of the run that created the file */
};

enum ms_dimension {
    MS_DIM_CONFIG,
    MS_DIM_TRAJECTORY,
    MS_DIM_DATASET,
    MS_DIM_COST_SAMPLE,
    MS_DIM_UNIT,
    MS_DIM_FEATURE,
    MS_DIM_TRAIN_SAMPLE,
    MS_DIM_DEV_SAMPLE,
    MS_DIM_OUTCOME,
    MS_DIM_RUN,
    MS_DIM_TEXT,
    MS_DIM_LEASE,
    MS_DIM_SLOT,
    MS_DIM_INTEGRITY_BYTE,
    MS_DIM_COUNT,
    MS_DIM_NONE = MS_DIM_COUNT
};

enum ms_type {
    MS_TYPE_U8,
    MS_TYPE_I32,
    MS_TYPE_I64,
    MS_TYPE_U64,
    MS_TYPE_F64,
    MS_TYPE_REAL, /* the sweep's precision: f64 or f32 */
    MS_TYPE_CHAR, /* one byte of a text, zero-padded along its last dimension */
    MS_TYPE_COUNT
};

/* The value of a variable before the first run. */
enum ms_initial {
    MS_INITIAL_ZERO, /* nothing is written; holes in a file read as 0 */
    MS_INITIAL_NAN,
    MS_INITIAL_MINUS_ONE,
    MS_INITIAL_FINAL /* its final value: the job inputs and the checksums of the pages */
};

/* Which checksum of the record covers the variable. */
enum ms_cover {
    MS_COVER_NONE,
    MS_COVER_RECORD, /* `checksum` */
    MS_COVER_TIMES   /* `times_checksum` of a configuration */
};

/* The `field` of a variable that is not a field of a record. */
#define MS_NO_FIELD SIZE_MAX

/* Names for the values of a flag variable, for readers that follow the CF conventions. */
struct ms_flags {
    const char *attribute; /* "flag_values", or "flag_masks" if several may be set */
    size_t count;
    const uint8_t *values; /* [count] */
    const char *meanings;  /* one word each; the attribute flag_meanings */
};

enum {
    MS_MAX_RANK = 3 /* the most dimensions that a variable has */
};

struct ms_dimension_schema {
    const char *group; /* the group of its scale: "" or "leases", ... */
    const char *name;
    const char *long_name;
    bool bare; /* a netCDF "dimension without variable": its scale has no values and takes no space */
    int64_t least, most; /* allowed sizes, since other code stores them in these types */
};

struct ms_variable_schema {
    const char *group; /* "" is the root */
    const char *name;
    enum ms_dimension dimensions[MS_MAX_RANK]; /* MS_DIM_NONE after the last */
    enum ms_type type;
    enum ms_initial initial;
    enum ms_cover cover;
    size_t field; /* offset in the struct of the record (fields.h, moonsweep/row.h), or MS_NO_FIELD */
    const char *units;
    const char *long_name;
    const struct ms_flags *flags; /* NULL if there are none */
};

/* All variables, in the order of the file, which is also the order in which checksums cover them. */
enum ms_variable {
    MS_VAR_N_H,
    MS_VAR_ACTIVATION,
    MS_VAR_LEARNING_RATE,
    MS_VAR_ITERATIONS,
    MS_VAR_SEED,
    MS_VAR_INIT_SCALE,
    MS_VAR_CONFIG_TRAJECTORY,
    MS_VAR_CONFIG_DATASET,
    MS_VAR_STATUS,
    MS_VAR_ITERATIONS_DONE,
    MS_VAR_ENDED_BY,
    MS_VAR_TRAIN_ACCURACY,
    MS_VAR_DEV_ACCURACY,
    MS_VAR_TRAIN_OUTCOMES,
    MS_VAR_DEV_OUTCOMES,
    MS_VAR_FINAL_COST,
    MS_VAR_TRAIN_COST,
    MS_VAR_DEV_COST,
    MS_VAR_STOP_BEST,
    MS_VAR_STOP_COUNT,
    MS_VAR_TRAIN_SECONDS,
    MS_VAR_TRAIN_CPU_SECONDS,
    MS_VAR_RANK,
    MS_VAR_RUN,
    MS_VAR_W1,
    MS_VAR_B1,
    MS_VAR_W2,
    MS_VAR_B2,
    MS_VAR_CHECKSUM,
    MS_VAR_TIMES_CHECKSUM,
    MS_CONFIG_VARIABLE_COUNT, /* the variables before it have config as their first dimension; those after it do not */

    MS_VAR_COST = MS_CONFIG_VARIABLE_COUNT,
    MS_VAR_COST_START,
    MS_VAR_COST_COUNT,
    MS_VAR_COST_STRIDE,

    MS_VAR_TRAIN_START,
    MS_VAR_TRAIN_COUNT,
    MS_VAR_DEV_START,
    MS_VAR_DEV_COUNT,
    MS_VAR_DATA_SEED,
    MS_VAR_SPLIT_SEED,
    MS_VAR_FOLD,
    MS_VAR_NOISE,
    MS_VAR_DATA_CHECKSUM,
    MS_VAR_FEATURE_MEAN,
    MS_VAR_FEATURE_SCALE,
    MS_VAR_X_TRAIN,
    MS_VAR_Y_TRAIN,
    MS_VAR_X_DEV,
    MS_VAR_Y_DEV,

    MS_VAR_LEASE_RUN,
    MS_VAR_LEASE_RANK,
    MS_VAR_LEASE_FIRST_TRAJECTORY,
    MS_VAR_LEASE_COUNT,
    MS_VAR_LEASE_FROM_ITERATION,
    MS_VAR_LEASE_TO_ITERATION,
    MS_VAR_LEASE_STARTED,
    MS_VAR_LEASE_FINISHED,
    MS_VAR_LEASE_CHECKSUM,

    MS_VAR_RUN_ID,
    MS_VAR_RUN_STARTED,
    MS_VAR_RUN_ENDED,
    MS_VAR_RUN_RANKS,
    MS_VAR_RUN_CORE_SECONDS,
    MS_VAR_RUN_HOW_ENDED,
    MS_VAR_RUN_HOSTS,
    MS_VAR_RUN_VERSION,
    MS_VAR_RUN_ISA,
    MS_VAR_RUN_KERNELS,
    MS_VAR_RUN_COMMAND,
    MS_VAR_RUN_BATCH_JOB,
    MS_VAR_RUN_CHECKSUM,
    MS_VAR_RUN_CURRENT,
    MS_VAR_RUN_STOP,

    MS_VAR_SLOT_TRAJECTORY,
    MS_VAR_SLOT_ITERATION,
    MS_VAR_SLOT_SECONDS,
    MS_VAR_SLOT_CPU_SECONDS,
    MS_VAR_SLOT_W1,
    MS_VAR_SLOT_B1,
    MS_VAR_SLOT_W2,
    MS_VAR_SLOT_B2,
    MS_VAR_SLOT_COST_HASH,
    MS_VAR_SLOT_FINAL_COST,
    MS_VAR_SLOT_STOP_BEST,
    MS_VAR_SLOT_STOP_COUNT,
    MS_VAR_SLOT_CHECKSUM,

    MS_VAR_INTEGRITY_PAGES, /* also the last one in the file */
    MS_VARIABLE_COUNT
};

extern const struct ms_dimension_schema ms_schema_dimensions[MS_DIM_COUNT];
extern const struct ms_variable_schema ms_schema[MS_VARIABLE_COUNT];

/* The groups of the file other than the root. */
enum { MS_GROUP_COUNT = 4 };
extern const char *const ms_schema_groups[MS_GROUP_COUNT];

/* The sizes of the dimensions of one file, and its precision. */
struct ms_shape {
    int64_t size[MS_DIM_COUNT];
    enum ms_precision precision;
};

/* Sets shape to the shape of the result of spec. */
void ms_schema_shape(const struct ms_writer_spec *spec, struct ms_shape *shape);

/* Returns how many dimensions a variable has; 0 for a scalar. */
int ms_schema_rank(enum ms_variable variable);

/* Return the length of the first dimension (1 for a scalar), and the number of elements and of bytes in a
 * row along it. */
int64_t ms_schema_rows(const struct ms_shape *shape, enum ms_variable variable);
int64_t ms_schema_row_elements(const struct ms_shape *shape, enum ms_variable variable);
size_t ms_schema_row_bytes(const struct ms_shape *shape, enum ms_variable variable);

/* Returns the size of one element in the file. */
size_t ms_schema_element_bytes(const struct ms_shape *shape, enum ms_variable variable);

/* Writes "group/name", or only the name for the root, to path[size]. Returns path. */
char *ms_schema_path(const char *group, const char *name, size_t size, char *path);

/* Returns whether runs write to the variable, so that it is not final from the beginning. */
bool ms_schema_is_writable(enum ms_variable variable);

/* Sets *writable to the size of all variables that runs write, and *final to that of all variables and
 * scales that are final from the beginning, without the metadata of the file and the checksums of its
 * pages. Both saturate at INT64_MAX. */
void ms_schema_bytes(const struct ms_shape *shape, int64_t *writable, int64_t *final);

#endif
