/* The progress of one result file, and the line that `moonsweep status` shows for it. */
#ifndef MOONSWEEP_CLI_LOOK_H
#define MOONSWEEP_CLI_LOOK_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/best.h"
#include "moonsweep/reader.h"

struct look {
    bool exists; /* if not, the other members are meaningless */
    int64_t configs;
    int64_t by_status[MS_STATUS_COUNT];  /* they sum to configs */
    struct ms_best best;                 /* of the done configurations */
    int64_t iterations_done, iterations; /* iterations */
    struct ms_run_state run;
};

/* Opens path and reads its state; a file that stays open would show an old state. A missing file is an error
 * (MS_NO_INPUT), unless may_be_missing. Errors: those of reading it. */
enum ms_code look_at(const char *path, bool may_be_missing, struct look *look, struct ms_error *err);

/* Sets the counts and the best configuration of look from a table. */
void look_count(struct look *look, const struct ms_table *table);

/* Writes the line without a newline. was_there: whether a file that does not exist now existed before. */
void look_write(FILE *file, const char *path, const struct look *look, bool was_there);

#endif
