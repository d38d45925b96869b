/* The helper's side. A helper copies the parameters of a message before it uses any of them: if the leader has sent the
 * next message meanwhile, the copy may be a mixture, and is not used. What it computes and marks too late is read
 * by no one.
 *
 * Its area may be read by a leader from its mark to the leader's next message. So it takes messages of another
 * leader only after that.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "moonsweep/clock.h"
#include "moonsweep/float_environment.h"
#include "pass.h"
#include "pause.h"
#include "segments.h"
#include "team_private.h"

/* Between messages a helper spins for so many pauses between two looks at the clock, and sleeps between them when none
 * has come for several times as long as between the last ones: then its leader may have no processor, and would get one
 * later if the helper used that time up. */
enum { PAUSES_PER_LOOK = 64, INTERVALS_OF_SPINNING = 4 };
static const double shortest_spin_s = 100e-6, longest_spin_s = 1e-3, first_sleep_s = 50e-6,
                    longest_sleep_s = 1e-3;

/* The longest sleep while the leader trains alone because of other programs. */
static const double parted_sleep_s = 20e-3;

/* How long a helper stays without a share: when nothing is being trained at its place, and otherwise if there is another
 * place where it might be needed. */
static const double closed_s = 2e-3, unneeded_s = 0.1;

/* A helper at one place. */
struct helper {
    struct ms_team *team;
    const struct ms_team_help_spec *spec;
    struct ms_team_helped *helped;
    int32_t place, slot;
    struct ms_team_control *control; /* of the leader */
    uint64_t heard;                  /* the number of the last message that was dealt with */
    uint32_t trainings;              /* that had ended there when it was last compared with other places */

    int32_t dataset; /* those of the following, if network.W1 is not NULL */
    struct ms_network network;
    struct ms_pass pass;
    const struct ms_kernel *kernel;
    bool has_failed; /* there is no memory for them */
    int64_t pauses;
    int32_t messages;  /* since the last look at the clock, */
    bool has_share;    /* and whether one had a share */
    double interval_s; /* between messages; 0: unknown */

    struct ms_tick_timer timer;
    bool is_working;
    bool has_worked;            /* on a share since its time was accounted last */
    double accounted_s;         /* that moment */
    double cpu_s;               /* processor time up to the same moment */
    double message_s, needed_s; /* when the last message came, and the last one with a share */
    double looked_s, sleep_s;   /* the last look at the clock, and the next sleep */
};

/* ---- time ------------------------------------------------------------------------------------------------ */

/* Adds the time since the last account, unless there was no share to compute. */
static void account(struct helper *helper)
{
    const double now_s = ms_clock_monotonic_s(), cpu_s = ms_clock_thread_s();
    const double used_s = cpu_s - helper->cpu_s;

    if (helper->has_worked) {
        helper->helped->seconds += now_s - helper->accounted_s;
        helper->helped->cpu_seconds += used_s;
        (void)atomic_fetch_add_explicit(&helper->control->helped_ns, (uint64_t)(1e9 * used_s),
                                        memory_order_relaxed);
    }
    helper->has_worked = helper->is_working;
    helper->accounted_s = now_s;
    helper->cpu_s = cpu_s;
}

/* An ms_tick. Its processor time is no help. */
static bool tick(void *context)
{
    struct helper *helper = context;
    bool is_over;

    account(helper);
    is_over = helper->spec->tick != NULL && helper->spec->tick(helper->spec->context);
    helper->cpu_s = ms_clock_thread_s();
    return is_over;
}

/* ---- messages -------------------------------------------------------------------------------------------- */

/* What a message is about. */
struct subject {
    int32_t dataset, activation, n_x, n_h;
};

/* Whether the leader has not sent another message yet: what was read of this one until now is complete. */
static bool is_current(const struct helper *helper, uint64_t number)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&helper->control->number, memory_order_relaxed) == number;
}

