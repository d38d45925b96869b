/* The leader's side. The helpers of an iteration are those who have marked the last message: they are awake. A
 * helper that is late has not, and is left out until it has. As helpers sleep while no messages come, an empty
 * message precedes the first iteration of a team, and its stretch begins when they have marked that.
 *
 * The sums of the leader's own share are computed without waiting. A wait is bounded by the time of an iteration
 * without helpers, so that a helper that is late costs that once.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "moonsweep/clock.h"
#include "pause.h"
#include "team_leader.h"
#include "team_private.h"

/* A stretch takes about so long, so that the clock is read seldom, but contains at least one iteration. */
static const double stretch_s = 300e-6;

/* So much longer than stretches the awakening may take: helpers look for messages every 20 milliseconds at least. */
enum { AWAKENING_STRETCHES = 80 };

/* A wait spins for so many pauses between two looks at the clock, and sleeps between them when it has become long. */
enum { PAUSES_PER_LOOK = 64 };
static const double spin_s = 100e-6, sleep_s = 50e-6;

/* So often the processor time is read, which takes a system call. */
static const double note_s = 5e-3;

/* How long a helper may be late: at least the first, or the second if the time of an iteration is unknown. */
static const double least_patience_s = 50e-6, unknown_patience_s = 50e-3;

/* ---- opening and closing --------------------------------------------------------------------------------- */

enum ms_code ms_team_open(const struct ms_team_sizes *sizes, void *memory, int32_t place,
                          struct ms_team **team, struct ms_error *err)
{
    struct ms_team *opened = calloc(1, sizeof *opened);

    if (opened == NULL)
        return ms_fail_memory(err, NULL, "for a team");
    opened->memory = ms_team_memory(sizes, memory);
    opened->place = place;
    opened->control = ms_team_control(&opened->memory, place);
    opened->last_leader = -1;
    ms_team_size_begin(&opened->size);
    ms_team_contention_begin(&opened->contention);
    *team = opened;
    return MS_OK;
}

void ms_team_close(struct ms_team *team)
{
    free(team);
}

struct ms_team_counts ms_team_counts(const struct ms_team *team)
{
    return team->counts;
}

void ms_team_fix(struct ms_team *team, int32_t members, int64_t alone, int64_t together)
{
    team->fixed_members = members;
    team->fixed_alone = alone;
    team->fixed_together = together;
    team->fixed_iteration = 0;
    team->wanted = 1;
}

/* ---- messages -------------------------------------------------------------------------------------------- */

static void write_parameters(struct ms_team_message *message, const struct ms_network *network)
{
    const int64_t units = network->n_h, weights = units * network->n_x;
    _Atomic double *to = message->parameters;

    for (int64_t i = 0; i < weights; i++)
        atomic_store_explicit(to++, network->W1[i], memory_order_relaxed);
    for (int64_t j = 0; j < units; j++)
        atomic_store_explicit(to++, network->b1[j], memory_order_relaxed);
    for (int64_t j = 0; j < units; j++)
        atomic_store_explicit(to++, network->W2[j], memory_order_relaxed);
    atomic_store_explicit(to, network->b2, memory_order_relaxed);
}

static void write_subject(const struct ms_team *team, struct ms_team_message *message)
{
    atomic_store_explicit(&message->dataset, team->subject.dataset, memory_order_relaxed);
    atomic_store_explicit(&message->activation, team->subject.activation, memory_order_relaxed);
    atomic_store_explicit(&message->n_x, team->subject.n_x, memory_order_relaxed);
    atomic_store_explicit(&message->n_h, team->subject.n_h, memory_order_relaxed);
}

/* Returns the next message, without any shares. Its last readers have read an older number by now. */
static struct ms_team_message *begin_message(struct ms_team *team)
{
    struct ms_team_message *message = ms_team_message(&team->memory, team->place, ++team->number);

    atomic_thread_fence(memory_order_release); /* the number of the last message was stored before */
    for (int32_t slot = 0; slot < team->slots_used; slot++)
        atomic_store_explicit(&message->shares[slot], 0, memory_order_relaxed);
    return message;
}

