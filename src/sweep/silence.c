/* Knows of each rank its last sign of life, its leases in the order in which it trains them, and whether it
 * has left. A silence, a loss and a new sign of life are told in a sentence, with a second one about all
 * ranks that are silent now; if many ranks fall silent in one look, as those of a node do, the first few are
 * named and the others counted.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "silence.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "moonsweep/clock.h"
#include "moonsweep/coordination.h"
#include "moonsweep/plural.h"

enum {
    SENTENCE_BYTES = 1024,
    NAME_BYTES = 320,
    LEASE_BYTES = 160,
    MOST_LEASES = 2,    /* of a rank: the one that it trains and the next one (I2) */
    MOST_SENTENCES = 4, /* in one look: if more ranks are concerned, as those of a node, they are counted */
};

static const double least_gone_s = 10;

struct peer {
    struct ms_alive alive;
    struct ms_lease leases[MOST_LEASES];
    int n_leases;
    bool has_left, is_lost;
    bool is_deaf; /* was silent when the ranks were told to leave, and since then */
};

struct ms_silence {
    struct ms_silence_spec spec;
    struct ms_alive_limits limits;
    struct peer *peers; /* [ranks] owned */
    double now_s;       /* of the last look or sign */
};

/* ---- words --------------------------------------------------------------------------------------------- */

static void name_rank(const struct ms_silence *silence, int32_t rank, char name[NAME_BYTES])
{
    const struct ms_silence_spec *spec = &silence->spec;

    if (spec->hosts == NULL)
        (void)snprintf(name, NAME_BYTES, "rank %" PRId32, rank);
    else
        (void)snprintf(name, NAME_BYTES, "rank %" PRId32 " on %.*s", rank, (int)spec->host_bytes,
                       spec->hosts + (size_t)rank * spec->host_bytes);
}

/* Describes the lease that the rank has in training. */
static void describe_lease(const struct peer *peer, char text[LEASE_BYTES])
{
    const struct ms_lease *lease = &peer->leases[0];
    const int64_t last = lease->first_trajectory + lease->count - 1;

    if (peer->n_leases == 0)
        (void)snprintf(text, LEASE_BYTES, "no lease");
    else if (lease->count == 1)
        (void)snprintf(text, LEASE_BYTES, "lease %" PRId64 " (trajectory %" PRId64 ")", lease->id, last);
    else
        (void)snprintf(text, LEASE_BYTES, "lease %" PRId64 " (trajectories %" PRId64 " to %" PRId64 ")",
                       lease->id, lease->first_trajectory, last);
}

/* Says which ranks are silent: the first one with its lease, and how many others. Empty if none is. */
static void describe(const struct ms_silence *silence, char text[SENTENCE_BYTES])
{
    char name[NAME_BYTES], lease[LEASE_BYTES], since[MS_CLOCK_UTC_BYTES];
    int32_t first = -1, count = 0, others;

    text[0] = '\0';
    for (int32_t rank = silence->spec.ranks - 1; rank >= 0; rank--)
        if (ms_silence_is_silent(silence, rank)) {
            first = rank;
            count++;
        }
    if (count == 0)
        return;
    others = count - 1;
    name_rank(silence, first, name);
    describe_lease(&silence->peers[first], lease);
    ms_clock_utc(ms_clock_wall_s() - (silence->now_s - silence->peers[first].alive.sign_s), since);
    if (others == 0)
        (void)snprintf(text, SENTENCE_BYTES, "%s has given no sign of life since %s, with %s", name, since,
                       lease);
    else
        (void)snprintf(text, SENTENCE_BYTES,
                       "%s has given no sign of life since %s, with %s, nor have %" PRId32 " other %s", name,
                       since, lease, others, ms_plural(others, "rank", "ranks"));
}

static void tell(const struct ms_silence *silence, const char *sentence)
{
    char state[SENTENCE_BYTES];

    describe(silence, state);
    silence->spec.tell(silence->spec.context, sentence, state);
}

static void tell_silent(const struct ms_silence *silence, int32_t rank)
{
    const struct peer *peer = &silence->peers[rank];
    const double silent_s = silence->now_s - peer->alive.sign_s;
    char name[NAME_BYTES], lease[LEASE_BYTES], since[MS_CLOCK_UTC_BYTES], sentence[SENTENCE_BYTES],
        end[80] = "";

    name_rank(silence, rank, name);
    describe_lease(peer, lease);
    ms_clock_utc(ms_clock_wall_s() - silent_s, since);
    if (silence->spec.lost_s > 0)
        (void)snprintf(end, sizeof end, "; after %.0f s the run ends (--rank-timeout)", silence->spec.lost_s);
    (void)snprintf(sentence, sizeof sentence, "%s has given no sign of life for %.0f s, since %s, with %s%s",
                   name, silent_s, since, lease, end);
    tell(silence, sentence);
}

static void tell_lost(const struct ms_silence *silence, int32_t rank)
{
    char name[NAME_BYTES], sentence[SENTENCE_BYTES];

    name_rank(silence, rank, name);
    (void)snprintf(
        sentence, sizeof sentence,
        "%s has given no sign of life for %.0f s, the limit (--rank-timeout): the run ends, so that it can "
        "be started again",
        name, silence->now_s - silence->peers[rank].alive.sign_s);
    tell(silence, sentence);
}

