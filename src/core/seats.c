/* The expected ends of the ranks are kept as a sum, and the ends of their trajectories in a tree of maxima, so
 * that each event costs O(log ranks).
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "seats.h"

#include <math.h>
#include <stdlib.h>

bool ms_seats_open(struct ms_seats *seats, int32_t ranks)
{
    const size_t count = (size_t)ranks;

    *seats = (struct ms_seats){
        .ranks = ranks,
        .seats = calloc(count, sizeof *seats->seats),
        .queue = {.capacity = ranks, .ranks = calloc(count, sizeof *seats->queue.ranks)},
    };
    return ms_max_tree_open(&seats->whole_end_s, ranks, 0) && seats->seats != NULL &&
           seats->queue.ranks != NULL;
}

void ms_seats_close(struct ms_seats *seats)
{
    free(seats->seats);
    free(seats->queue.ranks);
    ms_max_tree_close(&seats->whole_end_s);
}

/* ---- requests ------------------------------------------------------------------------------------------ */

static void add(struct ms_rank_queue *queue, int32_t rank)
{
    queue->ranks[((int64_t)queue->first + queue->count) % queue->capacity] = rank;
    queue->count++;
}

static int32_t take_first(struct ms_rank_queue *queue)
{
    const int32_t rank = queue->ranks[queue->first];

    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    return rank;
}

void ms_seats_queue(struct ms_seats *seats, int32_t rank)
{
    add(&seats->queue, rank);
    seats->seats[rank].queued = true;
}

bool ms_seats_next(struct ms_seats *seats, int32_t *rank)
{
    if (seats->queue.count == 0)
        return false;
    *rank = take_first(&seats->queue);
    seats->seats[*rank].queued = false;
    return true;
}

/* ---- leases -------------------------------------------------------------------------------------------- */

/* Sets when the rank is expected to have trained what it has, and when its trajectories could be at their ends. */
static void expect(struct ms_seats *seats, int32_t rank, double end_s, double whole_end_s)
{
    struct ms_seat *seat = &seats->seats[rank];

    seats->end_s = seats->busy > 0 ? seats->end_s + end_s - seat->end_s : 0;
    seat->end_s = end_s;
    ms_max_tree_set(&seats->whole_end_s, rank, whole_end_s);
}

/* Adds what is left of a trajectory, or subtracts it. */
static void count_rest(struct ms_seats *seats, int sign, const struct ms_rest *rest)
{
    seats->rests += sign;
    seats->rest_work = seats->rests > 0 ? seats->rest_work + sign * rest->work : 0;
}

void ms_seats_give(struct ms_seats *seats, int32_t rank, const struct ms_held_lease *held, double now_s)
{
    struct ms_seat *seat = &seats->seats[rank];
    const double begin_s = seat->held_count > 0 ? fmax(seat->end_s, now_s) : now_s;
    const double end_s = begin_s + held->seconds;

    seats->busy += seat->held_count == 0;
    seat->held[seat->held_count++] = *held;
    if (held->is_slice)
        count_rest(seats, 1, &held->rest);
    expect(seats, rank, end_s, fmax(ms_max_tree_get(&seats->whole_end_s, rank), end_s + held->rest_s));
}

bool ms_seats_take(struct ms_seats *seats, int32_t rank, int64_t id, double now_s, struct ms_held_lease *held)
{
    struct ms_seat *seat = &seats->seats[rank];
    double end_s = 0, whole_end_s = 0;
    int i = 0;

    while (i < seat->held_count && seat->held[i].id != id)
        i++;
    if (i == seat->held_count)
        return false;
    *held = seat->held[i];
    seat->held[i] = seat->held[--seat->held_count];
    seats->busy -= seat->held_count == 0;
    if (held->is_slice)
        count_rest(seats, -1, &held->rest);
    if (seat->held_count > 0) {
        end_s = now_s + seat->held[0].seconds;
        whole_end_s = end_s + seat->held[0].rest_s;
    }
    expect(seats, rank, end_s, whole_end_s);
    return true;
}

static double rescaled(double time_s, double change, double now_s)
{
    return time_s > now_s ? now_s + (time_s - now_s) * change : time_s;
}

void ms_seats_rescale(struct ms_seats *seats, double change, double now_s)
{
    for (int32_t rank = 0; rank < seats->ranks; rank++) {
        struct ms_seat *seat = &seats->seats[rank];

        for (int i = 0; i < seat->held_count; i++) {
            seat->held[i].seconds *= change;
            seat->held[i].rest_s *= change;
        }
        if (seat->held_count > 0)
            expect(seats, rank, rescaled(seat->end_s, change, now_s),
                   rescaled(ms_max_tree_get(&seats->whole_end_s, rank), change, now_s));
    }
}

void ms_seats_keep(struct ms_seats *seats, int32_t rank, const struct ms_rest *rest)
{
    seats->seats[rank].kept = *rest;
    seats->seats[rank].has_kept = true;
    count_rest(seats, 1, rest);
}

void ms_seats_stop_keeping(struct ms_seats *seats, int32_t rank)
{
    seats->seats[rank].has_kept = false;
    count_rest(seats, -1, &seats->seats[rank].kept);
}

/* ---- what is expected ---------------------------------------------------------------------------------- */

double ms_seats_busy_s(const struct ms_seats *seats, double now_s)
{
    return fmax(seats->end_s - now_s * seats->busy, 0);
}

double ms_seats_whole_end_s(const struct ms_seats *seats)
{
    return ms_max_tree_largest(&seats->whole_end_s);
}
