/* A small result file in a folder of its own: two trajectories (n_h 1 and 2, relu, 2 features), two
 * configurations each.
 *
 *     tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
 *     store_case_create();
 *     store = store_case_begin_run();
 *     store_case_begin(store);
 *     store_case_costs(store, 0, 2);
 *     store_case_queue(store, 2, 2); */
#ifndef MOONSWEEP_TESTS_STORE_CASE_H
#define MOONSWEEP_TESTS_STORE_CASE_H

#include "moonsweep/writer.h"

struct store_case {
    char folder[64], path[80];
    int64_t iterations[2]; /* 2 and 10, in the grid */
    struct ms_grid grid;
    struct ms_dataset dataset;
    struct ms_writer_spec spec; /* of grid and dataset; may be changed before store_case_create */
    struct ms_error err;
};
extern struct store_case store_case;

void store_case_set_up(void);    /* with MPI */
void store_case_tear_down(void); /* nothing but the result file may be left in the folder */

void store_case_create(void);
struct ms_writer *store_case_open(void);
struct ms_writer *store_case_begin_run(void);

/* Begins trajectory 1 at iteration 0, with the slots 0 and 1. */
void store_case_begin(struct ms_writer *store);

/* Appends the costs from .. to - 1 of its history: 10, 9, 8, ... */
void store_case_costs(struct ms_writer *store, int64_t from, int64_t to);

/* Queues configuration config, 2 or 3, as done after so many iterations, with the costs appended so far. */
void store_case_queue(struct ms_writer *store, int64_t config, int64_t iterations);

/* The parameters that it is done with. */
struct ms_network store_case_network(void);

#endif
