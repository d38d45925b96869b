/* First the ranks that do not write, which send copies of their data, then the rank that writes, and last
 * opening and closing. MPI keeps the order of the messages of a rank: when its request for a flush arrives,
 * everything that it sent before has been written, or has failed, which the answer then says.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "node.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "wait.h"

/* Rank 0 of the machine writes. */
enum { WRITING_RANK = 0, TAG_TO_WRITER = 0, TAG_ANSWER = 1 };

enum { PIECE_BYTES = 32 << 20, WAIT_LIMIT_NS = 1000 * 1000 };

/* The amount of unsent data at which a rank waits for the writing rank. */
static const size_t most_in_transit = 64 << 20;

enum kind { WRITE, FLUSH, BYE };

/* A message consists of this header and the data to be written. */
struct header {
    int32_t kind, unused;
    uint64_t number; /* WRITE: the offset in the file; FLUSH: the ticket */
};

struct answer {
    uint64_t ticket;
    int32_t cause, unused; /* errno of the first write or flush that failed for this rank; 0: none */
};

/* A message that is being sent. */
struct outgoing {
    struct outgoing *next;
    MPI_Request request;
    size_t count;
    unsigned char bytes[];
};

/* A flush that a rank has requested. */
struct wanted {
    struct wanted *next;
    int rank;
    uint64_t ticket, own_ticket; /* the requesting rank's, and this writer's */
};

struct ms_node {
    MPI_Comm comm; /* of the machine */
    int rank, ranks;
    struct ms_writer *writer;

    /* Used by the ranks that do not write. */
    struct outgoing *oldest, **newest_next;
    size_t in_transit;
    uint64_t asked, answered;
    int cause;

    /* Used by the rank that writes. */
    struct wanted *wanted; /* the oldest first */
    int *causes;           /* [ranks] owned: errno of the first write that failed for each */
    unsigned char *buffer; /* [buffer_bytes] owned: a message */
    size_t buffer_bytes;
    int said_bye; /* ranks that have sent BYE */
};

/* ---- ranks that do not write ------------------------------------------------------------------------------ */

static void forget_oldest(struct ms_node *node)
{
    struct outgoing *oldest = node->oldest;

    node->in_transit -= oldest->count;
    node->oldest = oldest->next;
    if (node->oldest == NULL)
        node->newest_next = &node->oldest;
    free(oldest);
}

/* Frees the messages that have been sent. */
static void reap(struct ms_node *node)
{
    while (node->oldest != NULL) {
        int completed;

        MPI_Test(&node->oldest->request, &completed, MPI_STATUS_IGNORE);
        if (!completed)
            return;
        forget_oldest(node);
    }
}

/* Sends a message. Returns 0 or an errno. */
static int send_message(struct ms_node *node, enum kind kind, uint64_t number, size_t count,
                        const void *bytes)
{
    const struct header header = {.kind = (int32_t)kind, .number = number};
    struct outgoing *outgoing = malloc(sizeof *outgoing + sizeof header + count);

    if (outgoing == NULL)
        return ENOMEM;
    outgoing->next = NULL;
    outgoing->count = sizeof header + count;
    memcpy(outgoing->bytes, &header, sizeof header);
    if (count > 0)
        memcpy(outgoing->bytes + sizeof header, bytes, count);
    MPI_Isend(outgoing->bytes, (int)outgoing->count, MPI_BYTE, WRITING_RANK, TAG_TO_WRITER, node->comm,
              &outgoing->request);
    *node->newest_next = outgoing;
    node->newest_next = &outgoing->next;
    node->in_transit += outgoing->count;
    reap(node);
    while (node->in_transit > most_in_transit) {
        ms_wait_request(&node->oldest->request);
        forget_oldest(node);
    }
    return 0;
}

/* Receives the answers that have arrived. */
static void take_answers(struct ms_node *node)
{
    int waiting = 1;

    for (;;) {
        struct answer answer;

        MPI_Iprobe(WRITING_RANK, TAG_ANSWER, node->comm, &waiting, MPI_STATUS_IGNORE);
        if (!waiting)
            return;
        MPI_Recv(&answer, (int)sizeof answer, MPI_BYTE, WRITING_RANK, TAG_ANSWER, node->comm,
                 MPI_STATUS_IGNORE);
        node->answered = answer.ticket;
        if (node->cause == 0)
            node->cause = answer.cause;
    }
}

/* A write of struct ms_writer_proxy. */
static int hand_over(void *context, uint64_t offset, size_t count, const void *bytes)
{
    struct ms_node *node = context;
    int cause = node->cause;

    for (size_t done = 0; cause == 0 && done < count;) {
        const size_t piece = count - done < PIECE_BYTES ? count - done : PIECE_BYTES;

        cause = send_message(node, WRITE, offset + done, piece, (const char *)bytes + done);
        done += piece;
    }
    return cause;
}

static uint64_t ask_flush(void *context)
{
    struct ms_node *node = context;
    int cause = send_message(node, FLUSH, ++node->asked, 0, NULL);

    if (node->cause == 0)
        node->cause = cause;
    return node->asked;
}

static int flush_state(void *context, uint64_t ticket, bool *is_done)
{
    struct ms_node *node = context;

    reap(node);
    take_answers(node);
    *is_done = node->answered >= ticket || node->cause != 0;
    return node->cause;
}

/* ---- writing for the others ------------------------------------------------------------------------------ */

