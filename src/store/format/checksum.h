/* The checksums of the result file: XXH3-64 of little-endian bytes. Definition: docs/file-format.md. */
#ifndef MOONSWEEP_STORE_CHECKSUM_H
#define MOONSWEEP_STORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The shared library's streaming state may change its size between releases; the inlined one cannot. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "moonsweep/data.h"

/* XXH3-64 with seed 0. */
uint64_t ms_checksum_bytes(const void *bytes, size_t count);

/* A hash over pieces, one after another, as if they were one. */
struct ms_hash {
    XXH3_state_t state;
};
void ms_hash_begin(struct ms_hash *hash, uint64_t seed);
void ms_hash_add(struct ms_hash *hash, const void *bytes, size_t count);
uint64_t ms_hash_value(const struct ms_hash *hash);

/* Of X_train, y_train, X_dev, y_dev, one after another. */
uint64_t ms_checksum_dataset(const struct ms_dataset *dataset);

enum {
    MS_CHAIN_COSTS = 4096 /* stored costs a link of the chain */
};

/* The hash of a history's first costs, which grows with the history: h = 0, then h = XXH3(next 4096 or fewer
 * stored costs, seed h). */
struct ms_chain {
    size_t cost_bytes; /* of a stored cost: 8 or 4 */
    uint64_t closed;   /* the hash of the full links */
    size_t open_bytes; /* of the link that is not full yet */
    unsigned char open[MS_CHAIN_COSTS * sizeof(double)];
};

/* A history without costs, each stored in cost_bytes. */
void ms_chain_begin(struct ms_chain *chain, size_t cost_bytes);

/* Appends count stored costs. */
void ms_chain_append(struct ms_chain *chain, int64_t count, const void *costs);

/* The hash of all costs so far; 0 for none. */
uint64_t ms_chain_hash(const struct ms_chain *chain);

#endif