static void tell_number(const struct ms_silence *silence, int32_t count, const char *what)
{
    char sentence[SENTENCE_BYTES];

    if (count <= 0)
        return;
    (void)snprintf(sentence, sizeof sentence, "%" PRId32 " more %s %s", count,
                   ms_plural(count, "rank", "ranks"), what);
    tell(silence, sentence);
}

/* ---- opening and closing ------------------------------------------------------------------------------- */

enum ms_code ms_silence_open(const struct ms_silence_spec *spec, double now_s, struct ms_silence **silence,
                             struct ms_error *err)
{
    struct ms_silence *opened = calloc(1, sizeof *opened);

    if (opened != NULL)
        opened->peers = calloc((size_t)spec->ranks, sizeof *opened->peers);
    if (opened == NULL || opened->peers == NULL) {
        free(opened);
        return ms_fail_memory(err, NULL, "to watch %" PRId32 " %s", spec->ranks,
                              ms_plural(spec->ranks, "rank", "ranks"));
    }
    opened->spec = *spec;
    opened->limits = ms_alive_limits(spec->lost_s, ms_coordination_report_s(spec->ranks));
    opened->now_s = now_s;
    for (int32_t rank = 0; rank < spec->ranks; rank++)
        opened->peers[rank].alive = ms_alive_begin(now_s);
    *silence = opened;
    return MS_OK;
}

void ms_silence_close(struct ms_silence *silence)
{
    if (silence == NULL)
        return;
    free(silence->peers);
    free(silence);
}

/* ---- events -------------------------------------------------------------------------------------------- */

void ms_silence_give(struct ms_silence *silence, int32_t rank, const struct ms_lease *lease)
{
    struct peer *peer = &silence->peers[rank];

    if (peer->n_leases < MOST_LEASES)
        peer->leases[peer->n_leases++] = *lease;
}

void ms_silence_finish(struct ms_silence *silence, int32_t rank, int64_t lease)
{
    struct peer *peer = &silence->peers[rank];

    if (peer->n_leases == 0 || peer->leases[0].id != lease) /* a rank finishes its leases in order */
        return;
    peer->leases[0] = peer->leases[1];
    peer->n_leases--;
}

void ms_silence_sign(struct ms_silence *silence, int32_t rank, double now_s)
{
    struct peer *peer = &silence->peers[rank];
    const double silent_s = ms_alive_sign(&peer->alive, now_s);
    char name[NAME_BYTES], sentence[SENTENCE_BYTES];

    silence->now_s = now_s;
    peer->is_lost = peer->is_deaf = false;
    if (silent_s <= 0)
        return;
    name_rank(silence, rank, name);
    (void)snprintf(sentence, sizeof sentence, "%s is alive again after %.0f s", name, silent_s);
    tell(silence, sentence);
}

void ms_silence_leave(struct ms_silence *silence, int32_t rank)
{
    silence->peers[rank].has_left = true;
}

void ms_silence_look(struct ms_silence *silence, double now_s)
{
    int32_t silent = 0, lost = 0;

    silence->now_s = now_s;
    for (int32_t rank = 0; rank < silence->spec.ranks; rank++) {
        struct peer *peer = &silence->peers[rank];

        if (peer->has_left)
            continue;
        if (ms_alive_falls_silent(&peer->alive, &silence->limits, now_s) && ++silent <= MOST_SENTENCES)
            tell_silent(silence, rank);
        if (!peer->is_lost && ms_alive_is_lost(&peer->alive, &silence->limits, now_s)) {
            peer->is_lost = true;
            if (++lost <= MOST_SENTENCES)
                tell_lost(silence, rank);
        }
    }
    tell_number(silence, silent - MOST_SENTENCES, "have given no sign of life either");
    tell_number(silence, lost - MOST_SENTENCES, "have given none for as long");
}

void ms_silence_tell_to_leave(struct ms_silence *silence)
{
    for (int32_t rank = 0; rank < silence->spec.ranks; rank++)
        silence->peers[rank].is_deaf = silence->peers[rank].alive.is_silent;
}

/* ---- what was found ------------------------------------------------------------------------------------ */

bool ms_silence_is_silent(const struct ms_silence *silence, int32_t rank)
{
    return !silence->peers[rank].has_left && silence->peers[rank].alive.is_silent;
}

bool ms_silence_has_lost(const struct ms_silence *silence)
{
    for (int32_t rank = 0; rank < silence->spec.ranks; rank++)
        if (!silence->peers[rank].has_left && silence->peers[rank].is_lost)
            return true;
    return false;
}

bool ms_silence_is_rest_gone(const struct ms_silence *silence)
{
    const double gone_s = fmin(fmax(silence->limits.silent_s, least_gone_s), silence->limits.lost_s);

    for (int32_t rank = 0; rank < silence->spec.ranks; rank++)
        if (!silence->peers[rank].has_left && silence->now_s - silence->peers[rank].alive.sign_s < gone_s)
            return false;
    return true;
}

bool ms_silence_is_rest_deaf(const struct ms_silence *silence)
{
    for (int32_t rank = 0; rank < silence->spec.ranks; rank++)
        if (!silence->peers[rank].has_left && !silence->peers[rank].is_deaf)
            return false;
    return isfinite(silence->limits.lost_s);
}
