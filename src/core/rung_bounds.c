/* Bounds what halving leaves open before a sweep, one data set after another, by ascending iteration count.
 * Which trajectories go on is not known, only how many do, so numbers of trajectories are bounded from one
 * rung to the next:
 *
 *     those that lack the previous rung    those that have it, of which as many as were kept can be here
 *                             \            /
 *                              take part in a rung     those that lack it and have a larger count
 *                                      |                       |
 *                                    kept                      |
 *                                       \                      /
 *                                    train to the next count of the grid
 *
 * At least as many are there as were kept at the previous rung, without those that lack this one, and those that have
 * taken part in no rung yet. The number that is kept does not decrease with the number that takes part.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/rung_bounds.h"

#include <stdbool.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "rung_entries.h"

struct finder {
    const struct ms_halving *halving;
    const struct ms_grid *grid;
    int64_t earliest;
    struct ms_rung_entry *entries; /* [configs] owned */
    int64_t configs;
    /* [trajectories] owned: the number of the last rung that it has, from 1 on; 0: none */
    int64_t *last_rung;
    int64_t *longest; /* [trajectories] owned: the largest iteration count */
    struct ms_rung_bounds bounds;

    /* The data set in progress, between two of its counts. */
    int64_t rung;                   /* the number of the last rung; 0: none in this data set */
    int64_t most_kept, fewest_kept; /* at that rung */
    int64_t beyond, beyond_rung,
        untouched; /* trajectories with a larger count: all, of that rung, of no rung */
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The iterations between two counts that are before the earliest end by a rule. */
static int64_t surely(const struct finder *finder, int64_t from, int64_t to)
{
    return larger(smaller(to, finder->earliest) - from, 0);
}

/* Begins a data set, whose trajectories begin with its entries from `first` on. */
static void begin_dataset(struct finder *finder, int64_t first)
{
    const int64_t dataset = finder->entries[first].dataset;

    finder->rung = finder->beyond = finder->beyond_rung = finder->untouched = 0;
    finder->most_kept = finder->fewest_kept = 0;
    for (int64_t i = first; i < finder->configs && finder->entries[i].dataset == dataset; i++) {
        int64_t *last_rung = &finder->last_rung[finder->entries[i].trajectory];

        finder->beyond += *last_rung < 0;
        *last_rung = 0;
    }
    finder->untouched = finder->beyond;
}

/* Adds the iterations of the trajectories that train from one count to the next one. */
static void add_stretch(struct finder *finder, int64_t from, int64_t to)
{
    const int64_t others = finder->beyond - finder->beyond_rung;
    const int64_t most = finder->rung > 0 ? others + smaller(finder->most_kept, finder->beyond_rung)
                                          : finder->beyond;
    const int64_t fewest = finder->untouched + finder->fewest_kept;

    finder->bounds.at_most += most * (to - from);
    finder->bounds.at_least += fewest * surely(finder, from, to);
}

/* What the trajectories of a count are to its rung. */
struct crowd {
    int64_t all, of_previous,
        untouched; /* with a larger count: all, those of the previous rung, of no rung */
    int64_t ending, ending_of_previous, ending_untouched; /* with no larger count, likewise */
};

/* Counts the trajectories with the entries first .. end - 1, which have one count, and gives those that go beyond it the
 * number of its rung. */
static struct crowd count_crowd(struct finder *finder, int64_t first, int64_t end, int64_t number)
{
    struct crowd crowd = {0};

    for (int64_t i = first; i < end; i++) {
        const int64_t t = finder->entries[i].trajectory;
        const bool ends = finder->longest[t] == finder->entries[i].iterations;
        const bool is_untouched = finder->last_rung[t] == 0;
        const bool is_of_previous = finder->rung > 0 && finder->last_rung[t] == finder->rung;

        if (i > first && finder->entries[i - 1].trajectory == t)
            continue;
        *(ends ? &crowd.ending : &crowd.all) += 1;
        *(ends ? &crowd.ending_of_previous : &crowd.of_previous) += is_of_previous;
        *(ends ? &crowd.ending_untouched : &crowd.untouched) += is_untouched;
        if (!ends && finder->halving->keep > 0)
            finder->last_rung[t] = number;
    }
    return crowd;
}