static void send_message(const struct ms_team *team)
{
    atomic_store_explicit(&team->control->number, team->number, memory_order_release);
}

/* An empty message: helpers who mark it are awake. */
static void awaken(struct ms_team *team)
{
    (void)begin_message(team);
    send_message(team);
}

/* ---- helpers --------------------------------------------------------------------------------------------- */

static void read_slots(struct ms_team *team)
{
    team->n_joined = 0;
    for (int32_t slot = 0; slot < MS_TEAM_HELPERS; slot++) {
        const int32_t taken = atomic_load_explicit(&team->control->slots[slot], memory_order_acquire);

        if (taken == 0)
            continue;
        team->joined[team->n_joined].slot = slot;
        team->joined[team->n_joined++].place = taken - 1;
        if (team->slots_used <= slot)
            team->slots_used = slot + 1;
    }
}

/* Notices who has come and left. Those who have come are told that they may mark messages. */
static void look_at_slots(struct ms_team *team)
{
    const uint64_t changes = atomic_load_explicit(&team->control->changes, memory_order_acquire);

    if (changes == team->changes)
        return;
    team->changes = changes;
    read_slots(team);
    awaken(team);
}

static uint64_t mark_at(const struct ms_team *team, int32_t place)
{
    return atomic_load_explicit(&ms_team_control(&team->memory, place)->mark, memory_order_acquire);
}

/* Finds helpers who are awake, at most so many. Returns their number; found[]: indexes of team->joined. */
static int32_t find_awake(const struct ms_team *team, int32_t most, int32_t found[MS_TEAM_HELPERS])
{
    const uint64_t mark = ms_team_mark(team->place, team->number);
    int32_t n = 0;

    for (int32_t i = 0; i < team->n_joined && n < most; i++)
        if (mark_at(team, team->joined[i].place) == mark)
            found[n++] = i;
    return n;
}

/* ---- the size of the team -------------------------------------------------------------------------------- */

static int32_t available(const struct ms_team *team)
{
    const int32_t members = team->n_joined + 1 < team->most ? team->n_joined + 1 : team->most;

    return ms_team_size_useful(members, team->subject.segments);
}

static void begin_stretch(struct ms_team *team, double now_s)
{
    team->stretch_began_s = now_s;
    team->left = team->iterations;
}

static void want(struct ms_team *team, int32_t members)
{
    team->is_awakening = members > 1 && members != team->wanted;
    team->awakening_left = AWAKENING_STRETCHES;
    team->wanted = members;
    if (team->is_awakening)
        awaken(team);
}

/* Begins to count what the leader uses from now on. */
static void begin_note(struct ms_team *team, double now_s, double cpu_s)
{
    team->noted_s = now_s;
    team->noted_cpu_s = cpu_s;
    team->noted_iterations = team->counts.alone + team->counts.together;
}

/* Processor time of the training, since some instant in the past. */
static double training_cpu_s(const struct ms_tick_timer *timer)
{
    return ms_clock_thread_s() - timer->away_cpu_s;
}

static void note_contention(struct ms_team *team, double now_s, const struct ms_tick_timer *timer)
{
    const int64_t iterations = team->counts.alone + team->counts.together;
    double cpu_s;

    if (now_s - team->noted_s < note_s)
        return;
    cpu_s = training_cpu_s(timer);
    ms_team_contention_note(&team->contention,
                            &(struct ms_team_used){
                                .iterations = (double)(iterations - team->noted_iterations),
                                .elapsed_s = now_s - team->noted_s,
                                .cpu_s = cpu_s - team->noted_cpu_s,
                            });
    begin_note(team, now_s, cpu_s);
    atomic_store_explicit(&team->control->is_parted, !ms_team_contention_allows(&team->contention),
                          memory_order_relaxed);
}

/* Ends a stretch, unless it was too short. Returns whether it has ended. */
static bool end_stretch(struct ms_team *team, double now_s)
{
    const double elapsed_s = now_s - team->stretch_began_s;
    const double iteration_s = elapsed_s / (double)team->iterations;

    if (elapsed_s < stretch_s / 2) {
        team->left = 3 * team->iterations;
        team->iterations += team->left;
        return false;
    }
    if (team->wanted == 1)
        team->iteration_s = ms_team_uninterrupted_s(team->iteration_s, iteration_s);
    if (ms_team_contention_allows(&team->contention))
        ms_team_size_note(&team->size, iteration_s);
    team->iterations = (int64_t)fmax((double)team->iterations * stretch_s / elapsed_s, 1);
    return true;
}

