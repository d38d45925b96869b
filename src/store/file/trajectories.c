#include "trajectories.h"

#include <inttypes.h>
#include <stdlib.h>

enum { AT_ONCE = 64 << 10 /* configurations per read */ };

void ms_trajectories_free(struct ms_trajectories *trajectories)
{
    free(trajectories->first);
    free(trajectories->cost_start);
    *trajectories = (struct ms_trajectories){0};
}

/* Finds the first configuration of each trajectory. The configurations are in the order of their
 * trajectories. */
static enum ms_code read_firsts(const struct ms_file *file, struct ms_trajectories *trajectories,
                                int32_t *block, struct ms_error *err)
{
    const int64_t configs = file->shape.size[MS_DIM_CONFIG];
    int64_t next = 0; /* the next trajectory to begin */
    enum ms_code code = MS_OK;

    for (int64_t from = 0, count; code == MS_OK && from < configs; from += count) {
        count = configs - from < AT_ONCE ? configs - from : AT_ONCE;
        code = ms_file_read(file, MS_VAR_CONFIG_TRAJECTORY, from, count, block, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++) {
            if (block[i] == next && next < trajectories->count)
                trajectories->first[next++] = from + i;
            else if (next == 0 || block[i] != next - 1)
                code = ms_fail(err, MS_BAD_INPUT,
                               "%s: config_trajectory[%" PRId64 "] is %" PRId32 ": the file is corrupt",
                               file->path, from + i, block[i]);
        }
    }
    if (code == MS_OK && next < trajectories->count)
        code = ms_fail(err, MS_BAD_INPUT,
                       "%s: trajectory %" PRId64 " has no configuration: the file is corrupt", file->path,
                       next);
    trajectories->first[trajectories->count] = configs;
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

enum ms_code ms_trajectories_read(const struct ms_file *file, struct ms_trajectories *trajectories,
                                  struct ms_error *err)
{
    struct ms_trajectories found = {.count = file->shape.size[MS_DIM_TRAJECTORY]};
    int32_t *block = malloc(AT_ONCE * sizeof *block);
    enum ms_code code = MS_OK;

    found.first = malloc((size_t)(found.count + 1) * sizeof *found.first);
    found.cost_start = malloc((size_t)(found.count + 1) * sizeof *found.cost_start);
    if (block == NULL || found.first == NULL || found.cost_start == NULL)
        code = ms_fail_memory(err, file->path, "to read its trajectories");
    if (code == MS_OK)
        code = read_firsts(file, &found, block, err);
    if (code == MS_OK)
        code = read_starts(file, &found, err);
    free(block);
    if (code == MS_OK)
        *trajectories = found;
    else
        ms_trajectories_free(&found);
    return code;
}
