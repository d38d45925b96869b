/* Finds the earliest iteration at which a rule can end a trajectory, which src/core/rung_bounds.c needs for
 * its bounds, and writes rules, rungs and bounds as text and as JSON.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_rules.h"

#include <inttypes.h>

#include "moonsweep/shortest.h"

/* ---- finding out ----------------------------------------------------------------------------------------- */

/* The iteration before which no rule ends a trajectory. The first cost is an improvement; the time is looked at after at
 * least one iteration. */
static int64_t earliest_end(const struct ms_job *job)
{
    const struct ms_end_rules *stop = &job->stop;
    int64_t earliest = stop->max_seconds > 0 ? 1 : INT64_MAX;

    if (stop->patience > 0 && stop->patience < earliest)
        earliest = stop->patience + 1;
    if (!(stop->target_dev_accuracy > 0))
        return earliest;
    if (stop->every > 0 && stop->every < earliest)
        earliest = stop->every;
    for (int64_t c = 0; c < ms_grid_configs(&job->grid); c++) {
        const int64_t iterations = ms_grid_config(&job->grid, c).iterations;

        earliest = iterations < earliest ? iterations : earliest;
    }
    return earliest;
}

enum ms_code plan_rules_find(const struct ms_job *job, struct plan_rules *rules, struct ms_error *err)
{
    *rules = (struct plan_rules){.job = job};
    return ms_rung_bounds_find(&job->halving, &job->grid, earliest_end(job), &rules->bounds, err);
}

void plan_rules_free(struct plan_rules *rules)
{
    ms_rung_bounds_free(&rules->bounds);
}

/* ---- text ------------------------------------------------------------------------------------------------ */

static void write_real(FILE *file, const char *name, double value)
{
    if (value > 0) {
        char text[MS_SHORTEST_CHARS];

        (void)fprintf(file, "%s %s\n", name, ms_shortest(value, text));
    }
}

static void write_count(FILE *file, const char *name, int64_t value)
{
    if (value > 0)
        (void)fprintf(file, "%s %" PRId64 "\n", name, value);
}

static void write_stop_text(FILE *file, const struct ms_end_rules *stop)
{
    write_count(file, "stop_patience", stop->patience);
    write_real(file, "stop_min_delta", stop->min_delta);
    write_real(file, "stop_target_dev_accuracy", stop->target_dev_accuracy);
    write_count(file, "stop_every", stop->every);
    write_real(file, "stop_max_seconds", stop->max_seconds);
}

static void write_rungs_text(FILE *file, const struct plan_rules *rules)
{
    char prefix[32] = "";

    for (int64_t i = 0; i < rules->bounds.n; i++) {
        const struct ms_rung_bound *rung = &rules->bounds.rungs[i];

        if (rules->job->grid.n_datasets > 1)
            (void)snprintf(prefix, sizeof prefix, "data_set_%" PRId32 "_", rung->dataset);
        (void)fprintf(file, "%srung_%" PRId64 " at most %" PRId64 " take part, %" PRId64 " go on\n", prefix,
                      rung->iterations, rung->entering, rung->kept);
    }
}

void plan_rules_write_text(FILE *file, const struct plan_rules *rules)
{
    const struct ms_halving *halving = &rules->job->halving;

    if (!ms_job_ends_early(rules->job))
        return;
    write_stop_text(file, &rules->job->stop);
    write_real(file, "halving_keep", halving->keep);
    if (halving->keep > 0)
        (void)fprintf(file, "halving_by %s\n", ms_halving_measure_name(halving->by));
    write_rungs_text(file, rules);
    (void)fprintf(file, "iterations_at_least %" PRId64 "\niterations_at_most %" PRId64 "\n",
                  rules->bounds.at_least, rules->bounds.at_most);
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static void write_stop_json(FILE *file, const struct ms_end_rules *stop)
{
    char texts[3][MS_SHORTEST_CHARS];

    if (!ms_end_rules_any(stop)) {
        (void)fputs("null", file);
        return;
    }
    (void)fprintf(file,
                  "{\"patience\": %" PRId64 ", \"min_delta\": %s, \"target_dev_accuracy\": %s, "
                  "\"every\": %" PRId64 ", \"max_seconds\": %s}",
                  stop->patience, ms_shortest(stop->min_delta, texts[0]),
                  ms_shortest(stop->target_dev_accuracy, texts[1]), stop->every,
                  ms_shortest(stop->max_seconds, texts[2]));
}

static void write_halving_json(FILE *file, const struct plan_rules *rules)
{
    const struct ms_halving *halving = &rules->job->halving;
    char text[MS_SHORTEST_CHARS];

    if (halving->keep == 0) {
        (void)fputs("null", file);
        return;
    }
    (void)fprintf(file, "{\"keep\": %s, \"by\": \"%s\", \"rungs\": [", ms_shortest(halving->keep, text),
                  ms_halving_measure_name(halving->by));
    for (int64_t i = 0; i < rules->bounds.n; i++) {
        const struct ms_rung_bound *rung = &rules->bounds.rungs[i];

        (void)fprintf(file,
                      "%s{\"data_set\": %" PRId32 ", \"iterations\": %" PRId64 ", \"entering\": %" PRId64
                      ", \"kept\": %" PRId64 "}",
                      i > 0 ? ",\n   " : "", rung->dataset, rung->iterations, rung->entering, rung->kept);
    }
    (void)fputs("]}", file);
}

void plan_rules_write_json(FILE *file, const struct plan_rules *rules)
{
    (void)fputs(",\n \"stop\": ", file);
    write_stop_json(file, &rules->job->stop);
    (void)fputs(",\n \"halving\": ", file);
    write_halving_json(file, rules);
    (void)fprintf(file, ",\n \"iterations_at_least\": %" PRId64 ", \"iterations_at_most\": %" PRId64,
                  rules->bounds.at_least, rules->bounds.at_most);
}
