/* An iteration of a team takes the time of the largest share of the segments, and what only teams do: the leader writes
 * the parameters, the helpers read them and prepare, and the leader takes in the sums of one helper after another.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/team_speed.h"

#include <math.h>

#include "moonsweep/team.h"
#include "team_memory.h"
#include "team_size.h"

/* The seconds of a message and of what follows it in the helpers, and those for a parameter. They explain the speed-ups of
 * teams of two on Zen 3 (docs/benchmarks.md), with 1 to 50 hidden units. */
static const double message_s = 0.3e-6, message_s_a_parameter = 29e-9;

/* The seconds to take in the sums of a helper, and those for a parameter. Measured on Zen 3, the median of 400,000 with a
 * line of a cache for each parameter that another core had written: 0.27 us for 41, 0.80 us for 201 parameters. */
static const double sums_s = 0.1e-6, sums_s_a_parameter = 3.5e-9;

/* What slices cost with a local disk. */
static const double slice_s = 0.005, move_s = 0.001;

/* A rank makes durable what it has trained before it helps, and then looks around every millisecond. */
static const double begin_to_help_s = 0.006;

/* Stretches after which a team has compared its sizes several times: a third of a second. */
enum { STRETCHES = 1000 };

int32_t ms_team_speed_most(const struct ms_team_shape *shape)
{
    struct ms_team_sizes sizes = {.places = 2};

    ms_team_sizes_add(&sizes, shape->samples, shape->n_h);
    return ms_team_bytes(&sizes) > 0 ? shape->samples->segments : 1;
}

/* The largest share of the samples, if the segments are divided as in src/train/team.c. */
static double largest_share(const struct ms_samples *samples, int32_t members)
{
    int64_t most = 0, first = 0;

    for (int32_t i = 0; i < members; i++) {
        const int64_t end = ms_samples_segment(samples, samples->segments * (i + 1) / members);

        most = end - first > most ? end - first : most;
        first = end;
    }
    return (double)most / (double)samples->chunks;
}

double ms_team_speed_iteration_s(const struct ms_team_shape *shape, int32_t members)
{
    const struct ms_samples *samples = shape->samples;
    const double parameters = shape->n_h * (samples->n_x + 2.0) + 1;

    if (members == 1)
        return shape->iteration_s;
    return shape->iteration_s * largest_share(samples, members) + message_s +
           parameters * message_s_a_parameter + (members - 1) * (sums_s + parameters * sums_s_a_parameter);
}

/* Stretches take about the same time, whatever the size of the team. */
double ms_team_speed_up(const struct ms_team_shape *shape, int32_t available)
{
    const int32_t most = ms_team_speed_most(shape);
    const int32_t useful = ms_team_size_useful(available < most ? available : most, shape->samples->segments);
    double seconds[MS_TEAM_HELPERS + 2] = {0}; /* of an iteration, by the members; 0: not needed yet */
    struct ms_team_size size;
    double iterations = 0;

    if (useful == 1)
        return 1;
    ms_team_size_begin(&size);
    for (int i = 0; i < STRETCHES; i++) {
        const int32_t members = ms_team_size_next(&size, useful);

        if (seconds[members] == 0)
            seconds[members] = ms_team_speed_iteration_s(shape, members);
        ms_team_size_note(&size, seconds[members]);
        iterations += shape->iteration_s / seconds[members];
    }
    return fmax(iterations / STRETCHES, 1);
}

static struct ms_team_shape shape_of(const struct ms_team_speeds *speeds, int64_t t)
{
    const struct ms_config config = ms_grid_trajectory(speeds->grid, t).longest;

    return (struct ms_team_shape){
        .samples = &speeds->train[config.dataset], .n_h = config.n_h, .iteration_s = speeds->iteration_s[t]};
}

int32_t ms_team_speeds_most(const void *speeds, int64_t t)
{
    const struct ms_team_shape shape = shape_of(speeds, t);

    return ms_team_speed_most(&shape);
}

/* The same number as ms_team_speed_up. Evaluations, which are not shared, take a small part of the time. */
static double speed_up(const void *speeds, int64_t t, int32_t available)
{
    const struct ms_team_shape shape = shape_of(speeds, t);

    return ms_team_speed_up(&shape, available);
}

struct ms_simulate_spec ms_team_speeds_sweep(const struct ms_team_speeds *speeds,
                                             const struct ms_plan_spec *plan, const double *seconds,
                                             int32_t node_ranks)
{
    return (struct ms_simulate_spec){
        .plan = plan,
        .seconds = seconds,
        .costs = {.slice_s = slice_s, .move_s = move_s},
        .teams = {.node_ranks = node_ranks,
                  .most = ms_team_speeds_most,
                  .speed_up = speed_up,
                  .context = speeds,
                  .begin_s = begin_to_help_s},
    };
}
