/* What `moonsweep verify` finds: the first of it, and how much there is in all.
 *
 *     struct damage damage;
 *     damage_begin(&damage, 100);
 *     const struct ms_verify_report report = {damage_add, &damage};     ... ms_verify_open(path, &report, ...)
 *     damage_writers[LISTING_CSV](stdout, &damage, &grid);
 *     damage_free(&damage);
 *
 * Texts are kept so that each fits a line: what is not printable ASCII is written as \xNN. */
#ifndef MOONSWEEP_CLI_DAMAGE_H
#define MOONSWEEP_CLI_DAMAGE_H

#include <stdio.h>

#include "listing.h"
#include "moonsweep/verify.h"

struct damage_item {
    char *place, *stored, *due; /* owned */
    int64_t config;             /* -1: of none */
};

struct damage {
    struct damage_item *items; /* [listed] owned */
    int64_t limit, listed;
    int64_t count;     /* in all */
    int64_t permanent; /* those that no run repairs */
    bool no_memory;    /* some could not be kept */
};

/* Nothing yet; at most limit items will be kept. */
void damage_begin(struct damage *damage, int64_t limit);
void damage_free(struct damage *damage);

/* A visit of struct ms_verify_report; context: the struct damage. */
void damage_add(void *context, const struct ms_finding *finding);

/* Writes the list. grid: names the configurations for people (NULL: their numbers alone). */
typedef void damage_writer(FILE *file, const struct damage *damage, const struct ms_grid *grid);

/* The table has a line an item and says how many are left out; CSV and JSON have the fields place, config, stored and
 * due. By enum listing_format. */
extern damage_writer *const damage_writers[LISTING_FORMAT_COUNT];

#endif
