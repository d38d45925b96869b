/* What `moonsweep verify` finds: a list of the first findings, and the total number.
 *
 *     struct damage damage;
 *     damage_begin(&damage, 100);
 *     const struct ms_verify_report report = {damage_add, &damage};     ... ms_verify_open(path, &report, ...)
 *     damage_writers[LISTING_CSV](stdout, &damage, &grid);
 *     damage_free(&damage);
 *
 * Texts are stored so that each fits on one line: bytes that are not printable ASCII are written as \xNN.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_DAMAGE_H
#define MOONSWEEP_CLI_DAMAGE_H

#include <stdio.h>

#include "listing.h"
#include "moonsweep/verify.h"

struct damage_item {
    char *place, *stored, *due; /* owned */
    int64_t config;             /* -1: not of a configuration */
};

struct damage {
    struct damage_item *items; /* [listed] owned */
    int64_t limit, listed;
    int64_t count;     /* of all findings */
    int64_t permanent; /* of those that a run does not repair */
    bool no_memory;    /* some could not be stored */
};

/* Makes an empty list, which will contain at most limit items. */
void damage_begin(struct damage *damage, int64_t limit);
void damage_free(struct damage *damage);

/* The visit function of struct ms_verify_report; context: the struct damage. */
void damage_add(void *context, const struct ms_finding *finding);

/* Writes the list. grid: to describe the configurations in the table (NULL: their numbers only). */
typedef void damage_writer(FILE *file, const struct damage *damage, const struct ms_grid *grid);

/* The writers by enum listing_format. The table has one line per item and says how many are omitted; CSV and JSON have
 * the fields place, config, stored and due. */
extern damage_writer *const damage_writers[LISTING_FORMAT_COUNT];

#endif
