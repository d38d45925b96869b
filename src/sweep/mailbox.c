/* I7 of docs/protocol.md: no rank blocks. Messages are sent with MPI_Isend from buffers of the mailbox and received
 * after MPI_Iprobe, and a rank that has to wait sleeps (wait.c). A rank without work uses less than 1% of a core.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <assert.h>
#include <stdlib.h>

#include "moonsweep/plural.h"
#include "wait.h"

enum { TAG = 0 };

/* A message that is being sent. MPI uses its bytes until the request is completed. */
struct ms_outgoing {
    struct ms_outgoing *next;
    MPI_Request request;
    unsigned char bytes[MS_MESSAGE_BYTES];
};

static enum ms_side side_of(enum ms_message_kind kind)
{
    return kind <= MS_MESSAGE_LEFT ? MS_COORDINATOR : MS_WORKER;
}

void ms_mailbox_open(struct ms_mailbox *mailbox, MPI_Comm comm)
{
    *mailbox = (struct ms_mailbox){.newest_next = &mailbox->oldest};
    MPI_Comm_dup(comm, &mailbox->comm);
    MPI_Comm_rank(mailbox->comm, &mailbox->rank);
    MPI_Comm_size(mailbox->comm, &mailbox->ranks);
}

static void forget_oldest(struct ms_mailbox *mailbox)
{
    struct ms_outgoing *oldest = mailbox->oldest;

    mailbox->oldest = oldest->next;
    if (mailbox->oldest == NULL)
        mailbox->newest_next = &mailbox->oldest;
    free(oldest);
}

void ms_mailbox_close(struct ms_mailbox *mailbox)
{
    while (mailbox->oldest != NULL) {
        ms_wait_request(&mailbox->oldest->request);
        forget_oldest(mailbox);
    }
    MPI_Comm_free(&mailbox->comm);
}

/* Frees the messages that have been sent, in order: one that is not sent yet delays later ones, but not for long. */
static void reap(struct ms_mailbox *mailbox)
{
    while (mailbox->oldest != NULL) {
        int completed;

        MPI_Test(&mailbox->oldest->request, &completed, MPI_STATUS_IGNORE);
        if (!completed)
            return;
        forget_oldest(mailbox);
    }
}

static void keep_own(struct ms_own_messages *own, const struct ms_message *message)
{
    assert(own->count < MS_OWN_MESSAGES);
    own->messages[(own->first + own->count++) % MS_OWN_MESSAGES] = *message;
}

static bool take_own(struct ms_own_messages *own, struct ms_message *message)
{
    if (own->count == 0)
        return false;
    *message = own->messages[own->first];
    own->first = (own->first + 1) % MS_OWN_MESSAGES;
    own->count--;
    return true;
}

void ms_mailbox_send(struct ms_mailbox *mailbox, int rank, const struct ms_message *message)
{
    struct ms_outgoing *outgoing;

    reap(mailbox);
    if (rank == mailbox->rank) {
        keep_own(&mailbox->own[side_of(message->kind)], message);
        return;
    }
    outgoing = malloc(sizeof *outgoing);
    if (outgoing == NULL) { /* a blocking send needs no memory, and does not block for short messages */
        unsigned char bytes[MS_MESSAGE_BYTES];
        size_t count = ms_protocol_encode(message, bytes);

        MPI_Send(bytes, (int)count, MPI_BYTE, rank, TAG, mailbox->comm);
        return;
    }
    outgoing->next = NULL;
    MPI_Isend(outgoing->bytes, (int)ms_protocol_encode(message, outgoing->bytes), MPI_BYTE, rank, TAG,
              mailbox->comm, &outgoing->request);
    *mailbox->newest_next = outgoing;
    mailbox->newest_next = &outgoing->next;
}

bool ms_mailbox_is_sent(struct ms_mailbox *mailbox)
{
    reap(mailbox);
    return mailbox->oldest == NULL;
}

/* Whether other ranks send messages to this side. */
static bool has_others(const struct ms_mailbox *mailbox, enum ms_side side)
{
    return mailbox->ranks > 1 && (mailbox->rank != MS_COORDINATOR_RANK || side == MS_COORDINATOR);
}

/* Receives the next message of another rank for this side if one has arrived. */
static enum ms_code receive_from_others(struct ms_mailbox *mailbox, enum ms_side side, bool *arrived,
                                        int *from, struct ms_message *message, struct ms_error *err)
{
    unsigned char bytes[MS_MESSAGE_BYTES];
    MPI_Status status;
    int waiting, count;

    MPI_Iprobe(MPI_ANY_SOURCE, TAG, mailbox->comm, &waiting, &status);
    *arrived = waiting;
    if (!waiting)
        return MS_OK;
    MPI_Recv(bytes, MS_MESSAGE_BYTES, MPI_BYTE, status.MPI_SOURCE, TAG, mailbox->comm, &status);
    MPI_Get_count(&status, MPI_BYTE, &count);
    *from = status.MPI_SOURCE;
    if (ms_protocol_decode(bytes, (size_t)count, message) && side_of(message->kind) == side)
        return MS_OK;
    return ms_fail(err, MS_INTERNAL,
                   "received an invalid message of %d %s from rank %d; all ranks must run the same moonsweep",
                   count, ms_plural(count, "byte", "bytes"), status.MPI_SOURCE);
}

enum ms_code ms_mailbox_receive(struct ms_mailbox *mailbox, enum ms_side side, bool *arrived, int *from,
                                struct ms_message *message, struct ms_error *err)
{
    reap(mailbox);
    *from = mailbox->rank;
    *arrived = take_own(&mailbox->own[side], message);
    if (*arrived || !has_others(mailbox, side))
        return MS_OK;
    return receive_from_others(mailbox, side, arrived, from, message, err);
}
