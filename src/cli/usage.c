/* Calls argp with a parser around that of the subcommand, which adds --help and --usage, and with flags that
 * keep it from printing and exiting. argp then does not say what was wrong with an option, so that is found
 * out again from the place where it stopped. The functions for values follow.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "usage.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "moonsweep/nearest.h"

#define MAX_OPTIONS 32

enum { KEY_HELP = 'h', KEY_USAGE = 0x7f01 };

static const struct argp_option help_options[] = {
    {"help", KEY_HELP, NULL, 0, "Show this help", -1},
    {"usage", KEY_USAGE, NULL, 0, "Show a short usage message", -1},
    {0},
};

/* The state of the outer parser, which wraps that of the subcommand. */
struct wrapper {
    void *arguments; /* the subcommand's */
    unsigned help;   /* the flags for argp_help; 0: help was not requested */
    int next;        /* the position of argp when it failed */
};

static error_t parse_help(int key, char *text, struct argp_state *state)
{
    struct wrapper *wrapper = state->input;

    (void)text;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = wrapper->arguments;
        return 0;
    case KEY_HELP:
        wrapper->help = ARGP_HELP_STD_HELP;
        state->next = state->argc;
        return 0;
    case KEY_USAGE:
        wrapper->help = ARGP_HELP_USAGE;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_ERROR:
        wrapper->next = state->next;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- errors of command lines that getopt refuses --------------------------------------------------------- */

/* Sets names to the long names of the options in both lists; returns their number. */
static size_t long_names(const struct argp_option *options, const char *names[MAX_OPTIONS])
{
    const struct argp_option *const lists[] = {options, help_options};
    size_t n = 0;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct argp_option *o = lists[i]; o && (o->name || o->key || o->doc); o++)
            if (o->name && n < MAX_OPTIONS)
                names[n++] = o->name;
    return n;
}

/* Whether the option called name takes a value. */
static bool takes_value(const struct argp_option *options, const char *name)
{
    for (const struct argp_option *o = options; o && (o->name || o->key || o->doc); o++)
        if (o->name && strcmp(o->name, name) == 0)
            return o->arg != NULL;
    return false;
}

/* Says what is wrong with the long option `token` ("--name" or "--name=value"). */
static enum ms_code fail_long_option(const char *name, const struct argp_option *options, const char *token,
                                     struct ms_error *err)
{
    const char *names[MAX_OPTIONS], *match = NULL, *meant;
    const size_t n = long_names(options, names), length = strcspn(token + 2, "=");
    char typed[64];
    int matches = 0;

    (void)snprintf(typed, sizeof typed, "%.*s", (int)length, token + 2);
    for (size_t i = 0; i < n; i++)
        if (strncmp(names[i], typed, strlen(typed)) == 0) {
            match = names[i];
            matches++;
            if (strlen(match) == length) {
                matches = 1;
                break;
            }
        }
    if (matches > 1)
        return ms_fail(err, MS_BAD_USAGE, "--%s is ambiguous; write the option in full", typed);
    if (matches == 1 && takes_value(options, match))
        return ms_fail(err, MS_BAD_USAGE, "--%s needs a value", match);
    if (matches == 1)
        return ms_fail(err, MS_BAD_USAGE, "--%s takes no value", match);
    meant = ms_nearest(typed, names, n);
    if (meant)
        return ms_fail(err, MS_BAD_USAGE, "there is no option --%s; did you mean --%s?", typed, meant);
    return ms_fail(err, MS_BAD_USAGE, "there is no option --%s; %s --help lists them", typed, name);
}

/* Says what is wrong with argv. argp stopped at `next`, which is after a wrong long option or a missing value, or at a
 * group of short options that contains a wrong one. */
