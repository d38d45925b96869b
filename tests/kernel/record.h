/* What a kernel computed in a case: named arrays one after another, to be compared bit for bit and hashed.
 *
 *     struct record record = {0};
 *     record_part(&record, "cost", RECORD_LIST, iteration);
 *     record_add(&record, cost);
 *     if (!record_same(&wanted, &record, &difference)) ...
 *     record_free(&record);
 *
 * Values are float64, which holds every float32. A NaN is entered as the canonical one: the bits of computed
 * ones differ between machines. */
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
    int64_t iteration; /* -1 where it belongs to none */
    size_t first;      /* of its values */
};

struct record { /* all zero: empty */
    struct record_part *parts;
    size_t part_count, part_room;
    double *values;
    size_t value_count, value_room;
};

/* Starts a part; the values that follow belong to it. */
void record_part(struct record *record, const char *what, enum record_layout layout, int64_t iteration);

void record_add(struct record *record, double value);

/* n reals of a precision. */
void record_reals(struct record *record, enum ms_precision precision, const void *reals, int64_t n);

/* All parameters of a network, as a part. */
void record_network(struct record *record, const struct ms_network *network, int64_t iteration);

/* Where two records differ first. */
struct record_difference {
    struct record_part part;
    int64_t index; /* in the part */
    double wanted, got;
};

/* Whether got has the bits of the parts of wanted that it has: it may end earlier. */
bool record_same(const struct record *wanted, const struct record *got, struct record_difference *difference);

/* FNV-1a of the values' bits, least significant byte first; start is the hash of what stands before. */
uint64_t record_hash(const struct record *record, uint64_t start);
extern const uint64_t record_hash_start;

void record_clear(struct record *record);
void record_free(struct record *record);

#endif
