/* The signs of life of another rank: whether it has been silent for so long that something is wrong with it.
 *
 *     struct ms_alive alive = ms_alive_begin(now_s);
 *     silent_s = ms_alive_sign(&alive, now_s);                    // whenever a message of the rank arrives
 *     if (ms_alive_falls_silent(&alive, &limits, now_s)) ...      // now and then: report it
 *     if (ms_alive_is_lost(&alive, &limits, now_s)) ...           // do not wait for it any longer
 *
 * now_s: monotonic seconds in ascending order, without the time for which the calling process was suspended itself:
 * then it has received nothing, which says nothing about the other rank.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_ALIVE_H
#define MOONSWEEP_SWEEP_ALIVE_H

#include <stdbool.h>

/* After how many seconds without a sign of life a rank counts as silent, and as lost (INFINITY: never). */
struct ms_alive_limits {
    double silent_s, lost_s;
};

struct ms_alive {
    double sign_s;  /* the time of the last sign */
    bool is_silent; /* it was found silent after that */
};

/* The limits that follow from the time after which a rank is lost (0: never), and from the interval between its signs: a
 * rank is silent after a tenth of that time, but after a minute at the latest, and after a second and four intervals at the
 * earliest. It is not lost before it is silent. */
struct ms_alive_limits ms_alive_limits(double lost_s, double interval_s);

struct ms_alive ms_alive_begin(double now_s);

/* Notes a sign of life. Returns for how many seconds the rank was silent if it was found silent, otherwise 0. */
double ms_alive_sign(struct ms_alive *alive, double now_s);

/* Returns true once in each silence, when it has become long. */
bool ms_alive_falls_silent(struct ms_alive *alive, const struct ms_alive_limits *limits, double now_s);

bool ms_alive_is_lost(const struct ms_alive *alive, const struct ms_alive_limits *limits, double now_s);

#endif
