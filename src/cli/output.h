/* Files that a command writes completely or not at all.
 *
 *     struct output output;
 *     if (output_open("points.csv", &output, err) == MS_OK) {
 *         fprintf(output.file, ...);                            // without checking for errors
 *         code = output_commit(&output, err);                   // fails if any write failed
 *     }
 *     output_discard(&output);                                  // needed after an error; does nothing after a commit
 *
 * A file appears under its name only when it is complete; until then it has a temporary name in the same folder. An
 * existing file is replaced (links are followed, and the permissions are preserved), unless it is write-protected or an
 * HDF5 file, which may have taken hours to compute. `-` is standard output; devices and pipes are written directly.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_OUTPUT_H
#define MOONSWEEP_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/error.h"

struct output {
    FILE *file;      /* to write to */
    char *path;      /* owned: the final name; NULL for standard output */
    char *temporary; /* owned: the name until commit; NULL: none */
};

/* Opens path for writing. Errors: MS_CANNOT_CREATE (also for a dangling link), MS_NO_PERMISSION, MS_NO_MEMORY; output
 * is then empty. */
enum ms_code output_open(const char *path, struct output *output, struct ms_error *err);

/* Refuses a regular file at path that this process may not write, or that has no write permission at all, even for
 * root. A file that does not exist is accepted. (Replacing a file needs only the permissions of its folder, so this
 * must be checked.) Errors: MS_NO_PERMISSION. */
enum ms_code output_check_protection(const char *path, struct ms_error *err);

/* Completes the file. Errors: MS_IO_ERROR, MS_CANNOT_CREATE. */
enum ms_code output_commit(struct output *output, struct ms_error *err);

/* Removes a file that was not committed, and frees output. Does nothing if output is empty or committed. */
void output_discard(struct output *output);

/* Flushes standard output. Errors: MS_IO_ERROR, without a message if its reader has ended (EPIPE), as with `| head`. */
enum ms_code output_flush_stdout(struct ms_error *err);

/* Prints the message of err on standard error and empties it, so that it is printed only once. Prints nothing if it is
 * empty. */
void output_error(struct ms_error *err);

/* Writes the beginning of a note about the file at path. */
void output_note(FILE *file, const char *path);

/* Whether both paths lead to the same existing file. */
bool output_is_same_file(const char *a, const char *b);

#endif
