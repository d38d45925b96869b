/* A request to stop that counts how often it is looked at.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_UNIT_STOP_COUNTER_H
#define MOONSWEEP_TESTS_UNIT_STOP_COUNTER_H

#include "moonsweep/stop_request.h"

struct stop_counter {
    int looks;
    int stop_at; /* the look that asks to stop, from 0; -1: none */
};

/* An is_asked of struct ms_stop_request. */
static inline bool stop_counter_look(void *context)
{
    struct stop_counter *counter = context;

    return counter->looks++ == counter->stop_at;
}

/* Returns the number of looks in `loops` loops over `rows` samples. */
static inline int stop_counter_expected(int loops, int64_t rows)
{
    return loops * (int)((rows + MS_STOP_REQUEST_INTERVAL - 1) / MS_STOP_REQUEST_INTERVAL);
}

#endif
