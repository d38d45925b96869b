/* Sends and receives messages without blocking; a rank that trains checks for messages in ticks.
 *
 * Rank 0 is both coordinator and worker, and sends messages to itself as to any other rank; the mailbox keeps these
 * without MPI. The kind of a message says which of the two it is for: from other ranks, rank 0 receives only messages
 * to the coordinator, so that it probes for messages once in each tick.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_MAILBOX_H
#define MOONSWEEP_SWEEP_MAILBOX_H

#include <mpi.h>
#include <stdbool.h>

#include "protocol.h"

enum ms_side { MS_COORDINATOR, MS_WORKER };

enum { MS_COORDINATOR_RANK = 0 };

struct ms_outgoing; /* a message that is being sent */

/* Messages of rank 0 to itself, the oldest at `first` of a ring. A worker takes few steps between two of the coordinator's,
 * and has at most one unanswered ASK and two leases (I2), so that no more than one message of each kind waits, or two. */
enum { MS_OWN_MESSAGES = 16 };

struct ms_own_messages {
    struct ms_message messages[MS_OWN_MESSAGES];
    int first, count;
};

struct ms_mailbox {
    MPI_Comm comm;
    int rank, ranks;
    struct ms_outgoing *oldest, **newest_next; /* a list, the oldest first */
    struct ms_own_messages own[2];             /* [side] of rank 0 */
};

/* Collective over comm, which is duplicated, so that other messages on comm do not interfere. */
void ms_mailbox_open(struct ms_mailbox *mailbox, MPI_Comm comm);

/* Collective; sleeps until MPI has completed sending every message. */
void ms_mailbox_close(struct ms_mailbox *mailbox);

/* Sends to rank. Messages from one side of a rank to one side of another rank arrive in the order of sending. */
void ms_mailbox_send(struct ms_mailbox *mailbox, int rank, const struct ms_message *message);

/* Whether MPI has completed sending every message. A message that may as well be sent later waits for this: otherwise
 * such messages would fill the memory while the receiver is suspended. */
bool ms_mailbox_is_sent(struct ms_mailbox *mailbox);

/* Receives the next message for this side if one has arrived (*arrived). Errors: MS_INTERNAL if the message is invalid,
 * which means that the ranks run different programs. */
enum ms_code ms_mailbox_receive(struct ms_mailbox *mailbox, enum ms_side side, bool *arrived, int *from,
                                struct ms_message *message, struct ms_error *err);

#endif
