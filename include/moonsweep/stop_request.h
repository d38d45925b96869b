/* A request to stop that long loops look at: a function that is called now and then, and returns true to stop.
 *
 *     for (int64_t i = 0; i < rows; i++) {
 *         if (ms_stop_request_at(stop, i))
 *             return ms_stop_request_error(err, "making the data");
 *         ...
 *     }
 *
 * Modules without signals and MPI learn in this way that they are to end.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STOP_REQUEST_H
#define MOONSWEEP_STOP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_stop_request {
    bool (*is_asked)(void *context);
    void *context;
};

/* The number of samples between two calls: less than ten milliseconds of work, for all that is done with a sample once.
 */
enum { MS_STOP_REQUEST_INTERVAL = 1 << 14 };

/* To be called before sample i of a loop: asks at every MS_STOP_REQUEST_INTERVAL-th. stop may be NULL. */
static inline bool ms_stop_request_at(const struct ms_stop_request *stop, int64_t i)
{
    return i % MS_STOP_REQUEST_INTERVAL == 0 && stop != NULL && stop->is_asked(stop->context);
}

/* Returns MS_WORK_LEFT, with a sentence that names the step which was not finished. */
static inline enum ms_code ms_stop_request_error(struct ms_error *err, const char *step)
{
    return ms_fail(err, MS_WORK_LEFT, "%s was stopped", step);
}

#ifdef __cplusplus
}
#endif

#endif
