/* Computes the memory, measures the speed, makes the rounds from the speed, and finds the numbers of ranks
 * from the rounds (plan_memory.h, plan_speed.h, plan_rounds.h, plan_ranks.h); then writes all of it as text,
 * CSV and JSON.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "plan_times.h"

#include <inttypes.h>

#include "cores.h"
#include "moonsweep/plural.h"
#include "value_text.h"

/* A sweep that cannot take much less than its longest trajectory is limited by it. */
static const double near_longest = 1.5;

enum ms_code plan_times_make(const struct ms_job *job, const struct ms_dataset *datasets, int32_t ranks,
                             double within_s, struct plan_times *times, struct ms_error *err)
{
    int threads_per_core;
    struct plan_speed speed = {.iteration_s = NULL};
    enum ms_code code = cores_threads_per_core(&threads_per_core, err);
    int32_t cores, wanted;

    *times = (struct plan_times){.job = job};
    if (code == MS_OK)
        code = plan_memory_find(job, datasets, &times->memory, err);
    if (code != MS_OK)
        return code;
    cores = cores_allowed("", threads_per_core);
    wanted = ranks > 0 || within_s > 0 ? ranks : cores;
    code = plan_speed_measure(job, datasets, wanted > 0 && wanted < cores ? wanted : cores, &speed, err);
    if (code == MS_OK)
        code = plan_rounds_make(job, datasets, &speed, &times->rounds, err);
    if (code == MS_OK)
        code = plan_ranks_find(&times->rounds, wanted, within_s, &times->ranks, err);
    plan_speed_free(&speed);
    return code;
}

void plan_times_free(struct plan_times *times)
{
    plan_rounds_free(&times->rounds);
}

/* ---- sentences ------------------------------------------------------------------------------------------- */

enum { LIMIT_BYTES = 400 };

/* Says why more ranks do not help. */
static void limit_text(const struct plan_times *times, char text[LIMIT_BYTES])
{
    const struct ms_config longest = ms_grid_trajectory(times->rounds.grid, times->rounds.longest).longest;
    const struct plan_ranks_row *useful = &times->ranks.useful;
    const int used = snprintf(text, LIMIT_BYTES, "more than %" PRId32 " %s at most 5%% of the time, because ",
                              useful->ranks, ms_plural(useful->ranks, "rank saves", "ranks save"));

    if (useful->wall_s < near_longest * times->rounds.longest_s)
        (void)snprintf(text + used, LIMIT_BYTES - (size_t)used,
                       "one rank trains a trajectory, and the longest one (%" PRId64 ": %" PRId32
                       " hidden %s, %s, %" PRId64 " iterations) takes %.3g s",
                       times->rounds.longest, longest.n_h, ms_plural(longest.n_h, "unit", "units"),
                       ms_activation_name(longest.activation), longest.iterations, times->rounds.longest_s);
    else
        (void)snprintf(
            text + used, LIMIT_BYTES - (size_t)used,
            "short trajectories are given to a rank together, for at least 10 ms or 0.2 ms for each rank");
}

/* What rank 0 does, as in `run --coordinator`. */
static const char *coordinator(const struct plan_times *times)
{
    return plan_rounds_is_dedicated(&times->rounds, times->ranks.wanted.ranks) ? "dedicated" : "train";
}

/* ---- text and CSV ---------------------------------------------------------------------------------------- */

static void write_table(FILE *file, const struct plan_ranks *ranks)
{
    (void)fprintf(file, "%9s %13s %11s\n", "ranks", "wall_seconds", "trained");
    for (int i = 0; i < ranks->n; i++)
        (void)fprintf(file, "%9" PRId32 " %13.4g %10.1f%%\n", ranks->rows[i].ranks, ranks->rows[i].wall_s,
                      100 * ranks->rows[i].efficiency);
}

void plan_times_write_text(FILE *file, const struct plan_times *times)
{
    char limit[LIMIT_BYTES];

    limit_text(times, limit);
    (void)fprintf(file, "samples_bytes %" PRId64 "\nrank_bytes %" PRId64 "\nfirst_rank_bytes %" PRId64 "\n",
                  times->memory.samples, times->memory.rank, times->memory.first_rank);
    (void)fprintf(file, "core_seconds %.4g\nlongest_trajectory_seconds %.4g\n", times->rounds.core_s,
                  times->rounds.longest_s);
    (void)fprintf(file, "ranks %" PRId32 "\ncoordinator %s\nwall_seconds %.4g\nuseful_ranks %" PRId32 "\n\n",
                  times->ranks.wanted.ranks, coordinator(times), times->ranks.wanted.wall_s,
                  times->ranks.useful.ranks);
    write_table(file, &times->ranks);
    (void)fprintf(file, "\nOn this machine, %s.\n", limit);
    if (ms_job_ends_early(times->job))
        (void)fputs("The job can end trajectories early, so all times are upper bounds.\n", file);
}

void plan_times_write_csv(FILE *file, const struct plan_times *times)
{
    (void)fputs("ranks,wall_seconds,trained,core_seconds\n", file);
    for (int i = 0; i < times->ranks.n; i++)
        (void)fprintf(file, "%" PRId32 ",%.6g,%.6g,%.6g\n", times->ranks.rows[i].ranks,
                      times->ranks.rows[i].wall_s, times->ranks.rows[i].efficiency, times->rounds.core_s);
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static void write_row_json(FILE *file, const struct plan_ranks_row *row)
{
    (void)fprintf(file, "{\"ranks\": %" PRId32 ", \"wall_seconds\": %.6g, \"trained\": %.6g}", row->ranks,
                  row->wall_s, row->efficiency);
}

void plan_times_write_json(FILE *file, const struct plan_times *times)
{
    char limit[LIMIT_BYTES];

    limit_text(times, limit);
    (void)fprintf(file,
                  ",\n \"samples_bytes\": %" PRId64 ", \"rank_bytes\": %" PRId64
                  ", \"first_rank_bytes\": %" PRId64
                  ",\n \"core_seconds\": %.6g, \"longest_trajectory_seconds\": %.6g, \"upper_bounds\": %s",
                  times->memory.samples, times->memory.rank, times->memory.first_rank, times->rounds.core_s,
                  times->rounds.longest_s, ms_job_ends_early(times->job) ? "true" : "false");
    (void)fprintf(file,
                  ",\n \"ranks\": %" PRId32
                  ", \"coordinator\": \"%s\", \"wall_seconds\": %.6g, \"useful_ranks\": %" PRId32,
                  times->ranks.wanted.ranks, coordinator(times), times->ranks.wanted.wall_s,
                  times->ranks.useful.ranks);
    (void)fputs(",\n \"limit\": ", file);
    value_write_json(file, (struct value){.kind = VALUE_TEXT, .text = limit});
    (void)fputs(",\n \"times\": [", file);
    for (int i = 0; i < times->ranks.n; i++) {
        (void)fputs(i > 0 ? ",\n  " : "", file);
        write_row_json(file, &times->ranks.rows[i]);
    }
    (void)fputc(']', file);
}
