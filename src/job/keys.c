/* The table of keys, and the searches in it. Fields are given by their offsets in struct ms_job, so that one
 * loop can fill, write or compare all of them. An axis has one row, although it is a key of several sections:
 * ms_keys_is_in finds it in each.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "keys.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "grid_fill.h"
#include "moonsweep/job.h"
#include "moonsweep/nearest.h"
#include "number.h"
#include "synonyms.h"

/* clang-format off */
#define FIELD(member) .field = offsetof(struct ms_job, member)
#define LIST(member) .is_list = true, .field = offsetof(struct ms_job, axes.member), \
                     .length = offsetof(struct ms_job, axes.n_##member)
#define AXIS(member) .is_list = true, .is_axis = true, .field = offsetof(struct ms_job, grid.member), \
                     .length = offsetof(struct ms_job, grid.n_##member)
#define LOCAL .is_local = true
#define FROM_TO(least, most) .min = (least), .max = (most)
#define BETWEEN(low, high) .is_open = true, .min = (low), .max = (high)
#define OPTIONAL .is_optional = true
#define OR(spelling) .fallback = (spelling)

/* The reasons for limits that do not follow from the meaning or the type:
 * samples: outcomes are counted in 32 bits;
 * noise: with much more, the moons (of radius 1) vanish in the rounding of the sum;
 * n_h: W1 of a configuration is well below the largest write to the result file (64 MiB). */
const struct ms_key ms_keys[MS_KEY_COUNT] = {
    [MS_KEY_NAME]          = {"name", MS_KIND_TITLE, FIELD(name), FROM_TO(1, 200)},
    [MS_KEY_DATA]          = {.path = "data", .kind = MS_KIND_SECTION},
    [MS_KEY_FILE]          = {"data.file", MS_KIND_TEXT, OPTIONAL, FIELD(data_file), FROM_TO(1, 4095)},
    [MS_KEY_LABEL]         = {"data.label", MS_KIND_TEXT, OPTIONAL, FIELD(label), FROM_TO(1, 200)},
    [MS_KEY_X]             = {"data.X", MS_KIND_TEXT, OPTIONAL, FIELD(X), FROM_TO(1, 1000)},
    [MS_KEY_Y]             = {"data.y", MS_KIND_TEXT, OPTIONAL, FIELD(y), FROM_TO(1, 1000)},
    [MS_KEY_DEV_FILE]      = {"data.dev_file", MS_KIND_TEXT, OPTIONAL, FIELD(dev_file), FROM_TO(1, 4095)},
    [MS_KEY_STANDARDIZE]   = {"data.standardize", MS_KIND_BOOLEAN, FIELD(standardize), OR("false")},
    [MS_KEY_MOONS]         = {.path = "data.moons", .kind = MS_KIND_SECTION, OPTIONAL},
    [MS_KEY_SAMPLES]       = {"data.moons.samples", MS_KIND_INT64, LIST(samples), FROM_TO(2, INT32_MAX)},
    [MS_KEY_NOISE]         = {"data.moons.noise", MS_KIND_REAL, LIST(noise), FROM_TO(0, 1000)},
    [MS_KEY_DATA_SEED]     = {"data.moons.seed", MS_KIND_UINT32, LIST(seed), FROM_TO(0, UINT32_MAX)},
    [MS_KEY_DEV_FRACTION]  = {"data.dev_fraction", MS_KIND_REAL, OPTIONAL, FIELD(dev_fraction), BETWEEN(0, 1)},
    [MS_KEY_FOLDS]         = {"data.folds", MS_KIND_INT32, OPTIONAL, FIELD(folds), FROM_TO(2, MS_JOB_LARGEST_DATASETS)},
    [MS_KEY_SPLIT_SEED]    = {"data.split_seed", MS_KIND_UINT32, OPTIONAL, LIST(split_seed), FROM_TO(0, UINT32_MAX)},
    [MS_KEY_GRID]          = {.path = "grid", .kind = MS_KIND_SECTION},
    [MS_KEY_N_H]           = {"grid.n_h", MS_KIND_INT32, AXIS(n_h), FROM_TO(1, 1000000)},
    [MS_KEY_ACTIVATION]    = {"grid.activation", MS_KIND_ACTIVATION, AXIS(activation)},
    [MS_KEY_LEARNING_RATE] = {"grid.learning_rate", MS_KIND_REAL, AXIS(learning_rate), BETWEEN(0, INFINITY)},
    [MS_KEY_GRID_INIT_SCALE] = {"grid.init_scale", MS_KIND_REAL, AXIS(init_scale), BETWEEN(0, INFINITY), OR("0.01")},
    [MS_KEY_SEED]          = {"grid.seed", MS_KIND_UINT32, AXIS(seed), FROM_TO(0, UINT32_MAX), OR("0")},
    [MS_KEY_ITERATIONS]    = {"grid.iterations", MS_KIND_INT64, AXIS(iterations), FROM_TO(1, MS_NUMBER_WHOLE_MAX)},
    [MS_KEY_ZIP]           = {.path = "grid.zip", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_CONFIGS]       = {.path = "grid.configs", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_RANDOM]        = {.path = "grid.random", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_RANDOM_COUNT]  = {"grid.random.count", MS_KIND_INT64, LOCAL, FROM_TO(1, MS_GRID_LARGEST_LIST)},
    [MS_KEY_RANDOM_SEED]   = {"grid.random.seed", MS_KIND_UINT32, LOCAL, FROM_TO(0, UINT32_MAX), OR("0")},
    [MS_KEY_RANDOM_METHOD] = {"grid.random.method", MS_KIND_DRAWING, LOCAL, OR("plain")},
    [MS_KEY_RANDOM_FROM]   = {.path = "grid.random.from", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_UNIFORM]       = {.path = "grid.random.from.KEY.uniform", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_LOG_UNIFORM]   = {.path = "grid.random.from.KEY.log_uniform", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_CHOICE]        = {.path = "grid.random.from.KEY.choice", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_EXCLUDE]       = {.path = "grid.exclude", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_EXCLUDE_FROM]  = {.path = "grid.exclude.KEY.from", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_EXCLUDE_TO]    = {.path = "grid.exclude.KEY.to", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_RANGE]         = {.path = "grid.KEY.range", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_STEP]          = {"grid.KEY.step", MS_KIND_INT64, LOCAL, FROM_TO(1, MS_NUMBER_WHOLE_MAX), OR("1")},
    [MS_KEY_LINEAR]        = {.path = "grid.KEY.linear", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_LOG]           = {.path = "grid.KEY.log", .kind = MS_KIND_SECTION, .is_local = true},
    [MS_KEY_INIT_SCALE]    = {"init_scale", MS_KIND_REAL, FIELD(init_scale), BETWEEN(0, INFINITY), OR("0.01")},
    [MS_KEY_PRECISION]     = {"precision", MS_KIND_PRECISION, FIELD(precision), OR("float64")},
    [MS_KEY_CLASS_WEIGHT]  = {.path = "class_weight", .kind = MS_KIND_SECTION, OPTIONAL}, /* src/job/job_weight.h */
    [MS_KEY_COST_EVERY]    = {"cost_every", MS_KIND_INT64, FIELD(cost_every), FROM_TO(1, MS_NUMBER_WHOLE_MAX), OR("1")},
    [MS_KEY_COSTS]         = {"costs", MS_KIND_COSTS, FIELD(costs), OR("all")},
    [MS_KEY_HALVING]       = {.path = "halving", .kind = MS_KIND_SECTION, OPTIONAL},
    [MS_KEY_HALVING_KEEP]  = {"halving.keep", MS_KIND_FRACTION, FIELD(halving.keep), BETWEEN(0, 1)},
    [MS_KEY_HALVING_BY]    = {"halving.by", MS_KIND_MEASURE, FIELD(halving.by)},
    [MS_KEY_STOP]          = {.path = "stop", .kind = MS_KIND_SECTION, OPTIONAL},
    [MS_KEY_PATIENCE]      = {"stop.patience", MS_KIND_INT64, FIELD(stop.patience), FROM_TO(0, MS_NUMBER_WHOLE_MAX), OR("0")},
    [MS_KEY_MIN_DELTA]     = {"stop.min_delta", MS_KIND_REAL, FIELD(stop.min_delta), FROM_TO(0, 1e15), OR("0")},
    [MS_KEY_TARGET]        = {"stop.target_dev_accuracy", MS_KIND_REAL, FIELD(stop.target_dev_accuracy), FROM_TO(0, 100), OR("0")},
    [MS_KEY_EVERY]         = {"stop.every", MS_KIND_INT64, FIELD(stop.every), FROM_TO(0, MS_NUMBER_WHOLE_MAX), OR("0")},
    [MS_KEY_MAX_SECONDS]   = {"stop.max_seconds", MS_KIND_REAL, FIELD(stop.max_seconds), FROM_TO(0, 1e15), OR("0")},
    [MS_KEY_METADATA]      = {.path = "metadata", .kind = MS_KIND_SECTION, OPTIONAL},
    [MS_KEY_SUMMARY]       = {"metadata.summary", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.summary), FROM_TO(1, 4000)},
    [MS_KEY_KEYWORDS]      = {"metadata.keywords", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.keywords), FROM_TO(1, 1000)},
    [MS_KEY_CREATOR_NAME]  = {"metadata.creator_name", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.creator_name), FROM_TO(1, 1000)},
    [MS_KEY_CREATOR_EMAIL] = {"metadata.creator_email", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.creator_email), FROM_TO(1, 1000)},
    [MS_KEY_CREATOR_URL]   = {"metadata.creator_url", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.creator_url), FROM_TO(1, 1000)},
    [MS_KEY_INSTITUTION]   = {"metadata.institution", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.institution), FROM_TO(1, 1000)},
    [MS_KEY_PROJECT]       = {"metadata.project", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.project), FROM_TO(1, 1000)},
    [MS_KEY_REFERENCES]    = {"metadata.references", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.references), FROM_TO(1, 4000)},
    [MS_KEY_ACKNOWLEDGEMENT]= {"metadata.acknowledgement", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.acknowledgement), FROM_TO(1, 4000)},
    [MS_KEY_LICENSE]       = {"metadata.license", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.license), FROM_TO(1, 1000)},
    [MS_KEY_COMMENT]       = {"metadata.comment", MS_KIND_TITLE, OPTIONAL, FIELD(metadata.comment), FROM_TO(1, 4000)},
};
/* clang-format on */

