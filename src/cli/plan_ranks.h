/* How long a sweep takes on different numbers of ranks, and how many of them make sense.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_PLAN_RANKS_H
#define MOONSWEEP_CLI_PLAN_RANKS_H

#include "plan_rounds.h"

enum { PLAN_RANKS_ROWS = 40 };

/* The sweep on one number of ranks. */
struct plan_ranks_row {
    int32_t ranks;
    double wall_s;
    double efficiency; /* the time in which one rank would train everything / that of all ranks, 0 .. 1 */
};

struct plan_ranks {
    /* 1, 2, 4, ... up to the first that does not help, and the others below */
    struct plan_ranks_row rows[PLAN_RANKS_ROWS];
    int n;
    struct plan_ranks_row useful; /* the fewest ranks that take at most 5% more time than any larger number */
    struct plan_ranks_row wanted; /* those of the command line */
    double wanted_no_teams_s;     /* on as many, if nobody helps */
};

/* Simulates the sweep. wanted: the number of ranks; 0: the smallest one that takes at most within_s. Errors:
 * MS_BAD_USAGE (no number of ranks takes so little), MS_NO_MEMORY. */
enum ms_code plan_ranks_find(const struct plan_rounds *rounds, int32_t wanted, double within_s,
                             struct plan_ranks *found, struct ms_error *err);

#endif
