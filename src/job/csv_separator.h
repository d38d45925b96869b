/* What separates the fields of a table's first line. */
#ifndef MOONSWEEP_JOB_CSV_SEPARATOR_H
#define MOONSWEEP_JOB_CSV_SEPARATOR_H

/* In words, such as "tabs", the character that seems to separate fields where commas must, in the line that begins at
 * text; NULL where a comma does, or nothing that is known. Characters in quotes do not count. */
const char *ms_csv_separator_other(const char *text, const char *end);

#endif
