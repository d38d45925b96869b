/* How far one result file is at a moment, and the line that `moonsweep status` shows for it. */
#ifndef MOONSWEEP_CLI_LOOK_H
#define MOONSWEEP_CLI_LOOK_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/reader.h"

struct look {
    bool exists; /* if not, the rest says nothing */
    int64_t configs;
    int64_t by_status[MS_STATUS_COUNT];  /* they sum to configs */
    struct ms_best best;                 /* of the done ones */
    int64_t iterations_done, iterations; /* iterations */
    struct ms_run_state run;
};

/* Reads the state of path afresh: a file that stays open would show the old one. A file that is not there is an error
 * (MS_NO_INPUT), unless may_be_missing. Errors: those of reading it. */
enum ms_code look_at(const char *path, bool may_be_missing, struct look *look, struct ms_error *err);

/* Counts the configurations of a table into look, and finds the best. */
void look_count(struct look *look, const struct ms_table *table);

/* Writes the line without its end. was_there: of a file that does not exist, whether it did before. */
void look_write(FILE *file, const char *path, const struct look *look, bool was_there);

#endif
