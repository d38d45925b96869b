/* moonsweep stop: asks a running sweep to stop. */
#include <stdio.h>

#include "command.h"
#include "moonsweep/store.h"
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

enum ms_code command_stop(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.err = err};
    enum ms_code code;
    bool helped, asked;

    code = usage_parse("stop", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    code = ms_store_ask_to_stop(arguments.path, &asked, err);
    if (code == MS_OK)
        (void)fprintf(
            stderr,
            asked ? "moonsweep: %s: its run was asked to stop; moonsweep status --watch shows what it keeps\n"
                  : "moonsweep: %s: no sweep is running on it\n",
            arguments.path);
    return code;
}
