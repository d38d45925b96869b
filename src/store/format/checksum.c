/* Computes XXH3-64 of bytes in one piece, of bytes in several, and of costs as a chain: the hash of each full
 * link is the seed of the next. So a history is hashed as it grows, and its hash is known at every length.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "checksum.h"

#include <string.h>

uint64_t ms_checksum_bytes(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

void ms_hash_begin(struct ms_hash *hash, uint64_t seed)
{
    XXH3_INITSTATE(&hash->state);
    (void)XXH3_64bits_reset_withSeed(&hash->state, seed);
}

void ms_hash_add(struct ms_hash *hash, const void *bytes, size_t count)
{
    (void)XXH3_64bits_update(&hash->state, bytes, count);
}

uint64_t ms_hash_value(const struct ms_hash *hash)
{
    return XXH3_64bits_digest(&hash->state);
}

static void add_data(struct ms_hash *hash, const struct ms_data *data)
{
    ms_hash_add(hash, data->X, (size_t)data->rows * (size_t)data->n_x * sizeof *data->X);
    ms_hash_add(hash, data->y, (size_t)data->rows * sizeof *data->y);
}

uint64_t ms_checksum_dataset(const struct ms_dataset *dataset)
{
    struct ms_hash hash;

    ms_hash_begin(&hash, 0);
    add_data(&hash, &dataset->train);
    add_data(&hash, &dataset->dev);
    return ms_hash_value(&hash);
}

void ms_chain_begin(struct ms_chain *chain, size_t cost_bytes)
{
    chain->cost_bytes = cost_bytes;
    chain->closed = 0;
    chain->open_bytes = 0;
}

void ms_chain_append(struct ms_chain *chain, int64_t count, const void *costs)
{
    const unsigned char *bytes = costs;
    size_t left = (size_t)count * chain->cost_bytes;
    size_t full = MS_CHAIN_COSTS * chain->cost_bytes;

    while (left > 0) {
        size_t part = full - chain->open_bytes;

        if (part > left)
            part = left;
        memcpy(chain->open + chain->open_bytes, bytes, part);
        chain->open_bytes += part;
        bytes += part;
        left -= part;
        if (chain->open_bytes == full) {
            chain->closed = XXH3_64bits_withSeed(chain->open, full, chain->closed);
            chain->open_bytes = 0;
        }
    }
}

/* Copies only those bytes of the last link that are used: most histories that are copied are short. */
void ms_chain_copy(struct ms_chain *to, const struct ms_chain *from)
{
    to->cost_bytes = from->cost_bytes;
    to->closed = from->closed;
    to->open_bytes = from->open_bytes;
    memcpy(to->open, from->open, from->open_bytes);
}

uint64_t ms_chain_hash(const struct ms_chain *chain)
{
    if (chain->open_bytes == 0)
        return chain->closed;
    return XXH3_64bits_withSeed(chain->open, chain->open_bytes, chain->closed);
}
