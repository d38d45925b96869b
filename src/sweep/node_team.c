/* Counts the cores of the machine from what each rank may use: ranks that are bound to different processors add up, and
 * ranks that may use the same processors share their cores. With more ranks than cores a helper would take its core
 * from a rank that trains, so that there are no teams.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "node_team.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "node_memory.h"
#include "wait.h"

/* What a rank may use. */
struct allowed {
    cpu_set_t processors;
    int32_t cores;
};

static bool is_first_with_its_processors(const struct allowed *allowed, int rank)
{
    for (int i = 0; i < rank; i++)
        if (CPU_EQUAL(&allowed[i].processors, &allowed[rank].processors))
            return false;
    return true;
}

static int64_t count_cores(const struct allowed *allowed, int ranks)
{
    int64_t cores = 0;

    for (int i = 0; i < ranks; i++)
        if (is_first_with_its_processors(allowed, i))
            cores += allowed[i].cores;
    return cores;
}

static int reduce(MPI_Comm comm, MPI_Op op, int value)
{
    MPI_Request reduced;
    int result;

    MPI_Iallreduce(&value, &result, 1, MPI_INT, op, comm, &reduced);
    ms_wait_request(&reduced);
    return result;
}

/* Whether the ranks of the machine have a core each, and all of them want teams. allowed: [ranks] a buffer. */
static bool has_enough_cores(MPI_Comm node, int32_t cores, struct allowed *allowed)
{
    struct allowed own = {.cores = cores};
    MPI_Request gathered;
    int ranks;

    MPI_Comm_size(node, &ranks);
    CPU_ZERO(&own.processors);
    (void)sched_getaffinity(0, sizeof own.processors, &own.processors);
    MPI_Iallgather(&own, (int)sizeof own, MPI_BYTE, allowed, (int)sizeof own, MPI_BYTE, node, &gathered);
    ms_wait_request(&gathered);
    for (int i = 0; i < ranks; i++)
        if (allowed[i].cores == 0)
            return false;
    return count_cores(allowed, ranks) >= ranks;
}

/* If a rank cannot map the memory, no rank of the machine has a team. */
static enum ms_code open_place(MPI_Comm node, int ranks, const struct ms_sweep_spec *sweep,
                               struct ms_node_team *node_team, struct ms_error *err)
{
    const struct ms_team_sizes sizes = ms_team_sizes_of(sweep->grid, sweep->train, ranks);
    int rank;

    node_team->bytes = ms_team_bytes(&sizes);
    if (node_team->bytes == 0)
        return MS_OK;
    node_team->memory = ms_node_memory_share(node, "moonsweep-team", node_team->bytes, true);
    if (!reduce(node, MPI_MIN, node_team->memory != NULL))
        return MS_OK;
    MPI_Comm_rank(node, &rank);
    return ms_team_open(&sizes, node_team->memory, rank, &node_team->team, err);
}

/* Gathers on rank 0 which ranks have a team together. */
static enum ms_code gather_nodes(MPI_Comm comm, MPI_Comm node, struct ms_node_team *node_team,
                                 struct ms_error *err)
{
    enum ms_code code = MS_OK;
    MPI_Request gathered;
    int rank, ranks;
    int32_t lowest;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    lowest = reduce(node, MPI_MIN, rank);
    if (node_team->team == NULL)
        lowest = -1;
    if (rank == 0)
        node_team->nodes = calloc((size_t)ranks, sizeof *node_team->nodes);
    if (rank == 0 && node_team->nodes == NULL)
        code = ms_fail_memory(err, NULL, "for the nodes of %d ranks", ranks);
    code = ms_agree(comm, code, err);
    if (code != MS_OK)
        return code;
    MPI_Igather(&lowest, 1, MPI_INT32_T, node_team->nodes, 1, MPI_INT32_T, 0, comm, &gathered);
    ms_wait_request(&gathered);
    return MS_OK;
}

enum ms_code ms_node_team_open(const struct ms_sweep_spec *sweep, struct ms_node_team *node_team,
                               struct ms_error *err)
{
    struct allowed *allowed = NULL;
    MPI_Comm node;
    enum ms_code code = MS_OK;
    int ranks;

    *node_team = (struct ms_node_team){.memory = NULL};
    MPI_Comm_split_type(sweep->comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &ranks);
    allowed = calloc((size_t)ranks, sizeof *allowed);
    if (allowed == NULL)
        code = ms_fail_memory(err, NULL, "for a team");
    code = ms_agree(sweep->comm, code, err);
    if (code == MS_OK && has_enough_cores(node, sweep->team_cores, allowed))
        code = open_place(node, ranks, sweep, node_team, err);
    free(allowed);
    code = ms_agree(sweep->comm, code, err);
    if (code == MS_OK)
        node_team->exists_anywhere = reduce(sweep->comm, MPI_MAX, node_team->team != NULL);
    if (node_team->exists_anywhere)
        code = gather_nodes(sweep->comm, node, node_team, err);
    MPI_Comm_free(&node);
    if (code != MS_OK)
        ms_node_team_close(node_team);
    return code;
}

void ms_node_team_close(struct ms_node_team *node_team)
{
    ms_team_close(node_team->team);
    ms_node_memory_free(node_team->memory, node_team->bytes);
    free(node_team->nodes);
    *node_team = (struct ms_node_team){.memory = NULL};
}
