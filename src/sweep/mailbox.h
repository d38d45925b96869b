/* Sending and receiving messages without ever blocking: a rank that trains looks in when it ticks.
 *
 * Rank 0 is coordinator and worker at once and sends messages to itself like to any other; a message's kind
 * says which of the two it is for. */
#ifndef MOONSWEEP_SWEEP_MAILBOX_H
#define MOONSWEEP_SWEEP_MAILBOX_H

#include <mpi.h>
#include <stdbool.h>

#include "protocol.h"

enum ms_side { MS_COORDINATOR, MS_WORKER };

enum { MS_COORDINATOR_RANK = 0 };

struct ms_outgoing; /* a message on its way */

struct ms_mailbox {
    MPI_Comm comm;
    struct ms_outgoing *oldest, **newest_next; /* a list, the oldest first */
};

/* Collective over comm, which is duplicated: its other traffic is kept apart. */
void ms_mailbox_open(struct ms_mailbox *mailbox, MPI_Comm comm);

/* Collective; waits (asleep) until every message sent has been taken over by MPI. */
void ms_mailbox_close(struct ms_mailbox *mailbox);

/* Sends to rank; the messages from one side of one rank to one side of another arrive in their order. */
void ms_mailbox_send(struct ms_mailbox *mailbox, int rank, const struct ms_message *message);

/* Takes the next message for this side, if one has arrived (*arrived). Errors: MS_INTERNAL when it is not one
 * of ours: the ranks run different programs. */
enum ms_code ms_mailbox_receive(struct ms_mailbox *mailbox, enum ms_side side, bool *arrived, int *from,
                                struct ms_message *message, struct ms_error *err);

#endif
