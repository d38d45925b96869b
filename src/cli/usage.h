/* Command lines by argp, with our own errors: one sentence in struct ms_error instead of argp's two lines.
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
 * A parser that refuses its text calls ms_fail and returns EINVAL, as the readers below do. --help and
 * --usage are added here. */
#ifndef MOONSWEEP_CLI_USAGE_H
#define MOONSWEEP_CLI_USAGE_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

/* Parses argv for the subcommand `name` ("": the program itself). *helped is true when help was asked for
 * and printed on standard output; nothing else is to be done then. Errors: MS_BAD_USAGE. */
enum ms_code usage_parse(const char *name, const struct argp *argp, int argc, char **argv, void *arguments,
                         bool *helped, struct ms_error *err);

/* All of text as a decimal integer from least to most, or as a finite decimal number from least to most (INFINITY: no
 * such limit).
 * option names it in the sentence. 0, or EINVAL with err filled (MS_BAD_USAGE). */
error_t usage_integer(const char *option, const char *text, int64_t least, int64_t most, int64_t *value,
                      struct ms_error *err);
error_t usage_real(const char *option, const char *text, double least, double most, double *value,
                   struct ms_error *err);

/* All of text as a duration (duration.h), in seconds. 0, or EINVAL with err filled (MS_BAD_USAGE). */
error_t usage_duration(const char *option, const char *text, double *seconds, struct ms_error *err);

/* The one argument that is not an option: takes text for *path, or refuses a second one; and refuses a
 * missing one (value NULL), saying what is needed. what: "result file". */
error_t usage_one_path(const char *name, const char *what, char *text, const char **path,
                       struct ms_error *err);
error_t usage_required(const char *name, const char *needed, const char *value, struct ms_error *err);

/* Which of words[n] text is (its position in *value). 0, or EINVAL with err naming the nearest or all. */
error_t usage_choice(const char *option, const char *text, const char *const *words, int n, int *value,
                     struct ms_error *err);

#endif
