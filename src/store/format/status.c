/* The names of the statuses, which are also in the file (flag_meanings in schema.c), the status that follows
 * from the end of a training, and what a status means for successive halving.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/row.h"

static const char *const names[MS_STATUS_COUNT] = {[MS_PENDING] = "pending",
                                                   [MS_DONE] = "done",
                                                   [MS_DIVERGED] = "diverged",
                                                   [MS_STOPPED] = "stopped",
                                                   [MS_DROPPED] = "dropped"};

const char *ms_status_name(enum ms_status status)
{
    return names[status];
}

enum ms_status ms_status_of_end(bool diverged, enum ms_ended_by ended_by)
{
    if (diverged)
        return MS_DIVERGED;
    return ended_by != MS_ENDED_BY_NOTHING ? MS_STOPPED : MS_DONE;
}

enum ms_halving_state ms_status_halving_state(enum ms_status status)
{
    if (status == MS_DIVERGED)
        return MS_HALVING_DIVERGED;
    return status == MS_DONE || status == MS_STOPPED ? MS_HALVING_RANKED : MS_HALVING_PENDING;
}
