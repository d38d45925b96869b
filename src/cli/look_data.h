/* The progress of result files for programs, as CSV or JSON: one row or object for each file. Write errors are left in
 * the stream's error flag.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_LOOK_DATA_H
#define MOONSWEEP_CLI_LOOK_DATA_H

#include "frame.h"
#include "look.h"

enum look_format { LOOK_TEXT, LOOK_CSV, LOOK_JSON, LOOK_FORMAT_COUNT };

/* "text", "csv", "json". */
extern const char *const look_format_names[LOOK_FORMAT_COUNT];

/* Writes the row (LOOK_CSV) or the object (LOOK_JSON) of a file, without a newline. */
void look_data_write(FILE *file, enum look_format format, const char *path, const struct look *look);

/* Writes lines[count], each a row or an object, with what belongs around them: the header of CSV, the brackets of JSON.
 */
void look_data_write_all(FILE *file, enum look_format format, const struct frame_line *lines, int count);

/* The state of the sweep in one word: finished, running, starting_or_ending, new, stopped, failed, killed, or unknown
 * if this host cannot determine whether a run is active. */
const char *look_data_state(const struct look *look);

#endif
