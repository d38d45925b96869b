/* The hashes of all cases (tests/data/kernel-hashes.csv), which every machine, compiler and kernel must reproduce. They
 * show that machines agree, not that they are right, which bounded.h checks. They change only together with
 * MS_NUMERICS.
 *
 *     struct kernel_hashes hashes;
 *     kernel_hashes_read(&hashes, path);
 *     if (kernel_hashes_find(&hashes, number, &hash)) ...
 *     kernel_hashes_free(&hashes);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
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

/* Exits if the table cannot be read or its numerics are not MS_NUMERICS. */
void kernel_hashes_read(struct kernel_hashes *hashes, const char *path);
void kernel_hashes_free(struct kernel_hashes *hashes);

bool kernel_hashes_find(const struct kernel_hashes *hashes, int number, uint64_t *hash);

/* These write the table: first its header, then row by row. */
void kernel_hashes_write_header(FILE *file);
void kernel_hashes_write(FILE *file, int number, uint64_t hash);

#endif
