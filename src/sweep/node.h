/* One rank of a machine writes for all ranks of the machine. This is for network file systems, whose clients cache and
 * write whole pages: the ranks of one machine share one client. It works on every file system, but is slower than
 * letting each rank write for itself.
 *
 *     ms_node_open(comm, writer, &node, err)             // collective
 *     often, on every rank: ms_node_serve(node)          // the writing rank writes the data of the others
 *     ms_node_finish(node)                               // collective: waits until everything is written
 *     ms_node_close(node)
 *
 * A rank sends its writes in messages, in order, and requests a flush by another message; the writing rank answers when
 * everything sent before the request is on disk.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_NODE_H
#define MOONSWEEP_SWEEP_NODE_H

#include <mpi.h>

#include "moonsweep/writer.h"

struct ms_node;

/* From now on the lowest rank of each machine writes for the others, whose writers send their writes to it. Errors, the
 * same on every rank: MS_NO_MEMORY. */
enum ms_code ms_node_open(MPI_Comm comm, struct ms_writer *writer, struct ms_node **node,
                          struct ms_error *err);

/* context: a struct ms_node, or NULL, which does nothing. Never waits. */
void ms_node_serve(void *context);

/* Collective over the ranks of a machine: returns when all of them have called it and everything is written. */
void ms_node_finish(struct ms_node *node);

/* Collective over the ranks of a machine. NULL does nothing. */
void ms_node_close(struct ms_node *node);

#endif
