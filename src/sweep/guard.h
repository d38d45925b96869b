/* The last rank watches rank 0, which watches all others: it reports if rank 0 is silent, and ends the program if rank 0
 * is lost. On all other ranks, and on a rank that is alone, the guard does nothing. The last rank is chosen because it is
 * rarely on the machine of rank 0.
 *
 *     ms_guard_begin(&guard, spec);
 *     ms_guard_sign(&guard)      // ALIVE has arrived
 *     ms_guard_look(&guard)      // often, until GOODBYE has arrived
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_GUARD_H
#define MOONSWEEP_SWEEP_GUARD_H

#include "alive.h"
#include "moonsweep/suspension.h"
#include "moonsweep/sweep.h"

/* Between the signs of life that rank 0 gives. */
extern const double ms_guard_sign_interval_s;

struct ms_guard {
    const struct ms_sweep_spec *spec; /* NULL: the guard does nothing */
    struct ms_alive_limits limits;
    struct ms_alive alive;           /* of rank 0 */
    struct ms_suspension suspension; /* of this process */
    double suspended_s;
};

/* spec is borrowed. */
void ms_guard_begin(struct ms_guard *guard, const struct ms_sweep_spec *spec);
void ms_guard_sign(struct ms_guard *guard);
void ms_guard_look(struct ms_guard *guard);

#endif
