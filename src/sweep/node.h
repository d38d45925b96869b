/* One rank of a machine writes for all its ranks. On a network file system clients keep and write whole pages: two machines
 * never share one then, and the ranks of one machine share a client. It is right everywhere, and slower than letting
 * each rank write for itself.
 *
 *     ms_node_open(comm, writer, &node, err)             // collective
 *     often, on every rank: ms_node_serve(node)          // the writing rank writes what the others have sent
 *     ms_node_finish(node)                               // collective: until everything is written
 *     ms_node_close(node)
 *
 * A rank hands its writes over in messages, in their order, and asks for a flush in another; the writing rank answers when
 * the disk has everything that came before. */
#ifndef MOONSWEEP_SWEEP_NODE_H
#define MOONSWEEP_SWEEP_NODE_H

#include <mpi.h>

#include "moonsweep/writer.h"

struct ms_node;

/* Makes the lowest rank of each machine write for the others: their writer hands its writes over from here on. Errors, the
 * same on every rank: MS_NO_MEMORY. */
enum ms_code ms_node_open(MPI_Comm comm, struct ms_writer *writer, struct ms_node **node,
                          struct ms_error *err);

/* Never waits; harmless on NULL. */
void ms_node_serve(void *node);

/* Collective over the ranks of a machine: returns when all of them have come here and nothing is left to be written. */
void ms_node_finish(struct ms_node *node);

/* Collective over the ranks of a machine. NULL is harmless. */
void ms_node_close(struct ms_node *node);

#endif
