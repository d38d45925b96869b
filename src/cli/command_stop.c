/* moonsweep stop: asks a running sweep to stop. */
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
    "Ask the sweep that is writing OUT.h5 to stop in good order, wherever it runs: within a second it keeps "
    "what was trained and ends with status 75."
    "\v"
    "The request is a note in the file, so whoever may write the file may ask. It is meant for the run that "
    "is "
    "at work now: the command that carries the sweep on is not stopped by it.\n"
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

/* What there is to say, and whether it helps to know who holds the lock, or held it last. */
static const struct {
    const char *sentence;
    bool names_holder;
} answers[] = {
    [MS_RUN_NONE] = {"no sweep is running on it", false},
    [MS_RUN_AT_WORK] = {"its run was asked to stop; moonsweep status --watch shows what it keeps", false},
    [MS_RUN_PASSING] = {"a run is just beginning or ending on it and was not asked to stop; try again", true},
    [MS_RUN_KILLED] = {"nothing to stop: its run was killed; jobs/local.sh does not start it again", false},
    [MS_RUN_UNSEEN] = {"its run was asked to stop, if it is alive: this host sees no lock of it", true},
    [MS_RUN_OTHER_NAME] =
        {"its run was asked to stop, if it is alive and writes this file under another name: no lock "
         "file is beside it",
         false},
};

enum ms_code command_stop(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.err = err};
    struct ms_run_state run;
    enum ms_code code;
    bool helped, named;

    code = usage_parse("stop", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    code = ms_lock_ask_to_stop(arguments.path, &run, err);
    if (code != MS_OK)
        return code;
    named = answers[run.activity].names_holder && run.holder[0] != '\0';
    (void)fprintf(stderr, "moonsweep: %s: %s%s%s%s\n", arguments.path, answers[run.activity].sentence,
                  named ? " (" : "", named ? run.holder : "", named ? ")" : "");
    return MS_OK;
}
