/* What a trajectory of an older result offers to a trajectory of the job: states that were evaluated, the state at which
 * it diverged, and a checkpoint.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_OFFER_H
#define MOONSWEEP_STORE_OFFER_H

#include "older_state.h"
#include "walk.h"

/* A state that was evaluated: that of a done row, or the one in which a rule ended the trajectory. */
struct ms_offer_state {
    int64_t iterations, row; /* row: its position among the rows of the trajectory */
    double dev_accuracy, cpu_seconds;
    int64_t stop_count;  /* of struct ms_row */
    bool is_end_by_time; /* the rule about time ended the trajectory there */
};

/* A checkpoint of the older result. */
struct ms_offer_slot {
    int64_t iteration; /* 0: there is none */
    double cpu_seconds;
    int32_t slot;
};

/* A trajectory of an older result. Only what matches its checksums is offered. */
struct ms_offer {
    const struct ms_older *older;
    const struct ms_walk_trajectory *trajectory;
    const struct ms_end_rules *older_rules, *rules; /* those of its job, and those of the job */
    struct ms_offer_state *states;                  /* [n_states] by ascending iteration count */
    int64_t n_states;
    int64_t diverged;    /* position of a diverged row; -1: none */
    int64_t diverged_at; /* its iterations_done */
    double diverged_cpu_s;
    struct ms_offer_slot slot; /* the newest checkpoint */
    /* Where the job's rule about costs ends the trajectory; INT64_MAX: after the known costs */
    int64_t patience_end;
};

/* Visits an offer for trajectory number `index` of the job. */
typedef enum ms_code ms_offer_visit(void *context, const struct ms_offer *offer, int64_t index,
                                    struct ms_error *err);

/* How the offers of an older result are visited. */
struct ms_offer_visits {
    ms_offer_visit *visit;
    bool (*is_wanted)(void *context,
                      int64_t index); /* an offer is made only to these trajectories; NULL: to all */
    void *context;
};

/* Visits the offers of all trajectories of the older result that the job of spec has, and counts in match what the older
 * result contains, but for rows and starts. Errors: those of ms_older_match, and those of visit. */
enum ms_code ms_offers_walk(struct ms_older *older, const struct ms_older_use *use,
                            const struct ms_writer_spec *spec, struct ms_older_match *match,
                            const struct ms_offer_visits *visits, struct ms_error *err);

#endif
