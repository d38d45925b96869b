/* Takes over what was chosen for one trajectory: its costs, its rows, and the state from which its training continues.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_TAKING_H
#define MOONSWEEP_STORE_TAKING_H

#include "choose.h"
#include "writer_state.h"

struct ms_taking {
    const struct ms_older *older;
    const struct ms_older_use *use;
    struct ms_writer *writer;       /* which has begun the present trajectory */
    struct ms_grid_member *members; /* its members */
    struct ms_choice choice;        /* what is taken over for it */
    struct ms_patience patience;    /* of the costs that the new file has of it, if all are stored */
    struct ms_network network;      /* a buffer of its shape */
    int32_t source[MS_RUNS + 1];    /* rows of /runs by the number of the older run plus 1 */
    int64_t rows, starts;           /* taken over so far */
};

/* Before the first trajectory. */
void ms_taking_begin(struct ms_taking *taking);

/* Sets *are to whether the costs that the new file has of the present trajectory are the first ones of the older
 * result. Errors: MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code ms_taking_compare(const struct ms_taking *taking, const struct ms_offer *offer, bool *are,
                               struct ms_error *err);

/* Takes over the chosen rows of the members [count]. *are_equal becomes false, and no further row is taken, if one does
 * not belong to the costs in the new file. Errors: those of ms_writer_flush. */
enum ms_code ms_taking_rows(struct ms_taking *taking, const struct ms_offer *offer, int64_t count,
                            bool *are_equal, struct ms_error *err);

/* Writes the chosen state as a checkpoint, likewise. */
enum ms_code ms_taking_start(struct ms_taking *taking, const struct ms_offer *offer, bool *are_equal,
                             struct ms_error *err);

#endif
