/* What successive halving reads and writes between two rungs.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "moonsweep/writer.h"
#include "writer_state.h"

static const enum ms_variable variables[MS_HALVING_MEASURES] = {
    [MS_HALVING_DEV_ACCURACY] = MS_VAR_DEV_ACCURACY,
    [MS_HALVING_DEV_COST] = MS_VAR_DEV_COST,
    [MS_HALVING_TRAIN_ACCURACY] = MS_VAR_TRAIN_ACCURACY,
    [MS_HALVING_TRAIN_COST] = MS_VAR_TRAIN_COST,
};

enum ms_code ms_writer_halving_rows(struct ms_writer *writer, const struct ms_writer_scan *scan,
                                    const struct ms_halving *halving, struct ms_halving_row *rows,
                                    struct ms_error *err)
{
    const int64_t configs = writer->file.shape.size[MS_DIM_CONFIG];
    double *values = malloc(2 * (size_t)configs * sizeof *values), *others;
    enum ms_code code;

    if (values == NULL)
        return ms_fail_memory(err, writer->file.path, "to decide which trajectories go on");
    others = values + configs;
    code = ms_file_read(&writer->file, variables[halving->by], 0, configs, values, err);
    if (code == MS_OK)
        code = ms_file_read(&writer->file, variables[ms_halving_other(halving->by)], 0, configs, others, err);
    for (int64_t c = 0; code == MS_OK && c < configs; c++)
        rows[c] = (struct ms_halving_row){values[c], others[c],
                                          ms_status_halving_state((enum ms_status)scan->status[c])};
    free(values);
    return code;
}

struct ms_result ms_writer_dropped(int64_t config, int64_t rung, struct ms_network *network)
{
    const struct ms_evaluation none = {.accuracy = (double)NAN, .cost = (double)NAN};
    const int64_t values = ms_network_size(network) - 1;

    for (int64_t i = 0; i < values; i++) /* W1, b1 and W2 are one block */
        network->W1[i] = (double)NAN;
    network->b2 = (double)NAN;
    return (struct ms_result){
        .config = config,
        .status = MS_DROPPED,
        .iterations_done = rung,
        .network = network,
        .train = none,
        .dev = none,
        .patience = {.best = (double)NAN},
        .train_seconds = (double)NAN,
        .train_cpu_seconds = (double)NAN,
    };
}

/* Opening the file makes a network file system compare its cache with the server, also for the descriptor that is open
 * already. */
void ms_writer_refresh(struct ms_writer *writer)
{
    const int descriptor = open(writer->file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor >= 0)
        (void)close(descriptor);
    writer->ahead.count = 0;
}
