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

/* So much of the time may remain where help is worth a sentence. */
static const double noticeable = 0.99;

enum ms_code plan_times_make(const struct ms_job *job, const struct ms_dataset *datasets,
                             const struct plan_wish *wish, struct plan_times *times, struct ms_error *err)
{
    int threads_per_core;
    struct plan_speed speed = {.iteration_s = NULL};
    enum ms_code code = cores_threads_per_core(&threads_per_core, err);
    int32_t cores, wanted;

    *times = (struct plan_times){.job = job};
    if (code != MS_OK)
        return code;
    cores = cores_allowed("", threads_per_core);
    wanted = wish->ranks > 0 || wish->within_s > 0 ? wish->ranks : cores;
    code = plan_speed_measure(job, datasets, wanted > 0 && wanted < cores ? wanted : cores, &speed, err);
    if (code == MS_OK)
        code = plan_rounds_make(job, datasets, &speed, &times->rounds, err);
    times->rounds.node_ranks = wish->node_ranks > 0 ? wish->node_ranks : cores;
    if (code == MS_OK)
        times->memory = plan_memory_of(job, datasets, times->rounds.train);
    if (code == MS_OK)
        code = plan_ranks_find(&times->rounds, wanted, wish->within_s, &times->ranks, err);
    plan_speed_free(&speed);
    return code;
}

void plan_times_free(struct plan_times *times)
{
    plan_rounds_free(&times->rounds);
}

/* ---- sentences ------------------------------------------------------------------------------------------- */

enum { LIMIT_BYTES = 400 };

/* Says who helps with the longest trajectory; nothing if nobody can. */
static const char *helpers_text(const struct plan_times *times, char *text, size_t size)
{
    const int32_t helpers = plan_rounds_most_members(&times->rounds, times->rounds.longest) - 1;

    if (helpers == 0)
        return "";
    (void)snprintf(text, size, ", which at most %" PRId32 " %s of its node %s", helpers,
                   ms_plural(helpers, "other", "others"), ms_plural(helpers, "helps", "help"));
    return text;
}

/* Says why more ranks do not help. */
static void limit_text(const struct plan_times *times, char text[LIMIT_BYTES])
{
    const struct ms_config longest = ms_grid_trajectory(times->rounds.grid, times->rounds.longest).longest;
    const struct plan_ranks_row *useful = &times->ranks.useful;
    char helpers[80];
    const int used = snprintf(text, LIMIT_BYTES, "more than %" PRId32 " %s at most 5%% of the time, because ",
                              useful->ranks, ms_plural(useful->ranks, "rank saves", "ranks save"));

    if (useful->wall_s < near_longest * times->rounds.longest_s)
        (void)snprintf(text + used, LIMIT_BYTES - (size_t)used,
                       "one rank trains a trajectory%s, and the longest one (%" PRId64 ": %" PRId32
                       " hidden %s, %s, %" PRId64 " iterations) takes one rank %.3g s",
                       helpers_text(times, helpers, sizeof helpers), times->rounds.longest, longest.n_h,
                       ms_plural(longest.n_h, "unit", "units"), ms_activation_name(longest.activation),
                       longest.iterations, times->rounds.longest_s);
    else
        (void)snprintf(text + used, LIMIT_BYTES - (size_t)used,
                       "short trajectories are given to a rank together, for at least 10 ms or 0.2 ms for "
                       "each rank that can get one");
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

/* Says what it brings that ranks help each other, if that is noticeable. */
static void write_help_text(FILE *file, const struct plan_times *times)
{
    const struct plan_ranks *ranks = &times->ranks;

    if (ranks->wanted.wall_s > noticeable * ranks->wanted_no_teams_s)
        return;
    (void)fprintf(file,
                  "Ranks help others of their node where that is quicker, with %" PRId32 " on each: %" PRId32
                  " ranks take about %.3g s instead of %.3g s.\n",
                  times->rounds.node_ranks, ranks->wanted.ranks, ranks->wanted.wall_s,
                  ranks->wanted_no_teams_s);
}

void plan_times_write_text(FILE *file, const struct plan_times *times)
{
    char limit[LIMIT_BYTES];

    limit_text(times, limit);
    (void)fprintf(file, "samples_bytes %" PRId64 "\nrank_bytes %" PRId64 "\nfirst_rank_bytes %" PRId64 "\n",
                  times->memory.samples, times->memory.rank, times->memory.first_rank);
    (void)fprintf(file, "core_seconds %.4g\nlongest_trajectory_seconds %.4g\n", times->rounds.core_s,
                  times->rounds.longest_s);
    (void)fprintf(file, "ranks %" PRId32 "\nranks_per_node %" PRId32 "\ncoordinator %s\n",
                  times->ranks.wanted.ranks, times->rounds.node_ranks, coordinator(times));
    (void)fprintf(file, "wall_seconds %.4g\nwall_seconds_no_teams %.4g\nuseful_ranks %" PRId32 "\n\n",
                  times->ranks.wanted.wall_s, times->ranks.wanted_no_teams_s, times->ranks.useful.ranks);
    write_table(file, &times->ranks);
    (void)fprintf(file, "\nOn this machine, %s.\n", limit);
    write_help_text(file, times);
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
                  ",\n \"ranks\": %" PRId32 ", \"ranks_per_node\": %" PRId32
                  ", \"coordinator\": \"%s\", \"wall_seconds\": %.6g, \"wall_seconds_no_teams\": %.6g"
                  ", \"useful_ranks\": %" PRId32,
                  times->ranks.wanted.ranks, times->rounds.node_ranks, coordinator(times),
                  times->ranks.wanted.wall_s, times->ranks.wanted_no_teams_s, times->ranks.useful.ranks);
    (void)fputs(",\n \"limit\": ", file);
    value_write_json(file, (struct value){.kind = VALUE_TEXT, .text = limit});
    (void)fputs(",\n \"times\": [", file);
    for (int i = 0; i < times->ranks.n; i++) {
        (void)fputs(i > 0 ? ",\n  " : "", file);
        write_row_json(file, &times->ranks.rows[i]);
    }
    (void)fputc(']', file);
}
