/* Files that a command writes: whole or not at all.
 *
 *     struct output output;
 *     if (output_open("points.csv", &output, err) == MS_OK) {
 *         fprintf(output.file, ...);                            // as much as there is, unchecked
 *         code = output_commit(&output, err);                   // any write that failed shows here
 *     }
 *     output_discard(&output);                                  // after an error; harmless otherwise
 *
 * A file appears under its name only when it is complete: until then it is a temporary one beside it. An
 * existing file is replaced (links are followed, its permissions kept), but never one that is protected from writing,
 * and never an HDF5 file, which could be hours of work. `-` is standard output; devices and pipes are written
 * directly. */
#ifndef MOONSWEEP_CLI_OUTPUT_H
#define MOONSWEEP_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "moonsweep/error.h"

struct output {
    FILE *file;      /* to write to */
    char *path;      /* owned: the final name; NULL for standard output */
    char *temporary; /* owned: the name until commit; NULL where there is none */
};

/* Opens path for writing. Errors: MS_CANNOT_CREATE (also for a link to nothing), MS_NO_PERMISSION, MS_NO_MEMORY; output
 * is then empty. */
enum ms_code output_open(const char *path, struct output *output, struct ms_error *err);

/* Refuses a regular file at path that this process may not write, or that nobody may: one without any write permission
 * is protected from root too, who may write everywhere. What does not exist is not refused. Replacing a file would
 * need the permissions of its folder alone. Errors: MS_NO_PERMISSION. */
enum ms_code output_check_protection(const char *path, struct ms_error *err);

/* Completes the file. Errors: MS_IO_ERROR, MS_CANNOT_CREATE. */
enum ms_code output_commit(struct output *output, struct ms_error *err);

/* Removes what was not committed and frees. Harmless on an empty or a committed one. */
void output_discard(struct output *output);

/* Flushes standard output. Errors: MS_IO_ERROR; without a sentence when its reader has gone away (EPIPE),
 * which `| head` does on purpose. */
enum ms_code output_flush_stdout(struct ms_error *err);

/* Prints the sentence of err on standard error and empties it, so that it is printed once; nothing if it is
 * empty. */
void output_error(struct ms_error *err);

/* Whether both paths are one existing file. */
bool output_is_same_file(const char *a, const char *b);

#endif
