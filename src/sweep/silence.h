/* What rank 0 knows of the life of the workers: which of them have given no sign of life for long, and which leases
 * wait for them. It is bookkeeping without MPI and clocks; the coordinator reports what happens.
 *
 *     ms_silence_open(&spec, &silence, err);
 *     ms_silence_give(silence, rank, &lease), ms_silence_finish(silence, rank, id)
 *     ms_silence_sign(silence, rank, now_s)          // whenever a message of the rank arrives
 *     ms_silence_leave(silence, rank)                // the rank has left: its silence means nothing
 *     ms_silence_look(silence, now_s)                // a few times a second
 *     ms_silence_close(silence)
 *
 * now_s: as in alive.h.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_SWEEP_SILENCE_H
#define MOONSWEEP_SWEEP_SILENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alive.h"
#include "moonsweep/error.h"
#include "moonsweep/plan.h"

struct ms_silence;

struct ms_silence_spec {
    int32_t ranks;
    const char *hosts; /* [ranks][host_bytes] names of the ranks' hosts, borrowed; NULL: not known */
    size_t host_bytes;
    double lost_s; /* as for ms_alive_limits */

    /* Called with a sentence for the log when ranks fall silent, are alive again, or are lost. state: which ranks are
     * silent now, in words; empty if none are. */
    void (*tell)(void *context, const char *sentence, const char *state);
    void *context;
};

/* spec is copied. Every rank is watched from now_s on. Errors: MS_NO_MEMORY. */
enum ms_code ms_silence_open(const struct ms_silence_spec *spec, double now_s, struct ms_silence **silence,
                             struct ms_error *err);
void ms_silence_close(struct ms_silence *silence);

void ms_silence_give(struct ms_silence *silence, int32_t rank, const struct ms_lease *lease);
void ms_silence_finish(struct ms_silence *silence, int32_t rank, int64_t lease);
void ms_silence_sign(struct ms_silence *silence, int32_t rank, double now_s);
void ms_silence_leave(struct ms_silence *silence, int32_t rank);
void ms_silence_look(struct ms_silence *silence, double now_s);

/* The ranks are told to leave. Those that are silent now will not hear it, unless they give a sign of life again. */
void ms_silence_tell_to_leave(struct ms_silence *silence);

/* What the last look has found: whether this rank is silent, whether any rank is lost, and whether it is useless to wait
 * for the ranks that have not left: they are silent as well, and for longer than a rank may wait for its core. */
bool ms_silence_is_silent(const struct ms_silence *silence, int32_t rank);
bool ms_silence_has_lost(const struct ms_silence *silence);
bool ms_silence_is_rest_gone(const struct ms_silence *silence);

/* Whether all ranks that have not left were silent when they were told to leave, and are to be waited for with a limit. */
bool ms_silence_is_rest_deaf(const struct ms_silence *silence);

#endif
