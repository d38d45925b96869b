/* A hash a case (tests/data/kernel-hashes.csv), which every machine, compiler and kernel must meet. They say that
 * machines agree, not that they are right: that is bounded.h's. They change only together with MS_NUMERICS.
 *
 *     struct kernel_hashes hashes;
 *     kernel_hashes_read(&hashes, path);
 *     if (kernel_hashes_find(&hashes, number, &hash)) ...
 *     kernel_hashes_free(&hashes);
 */
#ifndef MOONSWEEP_TESTS_KERNEL_HASHES_H
#define MOONSWEEP_TESTS_KERNEL_HASHES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kernel_hashes { /* all zero: empty */
    struct kernel_hash {
        int number;
        uint64_t hash;
    } * rows; /* owned */
    int count;
};

/* A table that cannot be read, or of other numerics than MS_NUMERICS, ends the program. */
void kernel_hashes_read(struct kernel_hashes *hashes, const char *path);
void kernel_hashes_free(struct kernel_hashes *hashes);

bool kernel_hashes_find(const struct kernel_hashes *hashes, int number, uint64_t *hash);

/* Writes the table anew: its head, then row by row. */
void kernel_hashes_write_head(FILE *file);
void kernel_hashes_write(FILE *file, int number, uint64_t hash);

#endif
