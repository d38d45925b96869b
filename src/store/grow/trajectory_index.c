/* A hash table with open addressing, at most half full.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "trajectory_index.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"

/* The settings of a trajectory, without padding. Reals are compared by their bits: each is read from a text in the same
 * way, and -0 is stored as 0. */
struct key {
    uint64_t learning_rate, init_scale;
    int64_t seed;
    int32_t dataset, n_h, activation, zero;
};

static struct key key_of(const struct ms_config *config, int32_t dataset)
{
    struct key key = {.seed = config->seed,
                      .dataset = dataset,
                      .n_h = config->n_h,
                      .activation = (int32_t)config->activation};

    memcpy(&key.learning_rate, &config->learning_rate, sizeof key.learning_rate);
    memcpy(&key.init_scale, &config->init_scale, sizeof key.init_scale);
    return key;
}

static bool has_key(const struct ms_grid *grid, int32_t trajectory, const struct key *key)
{
    const struct ms_config config = ms_grid_trajectory(grid, trajectory).longest;
    const struct key other = key_of(&config, config.dataset);

    return memcmp(&other, key, sizeof other) == 0;
}

/* Returns the place of the key in the table: that of its trajectory, or an empty one. */
static size_t place_of(const struct ms_trajectory_index *index, const struct key *key)
{
    size_t place = (size_t)ms_checksum_bytes(key, sizeof *key) & (index->capacity - 1);

    while (index->slots[place] >= 0 && !has_key(index->grid, index->slots[place], key))
        place = (place + 1) & (index->capacity - 1);
    return place;
}

enum ms_code ms_trajectory_index_make(const struct ms_grid *grid, struct ms_trajectory_index *index,
                                      struct ms_error *err)
{
    const int64_t trajectories = ms_grid_trajectories(grid);
    struct ms_trajectory_index made = {.grid = grid, .capacity = 2};

    while (made.capacity < 2 * (size_t)trajectories)
        made.capacity *= 2;
    made.slots = malloc(made.capacity * sizeof *made.slots);
    if (made.slots == NULL)
        return ms_fail_memory(err, NULL, "to find trajectories in older results");
    for (size_t i = 0; i < made.capacity; i++)
        made.slots[i] = -1;
    for (int64_t t = 0; t < trajectories; t++) {
        const struct ms_config config = ms_grid_trajectory(grid, t).longest;
        const struct key key = key_of(&config, config.dataset);
        const size_t place = place_of(&made, &key);

        if (made.slots[place] < 0)
            made.slots[place] = (int32_t)t;
    }
    *index = made;
    return MS_OK;
}

void ms_trajectory_index_free(struct ms_trajectory_index *index)
{
    free(index->slots);
    *index = (struct ms_trajectory_index){0};
}

int64_t ms_trajectory_index_find(const struct ms_trajectory_index *index, const struct ms_config *config,
                                 int32_t dataset)
{
    const struct key key = key_of(config, dataset);

    return index->slots[place_of(index, &key)];
}