const char *ms_keys_name(const struct ms_key *key)
{
    const char *dot = strrchr(key->path, '.');

    return dot == NULL ? key->path : dot + 1;
}

bool ms_keys_is_in(const struct ms_key *key, const char *section)
{
    static const char *const with_axes[] = {"grid.zip", "grid.configs", "grid.random.from", "grid.exclude"};
    const char *name = ms_keys_name(key);
    size_t length = name == key->path ? 0 : (size_t)(name - 1 - key->path);

    for (size_t i = 0; key->is_axis && i < sizeof with_axes / sizeof with_axes[0]; i++)
        if (strcmp(section, with_axes[i]) == 0)
            return true;
    return strlen(section) == length && memcmp(section, key->path, length) == 0;
}

const struct ms_key *ms_keys_find(const char *section, const char *name, size_t length)
{
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++)
        if (ms_keys_is_in(key, section) && strlen(ms_keys_name(key)) == length &&
            memcmp(ms_keys_name(key), name, length) == 0)
            return key;
    return NULL;
}

/* The key of this name in the section, or else the first one of this name; NULL: there is none, or name is NULL. */
static const struct ms_key *find_anywhere(const char *section, const char *name)
{
    const struct ms_key *found = name != NULL ? ms_keys_find(section, name, strlen(name)) : NULL;

    for (size_t id = 0; name != NULL && found == NULL && id < MS_KEY_COUNT; id++)
        if (strcmp(ms_keys_name(&ms_keys[id]), name) == 0)
            found = &ms_keys[id];
    return found;
}