static struct subject read_subject(const struct ms_team_message *message)
{
    return (struct subject){
        .dataset = atomic_load_explicit(&message->dataset, memory_order_relaxed),
        .activation = atomic_load_explicit(&message->activation, memory_order_relaxed),
        .n_x = atomic_load_explicit(&message->n_x, memory_order_relaxed),
        .n_h = atomic_load_explicit(&message->n_h, memory_order_relaxed),
    };
}

static void read_parameters(const struct ms_team_message *message, struct ms_network *network)
{
    const int64_t units = network->n_h, weights = units * network->n_x;
    const _Atomic double *from = message->parameters;

    for (int64_t i = 0; i < weights; i++)
        network->W1[i] = atomic_load_explicit(from++, memory_order_relaxed);
    for (int64_t j = 0; j < units; j++)
        network->b1[j] = atomic_load_explicit(from++, memory_order_relaxed);
    for (int64_t j = 0; j < units; j++)
        network->W2[j] = atomic_load_explicit(from++, memory_order_relaxed);
    network->b2 = atomic_load_explicit(from, memory_order_relaxed);
}

static void forget_subject(struct helper *helper)
{
    ms_pass_free(&helper->pass);
    ms_network_free(&helper->network);
}

/* Prepares for a subject, unless it is the same as before. Returns false without memory for it. */
static bool prepare(struct helper *helper, const struct subject *subject)
{
    const enum ms_activation activation = (enum ms_activation)subject->activation;
    const struct ms_samples *samples = &helper->spec->samples[subject->dataset];
    struct ms_error unused;

    if (helper->network.W1 != NULL && helper->dataset == subject->dataset &&
        helper->network.n_h == subject->n_h && helper->network.activation == activation)
        return true;
    forget_subject(helper);
    if (ms_network_alloc(&helper->network, subject->n_x, subject->n_h, activation, &unused) != MS_OK ||
        ms_pass_alloc(&helper->pass, samples, &helper->network, &unused) != MS_OK) {
        forget_subject(helper);
        return false;
    }
    helper->dataset = subject->dataset;
    helper->kernel = ms_kernels_for(helper->spec->kernels, activation, subject->n_h);
    helper->pass.look = ms_tick_timer_look_within;
    helper->pass.look_context = &helper->timer;
    helper->timer.stride = ms_pass_stride(&helper->pass);
    return true;
}

/* Computes the sums of a share into the area. Returns false if the tick stopped that. */
static bool compute(struct helper *helper, uint32_t share)
{
    struct ms_team *team = helper->team;
    struct ms_reduction reduction;
    bool is_done;

    helper->is_working = helper->has_worked = true;
    ms_reduction_use(&reduction, helper->kernel, &helper->pass, ms_team_area(&team->memory, team->place));
    ms_reduction_restart(&reduction, (int32_t)(share / 256));
    ms_pass_fold(&helper->pass, &helper->network);
    is_done = ms_segments_add(&reduction, &helper->timer, (int32_t)(share % 256));
    helper->is_working = false;
    return is_done && !helper->timer.is_over;
}

static void set_mark(const struct helper *helper, uint64_t mark)
{
    const struct ms_team *team = helper->team;

    atomic_store_explicit(&ms_team_control(&team->memory, team->place)->mark, mark, memory_order_release);
}

/* Computes a share of this message. Returns false if it could not, or need not. */
static bool do_share(struct helper *helper, uint64_t number, const struct ms_team_message *message,
                     uint32_t share)
{
    const struct subject subject = read_subject(message);

    if (!is_current(helper, number))
        return false;
    helper->has_failed = !prepare(helper, &subject);
    if (helper->has_failed)
        return false;
    read_parameters(message, &helper->network);
    if (!is_current(helper, number) || !compute(helper, share))
        return false;
    helper->team->last_leader = helper->place;
    helper->team->last_number = number;
    helper->helped->shares++;
    return true;
}

/* Does what the message asks for, and marks it. */
static void take_message(struct helper *helper, uint64_t number)
{
    const struct ms_team_message *message = ms_team_message(&helper->team->memory, helper->place, number);
    const uint32_t share = atomic_load_explicit(&message->shares[helper->slot], memory_order_relaxed);

    helper->heard = number;
    helper->messages++;
    if (share != 0 && !do_share(helper, number, message, share))
        return;
    helper->has_share = helper->has_share || share != 0;
    set_mark(helper, ms_team_mark(helper->place, number));
}

