/* Whether the values of a row that holds its checksums agree with each other, as those of every row do that a run
 * commits: they would not, if the run that sealed it was wrong. A run believes such a row, and does not repair it. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "examine_row.h"
#include "finding.h"
#include "moonsweep/maths.h"
#include "packed_reals.h"

/* A packed row under examination. */
struct row {
    struct ms_examination *examination;
    const struct ms_record_layout *layout;
    int64_t config;
    const unsigned char *values;
};

/* One of the two sets of samples. */
struct set {
    enum ms_variable outcomes, accuracy, cost;
    int64_t samples;
};

static void check_set(const struct row *row, const struct set *set)
{
    double accuracy = ms_record_f64(row->layout, row->values, set->accuracy), due;
    double cost = ms_record_f64(row->layout, row->values, set->cost);
    int32_t outcomes[MS_OUTCOME_COUNT];
    int64_t sum = 0;

    memcpy(outcomes, row->values + row->layout->offset[set->outcomes], sizeof outcomes);
    for (int i = 0; i < MS_OUTCOME_COUNT; i++) {
        if (outcomes[i] < 0)
            ms_finding_rule(row->examination, set->outcomes, row->config, i, &outcomes[i], "at least 0");
        sum += outcomes[i];
    }
    if (sum != set->samples)
        ms_finding_rule(row->examination, set->outcomes, row->config, 0, outcomes,
                        "with the other outcomes %" PRId64 " samples, not %" PRId64, set->samples, sum);
    due = 100.0 * (outcomes[MS_TRUE_NEGATIVE] + outcomes[MS_TRUE_POSITIVE]) / (double)set->samples;
    if (accuracy != due)
        ms_finding_values(row->examination, set->accuracy, row->config, &accuracy, &due);
    if (cost < 0)
        ms_finding_rule(row->examination, set->cost, row->config, 0, &cost, "at least 0");
}

/* Both sets; how many samples they have is among the given values, compared before. */
static enum ms_code check_evaluations(const struct row *row, struct ms_error *err)
{
    const struct ms_file *file = row->examination->file;
    int32_t dataset = ms_record_i32(row->layout, row->values, MS_VAR_CONFIG_DATASET);
    struct set sets[] = {
        {.outcomes = MS_VAR_TRAIN_OUTCOMES, .accuracy = MS_VAR_TRAIN_ACCURACY, .cost = MS_VAR_TRAIN_COST},
        {.outcomes = MS_VAR_DEV_OUTCOMES, .accuracy = MS_VAR_DEV_ACCURACY, .cost = MS_VAR_DEV_COST},
    };
    enum ms_code code = MS_OK;

    if (dataset < 0 || dataset >= file->shape.size[MS_DIM_DATASET])
        return MS_OK; /* sealed so, without a job to say what is right */
    if (row->examination->spec != NULL) {
        sets[0].samples = row->examination->spec->datasets[dataset].train.rows;
        sets[1].samples = row->examination->spec->datasets[dataset].dev.rows;
    } else {
        code = ms_file_read(file, MS_VAR_TRAIN_COUNT, dataset, 1, &sets[0].samples, err);
        if (code == MS_OK)
            code = ms_file_read(file, MS_VAR_DEV_COUNT, dataset, 1, &sets[1].samples, err);
    }
    for (int i = 0; code == MS_OK && i < 2; i++)
        check_set(row, &sets[i]);
    return code;
}

/* Whether the parameters are finite for the units that the network has, and NaN beyond. */
static void check_parameters(const struct row *row)
{
    static const enum ms_variable variables[] = {MS_VAR_W1, MS_VAR_B1, MS_VAR_W2, MS_VAR_B2};
    const struct ms_shape *shape = &row->layout->shape;
    int32_t n_h = ms_record_i32(row->layout, row->values, MS_VAR_N_H);

    for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
        size_t width = ms_schema_element_bytes(shape, variables[v]);
        int64_t elements = ms_schema_row_elements(shape, variables[v]);
        int64_t used = variables[v] == MS_VAR_B2 ? 1 : elements / shape->size[MS_DIM_UNIT] * n_h;

        for (int64_t i = 0; i < elements; i++) {
            const unsigned char *at = row->values + row->layout->offset[variables[v]] + (size_t)i * width;
            double value;

            ms_packed_reals_get(shape->precision, at, 1, &value);
            if (i < used ? !isfinite(value) : !isnan(value))
                ms_finding_rule(row->examination, variables[v], row->config, i, at,
                                i < used ? "finite" : "NaN: the network has no such unit");
        }
    }
}

/* What the machine says of itself: odd values are no damage. */
static void check_times(const struct row *row)
{
    double seconds = ms_record_f64(row->layout, row->values, MS_VAR_TRAIN_SECONDS);
    int32_t rank = ms_record_i32(row->layout, row->values, MS_VAR_RANK);
    int32_t run = ms_record_i32(row->layout, row->values, MS_VAR_RUN);

    if (!(seconds >= 0 && isfinite(seconds)))
        ms_finding_warn(row->examination, MS_VAR_TRAIN_SECONDS, row->config, &seconds, "at least 0");
    if (rank < 0)
        ms_finding_warn(row->examination, MS_VAR_RANK, row->config, &rank, "at least 0");
    if (run < 0 || run >= MS_RUNS)
        ms_finding_warn(row->examination, MS_VAR_RUN, row->config, &run, "a row of /runs");
}

/* The last of its costs, and how many updates it has. */
static void check_progress(const struct row *row, double last_cost)
{
    int64_t iterations = ms_record_i64(row->layout, row->values, MS_VAR_ITERATIONS);
    int64_t done = ms_record_i64(row->layout, row->values, MS_VAR_ITERATIONS_DONE);
    double final_cost = ms_record_f64(row->layout, row->values, MS_VAR_FINAL_COST);
    double last = ms_canonical(last_cost);

    if (ms_row_status(row->layout, row->values) == MS_DONE ? done != iterations
                                                           : done < 0 || done >= iterations)
        ms_finding_rule(row->examination, MS_VAR_ITERATIONS_DONE, row->config, 0, &done,
                        ms_row_status(row->layout, row->values) == MS_DONE ? "%" PRId64
                                                                           : "from 0 to below %" PRId64,
                        iterations);
    if (memcmp(&final_cost, &last, sizeof last) != 0)
        ms_finding_values(row->examination, MS_VAR_FINAL_COST, row->config, &final_cost, &last);
}

enum ms_code ms_examine_values(struct ms_examination *examination, const struct ms_record_layout *layout,
                               int64_t config, const unsigned char *values, double last_cost,
                               struct ms_error *err)
{
    const struct row row = {.examination = examination, .layout = layout, .config = config, .values = values};
    const enum ms_finding_kind kind = examination->kind;
    enum ms_code code;

    examination->kind = MS_FINDING_PERMANENT;
    check_progress(&row, last_cost);
    check_parameters(&row);
    check_times(&row);
    code = check_evaluations(&row, err);
    examination->kind = kind;
    return code;
}
