/* Pretends that this process is rank 0 of many, whose messages the program makes up: it defines some of MPI's functions,
 * which MPI's profiling interface allows. So the coordinator runs unchanged, and its time is that of handling messages
 * without the time that MPI takes to bring them.
 *
 *     many_ranks_begin(ranks);                      // MPI_Comm_size returns this number from now on
 *     many_ranks_send(rank, &message);              // arrives at rank 0
 *     lease = many_ranks_lease(rank);               // the lease that rank 0 has sent last to a rank
 *     many_ranks_end();
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_BENCH_MANY_RANKS_H
#define MOONSWEEP_BENCH_MANY_RANKS_H

#include <stdbool.h>
#include <stdint.h>

#include "sweep/protocol.h"

/* Returns false if memory is short. */
bool many_ranks_begin(int ranks);
void many_ranks_end(void);

/* Sends a message other than ERROR to rank 0. Up to two messages of each rank can wait. */
void many_ranks_send(int rank, const struct ms_message *message);

/* The id of the last lease that was sent to a rank; -1: none. */
int64_t many_ranks_lease(int rank);

/* The number of messages that rank 0 has sent since the last call, without ALIVE, which follow the clock. */
int64_t many_ranks_sent(void);

#endif
