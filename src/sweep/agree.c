/* Two collectives that do not block: the lowest rank that failed, found by all ranks, and, only if there is
 * one, a broadcast of its error.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/agree.h"

#include <stdio.h>

#include "wait.h"

void ms_agree_sign(MPI_Comm comm, struct ms_error *err)
{
    char host[MPI_MAX_PROCESSOR_NAME];
    struct ms_error unsigned_err = *err;
    int rank, length;

    MPI_Comm_rank(comm, &rank);
    MPI_Get_processor_name(host, &length);
    ms_fail(err, unsigned_err.code, "rank %d on %.*s: %s", rank, length, host, unsigned_err.text);
}

/* The lowest rank that failed, or the number of ranks if none did. */
static int first_failure(MPI_Comm comm, enum ms_code code)
{
    MPI_Request request;
    int rank, ranks, candidate, first;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    candidate = code == MS_OK ? ranks : rank;
    MPI_Iallreduce(&candidate, &first, 1, MPI_INT, MPI_MIN, comm, &request);
    ms_wait_request(&request);
    return first;
}

enum ms_code ms_agree(MPI_Comm comm, enum ms_code code, struct ms_error *err)
{
    int first = first_failure(comm, code), rank, ranks;
    MPI_Request request;

    MPI_Comm_size(comm, &ranks);
    if (first == ranks)
        return MS_OK;
    MPI_Comm_rank(comm, &rank);
    if (rank == first) {
        err->code = code;
        if (rank != 0)
            ms_agree_sign(comm, err);
    }
    /* All ranks run the same program, so the struct can be sent as bytes. */
    MPI_Ibcast(err, (int)sizeof *err, MPI_BYTE, first, comm, &request);
    ms_wait_request(&request);
    return err->code;
}
