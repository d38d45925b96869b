/* The layout of the memory that the processes of a team share: for each place a control block, two messages and an area.
 *
 *   control   the leader's: the number of the last message, and who helps
 *   messages  the leader's: what it tells its helpers in an iteration, in turns
 *   mark      the helper's: the last message that it has done, and whose
 *   area      the helper's: the sums of its segments (ms_reduction_use)
 *
 * All fields that one process writes while another may read them are atomic. The area is not: a leader accesses the area
 * of a helper only after it has read the mark of its last message there, and until its next message; a helper writes to
 * its area only for a message, and for a message of another leader only after the next one of the last leader.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TRAIN_TEAM_MEMORY_H
#define MOONSWEEP_TRAIN_TEAM_MEMORY_H

#include <stdatomic.h>

#include "moonsweep/team.h"

/* A leader and its helpers are at most as many as there are segments. */
enum { MS_TEAM_HELPERS = 63 };

/* Processors fetch lines of 64 bytes, some of them in pairs. */
enum { MS_TEAM_LINE = 128 };

struct ms_team_control {
    _Alignas(MS_TEAM_LINE) _Atomic uint64_t number; /* of the last message, from 1 */

    _Alignas(MS_TEAM_LINE) _Atomic uint64_t changes; /* of slots */
    _Atomic int32_t slots[MS_TEAM_HELPERS]; /* 1 + the place of the helper who has taken it; 0: free */

    _Alignas(MS_TEAM_LINE) _Atomic uint64_t helped_ns; /* processor time of helpers */

    _Alignas(
        MS_TEAM_LINE) _Atomic int32_t most; /* members that are of use at most; 0: nothing is being trained */
    _Atomic uint32_t trainings;             /* that have ended here */
    _Atomic int32_t is_parted;              /* the leader trains alone for long, because of other programs */
    _Atomic int32_t has_ended;              /* the process at this place does not train any more */
    _Atomic double work;                    /* left */

    _Alignas(MS_TEAM_LINE) _Atomic uint64_t mark; /* ms_team_mark, of the process at this place as a helper */
};

/* Segments first .. end-1, for the helper at a slot: first * 256 + end; 0: none. */
struct ms_team_message {
    _Atomic int32_t dataset, activation, n_x, n_h;
    _Atomic uint32_t shares[MS_TEAM_HELPERS];
    _Atomic double parameters[]; /* W1, b1, W2, b2 */
};

struct ms_team_memory {
    char *base;
    struct ms_team_sizes sizes;
    size_t message_bytes, place_bytes;
};

/* memory may be NULL to compute sizes only. */
struct ms_team_memory ms_team_memory(const struct ms_team_sizes *sizes, void *memory);

struct ms_team_control *ms_team_control(const struct ms_team_memory *memory, int32_t place);
/* Message `number` is in the memory of message number - 2, so it may be overwritten once the next one has been sent. */
struct ms_team_message *ms_team_message(const struct ms_team_memory *memory, int32_t place, uint64_t number);
void *ms_team_area(const struct ms_team_memory *memory, int32_t place);

/* Whether networks of this shape can be shared. */
bool ms_team_memory_suffices(const struct ms_team_memory *memory, const struct ms_pass *pass);

/* That a message of the leader at this place is done. */
static inline uint64_t ms_team_mark(int32_t leader, uint64_t number)
{
    return (uint64_t)(leader + 1) << 48 | number;
}

#endif
