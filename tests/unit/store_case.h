/* A small result file in a separate folder. It has two trajectories (n_h 1 and 2, relu, 2 features) of two
 * configurations each.
 *
 *     tcase_add_checked_fixture(tests, store_case_set_up, store_case_tear_down);
 *     store_case_create();
 *     writer = store_case_begin_run_with_row();
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_STORE_CASE_H
#define MOONSWEEP_TESTS_STORE_CASE_H

#include "moonsweep/writer.h"
#include "store/format/schema.h"

struct store_case {
    char folder[64], path[80];
    int64_t iterations[2]; /* 2 and 10, in the grid */
    struct ms_grid grid;
    struct ms_dataset dataset;
    struct ms_writer_spec spec; /* of grid and dataset; may be changed before store_case_create */
    uint64_t run_id;            /* of the next run; 0 for a random one */
    struct ms_error err;
};
extern struct store_case store_case;

void store_case_set_up(void);
void store_case_tear_down(void); /* fails if the folder contains anything but the result file */

void store_case_create(void);
struct ms_writer *store_case_open(void);
struct ms_writer *store_case_begin_run(void);

/* Begins trajectory 1 at iteration 0, with the slots 0 and 1. */
void store_case_begin(struct ms_writer *writer);

/* Appends costs `from` to `to` - 1 of its history, which is 10, 9, 8, ... */
void store_case_costs(struct ms_writer *writer, int64_t from, int64_t to);

/* Queues configuration `config` (2 or 3) as done after that many iterations, with the costs appended so far. */
void store_case_queue(struct ms_writer *writer, int64_t config, int64_t iterations);

/* Begins a run and trajectory 1, with the row and the costs of configuration 2, which wait to be committed. */
struct ms_writer *store_case_begin_run_with_row(void);

/* Returns the parameters that store_case_queue stores; it sets W2[1] to NaN. */
struct ms_network store_case_network(void);

/* Calls ms_writer_tick until configuration `config` is final in the file, or until a tick fails; returns its code. */
enum ms_code store_case_tick(struct ms_writer *writer, int64_t config, struct ms_error *err);

/* Reads or writes one row of a variable directly, without HDF5 or the writer. */
void store_case_read(enum ms_variable variable, int64_t row, void *value);
void store_case_write(enum ms_variable variable, int64_t row, const void *value);

/* Flips one bit in a row of a variable. */
void store_case_flip(enum ms_variable variable, int64_t row, size_t byte, int bit);

/* Returns the bytes of the whole file; the caller frees them. */
unsigned char *store_case_bytes(size_t *count);

#endif
