/* Ranks that work without messages and leave together (moonsweep/leave.h).
 *
 *     mpirun -n 3 leave_ranks CASE
 *
 *     complete   each rank works until it has looked a number of times that differs between ranks
 *     asked      rank 1 is asked to stop while it works, the others work without end
 *     late       rank 1 is asked to stop when it has completed its work, the others work without end
 *     limit      the deadline of rank 1 has passed, the others work without end
 *     failed     rank 2 runs out of memory, the others work without end
 *
 * Every rank prints its number, the exit status of the result, and the sentence.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <mpi.h>
#include <stdio.h>
#include <string.h>

#include "moonsweep/leave.h"

enum { LOOKS = 1000 };

static volatile sig_atomic_t asked;

/* Looks that often, or without end for a negative number. Returns whether the work was completed. */
static bool work(struct ms_leave *leave, int looks)
{
    for (int i = 0; i != looks; i = looks < 0 ? 0 : i + 1)
        if (ms_leave_look(leave))
            return false;
    return true;
}

static enum ms_code work_of(const char *name, int rank, struct ms_leave *leave, struct ms_error *err)
{
    const bool acts = strcmp(name, "failed") == 0 ? rank == 2 : rank == 1;
    bool is_complete;

    if (strcmp(name, "complete") == 0)
        is_complete = work(leave, LOOKS * (rank + 1));
    else
        is_complete = work(leave, acts ? LOOKS : -1);
    if (is_complete && acts && strcmp(name, "asked") == 0) {
        asked = 1;
        is_complete = work(leave, -1);
    }
    if (acts && strcmp(name, "late") == 0)
        asked = 1;
    if (acts && strcmp(name, "limit") == 0) {
        leave->deadline_s = 0;
        is_complete = work(leave, -1);
    }
    if (acts && strcmp(name, "failed") == 0)
        return ms_fail_memory(err, NULL, "for the test");
    return is_complete ? MS_OK : ms_fail(err, MS_WORK_LEFT, "the work was stopped");
}

int main(int argc, char **argv)
{
    struct ms_leave leave;
    struct ms_error err = {.code = MS_OK};
    enum ms_code code;
    int rank;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    ms_leave_begin(&leave, MPI_COMM_WORLD, &asked);
    code = ms_leave_end(&leave, work_of(argv[1], rank, &leave, &err), &err);
    (void)printf("%d %d %s%s\n", rank, ms_exit_status(code), code == MS_OK ? "" : err.text,
                 ms_leave_is_late(&leave) ? " (late)" : "");
    MPI_Finalize();
    return 0;
}