static int32_t next_size(struct ms_team *team)
{
    return ms_team_contention_allows(&team->contention) ? ms_team_size_next(&team->size, available(team)) : 1;
}

/* After the iterations of a stretch. While helpers are awakening they do not count. */
static void look_at_clock(struct ms_team *team, struct ms_tick_timer *timer)
{
    const double now_s = ms_tick_timer_seconds(timer);

    if (team->is_awakening) {
        team->is_awakening = --team->awakening_left > 0;
        begin_note(team, now_s, training_cpu_s(timer));
        begin_stretch(team, now_s);
        return;
    }
    if (!end_stretch(team, now_s))
        return;
    note_contention(team, now_s, timer);
    want(team, next_size(team));
    begin_stretch(team, now_s);
}

/* Chooses the size for the next iteration by ms_team_fix. */
static void follow_plan(struct ms_team *team)
{
    const int64_t turn = team->fixed_iteration++ % (team->fixed_alone + team->fixed_together);
    const int32_t members = turn < team->fixed_alone ? 1 : team->fixed_members;

    if (members != team->wanted)
        want(team, members);
    team->is_awakening = false;
}

/* Whether the helpers that are wanted are awake; if they have just become so, the stretch begins. */
static void look_whether_awake(struct ms_team *team, int32_t helpers, struct ms_tick_timer *timer)
{
    if (!team->is_awakening || helpers < team->wanted - 1)
        return;
    team->is_awakening = false;
    begin_stretch(team, ms_tick_timer_seconds(timer));
}

/* ---- an iteration ---------------------------------------------------------------------------------------- */

/* Divides the segments among the leader and these helpers, and tells them. */
static void divide(struct ms_team *team, const struct ms_network *network, int32_t n, const int32_t *helpers)
{
    struct ms_team_message *message = begin_message(team);
    const int32_t segments = team->subject.segments;

    team->n_shares = n + 1;
    for (int32_t i = 0; i <= n; i++)
        team->share_end[i] = segments * (i + 1) / (n + 1);
    for (int32_t i = 1; i <= n; i++) {
        const uint32_t share = (uint32_t)(team->share_end[i - 1] * 256 + team->share_end[i]);

        team->share_place[i] = team->joined[helpers[i - 1]].place;
        atomic_store_explicit(&message->shares[team->joined[helpers[i - 1]].slot], share,
                              memory_order_relaxed);
    }
    write_subject(team, message);
    write_parameters(message, network);
    send_message(team);
}

/* An iteration for which helpers may be wanted. */
static void call_helpers(struct ms_team *team, const struct ms_network *network, struct ms_tick_timer *timer)
{
    int32_t found[MS_TEAM_HELPERS], n;

    if (team->fixed_members > 0)
        follow_plan(team);
    else if (--team->left <= 0)
        look_at_clock(team, timer);
    if (team->wanted == 1)
        return;
    n = find_awake(team, team->wanted - 1, found);
    look_whether_awake(team, n, timer);
    if (n > 0 && !team->is_awakening)
        divide(team, network, n, found);
}

int32_t ms_team_call(struct ms_team *team, const struct ms_network *network, struct ms_tick_timer *timer)
{
    team->n_shares = 1;
    team->share_end[0] = team->subject.segments;
    if (team->most > 1)
        look_at_slots(team);
    if (team->most > 1 && team->n_joined > 0)
        call_helpers(team, network, timer);
    if (team->n_shares > 1)
        team->counts.together++;
    else
        team->counts.alone++;
    return team->n_shares;
}

int32_t ms_team_share_end(const struct ms_team *team, int32_t i)
{
    return team->share_end[i];
}

