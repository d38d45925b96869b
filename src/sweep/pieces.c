/* Broadcasts one piece after another, as large as MPI's counts allow, and sleeps until each has arrived. All
 * ranks know the size, and so make the same calls.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "pieces.h"

#include "wait.h"

/* MPI counts in int. */
static const size_t most_at_once = (size_t)1 << 30;

void ms_pieces_broadcast(MPI_Comm comm, void *bytes, size_t count)
{
    for (size_t sent = 0; sent < count;) {
        const size_t now = count - sent < most_at_once ? count - sent : most_at_once;
        MPI_Request request;

        MPI_Ibcast((char *)bytes + sent, (int)now, MPI_BYTE, 0, comm, &request);
        ms_wait_request(&request);
        sent += now;
    }
}
