/* moonsweep status: how far sweeps are. */
#include <stdio.h>

#include "command.h"
#include "live.h"
#include "output.h"
#include "pause.h"
#include "tally.h"
#include "usage.h"

enum { KEY_EXIT_CODE = 0x100 };

struct arguments {
    char **paths; /* [n_paths] of argv */
    int n_paths;
    bool watch, exit_code;
    double interval_s;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"watch", 'w', "SECONDS", OPTION_ARG_OPTIONAL, "Look again every SECONDS (2) until all is finished", 0},
    {"exit-code", KEY_EXIT_CODE, NULL, 0, "End with 0 if all is finished, with 75 if work is left", 0},
    {0},
};

static const char doc[] =
    "Say how far one or several sweeps are, also while they run: configurations done, diverged and pending, "
    "the iterations that are kept, the best dev accuracy so far, and who is at work on them."
    "\v"
    "On a terminal --watch renews its lines in place; elsewhere it writes them again at every look.\n"
    "\n"
    "Examples:\n"
    "  moonsweep status OUT.h5\n"
    "  moonsweep status --watch results/*.h5\n"
    "  Submit again while there is work left:\n"
    "    moonsweep status --exit-code OUT.h5 || sbatch ...\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'w':
        arguments->watch = true;
        return text ? usage_real("--watch", text, 0.1, 86400, &arguments->interval_s, arguments->err) : 0;
    case KEY_EXIT_CODE:
        arguments->exit_code = true;
        return 0;
    case ARGP_KEY_ARGS:
        arguments->paths = state->argv + state->next;
        arguments->n_paths = state->argc - state->next;
        return 0;
    case ARGP_KEY_NO_ARGS:
        return usage_required("status", "a result file: moonsweep status OUT.h5", NULL, arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5...", .doc = doc};

/* What one file says. */
struct look {
    struct tally tally;
    int64_t kept, all; /* iterations */
    struct ms_presence presence;
};

/* Reads the state of path afresh: a file that stays open would show the old one. */
static enum ms_code look_at(const char *path, struct look *look, struct ms_error *err)
{
    struct ms_reader *reader = NULL;
    struct ms_table table = {0};
    enum ms_code code;

    code = ms_reader_open(path, &reader, err);
    if (code == MS_OK)
        code = ms_reader_presence(reader, &look->presence, err);
    if (code == MS_OK)
        code = ms_reader_table(reader, &table, err);
    if (code == MS_OK)
        code = ms_reader_kept(reader, &table, &look->kept, &look->all, err);
    if (code == MS_OK)
        look->tally = tally_of(&table);
    ms_table_free(&table);
    ms_reader_close(reader);
    return code;
}

/* How it stands with the run that came last, where there is something to say. */
static void write_presence(const struct look *look)
{
    static const char *const words[] = {
        [MS_PRESENCE_AT_WORK] = "running",
        [MS_PRESENCE_PASSING] = "a run is just beginning or ending",
        [MS_PRESENCE_KILLED] = "killed",
        [MS_PRESENCE_UNSEEN] = "killed, or running where this host sees no lock",
    };
    const struct ms_presence *presence = &look->presence;
    const bool is_held = presence->state == MS_PRESENCE_AT_WORK || presence->state == MS_PRESENCE_PASSING;
    const char *word = words[presence->state];

    if (presence->state == MS_PRESENCE_NONE)
        word = presence->how_ended == MS_RUN_STOPPED  ? "stopped"
               : presence->how_ended == MS_RUN_FAILED ? "ended by an error"
                                                      : NULL;
    if (word == NULL || (look->tally.by_status[MS_PENDING] == 0 && !is_held))
        return;
    (void)printf("; %s", word);
    if (presence->holder[0] != '\0' && presence->state != MS_PRESENCE_NONE)
        (void)printf(" (%s)", presence->holder);
    if (presence->asked_to_stop && presence->state != MS_PRESENCE_PASSING)
        (void)fputs(", asked to stop", stdout);
}

/* One line; ends with `end`. */
static void write_line(const char *path, const struct look *look, const char *end)
{
    const struct tally *tally = &look->tally;

    (void)printf("%s: %lld of %lld done, %lld diverged", path, (long long)tally->by_status[MS_DONE],
                 (long long)tally->configs, (long long)tally->by_status[MS_DIVERGED]);
    for (int status = MS_STOPPED; status < MS_STATUS_COUNT; status++)
        if (tally->by_status[status] > 0)
            (void)printf(", %lld %s", (long long)tally->by_status[status],
                         ms_status_name((enum ms_status)status));
    (void)printf(", %lld pending; %lld of %lld iterations", (long long)tally->by_status[MS_PENDING],
                 (long long)look->kept, (long long)look->all);
    if (tally->best_config >= 0)
        (void)printf("; best dev accuracy %.2f%% (configuration %lld)", tally->best_dev_accuracy,
                     (long long)tally->best_config);
    write_presence(look);
    (void)fputs(end, stdout);
}

/* Looks at every file and writes its line; *pending: configurations left in all. A file that cannot be read
 * does not keep the others from being shown; the first such failure is returned. */
static enum ms_code look_at_all(const struct arguments *arguments, const char *end, int64_t *pending,
                                struct ms_error *err)
{
    enum ms_code failed = MS_OK;

    *pending = 0;
    for (int i = 0; i < arguments->n_paths; i++) {
        struct look look;
        struct ms_error later;
        const enum ms_code code = look_at(arguments->paths[i], &look, failed == MS_OK ? err : &later);

        if (code == MS_OK) {
            write_line(arguments->paths[i], &look, end);
            *pending += look.tally.by_status[MS_PENDING];
        } else if (failed == MS_OK) {
            failed = code;
        }
    }
    return failed;
}

enum ms_code command_status(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.interval_s = 2, .err = err};
    const bool live = live_terminal(stdout);
    enum ms_code code;
    int64_t pending;
    bool helped;

    code = usage_parse("status", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;

    for (;;) {
        /* On a terminal each line ends by clearing what the line before it left to its right. */
        code = look_at_all(&arguments, arguments.watch && live ? "\033[K\n" : "\n", &pending, err);
        if (code == MS_OK)
            code = output_flush_stdout(err);
        if (code != MS_OK || !arguments.watch || pending == 0)
            break;
        pause_seconds(arguments.interval_s);
        if (live)
            (void)printf("\033[%dA", arguments.n_paths);
    }
    if (code == MS_OK && arguments.exit_code && pending > 0)
        return ms_fail(err, MS_WORK_LEFT, "%s", ""); /* the status says it */
    return code;
}