static enum ms_code fail_option(const char *name, const struct argp_option *options, int argc, char **argv,
                                int next, struct ms_error *err)
{
    const char *before = next > 0 && next <= argc ? argv[next - 1] : "";
    const char *at = next > 0 && next < argc ? argv[next] : "";

    if (at[0] == '-' && at[1] != '-' && at[1] && at[2])
        return ms_fail(err, MS_BAD_USAGE, "there is an unknown option in %s; %s --help lists them", at, name);
    if (strncmp(before, "--", 2) == 0 && before[2])
        return fail_long_option(name, options, before, err);
    for (const struct argp_option *o = options; before[0] == '-' && o && (o->name || o->key || o->doc); o++)
        if (o->key == before[strlen(before) - 1] && o->arg)
            return ms_fail(err, MS_BAD_USAGE, "-%c needs a value (%s)", o->key, o->arg);
    return ms_fail(err, MS_BAD_USAGE, "there is no option %s; %s --help lists them", before, name);
}

enum ms_code usage_parse(const char *name, const struct argp *argp, int argc, char **argv, void *arguments,
                         bool *helped, struct ms_error *err)
{
    /* With these flags argp neither prints nor exits, and this file handles --help. The arguments after the first one,
     * a subcommand, are not parsed here. */
    const unsigned flags = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT | (name[0] == '\0' ? ARGP_IN_ORDER : 0);
    /* Only the outer parser has the texts: argp would print those of the inner one a second time. */
    const struct argp inner = {.options = argp->options, .parser = argp->parser};
    const struct argp_child children[] = {{&inner, 0, NULL, 0}, {0}};
    const struct argp outer = {
        .options = help_options,
        .parser = parse_help,
        .args_doc = argp->args_doc,
        .doc = argp->doc,
        .children = children,
    };
    struct wrapper wrapper = {.arguments = arguments};
    char full_name[64];
    error_t failed;

    *helped = false;
    (void)snprintf(full_name, sizeof full_name, "moonsweep%s%s", name[0] ? " " : "", name);
    err->code = MS_OK;
    failed = argp_parse(&outer, argc, argv, flags, NULL, &wrapper);
    if (wrapper.help) {
        static char buffer[1 << 16];

        (void)unsetenv("ARGP_HELP_FMT"); /* with some of its values argp_help never ends, or crashes */
        /* It is written at once, at the end, where errno tells why it cannot be. */
        (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
        argp_help(&outer, stdout, wrapper.help, full_name);
        *helped = true;
        return MS_OK;
    }
    if (!failed)
        return MS_OK;
    if (err->code != MS_OK)
        return err->code;
    if (failed == ENOMEM)
        return ms_fail_memory(err, full_name, "to read the command line");
    return fail_option(full_name, argp->options, argc, argv, wrapper.next, err);
}

/* ---- arguments and values -------------------------------------------------------------------------------- */

error_t usage_paths(const char *name, const char *what, char *const *paths, int n, struct ms_error *err)
{
    for (int i = 0; i < n; i++)
        if (paths[i][0] == '\0') {
            ms_fail(err, MS_BAD_USAGE, "%s: the name of the %s is empty", name, what);
            return EINVAL;
        }
    return 0;
}

error_t usage_one_path(const char *name, const char *what, char *text, const char **path,
                       struct ms_error *err)
{
    const error_t failed = usage_paths(name, what, &text, 1, err);

    if (failed)
        return failed;
    if (*path) {
        ms_fail(err, MS_BAD_USAGE, "%s: only one %s is accepted; %s is unexpected", name, what, text);
        return EINVAL;
    }
    *path = text;
    return 0;
}

error_t usage_file(const char *option, const char *what, char *text, const char **path, struct ms_error *err)
{
    if (text[0] == '\0') {
        ms_fail(err, MS_BAD_USAGE, "%s is empty; it must be the name of %s", option, what);
        return EINVAL;
    }
    *path = text;
    return 0;
}

error_t usage_required(const char *name, const char *needed, const char *value, struct ms_error *err)
{
    if (value)
        return 0;
    ms_fail(err, MS_BAD_USAGE, "%s needs %s", name, needed);
    return EINVAL;
}

/* A value as messages show it. */
static const char *shown(const char *text)
{
    return text[0] != '\0' ? text : "empty";
}

/* Whether text consists of digits, with or without a minus. */
static bool is_in_digits(const char *text)
{
    const size_t sign = text[0] == '-';

    return text[sign] && strspn(text + sign, "0123456789") == strlen(text + sign);
}

error_t usage_integer(const char *option, const char *text, int64_t least, int64_t most, int64_t *value,
                      struct ms_error *err)
{
    const bool is_integer = is_in_digits(text);
    const char *in_digits = is_integer ? "" : ", in digits"; /* for those who write 1e9 */
    long long parsed;

    errno = 0;
    parsed = is_integer ? strtoll(text, NULL, 10) : 0;
    if (is_integer && errno == 0 && parsed >= least && parsed <= most) {
        *value = parsed;
        return 0;
    }
    /* The extreme integers are of no interest to the user, unless they were exceeded. */
    if (least == INT64_MIN && !is_integer)
        ms_fail(err, MS_BAD_USAGE, "%s is %s; it must be an integer%s", option, shown(text), in_digits);
    else if (most == INT64_MAX && !(is_integer && text[0] != '-' && errno == ERANGE))
        ms_fail(err, MS_BAD_USAGE, "%s is %s; it must be an integer of at least %lld%s", option, shown(text),
                (long long)least, in_digits);
    else
        ms_fail(err, MS_BAD_USAGE, "%s is %s; it must be an integer from %lld to %lld%s", option, shown(text),
                (long long)least, (long long)most, in_digits);
    return EINVAL;
}

/* The largest float64, rounded down: the limit of numbers that have no other limit. */
#define LARGEST "1.79e308"

/* Writes "a number" with its limits to description. */
static void describe_real(double least, double most, bool is_too_large, char *description, size_t size)
{
    if (isfinite(most))
        (void)snprintf(description, size, "a number from %.15g to %.15g", least, most);
    else if (isfinite(least) && is_too_large)
        (void)snprintf(description, size, "a number from %.15g to " LARGEST, least);
    else if (isfinite(least))
        (void)snprintf(description, size, "a number of at least %.15g", least);
    else
        (void)snprintf(description, size, "%s",
                       is_too_large ? "a number from -" LARGEST " to " LARGEST : "a number");
}

error_t usage_real(const char *option, const char *text, double least, double most, double *value,
                   struct ms_error *err)
{
    const bool is_decimal = strpbrk(text, "0123456789") && strspn(text, "0123456789+-.eE") == strlen(text);
    char *end = NULL, description[96];
    const double parsed = is_decimal ? strtod(text, &end) : NAN;
    const bool is_number = is_decimal && *end == '\0';

    if (is_number && isfinite(parsed) && parsed >= least && parsed <= most) {
        *value = parsed;
        return 0;
    }
    describe_real(least, most, is_number && isinf(parsed), description, sizeof description);
    ms_fail(err, MS_BAD_USAGE, "%s is %s; it must be %s", option, shown(text), description);
    return EINVAL;
}

error_t usage_duration(const char *option, const char *text, double *seconds, struct ms_error *err)
{
    if (duration_parse(text, seconds))
        return 0;
    ms_fail(
        err, MS_BAD_USAGE,
        "%s is %s; it must be above 0, at most 1e12 seconds, and written as 90 or 90s, 15m, 2h, 1d, HH:MM:SS "
        "or D-HH:MM:SS",
        option, shown(text));
    return EINVAL;
}

error_t usage_choice(const char *option, const char *text, const char *const *words, int n, int *value,
                     struct ms_error *err)
{
    const char *nearest = ms_nearest(text, words, (size_t)n);
    char all[512] = "";
    size_t used = 0;

    for (int i = 0; i < n; i++) {
        if (strcmp(words[i], text) == 0) {
            *value = i;
            return 0;
        }
        if (used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
    }
    if (nearest)
        ms_fail(err, MS_BAD_USAGE, "%s is %s; did you mean %s?", option, text, nearest);
    else
        ms_fail(err, MS_BAD_USAGE, "%s is %s; it must be one of: %s", option, shown(text), all);
    return EINVAL;
}
