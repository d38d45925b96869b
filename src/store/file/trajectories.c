/* Reads which trajectory each configuration belongs to, lists the configurations of each trajectory by a
 * counting sort, and reads where the costs of each begin. Every number that is used as an index is checked
 * when it is read.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "trajectories.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 64 << 10 /* configurations per read */ };

void ms_trajectories_free(struct ms_trajectories *trajectories)
{
    free(trajectories->members);
    free(trajectories->first);
    free(trajectories->cost_start);
    free(trajectories->cost_stride);
    *trajectories = (struct ms_trajectories){0};
}

/* Reads which trajectory each configuration belongs to. Trajectories are numbered by their first
 * configurations. */
static enum ms_code read_owners(const struct ms_file *file, int64_t trajectories, int32_t *owner,
                                struct ms_error *err)
{
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    int64_t begun = 0;
    enum ms_code code = MS_OK;

    for (int64_t from = 0, count; code == MS_OK && from < configs; from += count) {
        count = configs - from < AT_ONCE ? configs - from : AT_ONCE;
        code = ms_file_read(file, MS_VAR_CONFIG_TRAJECTORY, from, count, owner + from, err);
        for (int64_t c = from; code == MS_OK && c < from + count; c++) {
            if (owner[c] < 0 || owner[c] > begun || owner[c] >= trajectories)
                code = ms_fail(err, MS_BAD_INPUT,
                               "%s: config_trajectory[%" PRId64 "] is %" PRId32 ": the file is corrupt",
                               file->path, c, owner[c]);
            else if (owner[c] == begun)
                begun++;
        }
    }
    if (code == MS_OK && begun < trajectories)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: trajectory %" PRId64 " has no configuration: the file is corrupt", file->path,
                       begun);
    return code;
}

/* Lists the members of each trajectory by a counting sort. */
static void list_members(const int32_t *owner, int64_t configs, struct ms_trajectories *trajectories)
{
    int64_t *first = trajectories->first, before = 0;

    for (int64_t c = 0; c < configs; c++)
        first[owner[c]]++;
    for (int64_t t = 0; t <= trajectories->count; t++) {
        const int64_t members = first[t];

        first[t] = before;
        before += members;
    }
    for (int64_t c = 0; c < configs; c++)
        trajectories->members[first[owner[c]]++] = c;
    memmove(first + 1, first, (size_t)trajectories->count * sizeof *first);
    first[0] = 0;
}

static enum ms_code read_members(const struct ms_file *file, struct ms_trajectories *trajectories,
                                 struct ms_error *err)
{
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    int32_t *owner = malloc((size_t)configs * sizeof *owner);
    enum ms_code code;

    if (owner == NULL)
        return ms_fail_memory(err, file->path, "to read its trajectories");
    code = read_owners(file, trajectories->count, owner, err);
    if (code == MS_OK)
        list_members(owner, configs, trajectories);
    free(owner);
    return code;
}

static enum ms_code read_starts(const struct ms_file *file, struct ms_trajectories *trajectories,
                                struct ms_error *err)
{
    int64_t *start = trajectories->cost_start;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_START, 0, trajectories->count, start, err);

    start[trajectories->count] = file->shape.size[MS_DIM_COST_SAMPLE];
    for (int64_t t = 0; code == MS_OK && t < trajectories->count; t++)
        if (start[t] < 0 || start[t] > start[t + 1])
            code = ms_fail(err, MS_BAD_INPUT,
                           "%s: cost_start[%" PRId64 "] is %" PRId64 ": the file is corrupt", file->path, t,
                           start[t]);
    return code;
}

static enum ms_code read_strides(const struct ms_file *file, struct ms_trajectories *trajectories,
                                 struct ms_error *err)
{
    int64_t *stride = trajectories->cost_stride;
    enum ms_code code = ms_file_read(file, MS_VAR_COST_STRIDE, 0, trajectories->count, stride, err);

    for (int64_t t = 0; code == MS_OK && t < trajectories->count; t++)
        if (stride[t] < 0)
            code = ms_fail(err, MS_BAD_INPUT,
                           "%s: cost_stride[%" PRId64 "] is %" PRId64 ": the file is corrupt", file->path, t,
                           stride[t]);
    return code;
}

enum ms_code ms_trajectories_read(const struct ms_file *file, struct ms_trajectories *trajectories,
                                  struct ms_error *err)
{
    struct ms_trajectories found = {.count = file->shape.size[MS_DIM_TRAJECTORY]};
    enum ms_code code;

    found.members = malloc((size_t)file->shape.size[MS_DIM_CONFIG] * sizeof *found.members);
    found.first = calloc((size_t)found.count + 1, sizeof *found.first);
    found.cost_start = malloc((size_t)(found.count + 1) * sizeof *found.cost_start);
    found.cost_stride = malloc((size_t)found.count * sizeof *found.cost_stride);
    if (found.members == NULL || found.first == NULL || found.cost_start == NULL ||
        found.cost_stride == NULL) {
        ms_trajectories_free(&found);
        return ms_fail_memory(err, file->path, "to read its trajectories");
    }
    code = read_members(file, &found, err);
    if (code == MS_OK)
        code = read_starts(file, &found, err);
    if (code == MS_OK)
        code = read_strides(file, &found, err);
    if (code == MS_OK)
        *trajectories = found;
    else
        ms_trajectories_free(&found);
    return code;
}

struct ms_costs ms_trajectories_costs(const struct ms_trajectories *trajectories, int64_t trajectory)
{
    const int64_t start = trajectories->cost_start[trajectory];
    const int64_t room = trajectories->cost_start[trajectory + 1] - start;
    const int64_t stride = trajectories->cost_stride[trajectory];

    return (struct ms_costs){.start = start, .count = stride > 0 ? room : 0, .stride = stride};
}
