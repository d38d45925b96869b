/* The configurations of sample_table.h as entries of the file out.h5.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_SAMPLE_ENTRIES_H
#define MOONSWEEP_TESTS_SAMPLE_ENTRIES_H

#include <stdlib.h>
#include <string.h>

#include "cli/entries.h"
#include "sample_table.h"
#include "unit.h"

/* The caller frees them. */
static inline struct entries sample_entries(void)
{
    struct ms_table table = sample_table();
    struct entries entries = {0};
    struct ms_error err;

    table.rows = malloc(sizeof sample); /* entries_free frees them */
    ck_assert_ptr_nonnull(table.rows);
    memcpy(table.rows, sample, sizeof sample);
    ck_assert_int_eq(entries_add(&entries, "out.h5", &table, &err), MS_OK);
    return entries;
}

#endif
