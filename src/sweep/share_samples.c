/* Every rank computes the same places of the arrays in the shared memory from their sizes. Rank 0 lays the samples out in
 * that of its machine. They are sent only to the ranks that hold memory of their machine or a separate copy; the
 * others map it, and read it after the last agreement, when it is filled.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/share_samples.h"

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/agree.h"
#include "node_memory.h"
#include "pieces.h"

enum { ALIGNMENT = 64 }; /* that kernels need */

/* ---- the arrays of samples ------------------------------------------------------------------------------- */

static size_t round_up(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the arrays are in shared memory, one after another. */
static size_t x_max_place(const struct ms_samples *samples)
{
    return round_up((size_t)ms_samples_block_bytes(samples));
}

static size_t y_place(const struct ms_samples *samples)
{
    return x_max_place(samples) + (size_t)samples->n_x * sizeof *samples->x_max;
}

static size_t all_bytes(const struct ms_samples *samples)
{
    return y_place(samples) + (size_t)samples->m * sizeof *samples->y;
}

/* Lets valid point to the mask of the last chunk, at the end of blocks. */
static void point_valid(struct ms_samples *samples)
{
    const size_t real = samples->precision == MS_FLOAT64 ? sizeof(double) : sizeof(float);

    samples->valid = (char *)samples->blocks + (size_t)ms_samples_block_bytes(samples) -
                     (size_t)samples->chunk * real;
}

static void point_into(struct ms_samples *samples, void *memory)
{
    samples->blocks = memory;
    samples->x_max = (double *)(void *)((char *)memory + x_max_place(samples));
    samples->y = (uint8_t *)memory + y_place(samples);
}

/* ---- the ranks of a machine ------------------------------------------------------------------------------ */

/* Maps the memory of the machine, which its first rank makes. After that shared->mapped is NULL if this rank has none.
 * Returns whether this rank may write to it. */
static bool map(MPI_Comm comm, struct ms_shared_samples *shared)
{
    MPI_Comm node;
    int rank, ranks;

    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_rank(node, &rank);
    MPI_Comm_size(node, &ranks);
    shared->bytes = all_bytes(&shared->samples);
    if (ranks > 1)
        shared->mapped = ms_node_memory_share(node, "moonsweep-samples", shared->bytes, false);
    MPI_Comm_free(&node);
    if (shared->mapped != NULL)
        point_into(&shared->samples, shared->mapped);
    return rank == 0 && shared->mapped != NULL;
}

enum ms_code ms_share_samples_open(MPI_Comm comm, const struct ms_samples *sizes,
                                   struct ms_shared_samples *shared, struct ms_error *err)
{
    struct ms_shared_samples made = {.mapped = NULL};
    enum ms_code code = MS_OK;
    bool is_writer;
    int rank;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        made.samples = *sizes;
    ms_pieces_broadcast(comm, &made.samples, sizeof made.samples);
    is_writer = map(comm, &made);
    made.is_holder = is_writer || made.mapped == NULL;
    if (made.mapped == NULL)
        code = ms_samples_alloc(&made.samples, err);
    code = ms_agree(comm, code, err);
    if (code == MS_OK)
        *shared = made;
    else
        ms_share_samples_free(&made);
    return code;
}

/* Takes over from rank 0 what it has found out about the samples. */
static void describe(MPI_Comm comm, struct ms_samples *samples)
{
    struct ms_samples filled = *samples;

    ms_pieces_broadcast(comm, &filled, sizeof filled);
    filled.blocks = samples->blocks;
    filled.x_max = samples->x_max;
    filled.y = samples->y;
    point_valid(&filled);
    *samples = filled;
}

/* Sends the arrays from rank 0 to one rank of each machine, and to those that cannot share its memory. */
static void send(MPI_Comm comm, int rank, bool is_holder, const struct ms_samples *samples)
{
    MPI_Comm holders;

    MPI_Comm_split(comm, is_holder ? 0 : MPI_UNDEFINED, rank, &holders);
    if (holders == MPI_COMM_NULL)
        return;
    ms_pieces_broadcast(holders, samples->blocks, (size_t)ms_samples_block_bytes(samples));
    ms_pieces_broadcast(holders, samples->x_max, (size_t)samples->n_x * sizeof *samples->x_max);
    ms_pieces_broadcast(holders, samples->y, (size_t)samples->m);
    MPI_Comm_free(&holders);
}

enum ms_code ms_share_samples_send(MPI_Comm comm, struct ms_shared_samples *shared, struct ms_error *err)
{
    int rank;

    MPI_Comm_rank(comm, &rank);
    describe(comm, &shared->samples);
    send(comm, rank, shared->is_holder, &shared->samples);
    return ms_agree(comm, MS_OK, err); /* the memory is filled */
}

void ms_share_samples_free(struct ms_shared_samples *shared)
{
    if (shared->mapped == NULL)
        ms_samples_free(&shared->samples);
    ms_node_memory_free(shared->mapped, shared->bytes);
    *shared = (struct ms_shared_samples){.mapped = NULL};
}
