/* What a kernel computed in a case: a sequence of named arrays, to be compared bit for bit and hashed.
 *
 *     struct record record = {0};
 *     record_part(&record, "cost", RECORD_LIST, iteration);
 *     record_add(&record, cost);
 *     if (!record_same(&expected, &record, &difference)) ...
 *     record_free(&record);
 *
 * Values are float64, which can represent every float32. A NaN is recorded as the canonical one, because the bits
 * of computed NaNs differ between machines.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_RECORD_H
#define MOONSWEEP_TESTS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "moonsweep/network.h"

/* How the values of a part are numbered, for reports (array_names.h). */
enum record_layout {
    RECORD_LIST,
    RECORD_PARAMETERS, /* W1, b1, W2, b2 of a network */
    RECORD_TOTALS,     /* of ms_kernel.reduce */
    RECORD_SUMS        /* of ms_kernel.accumulate, lane by lane */
};

struct record_part {
    const char *what; /* borrowed */
    enum record_layout layout;
    int64_t iteration; /* or -1 */
    size_t first;      /* index of its first value */
};

struct record { /* all zero: empty */
    struct record_part *parts;
    size_t part_count, part_capacity;
    double *values;
    size_t value_count, value_capacity;
};

/* Starts a part, to which the values added next belong. */
void record_part(struct record *record, const char *what, enum record_layout layout, int64_t iteration);

void record_add(struct record *record, double value);

/* Adds n reals of a precision. */
void record_reals(struct record *record, enum ms_precision precision, const void *reals, int64_t n);

/* Adds all parameters of a network, as a part. */
void record_network(struct record *record, const struct ms_network *network, int64_t iteration);

/* The first difference between two records. */
struct record_difference {
    struct record_part part;
    int64_t index; /* in the part */
    double expected, got;
};

/* Returns whether all values of got have the bits of expected's. got may be shorter. */
bool record_same(const struct record *expected, const struct record *got,
                 struct record_difference *difference);

/* FNV-1a of the values' bits, least significant byte first; start is the hash of what precedes them. */
uint64_t record_hash(const struct record *record, uint64_t start);
extern const uint64_t record_hash_start;

void record_clear(struct record *record);
void record_free(struct record *record);

#endif