static void answer(const struct ms_node *node, int rank, uint64_t ticket, int cause)
{
    const struct answer message = {.ticket = ticket, .cause = cause != 0 ? cause : node->causes[rank]};

    MPI_Send(&message, (int)sizeof message, MPI_BYTE, rank, TAG_ANSWER, node->comm);
}

/* Answers the requests whose data is on disk. */
static void answer_flushed(struct ms_node *node)
{
    while (node->wanted != NULL) {
        struct wanted *first = node->wanted;
        bool is_done;
        int cause = ms_writer_flush_state_for(node->writer, first->own_ticket, &is_done);

        if (!is_done)
            return;
        answer(node, first->rank, first->ticket, cause);
        node->wanted = first->next;
        free(first);
    }
}

static void note_flush(struct ms_node *node, int rank, uint64_t ticket)
{
    struct wanted **last = &node->wanted, *wanted = malloc(sizeof *wanted);

    if (wanted == NULL) {
        answer(node, rank, ticket, ENOMEM);
        return;
    }
    *wanted = (struct wanted){
        .rank = rank, .ticket = ticket, .own_ticket = ms_writer_ask_flush_for(node->writer)};
    while (*last != NULL)
        last = &(*last)->next;
    *last = wanted;
}

/* Makes the buffer large enough for a message of count bytes. */
static bool grow_buffer(struct ms_node *node, size_t count)
{
    if (count <= node->buffer_bytes)
        return true;
    free(node->buffer);
    node->buffer = malloc(count);
    node->buffer_bytes = node->buffer == NULL ? 0 : count;
    return node->buffer != NULL;
}

static void handle(struct ms_node *node, int rank, size_t count)
{
    struct header header;

    memcpy(&header, node->buffer, sizeof header);
    switch ((enum kind)header.kind) {
    case WRITE:
        if (node->causes[rank] == 0)
            node->causes[rank] = ms_writer_write_for(node->writer, header.number, count - sizeof header,
                                                     node->buffer + sizeof header);
        break;
    case FLUSH:
        note_flush(node, rank, header.number);
        break;
    case BYE:
        node->said_bye++;
        break;
    }
}

void ms_node_serve(void *context)
{
    struct ms_node *node = context;
    MPI_Status status;
    int waiting = 1;

    if (node == NULL || node->rank != WRITING_RANK)
        return;
    for (;;) {
        int count;

        MPI_Iprobe(MPI_ANY_SOURCE, TAG_TO_WRITER, node->comm, &waiting, &status);
        if (!waiting)
            break;
        MPI_Get_count(&status, MPI_BYTE, &count);
        if (!grow_buffer(node, (size_t)count)) { /* the next call tries again */
            node->causes[status.MPI_SOURCE] = ENOMEM;
            break;
        }
        MPI_Recv(node->buffer, count, MPI_BYTE, status.MPI_SOURCE, TAG_TO_WRITER, node->comm,
                 MPI_STATUS_IGNORE);
        handle(node, status.MPI_SOURCE, (size_t)count);
    }
    answer_flushed(node);
}

/* ---- opening and closing --------------------------------------------------------------------------------- */

enum ms_code ms_node_open(MPI_Comm comm, struct ms_writer *writer, struct ms_node **node,
                          struct ms_error *err)
{
    struct ms_node *opened = calloc(1, sizeof *opened);
    enum ms_code code = opened == NULL ? ms_fail_memory(err, NULL, "to write for other ranks") : MS_OK;

    code = ms_agree(comm, code, err);
    if (code != MS_OK) {
        free(opened);
        return code;
    }
    opened->newest_next = &opened->oldest;
    opened->writer = writer;
    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &opened->comm);
    MPI_Comm_rank(opened->comm, &opened->rank);
    MPI_Comm_size(opened->comm, &opened->ranks);
    opened->causes = calloc((size_t)opened->ranks, sizeof *opened->causes);
    code = opened->causes == NULL ? ms_fail_memory(err, NULL, "to write for other ranks") : MS_OK;
    code = ms_agree(comm, code, err);
    if (code != MS_OK) {
        ms_node_close(opened);
        return code;
    }
    if (opened->rank != WRITING_RANK)
        ms_writer_use_proxy(writer, &(struct ms_writer_proxy){.write = hand_over,
                                                              .ask_flush = ask_flush,
                                                              .flush_state = flush_state,
                                                              .context = opened});
    *node = opened;
    return MS_OK;
}

void ms_node_finish(struct ms_node *node)
{
    struct ms_wait wait = ms_wait_begin(WAIT_LIMIT_NS);

    if (node == NULL)
        return;
    if (node->rank != WRITING_RANK && send_message(node, BYE, 0, 0, NULL) != 0)
        MPI_Abort(node->comm, ms_exit_status(MS_NO_MEMORY)); /* or the writing rank waits for ever */
    while (node->rank == WRITING_RANK && (node->said_bye < node->ranks - 1 || node->wanted != NULL)) {
        ms_node_serve(node);
        ms_wait_sleep(&wait);
    }
    while (node->oldest != NULL) {
        ms_wait_request(&node->oldest->request);
        forget_oldest(node);
    }
}

void ms_node_close(struct ms_node *node)
{
    if (node == NULL)
        return;
    if (node->rank != WRITING_RANK)
        ms_writer_use_proxy(node->writer, NULL);
    MPI_Comm_free(&node->comm);
    free(node->causes);
    free(node->buffer);
    free(node);
}
