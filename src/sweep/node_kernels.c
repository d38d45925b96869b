/* Rank 0 knows what is left to train, and tells the others which sizes to measure and for how long. While one rank of a
 * machine measures, the others sleep, so that they do not disturb it.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "node_kernels.h"

#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/plan.h"
#include "pieces.h"
#include "work_left.h"

/* What to measure. */
struct order {
    double seconds; /* 0: nothing */
    int32_t n;
    struct ms_kernel_size sizes[MS_KERNEL_SIZES_MOST];
};

/* Rank 0: the sizes of the trajectories that are not finished, with the work that is left of them. */
static struct order order_of(const struct ms_sweep_spec *sweep, const struct ms_kernels *kernels, int ranks)
{
    struct ms_kernel_sizes sizes = {.work = 0};
    struct order order = {.n = 0};

    for (int64_t t = 0; t < ms_grid_trajectories(sweep->grid); t++) {
        const struct ms_config config = ms_grid_trajectory(sweep->grid, t).longest;

        if (!sweep->scan->finished[t])
            ms_kernel_sizes_add(&sizes, config.activation, config.n_h, ms_work_left_of(sweep, t));
    }
    order.n = ms_kernel_sizes_heaviest(&sizes, order.sizes);
    order.seconds = ms_kernels_seconds(kernels, sizes.work * ms_plan_seconds_per_work / ranks);
    return order;
}

/* Takes what the first rank of the machine has measured. Its program and processor are the same, but not necessarily its
 * environment, which may name a kernel. */
static void take(const struct ms_kernels *measured, struct ms_kernels *kernels)
{
    if (measured->n_kernels != kernels->n_kernels)
        return;
    for (int32_t i = 0; i < measured->n_points; i++)
        kernels->points[i] = measured->points[i];
    kernels->n_points = measured->n_points;
    kernels->seconds = measured->seconds;
}

static enum ms_code measure_on_machine(MPI_Comm node, const struct ms_sweep_spec *sweep,
                                       const struct order *order, struct ms_kernels *kernels,
                                       struct ms_error *err)
{
    const struct ms_kernels_spec spec = {
        .clock = ms_clock_thread_s, .seconds = order->seconds, .samples = sweep->largest};
    struct ms_kernels measured = *kernels;
    enum ms_code code = MS_OK;
    int rank;

    MPI_Comm_rank(node, &rank);
    if (rank == 0)
        code = ms_kernels_measure(&measured, &spec, order->sizes, order->n, err);
    ms_pieces_broadcast(node, &measured, sizeof measured);
    take(&measured, kernels);
    return code;
}

enum ms_code ms_node_kernels_measure(const struct ms_sweep_spec *sweep, struct ms_kernels *kernels,
                                     struct ms_error *err)
{
    struct order order = {.n = 0};
    MPI_Comm node;
    int rank, ranks;
    enum ms_code code;

    MPI_Comm_rank(sweep->comm, &rank);
    MPI_Comm_size(sweep->comm, &ranks);
    if (rank == 0)
        order = order_of(sweep, kernels, ranks);
    ms_pieces_broadcast(sweep->comm, &order, sizeof order);
    if (order.seconds == 0)
        return MS_OK;
    MPI_Comm_split_type(sweep->comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    code = measure_on_machine(node, sweep, &order, kernels, err);
    MPI_Comm_free(&node);
    return ms_agree(sweep->comm, code, err);
}
