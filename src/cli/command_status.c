/* moonsweep status: shows the progress of sweeps.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "frame.h"
#include "look_data.h"
#include "moonsweep/clock.h"
#include "moonsweep/plural.h"
#include "moonsweep/terminal.h"
#include "output.h"
#include "usage.h"
#include "watch.h"

enum { KEY_EXIT_CODE = 0x100 };

static const double least_interval_s = 0.1, most_interval_s = 86400;

struct arguments {
    char **paths; /* [n_paths] of argv */
    int n_paths;
    bool watch, exit_code;
    int format; /* enum look_format */
    double interval_s;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"watch", 'w', "SECONDS", OPTION_ARG_OPTIONAL,
     "Look again every SECONDS (2) until no run is active on the files any more", 0},
    {"format", 'f', "FORMAT", 0, "text, or for programs csv or json, with more digits and the pace of a run",
     0},
    {"exit-code", KEY_EXIT_CODE, NULL, 0,
     "End with status 0 if all is finished, with 75 if work is left and no run is active, and with 69 if one "
     "is",
     0},
    {0},
};

static const char doc[] =
    "Show the progress of one or more sweeps, which may be running: the configurations done, diverged and "
    "pending, the iterations stored, the best dev accuracy so far, and which run is active."
    "\v"
    "On a terminal --watch updates its lines in place; elsewhere it prints them again every time. It waits "
    "for files that do not exist yet, and ends when every sweep is finished, was stopped, ended by an error, "
    "or was killed and has not been restarted for 30 seconds. It continues if this host cannot determine "
    "whether a run is active.\n"
    "\n"
    "Columns of CSV and keys of JSON: state (finished, running, starting_or_ending, new, stopped, failed, "
    "killed, unknown), configurations, done, diverged, stopped, dropped, pending, iterations_done, "
    "iterations, percent, iterations_per_second, seconds_left, upper_bounds, best_dev_accuracy, best_config, "
    "run, asked_to_stop, holder, silent (ranks without a sign of life), file.\n"
    "\n"
    "Examples:\n"
    "  moonsweep status OUT.h5\n"
    "  moonsweep status --watch results/*.h5\n"
    "  moonsweep status --format json OUT.h5\n"
    "  Submit the sweep again if work is left and no run is active:\n"
    "    moonsweep status --exit-code OUT.h5; [ $? -ne 75 ] || sbatch ...\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'w':
        arguments->watch = true;
        return text ? usage_real("--watch", text, least_interval_s, most_interval_s, &arguments->interval_s,
                                 arguments->err)
                    : 0;
    case 'f':
        return usage_choice("--format", text, look_format_names, LOOK_FORMAT_COUNT, &arguments->format,
                            arguments->err);
    case KEY_EXIT_CODE:
        arguments->exit_code = true;
        return 0;
    case ARGP_KEY_END:
        if (!arguments->watch || arguments->format == LOOK_TEXT)
            return 0;
        ms_fail(arguments->err, MS_BAD_USAGE,
                "status: --watch shows lines of text again and again; leave out --format %s, or call the "
                "command again for each look",
                look_format_names[arguments->format]);
        return EINVAL;
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->n_paths = state->argc - state->next;
        return usage_paths("status", "result file", arguments->paths, arguments->n_paths, arguments->err);
    case ARGP_KEY_NO_ARGS:
        return usage_required("status", "a result file: moonsweep status OUT.h5", NULL, arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5...", .doc = doc};

/* The state of all files at one time. */
struct state {
    const struct arguments *arguments;
    struct watch *watches;    /* [n_paths] owned */
    struct frame_line *lines; /* [n_paths] owned: for the files that could be read */
    int n_lines;
    struct ms_error *errors; /* [n_paths] owned: for the others */
    int n_errors;
    bool is_left, is_active; /* a file has work left and no active run; has an active run */
    bool is_over;            /* watching has ended for every file */
};

static void forget_lines(struct state *state)
{
    for (int i = 0; i < state->n_lines; i++)
        free(state->lines[i].text);
    state->n_lines = 0;
}

static enum ms_code add_line(struct state *state, const char *path, const struct look *look, bool was_there,
                             bool is_over, struct ms_error *err)
{
    struct frame_line line = {.is_settled = is_over};
    size_t bytes;
    FILE *out = open_memstream(&line.text, &bytes);

    if (out != NULL && state->arguments->format == LOOK_TEXT)
        look_write(out, path, look, was_there);
    else if (out != NULL)
        look_data_write(out, (enum look_format)state->arguments->format, path, look);
    if (out == NULL || fclose(out) != 0 || line.text == NULL) {
        free(line.text);
        return ms_fail_memory(err, path, "to report its progress");
    }
    state->lines[state->n_lines++] = line;
    return MS_OK;
}

/* Reads the state of file i and makes its line. */
static enum ms_code look_at_one(struct state *state, int i, struct ms_error *err)
{
    const char *path = state->arguments->paths[i];
    const bool was_there = state->watches[i].was_there;
    const unsigned look_options = (state->arguments->watch ? LOOK_MAY_BE_MISSING : 0) |
                                  (state->arguments->format != LOOK_TEXT ? LOOK_WITH_PACE : 0);
    struct look look;
    bool is_over;
    enum ms_code code = look_at(path, look_options, &look, err);

    if (code != MS_OK)
        return code;
    if (look_is_held(&look))
        state->is_active = true;
    else if (look.by_status[MS_PENDING] > 0)
        state->is_left = true;
    is_over = watch_take(&state->watches[i], &look, ms_clock_monotonic_s());
    state->is_over = state->is_over && is_over;
    return add_line(state, path, &look, was_there, is_over, err);
}

/* Reads the state of every file. The others are shown even if one cannot be read. */
static void look_at_all(struct state *state)
{
    forget_lines(state);
    state->n_errors = 0;
    state->is_left = false;
    state->is_active = false;
    state->is_over = true;
    for (int i = 0; i < state->arguments->n_paths; i++)
        if (look_at_one(state, i, &state->errors[state->n_errors]) != MS_OK)
            state->n_errors++;
}

/* Prints all errors but the last, which is returned; the code is that of the first. */
static enum ms_code report_errors(const struct state *state, struct ms_error *err)
{
    if (state->n_errors == 0)
        return MS_OK;
    *err = state->errors[state->n_errors - 1];
    err->code = state->errors[0].code;
    for (int i = 0; i + 1 < state->n_errors; i++)
        output_error(&state->errors[i]);
    return err->code;
}

static void write_lines(const struct state *state)
{
    if (state->arguments->format != LOOK_TEXT)
        look_data_write_all(stdout, (enum look_format)state->arguments->format, state->lines, state->n_lines);
    else
        for (int i = 0; i < state->n_lines; i++)
            (void)printf("%s\n", state->lines[i].text);
}

/* Shows the state once, or with --watch until watching ends. */
static enum ms_code follow(struct state *state, struct ms_error *err)
{
    const struct arguments *arguments = state->arguments;
    const int terminal = arguments->watch ? ms_terminal_open(stdout) : -1;
    const bool in_place = ms_terminal_is_live(terminal);
    struct frame frame = {0};

    if (in_place)
        frame = frame_begin(stdout, terminal);
    for (;;) {
        enum ms_code written;
        bool is_last;
        struct ms_error write_err;

        look_at_all(state);
        is_last = state->n_errors > 0 || !arguments->watch || state->is_over;
        if (!in_place)
            write_lines(state);
        else if (is_last)
            frame_end(&frame, state->lines, state->n_lines);
        else
            frame_draw(&frame, state->lines, state->n_lines);
        written = output_flush_stdout(&write_err);
        if (is_last || written != MS_OK) {
            ms_terminal_close(terminal);
            if (state->n_errors > 0 || written == MS_OK)
                return report_errors(state, err);
            *err = write_err;
            return written;
        }
        ms_clock_sleep(arguments->interval_s);
    }
}

enum ms_code command_status(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.interval_s = 2, .err = err};
    struct state state = {.arguments = &arguments};
    enum ms_code code;
    bool helped;

    code = usage_parse("status", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    state.watches = calloc((size_t)arguments.n_paths, sizeof *state.watches);
    state.lines = calloc((size_t)arguments.n_paths, sizeof *state.lines);
    state.errors = calloc((size_t)arguments.n_paths, sizeof *state.errors);
    code = state.watches != NULL && state.lines != NULL && state.errors != NULL
               ? follow(&state, err)
               : ms_fail_memory(err, "status", "for %d %s", arguments.n_paths,
                                ms_plural(arguments.n_paths, "file", "files"));
    forget_lines(&state);
    free(state.errors);
    free(state.lines);
    free(state.watches);
    if (code != MS_OK || !arguments.exit_code)
        return code;
    /* The exit status is sufficient. */
    if (state.is_left)
        return ms_fail(err, MS_WORK_LEFT, "%s", "");
    return state.is_active ? ms_fail(err, MS_BUSY, "%s", "") : MS_OK;
}