const struct ms_key *ms_keys_suggest(const char *section, const char *name)
{
    const char *names[MS_KEY_COUNT];
    const struct ms_key *synonym = find_anywhere(section, ms_synonyms_find(name));
    const char *meant;
    size_t near = 0, all = 0;

    for (size_t id = 0; id < MS_KEY_COUNT; id++)
        if (ms_keys_is_in(&ms_keys[id], section))
            names[near++] = ms_keys_name(&ms_keys[id]);
    meant = ms_nearest(name, names, near);
    if (meant != NULL)
        return ms_keys_find(section, meant, strlen(meant));
    if (synonym != NULL)
        return synonym;
    for (size_t id = 0; id < MS_KEY_COUNT; id++) /* those in axes have short names, and fit nowhere else */
        if (strstr(ms_keys[id].path, ".KEY.") == NULL)
            names[all++] = ms_keys_name(&ms_keys[id]);
    return find_anywhere(section, ms_nearest(name, names, all));
}

void ms_keys_list(const char *section, char *list, size_t bytes)
{
    size_t used = 0;

    list[0] = '\0';
    for (const struct ms_key *key = ms_keys; key < ms_keys + MS_KEY_COUNT; key++) {
        if (ms_keys_is_in(key, section) && used < bytes)
            used += (size_t)snprintf(list + used, bytes - used, "%s%s", used > 0 ? ", " : "",
                                     ms_keys_name(key));
    }
}