/* Decides the rung at the count of the entries first .. end - 1, if there is one. */
static void pass_count(struct finder *finder, int64_t first, int64_t end)
{
    const int64_t number = finder->bounds.n + 1;
    const struct crowd crowd = count_crowd(finder, first, end, number);
    int64_t most, fewest, elsewhere;

    finder->beyond -= crowd.ending;
    finder->beyond_rung -= crowd.ending_of_previous;
    finder->untouched -= crowd.ending_untouched;
    finder->fewest_kept = larger(finder->fewest_kept - crowd.ending_of_previous, 0);
    if (crowd.all == 0 || finder->halving->keep == 0)
        return;
    most = crowd.all - crowd.of_previous + smaller(finder->most_kept, crowd.of_previous);
    elsewhere = finder->beyond_rung - crowd.of_previous; /* they lack this count */
    fewest = crowd.untouched + larger(finder->fewest_kept - elsewhere, 0);
    finder->most_kept = ms_halving_number_kept(finder->halving, most);
    finder->fewest_kept = fewest > 0 ? ms_halving_number_kept(finder->halving, fewest) : 0;
    finder->untouched -= crowd.untouched;
    finder->beyond_rung = crowd.all;
    finder->rung = number;
    finder->bounds.rungs[finder->bounds.n++] = (struct ms_rung_bound){
        (int32_t)finder->entries[first].dataset, finder->entries[first].iterations, most, finder->most_kept};
}

static void find(struct finder *finder)
{
    int64_t from = 0;

    for (int64_t first = 0, end; first < finder->configs; first = end) {
        const struct ms_rung_entry *entry = &finder->entries[first];

        end = ms_rung_entries_end(finder->entries, finder->configs, first);
        if (first == 0 || entry[-1].dataset != entry->dataset) {
            begin_dataset(finder, first);
            from = 0;
        }
        add_stretch(finder, from, entry->iterations);
        pass_count(finder, first, end);
        from = entry->iterations;
    }
}

static bool allocate(struct finder *finder)
{
    const int64_t trajectories = ms_grid_trajectories(finder->grid);

    finder->entries = ms_rung_entries_make(finder->grid);
    finder->last_rung = malloc((size_t)trajectories * sizeof *finder->last_rung);
    if (finder->entries)
        finder->longest = ms_rung_entries_longest(finder->entries, finder->configs, trajectories);
    finder->bounds.rungs = malloc((size_t)finder->configs * sizeof *finder->bounds.rungs);
    if (!finder->entries || !finder->last_rung || !finder->longest || !finder->bounds.rungs)
        return false;
    for (int64_t t = 0; t < trajectories; t++)
        finder->last_rung[t] = -1; /* not counted yet */
    return true;
}

enum ms_code ms_rung_bounds_find(const struct ms_halving *halving, const struct ms_grid *grid,
                                 int64_t earliest, struct ms_rung_bounds *bounds, struct ms_error *err)
{
    struct finder finder = {
        .halving = halving, .grid = grid, .earliest = earliest, .configs = ms_grid_configs(grid)};
    enum ms_code code = MS_OK;

    if (allocate(&finder)) {
        find(&finder);
        *bounds = finder.bounds;
    } else {
        ms_rung_bounds_free(&finder.bounds);
        code = ms_fail_memory(err, NULL, "to count the iterations of %lld %s", (long long)finder.configs,
                              ms_plural(finder.configs, "configuration", "configurations"));
    }
    free(finder.entries);
    free(finder.last_rung);
    free(finder.longest);
    return code;
}

void ms_rung_bounds_free(struct ms_rung_bounds *bounds)
{
    free(bounds->rungs);
    *bounds = (struct ms_rung_bounds){0};
}