/* ---- where work is left --------------------------------------------------------------------------------- */

static int32_t count_joined(struct ms_team_control *control)
{
    int32_t n = 0;

    for (int32_t slot = 0; slot < MS_TEAM_HELPERS; slot++)
        n += atomic_load_explicit(&control->slots[slot], memory_order_relaxed) != 0;
    return n;
}

/* The work at a place for each of its members, if this process were one of them, as it is at `own`; 0: it is not needed
 * there. */
static double work_at(const struct ms_team *team, int32_t place, int32_t own)
{
    struct ms_team_control *control = ms_team_control(&team->memory, place);
    const int32_t most = atomic_load_explicit(&control->most, memory_order_relaxed);
    const int32_t joined = most > 1 && place != team->place ? count_joined(control) - (place == own) : most;
    const int32_t members = 1 + joined;

    if (members >= most)
        return 0;
    return atomic_load_explicit(&control->work, memory_order_relaxed) / (members + 1);
}

/* Finds the place with most of this. own: where this process helps now; -1: nowhere. */
static bool choose(const struct ms_team *team, int32_t own, int32_t *place)
{
    double best = 0;

    for (int32_t i = 0; i < team->memory.sizes.places; i++) {
        const double work = work_at(team, i, own);

        if (work > best)
            *place = i;
        best = work > best ? work : best;
    }
    return best > 0;
}

/* ---- between messages ------------------------------------------------------------------------------------ */

/* Whether the leader has begun another training since this place was last compared with others. */
static bool is_new(struct helper *helper)
{
    const uint32_t trainings = atomic_load_explicit(&helper->control->trainings, memory_order_relaxed);
    const bool is_another = trainings != helper->trainings;

    helper->trainings = trainings;
    return is_another;
}

/* Whether this helper is of no use here any more, or of more use elsewhere. */
static bool is_to_leave(struct helper *helper)
{
    const bool is_closed = atomic_load_explicit(&helper->control->most, memory_order_acquire) == 0;
    int32_t other;

    if (helper->has_failed || (is_closed && helper->looked_s - helper->message_s > closed_s))
        return true;
    if (!is_closed && is_new(helper) && choose(helper->team, helper->place, &other) && other != helper->place)
        return true;
    if (helper->looked_s - helper->needed_s < unneeded_s)
        return false;
    helper->needed_s = helper->looked_s; /* the next time after as long again */
    return ms_team_choose(helper->team, &other) && other != helper->place;
}

/* Notes when the last message came: about now, if one came since the last look at the clock. */
static void look_at_clock(struct helper *helper)
{
    const double before_s = helper->looked_s;

    helper->looked_s = ms_clock_monotonic_s();
    if (helper->has_share) {
        helper->interval_s = ms_team_uninterrupted_s(helper->interval_s,
                                                     (helper->looked_s - before_s) / helper->messages);
        helper->needed_s = helper->looked_s;
    }
    if (helper->messages > 0) {
        helper->message_s = helper->looked_s;
        helper->sleep_s = first_sleep_s;
    }
    helper->messages = 0;
    helper->has_share = false;
    (void)ms_tick_timer_look_within(&helper->timer);
}

/* Whether no message has come for so long that it is not worth a processor to wait for it. */
static bool is_to_sleep(const struct helper *helper)
{
    const double spin_s = fmin(fmax(INTERVALS_OF_SPINNING * helper->interval_s, shortest_spin_s),
                               longest_spin_s);

    return helper->looked_s - helper->message_s > spin_s;
}

/* Under Linux a process that wakes up often, and then waits for a processor, takes nearly as much from the share of its
 * group as one that computes, so that the leader would have less of it. */
