/* Every rank computes the same places of the arrays in the shared memory from their sizes. The samples are
 * sent only to the ranks that hold memory of their machine or a separate copy; the others map it, and read it
 * after the last agreement, when it is filled.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/share_samples.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
    point_valid(samples);
}

/* Allocates arrays that ms_samples_free frees. */
static enum ms_code allocate(struct ms_samples *samples, struct ms_error *err)
{
    samples->blocks = aligned_alloc(ALIGNMENT, round_up((size_t)ms_samples_block_bytes(samples)));
    samples->x_max = malloc((size_t)samples->n_x * sizeof *samples->x_max);
    samples->y = malloc((size_t)samples->m);
    if (samples->blocks != NULL && samples->x_max != NULL && samples->y != NULL) {
        point_valid(samples);
        return MS_OK;
    }
    ms_samples_free(samples);
    return ms_fail_memory(err, NULL, "for a copy of %lld samples", (long long)samples->m);
}

static void copy(const struct ms_samples *from, struct ms_samples *to)
{
    memcpy(to->blocks, from->blocks, (size_t)ms_samples_block_bytes(from));
    memcpy(to->x_max, from->x_max, (size_t)from->n_x * sizeof *from->x_max);
    memcpy(to->y, from->y, (size_t)from->m);
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

/* Makes memory for the samples on every rank. *is_holder: this rank has to fill it. Rank 0 keeps what was made if it does
 * not share it. */
static enum ms_code make_memory(MPI_Comm comm, struct ms_samples *made, int rank,
                                struct ms_shared_samples *shared, bool *is_holder, struct ms_error *err)
{
    const bool is_writer = map(comm, shared);
    enum ms_code code = MS_OK;

    *is_holder = is_writer || shared->mapped == NULL;
    if (rank == 0 && shared->mapped != NULL) {
        copy(made, &shared->samples);
        ms_samples_free(made);
    } else if (rank == 0) {
        shared->samples = *made;
        *made = (struct ms_samples){.m = 0};
    } else if (shared->mapped == NULL) {
        code = allocate(&shared->samples, err);
    }
    return ms_agree(comm, code, err);
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

enum ms_code ms_share_samples(MPI_Comm comm, struct ms_samples *made, struct ms_shared_samples *shared,
                              struct ms_error *err)
{
    struct ms_shared_samples result = {.mapped = NULL};
    bool is_holder;
    enum ms_code code;
    int rank;

    MPI_Comm_rank(comm, &rank);
    if (rank == 0)
        result.samples = *made;
    ms_pieces_broadcast(comm, &result.samples, sizeof result.samples);
    result.samples.blocks = result.samples.valid = NULL; /* those of rank 0 */
    result.samples.x_max = NULL;
    result.samples.y = NULL;
    code = make_memory(comm, made, rank, &result, &is_holder, err);
    if (code == MS_OK) {
        send(comm, rank, is_holder, &result.samples);
        code = ms_agree(comm, MS_OK, err); /* the memory is filled */
    }
    if (code == MS_OK)
        *shared = result;
    else
        ms_share_samples_free(&result);
    return code;
}

void ms_share_samples_free(struct ms_shared_samples *shared)
{
    if (shared->mapped == NULL)
        ms_samples_free(&shared->samples);
    ms_node_memory_free(shared->mapped, shared->bytes);
    *shared = (struct ms_shared_samples){.mapped = NULL};
}
