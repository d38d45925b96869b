/* Copies the values of a result that another program has rewritten, in the separate process.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_REWRITTEN_COPY_H
#define MOONSWEEP_STORE_REWRITTEN_COPY_H

#include <stdbool.h>

struct ms_rewritten_copy {
    const char *path;   /* of the result */
    int descriptor;     /* of the same */
    const char *beside; /* the copy is in the folder of this file */
    int copy;           /* an empty file that receives the values */
};

/* A run of struct ms_separate_work, whose context is a struct ms_rewritten_copy. It writes the variables to the copy one
 * after another, each contiguous as moonsweep stores it, and sends a reader with their places in the copy. The variables
 * of missing groups are zero, which is no valid record. */
bool ms_rewritten_copy(const void *context, int pipe);

#endif
