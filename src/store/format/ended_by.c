/* The names of the rules that end trajectories early, which are also in the file (flag_meanings in schema.c).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/row.h"

static const char *const names[MS_ENDED_BY_COUNT] = {[MS_ENDED_BY_NOTHING] = "none",
                                                     [MS_ENDED_BY_PATIENCE] = "patience",
                                                     [MS_ENDED_BY_TARGET] = "target_dev_accuracy",
                                                     [MS_ENDED_BY_TIME] = "max_seconds"};

const char *ms_ended_by_name(enum ms_ended_by ended_by)
{
    return names[ended_by];
}
