/* Decides how many members a team has, by the times of iterations: it compares the size that was the quickest so far with
 * another one, in turns, and keeps the quicker. No clock is read here.
 *
 *     ms_team_size_begin(&size);
 *     for each stretch of iterations:
 *         members = ms_team_size_next(&size, available)      // how many train it
 *         ms_team_size_note(&size, seconds)                  // of one iteration in it
 *
 * A comparison consists of a few stretches of each size. Then follow many stretches of the size that is kept, and the more
 * of them, the more often it has been kept in a row. A larger team has to be clearly quicker, because its members could do
 * other things. If the iterations of a team become slower than a process was alone, the two are compared at once: another
 * program may need the processors.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TEAM_SIZE_H
#define MOONSWEEP_TRAIN_TEAM_SIZE_H

#include <stdint.h>

enum { MS_TEAM_SIZE_ROUNDS = 3 /* stretches of each size in a comparison */ };

struct ms_team_size {
    int32_t kept;       /* the size that was the quickest so far */
    int32_t rival;      /* with which it is being compared; 0: none */
    int32_t stretch;    /* of the comparison, from 0 */
    int32_t available;  /* when the last stretch began */
    int32_t compared;   /* the largest number that was available in a comparison */
    int32_t turn;       /* of the choice of rivals */
    int64_t term, left; /* stretches between two comparisons, and until the next one */
    int32_t slow;       /* stretches in a row that were slower than alone_s */
    double alone_s;     /* of an iteration without a team, in the last comparison with that; 0: unknown */
    double seconds[2][MS_TEAM_SIZE_ROUNDS]; /* of kept and rival in the comparison */
};

/* Begins with one member, and a comparison as soon as more are available. */
void ms_team_size_begin(struct ms_team_size *size);

/* The number of members for the next stretch, at least 1. available: the most that there could be. */
int32_t ms_team_size_next(struct ms_team_size *size, int32_t available);

/* Notes the seconds of an iteration in the stretch. Not called if the stretch was not completed. */
void ms_team_size_note(struct ms_team_size *size, double seconds);

/* The smallest number of members among whom `segments` segments are divided as well as among `members`: if the largest
 * share is not smaller, the others would only wait. */
int32_t ms_team_size_useful(int32_t members, int32_t segments);

#endif
