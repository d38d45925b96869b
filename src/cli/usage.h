/* Parses command lines with argp, but with one message in struct ms_error instead of argp's two lines.
 *
 *     static error_t parse(int key, char *text, struct argp_state *state)
 *     {
 *         struct arguments *arguments = state->input;      // with a struct ms_error *err in it
 *         switch (key) {
 *         case 'l': return usage_integer("--limit", text, 1, INT64_MAX, &arguments->limit, arguments->err);
 *         ...
 *     }
 *     static const struct argp argp = {options, parse, "OUT.h5", "What it does.\vExamples: ..."};
 *
 *     code = usage_parse("show", &argp, argc, argv, &arguments, &helped, err);
 *     if (code != MS_OK || helped)
 *         return code;
 *
 * A parser that refuses its text calls ms_fail and returns EINVAL, as the functions below do. --help and --usage are
 * added here.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_USAGE_H
#define MOONSWEEP_CLI_USAGE_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* Parses argv for the subcommand `name` ("": the program itself). *helped: help was requested and printed on standard
 * output, and the command must do nothing else. Errors: MS_BAD_USAGE. */
enum ms_code usage_parse(const char *name, const struct argp *argp, int argc, char **argv, void *arguments,
                         bool *helped, struct ms_error *err);

/* Parse all of text as a decimal integer from least to most, or as a finite decimal number from least to most
 * (INFINITY: no limit). The message contains the name of the option. Return 0, or EINVAL with err filled
 * (MS_BAD_USAGE). */
error_t usage_integer(const char *option, const char *text, int64_t least, int64_t most, int64_t *value,
                      struct ms_error *err);
error_t usage_real(const char *option, const char *text, double least, double most, double *value,
                   struct ms_error *err);

/* Parses all of text as a duration (duration.h), in seconds. Returns 0, or EINVAL with err filled (MS_BAD_USAGE). */
error_t usage_duration(const char *option, const char *text, double *seconds, struct ms_error *err);

/* For the arguments that are not options, paths[n]: refuses an empty one. what: for example "result file". */
error_t usage_paths(const char *name, const char *what, char *const *paths, int n, struct ms_error *err);

/* For the only argument that is not an option: usage_one_path sets *path to text, or refuses a second argument;
 * usage_required refuses a missing one (value NULL) and says what is needed. what: for example "result file". */
error_t usage_one_path(const char *name, const char *what, char *text, const char **path,
                       struct ms_error *err);
error_t usage_required(const char *name, const char *needed, const char *value, struct ms_error *err);

/* Sets *path to the value of an option that names a file, which must not be empty. what: for example "a CSV file".
 * Returns 0, or EINVAL with err filled (MS_BAD_USAGE). */
error_t usage_file(const char *option, const char *what, char *text, const char **path, struct ms_error *err);

/* Sets *value to the position of text in words [n]. Returns 0, or EINVAL with an err that suggests the nearest word or
 * lists all of them. */
error_t usage_choice(const char *option, const char *text, const char *const *words, int n, int *value,
                     struct ms_error *err);

#endif
