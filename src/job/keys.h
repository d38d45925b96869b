/* The keys of a job file, as one table, from which jobs are read, written as text and compared, and defaults are filled
 * in. To add a key: one enumerator here, one row in keys.c, one row in docs/jobs.md.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_KEYS_H
#define MOONSWEEP_JOB_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum ms_key_id {
    MS_KEY_NAME,
    MS_KEY_DATA,
    MS_KEY_FILE,
    MS_KEY_LABEL,
    MS_KEY_X,
    MS_KEY_Y,
    MS_KEY_DEV_FILE,
    MS_KEY_STANDARDIZE,
    MS_KEY_MOONS,
    MS_KEY_SAMPLES,
    MS_KEY_NOISE,
    MS_KEY_DATA_SEED,
    MS_KEY_DEV_FRACTION,
    MS_KEY_FOLDS,
    MS_KEY_SPLIT_SEED,
    MS_KEY_GRID,
    MS_KEY_N_H,
    MS_KEY_ACTIVATION,
    MS_KEY_LEARNING_RATE,
    MS_KEY_GRID_INIT_SCALE,
    MS_KEY_SEED,
    MS_KEY_ITERATIONS,
    MS_KEY_ZIP,
    MS_KEY_CONFIGS,
    MS_KEY_RANDOM,
    MS_KEY_RANDOM_COUNT,
    MS_KEY_RANDOM_SEED,
    MS_KEY_RANDOM_METHOD,
    MS_KEY_RANDOM_FROM,
    MS_KEY_UNIFORM,
    MS_KEY_LOG_UNIFORM,
    MS_KEY_CHOICE,
    MS_KEY_EXCLUDE,
    MS_KEY_EXCLUDE_FROM,
    MS_KEY_EXCLUDE_TO,
    MS_KEY_RANGE,
    MS_KEY_STEP,
    MS_KEY_LINEAR,
    MS_KEY_LOG,
    MS_KEY_INIT_SCALE,
    MS_KEY_PRECISION,
    MS_KEY_CLASS_WEIGHT,
    MS_KEY_COST_EVERY,
    MS_KEY_COSTS,
    MS_KEY_HALVING,
    MS_KEY_HALVING_KEEP,
    MS_KEY_HALVING_BY,
    MS_KEY_STOP,
    MS_KEY_PATIENCE,
    MS_KEY_MIN_DELTA,
    MS_KEY_TARGET,
    MS_KEY_EVERY,
    MS_KEY_MAX_SECONDS,
    MS_KEY_METADATA,
    MS_KEY_SUMMARY,
    MS_KEY_KEYWORDS,
    MS_KEY_CREATOR_NAME,
    MS_KEY_CREATOR_EMAIL,
    MS_KEY_CREATOR_URL,
    MS_KEY_INSTITUTION,
    MS_KEY_PROJECT,
    MS_KEY_REFERENCES,
    MS_KEY_ACKNOWLEDGEMENT,
    MS_KEY_LICENSE,
    MS_KEY_COMMENT,
    MS_KEY_COUNT
};

/* The axes are consecutive, from the outermost to the innermost one. */
#define MS_KEY_FIRST_AXIS MS_KEY_N_H
#define MS_AXES (MS_KEY_ITERATIONS - MS_KEY_N_H + 1)

/* The kind of value of a key, and the C type of its field in struct ms_job. */
enum ms_kind {
    MS_KIND_SECTION,    /* a mapping of further keys; no field */
    MS_KIND_TITLE,      /* char *, one line of text; NULL: not given */
    MS_KIND_TEXT,       /* char *, one line of text that is a name; NULL: not given */
    MS_KIND_BOOLEAN,    /* bool, `false` or `true` */
    MS_KIND_REAL,       /* double */
    MS_KIND_INT32,      /* int32_t, a whole number like the next two */
    MS_KIND_INT64,      /* int64_t */
    MS_KIND_UINT32,     /* uint32_t */
    MS_KIND_ACTIVATION, /* enum ms_activation, by name */
    MS_KIND_PRECISION,  /* enum ms_precision, by name */
    MS_KIND_COSTS,      /* enum ms_job_costs, by name */
    MS_KIND_DRAWING,    /* enum ms_drawing, by name */
    MS_KIND_FRACTION,   /* double, a number or a quotient such as 1/3; 0: not given */
    MS_KIND_MEASURE,    /* enum ms_halving_measure, by name */
    MS_KIND_COUNT
};

struct ms_key {
    const char *path; /* "grid.n_h": key n_h of section grid */
    enum ms_kind kind;
    bool is_list; /* a list of values, one value as a list of one, or a mapping that makes values */
    bool is_axis; /* an axis of the grid, which is such a list */
    /* Says how the grid is written; it has no field, and no meaning beyond the configurations */
    bool is_local;
    bool is_optional; /* the field stays 0 if the key is missing; the key has no fallback then */
    bool is_open;     /* min and max are excluded */
    size_t field;     /* offset in struct ms_job of the value, or of the pointer to a list's values */
    size_t length;    /* lists: offset of the int32_t that counts them */
    double min, max;  /* of numbers; of a title's bytes */
    /* The value if the key is missing, as a file would spell it; NULL: the key is required, or optional */
    const char *fallback;
};

extern const struct ms_key ms_keys[MS_KEY_COUNT];

/* The last part of the key's path: "n_h". */
const char *ms_keys_name(const struct ms_key *key);

/* Whether key is directly in section ("" for the top level of the file). The axes are in the section grid and also in
 * those of its sections that group or select values of axes. */
bool ms_keys_is_in(const struct ms_key *key, const char *section);

/* Returns the key of this name in section, or NULL. name need not be NUL-terminated. */
const struct ms_key *ms_keys_find(const char *section, const char *name, size_t length);

/* Returns the key that was probably meant by name in section: one of that section, the one that other libraries
 * call so, or else one of another section; NULL if none is similar. */
const struct ms_key *ms_keys_suggest(const char *section, const char *name);

/* Writes the names of the keys of section, separated by commas. */
void ms_keys_list(const char *section, char *list, size_t bytes);

#endif
