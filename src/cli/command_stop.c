/* moonsweep stop: asks a running sweep to stop.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "command.h"
#include "moonsweep/reader.h"
#include "usage.h"

struct arguments {
    const char *path;
    struct ms_error *err;
};

static const struct argp_option options[] = {{0}};

static const char doc[] =
    "Ask the sweep that is writing OUT.h5 to stop cleanly, wherever it runs: within a second it stores what "
    "was trained and ends with status 75."
    "\v"
    "The request is stored in the file, so everyone who may write the file may make it. It applies only to "
    "the run that is active now; a later run that resumes the sweep is not stopped. If there is no run to "
    "ask, the status is 69.\n"
    "\n"
    "Example:\n"
    "  moonsweep stop OUT.h5\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case ARGP_KEY_ARG:
        return usage_one_path("stop", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return usage_required("stop", "a result file: moonsweep stop OUT.h5", arguments->path,
                              arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5", .doc = doc};

/* The answer for each state of the run, and whether it names the last holder of the lock. An answer that no run was
 * asked is an error: a script must not wait for the end of a run that will not come. */
static const struct {
    const char *sentence;
    bool names_holder, is_error;
} answers[] = {
    [MS_RUN_NONE] = {.sentence = "no sweep is running on it; nothing was asked to stop", .is_error = true},
    [MS_RUN_AT_WORK] = {.sentence = "its run was asked to stop; moonsweep status --watch shows its progress"},
    [MS_RUN_PASSING] = {.sentence =
                            "a run is just starting or ending on it and was not asked to stop; try again",
                        .names_holder = true,
                        .is_error = true},
    [MS_RUN_UNNAMED] = {.sentence =
                            "its run was asked to stop, if it is still active: the lock file does not say "
                            "which run holds the lock",
                        .names_holder = true},
    [MS_RUN_KILLED] = {.sentence = "nothing to stop: its run was killed; jobs/local.sh will not restart it"},
    [MS_RUN_UNSEEN] = {.sentence =
                           "its run was asked to stop, if it still exists: no lock of it is visible on this "
                           "host",
                       .names_holder = true},
    [MS_RUN_OTHER_NAME] = {.sentence =
                               "its run was asked to stop, if it still exists and writes this file under "
                               "another name: there is no lock file beside it"},
};

enum ms_code command_stop(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.err = err};
    char holder[MS_LOCK_HOLDER + sizeof " ()"] = "";
    struct ms_run_state run;
    enum ms_code code;
    bool helped;

    code = usage_parse("stop", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    code = ms_lock_ask_to_stop(arguments.path, &run, err);
    if (code != MS_OK)
        return code;
    if (answers[run.activity].names_holder && run.holder[0] != '\0')
        (void)snprintf(holder, sizeof holder, " (%s)", run.holder);
    if (answers[run.activity].is_error)
        return ms_fail(err, MS_BUSY, "%s: %s%s", arguments.path, answers[run.activity].sentence, holder);
    (void)fprintf(stderr, "moonsweep: %s: %s%s\n", arguments.path, answers[run.activity].sentence, holder);
    return MS_OK;
}
