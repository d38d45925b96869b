/* Decides whether a team may train while other programs use the processors too, by the iterations of long periods. No clock
 * is read here.
 *
 *     ms_team_contention_begin(&contention);
 *     for each few milliseconds of iterations:
 *         if (ms_team_contention_allows(&contention)) ... as many members as are quickest (team_size.h) ...
 *         else                                        ... the leader alone ...
 *         ms_team_contention_note(&contention, &used);
 *
 * The times of short stretches do not show what a team costs on a machine that has more running processes than processors.
 * There a process has a processor in turns of some milliseconds, and most stretches fall within a turn. But the more a
 * helper computes, the rarer are the turns of its leader, where a system divides the processors among users or jobs; and
 * in the turns of one of them the other one often has none. So a leader that lacks a processor for a part of the time
 * trains alone. Later it compares: it trains alone for a period, and as long with a team, in wall time, and keeps the
 * team only if more was done in that way. Comparisons are so rare that they cost less than 2% of the iterations, and the
 * first one comes after 0.6 seconds of processor time.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TEAM_CONTENTION_H
#define MOONSWEEP_TRAIN_TEAM_CONTENTION_H

#include <stdbool.h>
#include <stdint.h>

/* What the leader did in some time. */
struct ms_team_used {
    double iterations, elapsed_s, cpu_s; /* cpu_s: processor seconds of the leader */
};

struct ms_team_contention {
    bool is_parted;              /* the leader trains alone */
    bool is_comparing;           /* periods without and with a team are being compared */
    int32_t compared;            /* periods of this comparison that have ended */
    double period_s;             /* how long each of them takes */
    struct ms_team_used sums[2]; /* what was done in them without a team, and with it */
    struct ms_team_used used;    /* what was done in the current period so far */
    bool pays;                   /* more was done with a team in the last comparison */
    bool was_crowded_alone;      /* in it the leader lacked a processor without a team, too */
    int64_t term, left;          /* periods between two comparisons, and those left until the next one */
    int64_t quiet;               /* periods in a row in which the leader lacked no processor */
};

/* Begins with a team that may train. */
void ms_team_contention_begin(struct ms_team_contention *contention);

static inline bool ms_team_contention_allows(const struct ms_team_contention *contention)
{
    return !contention->is_parted;
}

/* Adds what was done since the last call. */
void ms_team_contention_note(struct ms_team_contention *contention, const struct ms_team_used *used);

/* Something else is trained from now on, whose iterations cannot be compared with those before. */
void ms_team_contention_change(struct ms_team_contention *contention);

#endif
