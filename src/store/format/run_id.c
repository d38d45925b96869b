/* Compares an id with others by the bits in which they differ: if there is none, the id is known; if there is
 * exactly one, the id is corrupt unless it equals another one.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getrandom */

#include "run_id.h"

#include <sys/random.h>

void ms_run_id_begin(struct ms_run_id *id, uint64_t stored)
{
    *id = (struct ms_run_id){.stored = stored};
    ms_run_id_compare(id, 0);
}

void ms_run_id_compare(struct ms_run_id *id, uint64_t other)
{
    const uint64_t differing = id->stored ^ other;

    id->is_known |= differing == 0;
    if (differing != 0 && (differing & (differing - 1)) == 0) {
        id->is_near = true;
        id->expected = other;
    }
}

bool ms_run_id_is_damaged(const struct ms_run_id *id)
{
    return id->is_near && !id->is_known;
}

uint64_t ms_run_id_random(void)
{
    uint64_t id;

    do {
        if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
            return 0;
    } while (id == 0);
    return id;
}
