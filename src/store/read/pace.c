/* How quickly a run trains, from the time that the stored iterations have taken.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "moonsweep/plan.h"
#include "progress.h"

/* Sums over all trajectories. */
struct sums {
    double iterations, work, seconds; /* trained and stored */
    double left, longest_left;        /* work that is left: in all, and in one trajectory */
};

/* The work of one iteration of a configuration; samples: [datasets] of the training sets. */
static double cost_of(const struct ms_file *file, const struct ms_progress_row *row, const int64_t *samples)
{
    if (row->config_dataset < 0 || row->config_dataset >= file->shape.size[MS_DIM_DATASET])
        return 0; /* the file is corrupt */
    return ms_plan_cost((enum ms_activation)row->activation, (int32_t)file->shape.size[MS_DIM_FEATURE],
                        row->n_h, samples[row->config_dataset]);
}

static struct sums add_up(const struct ms_file *file, const struct ms_progress_table *table,
                          const struct ms_progress *progress, const int64_t *samples)
{
    struct sums sums = {0};

    for (int64_t t = 0; t < progress->trajectories; t++) {
        const struct ms_trajectory_progress *of = &progress->of[t];
        const double cost = cost_of(file, &table->rows[of->config], samples);
        const double left = (double)(of->last - of->done) * cost;

        if (of->seconds > 0) {
            sums.iterations += (double)of->trained;
            sums.work += (double)of->trained * cost;
            sums.seconds += of->seconds;
        }
        sums.left += left;
        sums.longest_left = fmax(sums.longest_left, left);
    }
    return sums;
}

enum ms_code ms_progress_pace(const struct ms_file *file, const struct ms_progress_table *table,
                              const struct ms_progress *progress, const struct ms_run_state *run,
                              struct ms_reader_progress *found, struct ms_error *err)
{
    const int64_t datasets = file->shape.size[MS_DIM_DATASET];
    int64_t *samples = malloc((size_t)datasets * sizeof *samples);
    enum ms_code code = samples != NULL ? ms_file_read(file, MS_VAR_TRAIN_COUNT, 0, datasets, samples, err)
                                        : ms_fail_memory(err, file->path, "to determine its pace");

    if (code == MS_OK) {
        const struct sums sums = add_up(file, table, progress, samples);

        if (sums.work > 0 && run->ranks > 0) {
            found->iterations_per_s = sums.iterations / sums.seconds * run->ranks;
            found->left_s = fmax(sums.left / run->ranks, sums.longest_left) / sums.work * sums.seconds;
        }
    }
    free(samples);
    return code;
}
