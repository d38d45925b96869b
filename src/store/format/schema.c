/* The tables of dimensions and variables, which are the format, and the sizes that follow from them. Sizes
 * that depend on a job saturate at INT64_MAX: a job may ask for more than any file can have.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "schema.h"

#include <stddef.h>
#include <stdio.h>

#include "moonsweep/row.h"

#define INSTANT "seconds since 1970-01-01T00:00:00Z"
#define MOST    \
    (INT64_C(1) \
     << 53) /* exact as a float64, and does not overflow when multiplied by the size of an element */

const char *const ms_schema_groups[MS_GROUP_COUNT] = {"leases", "runs", "checkpoint", "integrity"};

/* clang-format off */
const struct ms_dimension_schema ms_schema_dimensions[MS_DIM_COUNT] = {
    [MS_DIM_CONFIG] = {"", "config", "index of the configuration", false, 1, INT32_MAX},
    [MS_DIM_TRAJECTORY] = {"", "trajectory", "index of the trajectory", false, 1, INT32_MAX},
    [MS_DIM_DATASET] = {"", "dataset", "index of the data set", false, 1, INT32_MAX},
    [MS_DIM_COST_SAMPLE] = {"", "cost_sample", "position in cost", true, 1, MOST},
    [MS_DIM_UNIT] = {"", "unit", "index of the hidden unit", false, 1, INT32_MAX},
    [MS_DIM_FEATURE] = {"", "feature", "index of the feature", false, 1, INT32_MAX},
    [MS_DIM_TRAIN_SAMPLE] = {"", "train_sample", "position in X_train", true, 1, MOST},
    [MS_DIM_DEV_SAMPLE] = {"", "dev_sample", "position in X_dev", true, 1, MOST},
    [MS_DIM_OUTCOME] = {"", "outcome", "0 true negative, 1 false positive, 2 false negative, 3 true positive",
                        false, MS_OUTCOME_COUNT, MS_OUTCOME_COUNT},
    [MS_DIM_RUN] = {"runs", "run", "index of the run", false, MS_RUNS, MS_RUNS},
    [MS_DIM_TEXT] = {"runs", "text", "position in the text", true, MS_RUN_TEXT, MS_RUN_TEXT},
    [MS_DIM_LEASE] = {"leases", "lease", "index of the lease", false, 1, MOST},
    [MS_DIM_SLOT] = {"checkpoint", "slot", "index of the checkpoint slot", false, 1, MOST},
    [MS_DIM_INTEGRITY_BYTE] = {"integrity", "byte", "position in pages", true, 1, MOST},
};
/* clang-format on */

#define SCALAR                                \
    {                                         \
        MS_DIM_NONE, MS_DIM_NONE, MS_DIM_NONE \
    }
#define ALONG(a)                             \
    {                                        \
        MS_DIM_##a, MS_DIM_NONE, MS_DIM_NONE \
    }
#define ALONG2(a, b)                        \
    {                                       \
        MS_DIM_##a, MS_DIM_##b, MS_DIM_NONE \
    }
#define ALONG3(a, b, c)                    \
    {                                      \
        MS_DIM_##a, MS_DIM_##b, MS_DIM_##c \
    }
#define TYPE(type, initial, cover) MS_TYPE_##type, MS_INITIAL_##initial, MS_COVER_##cover

/* The offset of a variable in the struct of its record. */
#define ROW(field) offsetof(struct ms_row, field)
#define SLOT(field) offsetof(struct ms_slot_record, field)
#define RUN(field) offsetof(struct ms_run_record, field)
#define LEASE(field) offsetof(struct ms_lease_record, field)
#define NONE MS_NO_FIELD

static const uint8_t activations[] = {MS_TANH, MS_SIGMOID, MS_RELU};
static const uint8_t statuses[] = {MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED};
static const uint8_t ends[] = {MS_RUN_RUNNING, MS_RUN_FINISHED, MS_RUN_STOPPED, MS_RUN_FAILED,
                               MS_RUN_TAKEN_OVER};
