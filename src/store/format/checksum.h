/* The checksums of the result file: XXH3-64 of little-endian bytes. docs/file-format.md defines them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_CHECKSUM_H
#define MOONSWEEP_STORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The shared library's streaming state may change its size between releases; the inlined one cannot. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "moonsweep/data.h"

/* Returns the XXH3-64 of bytes[count] with seed 0. */
uint64_t ms_checksum_bytes(const void *bytes, size_t count);

/* A hash over several pieces of memory, as if they were contiguous. */
struct ms_hash {
    XXH3_state_t state;
};
void ms_hash_begin(struct ms_hash *hash, uint64_t seed);
void ms_hash_add(struct ms_hash *hash, const void *bytes, size_t count);
uint64_t ms_hash_value(const struct ms_hash *hash);

/* Returns the checksum of a data set: of X_train, y_train, X_dev and y_dev, one after another. */
uint64_t ms_checksum_dataset(const struct ms_dataset *dataset);

enum {
    MS_CHAIN_COSTS = 4096 /* stored costs per link of the chain */
};

/* The hash of the first costs of a history, which can be extended as the history grows: h = 0, then h =
 * XXH3(next 4096 or fewer stored costs, seed h). */
struct ms_chain {
    size_t cost_bytes; /* size of a stored cost: 8 or 4 */
    uint64_t closed;   /* the hash of the full links */
    size_t open_bytes; /* bytes in the link that is not full yet */
    unsigned char open[MS_CHAIN_COSTS * sizeof(double)];
};

/* Begins the chain of a history without costs, whose costs are stored in cost_bytes each. */
void ms_chain_begin(struct ms_chain *chain, size_t cost_bytes);

/* Appends count stored costs. */
void ms_chain_append(struct ms_chain *chain, int64_t count, const void *costs);

/* Makes `to` the same chain as `from`. */
void ms_chain_copy(struct ms_chain *to, const struct ms_chain *from);

/* Returns the hash of all costs so far; 0 if there are none. */
uint64_t ms_chain_hash(const struct ms_chain *chain);

#endif
