/* Makes the state of a dropped trajectory at its rung the current one of the writer, and then writes the rows
 * of its configurations that are pending. An invariant of docs/protocol.md is kept here:
 *
 *   I14  Between two rounds only rank 0 writes, when all other ranks have made everything durable.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "drop.h"

/* Makes the trajectory's rung the current state of the writer, whose costs the rows to write belong to. */
static enum ms_code begin_at_rung(const struct ms_drop_spec *spec, int64_t t, struct ms_network *network,
                                  struct ms_error *err)
{
    const struct ms_config config = ms_grid_trajectory(spec->sweep->grid, t).longest;
    struct ms_resume resume = {.slots = {-1, -1}, .iteration = spec->dropped_at[t], .network = network};
    enum ms_code code = ms_network_alloc(network, spec->sweep->train[config.dataset].n_x, config.n_h,
                                         config.activation, err);

    if (code == MS_OK)
        code = ms_writer_begin(spec->sweep->writer, t, &resume, err);
    if (code == MS_OK && resume.iteration != spec->dropped_at[t])
        code = ms_fail(
            err, MS_IO_ERROR,
            "%s: the rows of trajectory %lld changed while they were read; run the same command again",
            ms_writer_path(spec->sweep->writer), (long long)t);
    return code;
}

/* Writes the rows of a trajectory's configurations that are not trained because it was dropped. */
static enum ms_code drop(const struct ms_drop_spec *spec, int64_t t, struct ms_error *err)
{
    struct ms_writer_scan *scan = spec->scan;
    const int64_t members = ms_grid_members(spec->sweep->grid, t, spec->members);
    struct ms_network network = {0};
    enum ms_code code = begin_at_rung(spec, t, &network, err);

    for (int64_t i = 0; code == MS_OK && i < members; i++) {
        const int64_t config = spec->members[i].config;
        struct ms_result result;

        if (scan->status[config] != MS_PENDING)
            continue;
        result = ms_writer_dropped(config, spec->dropped_at[t], &network);
        code = ms_writer_result(spec->sweep->writer, &result, err);
        scan->status[config] = MS_DROPPED;
        scan->dropped++;
        scan->pending--;
    }
    ms_network_free(&network);
    scan->finished[t] = true;
    scan->pair[t] = -1;
    return code;
}

enum ms_code ms_drop_rows(const struct ms_drop_spec *spec, bool *is_stopped, struct ms_error *err)
{
    const volatile sig_atomic_t *stop = spec->sweep->stop;
    enum ms_code code = MS_OK;

    *is_stopped = false;
    for (int64_t t = 0; code == MS_OK && !*is_stopped && t < spec->scan->trajectories; t++) {
        if (spec->dropped_at[t] == 0 || spec->scan->finished[t])
            continue;
        *is_stopped = stop != NULL && *stop != 0;
        if (!*is_stopped)
            code = drop(spec, t, err);
    }
    return code == MS_OK ? ms_writer_flush(spec->sweep->writer, err) : code;
}
