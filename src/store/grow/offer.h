/* What a trajectory of an older result offers to a trajectory of the job: rows at the same iteration counts, the state at
 * which it diverged, and a state from which training can continue. */
#ifndef MOONSWEEP_STORE_OFFER_H
#define MOONSWEEP_STORE_OFFER_H

#include "older_state.h"
#include "walk.h"

/* A done row of the older result. */
struct ms_offer_row {
    int64_t iterations, row; /* row: its position among the rows of the trajectory */
};

/* A checkpoint of the older result. */
struct ms_offer_slot {
    int64_t iteration; /* 0: there is none */
    int32_t slot;
};

/* A trajectory of an older result. Only what matches its checksums is offered. */
struct ms_offer {
    const struct ms_older *older;
    const struct ms_walk_trajectory *trajectory;
    struct ms_offer_row *done; /* [n_done] by ascending iteration count */
    int64_t n_done;
    int64_t diverged;          /* position of a diverged row; -1: none */
    int64_t diverged_at;       /* its iterations_done */
    struct ms_offer_slot slot; /* the newest checkpoint */
};

/* What is taken over for a trajectory of the job. */
struct ms_offer_choice {
    int64_t *row;  /* [members] owned by the caller: position of the row that each member becomes; -1: none */
    int64_t rows;  /* number of members that become rows */
    int64_t start; /* iteration of the state that training continues from; 0: there is none */
    int64_t start_row; /* position of the row that has this state; -1: the checkpoint has it */
};

/* Chooses for a trajectory of the job that has members[count], by ascending iteration count, and room for cost_room
 * costs, and whose state at iteration `from` is known. Rows that would follow a gap are not chosen: the trajectory is
 * trained through the gap and beyond. */
void ms_offer_choose(const struct ms_offer *offer, const struct ms_grid_member *members, int64_t count,
                     int64_t cost_room, int64_t from, struct ms_offer_choice *choice);

/* Visits an offer for trajectory number `index` of the job. */
typedef enum ms_code ms_offer_visit(void *context, const struct ms_offer *offer, int64_t index,
                                    struct ms_error *err);

/* Visits the offers of all trajectories of the older result that the job of spec has, and counts in match what the older
 * result contains, but for rows and starts. Errors: those of ms_older_match, and those of visit. */
enum ms_code ms_offers_walk(struct ms_older *older, const struct ms_older_use *use,
                            const struct ms_writer_spec *spec, struct ms_older_match *match,
                            ms_offer_visit *visit, void *context, struct ms_error *err);

#endif
