/* Saying what is wrong: from a value's bytes and its place to the texts of struct ms_finding.
 *
 *     ms_finding_values(examination, MS_VAR_W1, config, stored, due);        // each element that differs
 *     ms_finding_rule(examination, MS_VAR_RANK, config, 0, &rank, "at least 0");
 *     ms_finding_attribute(examination, "job_hash", NULL, stored, due);
 *
 * Each is reported as what examination->kind says, but for ms_finding_warn. */
#ifndef MOONSWEEP_STORE_FINDING_H
#define MOONSWEEP_STORE_FINDING_H

#include "examine_state.h"

enum { MS_FINDING_TEXT = 160 };

/* Reports each element in which the row `stored` of variable (ms_schema_row_bytes of it) differs from `due`. */
void ms_finding_values(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                       const void *stored, const void *due);

/* Reports one element of a row; due in words (printf). */
void ms_finding_rule(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                     int64_t element, const void *stored, const char *due, ...)
    __attribute__((format(printf, 6, 7)));

/* Reports the first element of a row as a warning, whatever kind the findings around it are of. */
void ms_finding_warn(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                     const void *stored, const char *due);

/* Reports a text of a string variable. */
void ms_finding_text(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                     const char *stored, const char *due);

/* Reports an attribute of the variable or scale `of` (a path; NULL: of the file). stored NULL: it is missing, or not of
 * its kind. */
void ms_finding_attribute(struct ms_examination *examination, const char *name, const char *of,
                          const char *stored, const char *due);

/* Reports anything. config -1: of none. */
void ms_finding_report(struct ms_examination *examination, const char *place, int64_t config,
                       const char *stored, const char *due);

#endif
