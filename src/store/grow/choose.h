/* Chooses what an offer gives to a trajectory of the job: exactly what a sweep of the job from nothing would have.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_CHOOSE_H
#define MOONSWEEP_STORE_CHOOSE_H

#include "offer.h"

/* A trajectory of the job. */
struct ms_choose_for {
    const struct ms_grid_member *members; /* [count] by ascending iteration count */
    int64_t count;
    int64_t cost_room; /* for its costs */
    int64_t from;      /* its state at this iteration is known, and does not end it */
    int64_t limit;     /* it is not to be trained further now */
};

/* What is taken over for it. */
struct ms_choice {
    int64_t *row;   /* [count] owned by the caller: position of the row that each member becomes; -1: none */
    int64_t rows;   /* number of members that become rows */
    int64_t n_done; /* the members before it become done; those with rows from it on are ended, or diverged */
    enum ms_ended_by by; /* the rule that has ended them; MS_ENDED_BY_NOTHING: they diverged */
    int64_t start;       /* iteration of the state that training continues from; 0: there is none */
    int64_t start_row;   /* position of the row that has this state; -1: the checkpoint has it */
    /* More can be taken over after training to this member's count; 0: train without such a break */
    int64_t goal;
};

void ms_choose(const struct ms_offer *offer, const struct ms_choose_for *for_, struct ms_choice *choice);

#endif
