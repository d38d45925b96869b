/* Places have the same size and begin at pages, so that the memory of each may be near the process that has it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "team_memory.h"

#include "reduction.h"

enum { PAGE = 4096, LARGEST_PLACE = 64 << 20 };

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

struct ms_team_memory ms_team_memory(const struct ms_team_sizes *sizes, void *memory)
{
    struct ms_team_memory made = {.base = memory, .sizes = *sizes};

    made.message_bytes = round_up(sizeof(struct ms_team_message) + (size_t)sizes->parameters * sizeof(double),
                                  MS_TEAM_LINE);
    made.place_bytes = round_up(
        sizeof(struct ms_team_control) + 2 * made.message_bytes + (size_t)sizes->area_bytes, PAGE);
    return made;
}

/* A pass of this shape, to compute sizes. */
static struct ms_pass pass_of(const struct ms_samples *samples, int32_t n_h)
{
    return (struct ms_pass){.samples = samples, .n_h = n_h};
}

static int64_t parameters_of(const struct ms_pass *pass)
{
    return pass->n_h * ((int64_t)pass->samples->n_x + 2) + 1;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void ms_team_sizes_add(struct ms_team_sizes *sizes, const struct ms_samples *samples, int32_t n_h)
{
    const struct ms_pass pass = pass_of(samples, n_h);
    const struct ms_team_sizes larger_sizes = {
        .places = sizes->places,
        .parameters = larger(sizes->parameters, parameters_of(&pass)),
        .area_bytes = larger(sizes->area_bytes, ms_reduction_range_bytes(&pass)),
    };

    if (samples->segments > 1 && ms_team_memory(&larger_sizes, NULL).place_bytes <= LARGEST_PLACE)
        *sizes = larger_sizes;
}

/* In most grids many trajectories in a row have the same size. */
struct ms_team_sizes ms_team_sizes_of(const struct ms_grid *grid, const struct ms_samples *train,
                                      int32_t places)
{
    struct ms_team_sizes sizes = {.places = places};
    struct ms_config before = {.n_h = 0};

    for (int64_t t = 0; t < ms_grid_trajectories(grid); t++) {
        const struct ms_config config = ms_grid_trajectory(grid, t).longest;

        if (config.n_h != before.n_h || config.dataset != before.dataset)
            ms_team_sizes_add(&sizes, &train[config.dataset], config.n_h);
        before = config;
    }
    return sizes;
}

size_t ms_team_bytes(const struct ms_team_sizes *sizes)
{
    if (sizes->places < 2 || sizes->parameters == 0)
        return 0;
    return (size_t)sizes->places * ms_team_memory(sizes, NULL).place_bytes;
}

static char *place_at(const struct ms_team_memory *memory, int32_t place)
{
    return memory->base + (size_t)place * memory->place_bytes;
}

struct ms_team_control *ms_team_control(const struct ms_team_memory *memory, int32_t place)
{
    return (struct ms_team_control *)(void *)place_at(memory, place);
}

struct ms_team_message *ms_team_message(const struct ms_team_memory *memory, int32_t place, uint64_t number)
{
    return (struct ms_team_message *)(void *)(place_at(memory, place) + sizeof(struct ms_team_control) +
                                              number % 2 * memory->message_bytes);
}

void *ms_team_area(const struct ms_team_memory *memory, int32_t place)
{
    return place_at(memory, place) + sizeof(struct ms_team_control) + 2 * memory->message_bytes;
}

bool ms_team_memory_suffices(const struct ms_team_memory *memory, const struct ms_pass *pass)
{
    return parameters_of(pass) <= memory->sizes.parameters &&
           ms_reduction_range_bytes(pass) <= memory->sizes.area_bytes;
}