static const struct ms_flags activation_flags = {"flag_values", sizeof activations, activations,
                                                 "tanh sigmoid relu"};
static const struct ms_flags status_flags = {"flag_values", sizeof statuses, statuses,
                                             "pending done diverged stopped dropped"};
static const uint8_t rules[] = {MS_ENDED_BY_NOTHING, MS_ENDED_BY_PATIENCE, MS_ENDED_BY_TARGET,
                                MS_ENDED_BY_TIME};
static const struct ms_flags ended_by_flags = {"flag_values", sizeof rules, rules,
                                               "none patience target_dev_accuracy max_seconds"};
static const struct ms_flags end_flags = {"flag_masks", sizeof ends, ends,
                                          "running finished stopped failed taken_over"};

/* clang-format off */
const struct ms_variable_schema ms_schema[MS_VARIABLE_COUNT] = {
    /* The parameters of each configuration. */
    [MS_VAR_N_H] = {"", "n_h", ALONG(CONFIG), TYPE(I32, FINAL, RECORD), ROW(n_h), "1", "number of hidden units"},
    [MS_VAR_ACTIVATION] = {"", "activation", ALONG(CONFIG), TYPE(U8, FINAL, RECORD), ROW(activation), "1", "activation of the hidden layer", &activation_flags},
    [MS_VAR_LEARNING_RATE] = {"", "learning_rate", ALONG(CONFIG), TYPE(F64, FINAL, RECORD), ROW(learning_rate), "1", "learning rate of gradient descent"},
    [MS_VAR_ITERATIONS] = {"", "iterations", ALONG(CONFIG), TYPE(I64, FINAL, RECORD), ROW(iterations), "1", "requested number of updates"},
    [MS_VAR_SEED] = {"", "seed", ALONG(CONFIG), TYPE(I64, FINAL, RECORD), ROW(seed), "1", "seed of the initial parameters"},
    [MS_VAR_INIT_SCALE] = {"", "init_scale", ALONG(CONFIG), TYPE(F64, FINAL, RECORD), ROW(init_scale), "1", "standard deviation of the initial weights"},
    [MS_VAR_CONFIG_TRAJECTORY] = {"", "config_trajectory", ALONG(CONFIG), TYPE(I32, FINAL, RECORD), ROW(config_trajectory), "1", "trajectory that the configuration is a prefix of"},
    [MS_VAR_CONFIG_DATASET] = {"", "config_dataset", ALONG(CONFIG), TYPE(I32, FINAL, RECORD), ROW(config_dataset), "1", "data set that the configuration is trained on"},

    /* What became of it. */
    [MS_VAR_STATUS] = {"", "status", ALONG(CONFIG), TYPE(U8, ZERO, RECORD), ROW(status), "1", "state of the configuration; 0 is pending, all others are final", &status_flags},
    [MS_VAR_ITERATIONS_DONE] = {"", "iterations_done", ALONG(CONFIG), TYPE(I64, MINUS_ONE, RECORD), ROW(iterations_done), "1", "updates in the stored parameters; -1 while pending"},
    [MS_VAR_ENDED_BY] = {"", "ended_by", ALONG(CONFIG), TYPE(U8, ZERO, RECORD), ROW(ended_by), "1", "rule that ended the trajectory before the iterations of the configuration", &ended_by_flags},
    [MS_VAR_TRAIN_ACCURACY] = {"", "train_accuracy", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(train_accuracy), "percent", "correct predictions on the training set"},
    [MS_VAR_DEV_ACCURACY] = {"", "dev_accuracy", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(dev_accuracy), "percent", "correct predictions on the dev set"},
    [MS_VAR_TRAIN_OUTCOMES] = {"", "train_outcomes", ALONG2(CONFIG, OUTCOME), TYPE(I32, ZERO, RECORD), ROW(train_outcomes), "1", "training samples by outcome, without those whose probability is NaN"},
    [MS_VAR_DEV_OUTCOMES] = {"", "dev_outcomes", ALONG2(CONFIG, OUTCOME), TYPE(I32, ZERO, RECORD), ROW(dev_outcomes), "1", "dev samples by outcome, without those whose probability is NaN"},
    [MS_VAR_FINAL_COST] = {"", "final_cost", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(final_cost), "1", "cost before the last update"},
    [MS_VAR_TRAIN_COST] = {"", "train_cost", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(train_cost), "1", "cost of the stored parameters on the training set"},
    [MS_VAR_DEV_COST] = {"", "dev_cost", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(dev_cost), "1", "cost of the stored parameters on the dev set"},
    [MS_VAR_STOP_BEST] = {"", "stop_best", ALONG(CONFIG), TYPE(F64, NAN, RECORD), ROW(stop_best), "1", "last cost that the rule patience counted as an improvement; NaN: no such rule"},
    [MS_VAR_STOP_COUNT] = {"", "stop_count", ALONG(CONFIG), TYPE(I64, ZERO, RECORD), ROW(stop_count), "1", "costs since stop_best"},
    [MS_VAR_TRAIN_SECONDS] = {"", "train_seconds", ALONG(CONFIG), TYPE(F64, NAN, TIMES), ROW(train_seconds), "s", "wall time in training, from the start of the trajectory to this iteration"},
    [MS_VAR_TRAIN_CPU_SECONDS] = {"", "train_cpu_seconds", ALONG(CONFIG), TYPE(F64, NAN, TIMES), ROW(train_cpu_seconds), "s", "processor time in training, of all threads and ranks, from the start of the trajectory to this iteration"},
    [MS_VAR_RANK] = {"", "rank", ALONG(CONFIG), TYPE(I32, MINUS_ONE, TIMES), ROW(rank), "1", "MPI rank that committed the configuration; -1 while pending, and if taken over"},
    [MS_VAR_RUN] = {"", "run", ALONG(CONFIG), TYPE(I32, MINUS_ONE, TIMES), ROW(run), "1", "row of /runs that committed the configuration; -1 while pending"},
    [MS_VAR_W1] = {"", "W1", ALONG3(CONFIG, UNIT, FEATURE), TYPE(REAL, ZERO, RECORD), NONE, "1", "weights of the hidden layer; NaN beyond n_h, 0 while pending"},
    [MS_VAR_B1] = {"", "b1", ALONG2(CONFIG, UNIT), TYPE(REAL, ZERO, RECORD), NONE, "1", "biases of the hidden layer; NaN beyond n_h, 0 while pending"},
    [MS_VAR_W2] = {"", "W2", ALONG2(CONFIG, UNIT), TYPE(REAL, ZERO, RECORD), NONE, "1", "weights of the output; NaN beyond n_h, 0 while pending"},
    [MS_VAR_B2] = {"", "b2", ALONG(CONFIG), TYPE(REAL, ZERO, RECORD), NONE, "1", "bias of the output; 0 while pending"},
    [MS_VAR_CHECKSUM] = {"", "checksum", ALONG(CONFIG), TYPE(U64, ZERO, NONE), ROW(checksum), "1", "XXH3-64 of the configuration's row"},
    [MS_VAR_TIMES_CHECKSUM] = {"", "times_checksum", ALONG(CONFIG), TYPE(U64, ZERO, NONE), ROW(times_checksum), "1", "XXH3-64 of train_seconds, train_cpu_seconds, rank and run"},

    /* The histories of the costs. */
    [MS_VAR_COST] = {"", "cost", ALONG(COST_SAMPLE), TYPE(REAL, ZERO, NONE), NONE, "1", "cost before each update, or each cost_stride-th one, one trajectory's history after another"},
    [MS_VAR_COST_START] = {"", "cost_start", ALONG(TRAJECTORY), TYPE(I64, FINAL, NONE), NONE, "1", "where the trajectory's history begins in cost"},
    [MS_VAR_COST_COUNT] = {"", "cost_count", ALONG(TRAJECTORY), TYPE(I64, ZERO, NONE), NONE, "1", "entries of the history that are valid now"},
    [MS_VAR_COST_STRIDE] = {"", "cost_stride", ALONG(TRAJECTORY), TYPE(I64, FINAL, NONE), NONE, "1", "updates from one entry of the history to the next; 0: none stored"},

    /* The data. */
    [MS_VAR_TRAIN_START] = {"", "train_start", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "first training sample of the data set"},
    [MS_VAR_TRAIN_COUNT] = {"", "train_count", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "number of training samples"},
    [MS_VAR_DEV_START] = {"", "dev_start", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "first dev sample of the data set"},
    [MS_VAR_DEV_COUNT] = {"", "dev_count", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "number of dev samples"},
    [MS_VAR_DATA_SEED] = {"", "data_seed", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "seed of the samples; -1: not made from one"},
    [MS_VAR_SPLIT_SEED] = {"", "split_seed", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "seed of the split; -1: not split"},
    [MS_VAR_FOLD] = {"", "fold", ALONG(DATASET), TYPE(I64, FINAL, NONE), NONE, "1", "index of the fold; -1: not a fold"},
    [MS_VAR_NOISE] = {"", "noise", ALONG(DATASET), TYPE(F64, FINAL, NONE), NONE, "1", "standard deviation of the noise; NaN: not made"},
    [MS_VAR_DATA_CHECKSUM] = {"", "data_checksum", ALONG(DATASET), TYPE(U64, FINAL, NONE), NONE, "1", "XXH3-64 of the data set's X_train, y_train, X_dev, y_dev"},
    [MS_VAR_FEATURE_MEAN] = {"", "feature_mean", ALONG2(DATASET, FEATURE), TYPE(F64, FINAL, NONE), NONE, "1", "subtracted from the feature; 0: not standardized"},
    [MS_VAR_FEATURE_SCALE] = {"", "feature_scale", ALONG2(DATASET, FEATURE), TYPE(F64, FINAL, NONE), NONE, "1", "divisor of the feature; 1: not standardized"},
    [MS_VAR_X_TRAIN] = {"", "X_train", ALONG2(TRAIN_SAMPLE, FEATURE), TYPE(F64, FINAL, NONE), NONE, "1", "training samples after standardization"},
    [MS_VAR_Y_TRAIN] = {"", "y_train", ALONG(TRAIN_SAMPLE), TYPE(U8, FINAL, NONE), NONE, "1", "labels of the training samples"},
    [MS_VAR_X_DEV] = {"", "X_dev", ALONG2(DEV_SAMPLE, FEATURE), TYPE(F64, FINAL, NONE), NONE, "1", "dev samples after standardization"},
    [MS_VAR_Y_DEV] = {"", "y_dev", ALONG(DEV_SAMPLE), TYPE(U8, FINAL, NONE), NONE, "1", "labels of the dev samples"},

    /* Which rank trained what, and when. */
    [MS_VAR_LEASE_RUN] = {"leases", "run", ALONG(LEASE), TYPE(I32, MINUS_ONE, RECORD), LEASE(run), "1", "row of /runs that the lease belongs to; -1: no lease here"},
    [MS_VAR_LEASE_RANK] = {"leases", "rank", ALONG(LEASE), TYPE(I32, ZERO, RECORD), LEASE(rank), "1", "MPI rank that trained"},
    [MS_VAR_LEASE_FIRST_TRAJECTORY] = {"leases", "first_trajectory", ALONG(LEASE), TYPE(I64, ZERO, RECORD), LEASE(first_trajectory), "1", "first trajectory of the lease"},
    [MS_VAR_LEASE_COUNT] = {"leases", "count", ALONG(LEASE), TYPE(I64, ZERO, RECORD), LEASE(count), "1", "number of trajectories"},
    [MS_VAR_LEASE_FROM_ITERATION] = {"leases", "from_iteration", ALONG(LEASE), TYPE(I64, ZERO, RECORD), LEASE(from_iteration), "1", "iteration that the lease began at"},
    [MS_VAR_LEASE_TO_ITERATION] = {"leases", "to_iteration", ALONG(LEASE), TYPE(I64, ZERO, RECORD), LEASE(to_iteration), "1", "iteration that the lease ends at"},
    [MS_VAR_LEASE_STARTED] = {"leases", "started", ALONG(LEASE), TYPE(F64, NAN, RECORD), LEASE(started), INSTANT, "when the lease began"},
    [MS_VAR_LEASE_FINISHED] = {"leases", "finished", ALONG(LEASE), TYPE(F64, NAN, RECORD), LEASE(finished), INSTANT, "when the lease ended; NaN: not yet"},
    [MS_VAR_LEASE_CHECKSUM] = {"leases", "checksum", ALONG(LEASE), TYPE(U64, ZERO, NONE), LEASE(checksum), "1", "XXH3-64 of the lease"},

    /* One row for each run of the program on the file. */
    [MS_VAR_RUN_ID] = {"runs", "id", ALONG(RUN), TYPE(U64, ZERO, RECORD), RUN(id), "1", "random number of the run; 0: no run here"},
    [MS_VAR_RUN_STARTED] = {"runs", "started", ALONG(RUN), TYPE(F64, NAN, RECORD), RUN(started), INSTANT, "when the run began"},
    [MS_VAR_RUN_ENDED] = {"runs", "ended", ALONG(RUN), TYPE(F64, NAN, RECORD), RUN(ended), INSTANT, "when the run ended; NaN: it runs or was killed"},
    [MS_VAR_RUN_RANKS] = {"runs", "ranks", ALONG(RUN), TYPE(I32, ZERO, RECORD), RUN(ranks), "1", "MPI ranks of the run"},
    [MS_VAR_RUN_CORE_SECONDS] = {"runs", "core_seconds", ALONG(RUN), TYPE(F64, NAN, RECORD), RUN(core_seconds), "s", "processor time in training, summed over the ranks; NaN: it runs or was killed"},
    [MS_VAR_RUN_HOW_ENDED] = {"runs", "how_ended", ALONG(RUN), TYPE(U8, ZERO, RECORD), RUN(how_ended), "1", "how the run ended", &end_flags},
    [MS_VAR_RUN_HOSTS] = {"runs", "hosts", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(hosts), "1", "hosts of the run, separated by commas"},
    [MS_VAR_RUN_VERSION] = {"runs", "version", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(version), "1", "version and commit of the program"},
    [MS_VAR_RUN_ISA] = {"runs", "isa", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(isa), "1", "kernels that trained, separated by commas, those with the most work first"},
    [MS_VAR_RUN_KERNELS] = {"runs", "kernels", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(kernels), "1", "measured ns for a unit and a sample of each size and kernel; empty: not measured"},
    [MS_VAR_RUN_COMMAND] = {"runs", "command", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(command), "1", "command line of the run"},
    [MS_VAR_RUN_BATCH_JOB] = {"runs", "batch_job", ALONG2(RUN, TEXT), TYPE(CHAR, ZERO, RECORD), RUN(batch_job), "1", "id of the batch job that the run was part of; empty: none"},
    [MS_VAR_RUN_CHECKSUM] = {"runs", "checksum", ALONG(RUN), TYPE(U64, ZERO, NONE), RUN(checksum), "1", "XXH3-64 of the run"},
    [MS_VAR_RUN_CURRENT] = {"runs", "current", SCALAR, TYPE(U64, ZERO, NONE), NONE, "1", "id of the run that may write"},
    [MS_VAR_RUN_STOP] = {"runs", "stop", SCALAR, TYPE(U64, ZERO, NONE), NONE, "1", "id of the run that was last asked to stop; 0: none"},

    /* Checkpoints, two slots per trajectory. */
    [MS_VAR_SLOT_TRAJECTORY] = {"checkpoint", "trajectory", ALONG(SLOT), TYPE(I32, MINUS_ONE, RECORD), SLOT(trajectory), "1", "trajectory of the checkpoint; -1: free"},
    [MS_VAR_SLOT_ITERATION] = {"checkpoint", "iteration", ALONG(SLOT), TYPE(I64, ZERO, RECORD), SLOT(iteration), "1", "updates in the parameters"},
    [MS_VAR_SLOT_SECONDS] = {"checkpoint", "seconds", ALONG(SLOT), TYPE(F64, ZERO, RECORD), SLOT(seconds), "s", "wall time in training so far"},
    [MS_VAR_SLOT_CPU_SECONDS] = {"checkpoint", "cpu_seconds", ALONG(SLOT), TYPE(F64, ZERO, RECORD), SLOT(cpu_seconds), "s", "processor time in training so far"},
    [MS_VAR_SLOT_W1] = {"checkpoint", "W1", ALONG3(SLOT, UNIT, FEATURE), TYPE(REAL, ZERO, RECORD), NONE, "1", "weights of the hidden layer"},
    [MS_VAR_SLOT_B1] = {"checkpoint", "b1", ALONG2(SLOT, UNIT), TYPE(REAL, ZERO, RECORD), NONE, "1", "biases of the hidden layer"},
    [MS_VAR_SLOT_W2] = {"checkpoint", "W2", ALONG2(SLOT, UNIT), TYPE(REAL, ZERO, RECORD), NONE, "1", "weights of the output"},
    [MS_VAR_SLOT_B2] = {"checkpoint", "b2", ALONG(SLOT), TYPE(REAL, ZERO, RECORD), NONE, "1", "bias of the output"},
    [MS_VAR_SLOT_COST_HASH] = {"checkpoint", "cost_hash", ALONG(SLOT), TYPE(U64, ZERO, RECORD), SLOT(cost_hash), "1", "hash of the costs before the checkpoint"},
    [MS_VAR_SLOT_FINAL_COST] = {"checkpoint", "final_cost", ALONG(SLOT), TYPE(F64, ZERO, RECORD), SLOT(final_cost), "1", "cost before the last update"},
    [MS_VAR_SLOT_STOP_BEST] = {"checkpoint", "stop_best", ALONG(SLOT), TYPE(F64, ZERO, RECORD), SLOT(stop_best), "1", "last cost that the rule patience counted as an improvement; NaN: no such rule"},
    [MS_VAR_SLOT_STOP_COUNT] = {"checkpoint", "stop_count", ALONG(SLOT), TYPE(I64, ZERO, RECORD), SLOT(stop_count), "1", "costs since stop_best"},
    [MS_VAR_SLOT_CHECKSUM] = {"checkpoint", "checksum", ALONG(SLOT), TYPE(U64, ZERO, NONE), SLOT(checksum), "1", "XXH3-64 of the slot"},

    /* Checksums and a second copy of what never changes (file/pages.h). */
    [MS_VAR_INTEGRITY_PAGES] = {"integrity", "pages", ALONG(INTEGRITY_BYTE), TYPE(U8, FINAL, NONE), NONE, "1", "checksums and a copy of all pages of the file that never change"},
};
/* clang-format on */

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Return a * b and a + b for numbers >= 0, saturating at INT64_MAX. */
static int64_t times(int64_t a, int64_t b)
{
    int64_t product;

    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

void ms_schema_shape(const struct ms_writer_spec *spec, struct ms_shape *shape)
{
    int64_t trajectories = ms_grid_trajectories(spec->grid);
    const int64_t pairs = plus(max_i64(MS_SLOT_TRAJECTORIES, times(MS_SLOTS_PER_RANK, spec->ranks)),
                               spec->starts);
    int64_t train = 0, dev = 0;

    for (int32_t d = 0; d < spec->grid->n_datasets; d++) {
        train = plus(train, spec->datasets[d].train.rows);
        dev = plus(dev, spec->datasets[d].dev.rows);
    }
    *shape = (struct ms_shape){.size = {[MS_DIM_CONFIG] = ms_grid_configs(spec->grid),
                                        [MS_DIM_TRAJECTORY] = trajectories,
                                        [MS_DIM_DATASET] = spec->grid->n_datasets,
                                        [MS_DIM_COST_SAMPLE] = max_i64(1, ms_grid_costs(spec->grid)),
                                        [MS_DIM_UNIT] = ms_grid_max_n_h(spec->grid),
                                        [MS_DIM_FEATURE] = spec->datasets[0].train.n_x,
                                        [MS_DIM_TRAIN_SAMPLE] = train,
                                        [MS_DIM_DEV_SAMPLE] = dev,
                                        [MS_DIM_OUTCOME] = MS_OUTCOME_COUNT,
                                        [MS_DIM_RUN] = MS_RUNS,
                                        [MS_DIM_TEXT] = MS_RUN_TEXT,
                                        [MS_DIM_LEASE] = plus(times(2, trajectories), MS_LEASES_SPARE),
                                        [MS_DIM_SLOT] = times(2, min_i64(trajectories, pairs))},
                               .precision = spec->precision};
}

int ms_schema_rank(enum ms_variable variable)
{
    int rank = 0;

    while (rank < MS_MAX_RANK && ms_schema[variable].dimensions[rank] != MS_DIM_NONE)
        rank++;
    return rank;
}

int64_t ms_schema_rows(const struct ms_shape *shape, enum ms_variable variable)
{
    return ms_schema_rank(variable) == 0 ? 1 : shape->size[ms_schema[variable].dimensions[0]];
}

int64_t ms_schema_row_elements(const struct ms_shape *shape, enum ms_variable variable)
{
    int64_t elements = 1;

    for (int d = 1; d < ms_schema_rank(variable); d++)
        elements = times(elements, shape->size[ms_schema[variable].dimensions[d]]);
    return elements;
}

size_t ms_schema_element_bytes(const struct ms_shape *shape, enum ms_variable variable)
{
    static const size_t bytes[MS_TYPE_COUNT] = {
        [MS_TYPE_U8] = 1,  [MS_TYPE_I32] = 4,  [MS_TYPE_I64] = 8, [MS_TYPE_U64] = 8,
        [MS_TYPE_F64] = 8, [MS_TYPE_REAL] = 8, [MS_TYPE_CHAR] = 1};
    enum ms_type type = ms_schema[variable].type;

    return type == MS_TYPE_REAL && shape->precision == MS_FLOAT32 ? 4 : bytes[type];
}

size_t ms_schema_row_bytes(const struct ms_shape *shape, enum ms_variable variable)
{
    return (size_t)ms_schema_row_elements(shape, variable) * ms_schema_element_bytes(shape, variable);
}

char *ms_schema_path(const char *group, const char *name, size_t size, char *path)
{
    (void)snprintf(path, size, "%s%s%s", group, group[0] == '\0' ? "" : "/", name);
    return path;
}

bool ms_schema_is_writable(enum ms_variable variable)
{
    return ms_schema[variable].initial != MS_INITIAL_FINAL;
}

void ms_schema_bytes(const struct ms_shape *shape, int64_t *writable, int64_t *final)
{
    *writable = *final = 0;
    for (int v = 0; v < MS_VAR_INTEGRITY_PAGES; v++) {
        enum ms_variable variable = (enum ms_variable)v;
        int64_t *sum = ms_schema_is_writable(variable) ? writable : final;
        int64_t elements = times(ms_schema_rows(shape, variable), ms_schema_row_elements(shape, variable));

        *sum = plus(*sum, times(elements, (int64_t)ms_schema_element_bytes(shape, variable)));
    }
    for (int d = 0; d < MS_DIM_COUNT; d++) {
        if (!ms_schema_dimensions[d].bare)
            *final = plus(*final, times(shape->size[d], (int64_t)sizeof(int64_t)));
    }
}