/* Waits until the mark of a place is no longer the one before, but not too long. Returns the last mark that was read. */
static uint64_t wait_for_mark(const struct ms_team *team, int32_t place, struct ms_tick_timer *timer)
{
    const uint64_t before = ms_team_mark(team->place, team->number - 1);
    const double patience_s = team->iteration_s > 0 ? fmax(team->iteration_s, least_patience_s)
                                                    : unknown_patience_s;
    double began_s = 0;
    uint64_t mark = mark_at(team, place);

    for (int64_t pauses = 1; mark == before; pauses++) {
        ms_pause();
        mark = mark_at(team, place);
        if (pauses % PAUSES_PER_LOOK != 0)
            continue;
        const double now_s = ms_clock_monotonic_s();

        began_s = pauses == PAUSES_PER_LOOK ? now_s : began_s;
        if (ms_tick_timer_look_within(timer) || now_s - began_s > patience_s)
            break;
        if (now_s - began_s > spin_s)
            ms_clock_sleep(sleep_s);
    }
    return mark;
}

void *ms_team_wait(struct ms_team *team, int32_t i, struct ms_tick_timer *timer)
{
    const int32_t place = team->share_place[i];

    if (wait_for_mark(team, place, timer) == ms_team_mark(team->place, team->number))
        return ms_team_area(&team->memory, place);
    team->counts.late += !timer->is_over;
    return NULL;
}

/* ---- a training ------------------------------------------------------------------------------------------ */

void ms_team_lead(struct ms_team *team, int32_t dataset, const struct ms_pass *pass)
{
    const struct ms_samples *samples = pass->samples;
    const bool is_shared = samples->segments > 1 && ms_team_memory_suffices(&team->memory, pass);
    const int32_t places = team->memory.sizes.places;

    if (team->subject.dataset != dataset || team->subject.activation != (int32_t)pass->activation ||
        team->subject.n_h != pass->n_h) {
        ms_team_size_begin(&team->size);
        ms_team_contention_change(&team->contention);
        team->iteration_s = 0;
    }
    team->leading = pass;
    team->subject.dataset = dataset;
    team->subject.activation = (int32_t)pass->activation;
    team->subject.n_x = samples->n_x;
    team->subject.n_h = pass->n_h;
    team->subject.segments = samples->segments;
    team->most = samples->segments < places ? samples->segments : places;
    if (!is_shared)
        team->most = 1;
    team->wanted = 1;
    team->iterations = 1;
    atomic_store_explicit(&team->control->most, team->most > 1 ? team->most : 0, memory_order_release);
}

void ms_team_start(struct ms_team *team, int32_t dataset, const struct ms_pass *pass)
{
    if (team->leading != pass)
        ms_team_lead(team, dataset, pass);
    begin_stretch(team, 0);
    if (team->most > 1)
        begin_note(team, 0, ms_clock_thread_s());
    team->left++; /* the first call precedes the first iteration */
}

void ms_team_pause(struct ms_team *team, struct ms_tick_timer *timer)
{
    if (team->most > 1 && team->n_joined > 0 && team->fixed_members == 0 && team->left <= 1)
        look_at_clock(team, timer);
}

void ms_team_expect(struct ms_team *team, double work)
{
    atomic_store_explicit(&team->control->work, work, memory_order_relaxed);
}

double ms_team_take_cpu_s(struct ms_team *team)
{
    const double seconds = 1e-9 * (double)atomic_exchange_explicit(&team->control->helped_ns, 0,
                                                                   memory_order_relaxed);

    team->counts.cpu_seconds += seconds;
    return seconds;
}

/* Another message releases the areas of the helpers. */
void ms_team_dismiss(struct ms_team *team, const struct ms_pass *pass)
{
    if (team->leading != pass)
        return;
    team->leading = NULL;
    (void)atomic_fetch_add_explicit(&team->control->trainings, 1, memory_order_relaxed);
    atomic_store_explicit(&team->control->most, 0, memory_order_release);
    awaken(team);
}

void ms_team_end_training(struct ms_team *team)
{
    atomic_store_explicit(&team->control->most, 0,
                          memory_order_release); /* also if a training is still open */
    atomic_store_explicit(&team->control->has_ended, 1, memory_order_release);
}