static void sleep_a_little(struct helper *helper)
{
    const bool is_parted = atomic_load_explicit(&helper->control->is_parted, memory_order_relaxed);

    ms_clock_sleep(helper->sleep_s);
    helper->sleep_s = fmin(2 * helper->sleep_s, is_parted ? parted_sleep_s : longest_sleep_s);
}

/* Returns the number of the last message after a pause, or a sleep if no message has come for long. */
static uint64_t look_for_message(struct helper *helper)
{
    ms_pause();
    if (++helper->pauses % PAUSES_PER_LOOK == 0) {
        look_at_clock(helper);
        if (is_to_sleep(helper))
            sleep_a_little(helper);
    }
    return atomic_load_explicit(&helper->control->number, memory_order_acquire);
}

/* ---- joining and leaving --------------------------------------------------------------------------------- */

static bool take_free_slot(struct helper *helper, int32_t slot)
{
    int32_t free_slot = 0;

    return atomic_compare_exchange_strong(&helper->control->slots[slot], &free_slot, helper->team->place + 1);
}

/* Whether a process at this place had a slot, and has ended without leaving it: a place has one slot at most, because it
 * has one mark. */
static bool has_slot(const struct helper *helper, int32_t *slot)
{
    for (*slot = 0; *slot < MS_TEAM_HELPERS; ++*slot)
        if (atomic_load(&helper->control->slots[*slot]) == helper->team->place + 1)
            return true;
    return false;
}

/* Takes a slot. Returns false if none is free. Messages up to the last one are not for this helper. */
static bool take_slot(struct helper *helper)
{
    bool is_taken = has_slot(helper, &helper->slot);

    for (int32_t slot = 0; !is_taken && slot < MS_TEAM_HELPERS; slot++) {
        is_taken = take_free_slot(helper, slot);
        helper->slot = slot;
    }
    helper->heard = atomic_load(&helper->control->number);
    helper->trainings = atomic_load(&helper->control->trainings);
    if (is_taken)
        (void)atomic_fetch_add(&helper->control->changes, 1);
    return is_taken;
}

static void leave_slot(struct helper *helper)
{
    set_mark(helper, 0); /* a leader who waits need not do so any longer */
    atomic_store(&helper->control->slots[helper->slot], 0);
    (void)atomic_fetch_add(&helper->control->changes, 1);
}

static void help(struct helper *helper)
{
    helper->accounted_s = helper->looked_s = ms_clock_monotonic_s();
    helper->message_s = helper->needed_s = helper->looked_s;
    helper->cpu_s = ms_clock_thread_s();
    helper->sleep_s = first_sleep_s;
    ms_tick_timer_start(&helper->timer, tick, helper);
    while (!helper->timer.is_over && !is_to_leave(helper)) {
        const uint64_t number = look_for_message(helper);

        if (number != helper->heard)
            take_message(helper, number);
    }
    account(helper);
}

/* Whether the last leader may still read the area of this helper. */
static bool is_area_in_use(const struct ms_team *team)
{
    return team->last_leader >= 0 &&
           atomic_load(&ms_team_control(&team->memory, team->last_leader)->number) == team->last_number;
}

void ms_team_help(struct ms_team *team, int32_t place, const struct ms_team_help_spec *spec,
                  struct ms_team_helped *helped)
{
    struct helper helper = {.team = team,
                            .spec = spec,
                            .helped = helped,
                            .place = place,
                            .control = ms_team_control(&team->memory, place),
                            .timer = {.stride = 1}};
    struct ms_float_environment found;

    if (is_area_in_use(team) || !take_slot(&helper))
        return;
    found = ms_float_environment_enter();
    help(&helper);
    leave_slot(&helper);
    forget_subject(&helper);
    ms_float_environment_leave(&found);
}

/* ---- where to help --------------------------------------------------------------------------------------- */

bool ms_team_choose(const struct ms_team *team, int32_t *place)
{
    return choose(team, -1, place);
}

bool ms_team_others_train(const struct ms_team *team)
{
    for (int32_t i = 0; i < team->memory.sizes.places; i++)
        if (i != team->place && !atomic_load(&ms_team_control(&team->memory, i)->has_ended))
            return true;
    return false;
}
