#include "moonsweep/leave.h"

#include "moonsweep/agree.h"
#include "wait.h"

/* The states of a rank in a round; the highest one of all ranks decides. */
enum {
    AT_THE_END, /* on every rank: the work is complete */
    AT_WORK,    /* another round follows */
    ASKED,      /* to stop: all ranks leave */
    FAILED      /* likewise, and report the error */
};

void ms_leave_begin(struct ms_leave *leave, MPI_Comm comm, const volatile sig_atomic_t *stop)
{
    *leave = (struct ms_leave){.comm = comm, .stop = stop, .request = MPI_REQUEST_NULL, .highest = AT_WORK};
}

/* Takes part in a round. state: AT_THE_END, AT_WORK or FAILED. */
static void begin_round(struct ms_leave *leave, int state)
{
    const bool is_asked = leave->stop != NULL && *leave->stop != 0;

    leave->own = is_asked && state != FAILED ? ASKED : state;
    MPI_Iallreduce(&leave->own, &leave->highest, 1, MPI_INT, MPI_MAX, leave->comm, &leave->request);
}

bool ms_leave_look(void *context)
{
    struct ms_leave *leave = context;
    int completed;

    if (leave->request == MPI_REQUEST_NULL) {
        if (leave->highest != AT_WORK)
            return true;
        begin_round(leave, AT_WORK);
    }
    MPI_Test(&leave->request, &completed, MPI_STATUS_IGNORE);
    return completed && leave->highest != AT_WORK;
}

enum ms_code ms_leave_end(struct ms_leave *leave, enum ms_code code, struct ms_error *err)
{
    const int state = code == MS_OK || code == MS_WORK_LEFT ? AT_THE_END : FAILED;

    if (leave->request != MPI_REQUEST_NULL)
        ms_wait_request(&leave->request);
    while (leave->highest == AT_WORK) {
        begin_round(leave, state);
        ms_wait_request(&leave->request);
    }
    if (leave->highest == ASKED && code == MS_OK)
        code = ms_fail(err, MS_WORK_LEFT, "stopped by a signal");
    if (leave->highest == FAILED && code == MS_WORK_LEFT)
        code = MS_OK; /* another rank has the error */
    return ms_agree(leave->comm, code, err);
}
