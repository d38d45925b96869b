/* moonsweep verify: checks whether a result file is damaged.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "damage.h"
#include "moonsweep/clock.h"
#include "moonsweep/plural.h"
#include "moonsweep/printable.h"
#include "moonsweep/version.h"
#include "output.h"
#include "retrain.h"
#include "stored_job.h"
#include "usage.h"

enum { KEY_RETRAIN = 0x100, KEY_SEED, KEY_ISA };

/* A run that is writing may be caught between two writes: only what is still wrong the last time is damage. */
enum { LOOKS = 3 };
static const double between_looks_s = 0.7;

/* The default number of findings listed. */
enum { LISTED = 100 };

struct arguments {
    const char *path, *isa;
    int format;      /* enum listing_format */
    int64_t limit;   /* findings listed */
    int64_t retrain; /* configurations; 0: none */
    int64_t seed;    /* -1: not given */
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0, "List wrong values as a table, as csv or as json", 0},
    {"limit", 'n', "N", 0, "List at most N wrong values (100)", 0},
    {"retrain", KEY_RETRAIN, "N", 0,
     "Train N configurations again, chosen at random, or `all`, and compare every bit", 0},
    {"seed", KEY_SEED, "S", 0, "Choose the same configurations as an earlier --retrain with this seed", 0},
    {"isa", KEY_ISA, "NAME", 0, "Train with the kernels of this instruction set instead of the quickest one",
     0},
    {0},
};

static const char doc[] =
    "Check whether a result file is damaged: compare everything in it with its checksums. A sweep may be "
    "running on it. The file is not changed."
    "\v"
    "Each wrong value is listed with its place, what is stored and what it should be, and the exit status is "
    "65. Remaining work is not damage. The message says whether `moonsweep run` with the job file repairs "
    "the damage.\n"
    "\n"
    "--retrain takes as long as the original training of these configurations, on one core.\n"
    "\n"
    "Examples:\n"
    "  moonsweep verify OUT.h5\n"
    "  moonsweep verify OUT.h5 --retrain 10\n"
    "  moonsweep verify OUT.h5 --format csv > damage.csv\n";

static error_t parse_retrain(const char *text, struct arguments *arguments)
{
    if (strcmp(text, "all") == 0) {
        arguments->retrain = INT64_MAX;
        return 0;
    }
    return usage_integer("--retrain", text, 1, INT64_MAX, &arguments->retrain, arguments->err);
}

static error_t parse_end(const struct arguments *arguments)
{
    if (arguments->path != NULL && arguments->retrain == 0 &&
        (arguments->seed >= 0 || arguments->isa != NULL))
        return usage_required("verify", "--retrain N for --seed and --isa", NULL, arguments->err);
    return usage_required("verify", "a result file: moonsweep verify OUT.h5", arguments->path,
                          arguments->err);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'f':
        return usage_choice("--format", text, listing_names, LISTING_FORMAT_COUNT, &arguments->format,
                            arguments->err);
    case 'n':
        return usage_integer("--limit", text, 1, INT64_MAX, &arguments->limit, arguments->err);
    case KEY_RETRAIN:
        return parse_retrain(text, arguments);
    case KEY_SEED:
        return usage_integer("--seed", text, 0, UINT32_MAX, &arguments->seed, arguments->err);
    case KEY_ISA:
        arguments->isa = text;
        return 0;
    case ARGP_KEY_ARG:
        return usage_one_path("verify", "result file", text, &arguments->path, arguments->err);
    case ARGP_KEY_END:
        return parse_end(arguments);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "OUT.h5", .doc = doc};

/* ---- examining ------------------------------------------------------------------------------------------- */

/* What is being verified. */
struct verification {
    const struct arguments *arguments;
    struct ms_verification *file; /* owned */
    struct stored_job stored;     /* known only if the file can be read */
    struct damage damage;
    struct ms_verify_report report;
    struct ms_verify_summary summary;
    struct retrain_summary retrained; /* chosen is 0 if nothing was trained */
};

static void close_all(struct verification *verification)
{
    damage_free(&verification->damage);
    stored_job_free(&verification->stored);
    ms_verify_close(verification->file);
    verification->stored = (struct stored_job){.known = false};
    verification->file = NULL;
}

static const struct ms_reader_info *info_of(const struct verification *verification)
{
    return ms_reader_info(ms_verify_reader(verification->file));
}

/* Whether the job's text matches its checksum but cannot be read; a run cannot compare it with its job then. */
static bool is_job_unreadable(const struct verification *verification)
{
    return verification->summary.readable && !verification->stored.known &&
           !verification->stored.are_samples_damaged && info_of(verification)->job_text_ok;
}

/* Reports a wrong job text. The pages cover it as well, unless another program has rewritten the file. */
static void add_wrong_job(struct verification *verification)
{
    struct ms_finding finding = {.kind = MS_FINDING_PERMANENT,
                                 .place = "attribute job",
                                 .config = -1,
                                 .stored = verification->stored.reason.text,
                                 .due = "a job that this program can read"};

    if (verification->summary.readable && !info_of(verification)->job_text_ok) {
        finding.stored = "another text";
        finding.due = "the text whose checksum is job_checksum";
    } else if (!is_job_unreadable(verification)) {
        return;
    }
    damage_add(&verification->damage, &finding);
}

static enum ms_code look(struct verification *verification, struct ms_error *err)
{
    const char *path = verification->arguments->path;
    enum ms_code code;

    close_all(verification);
    code = ms_verify_open(path, &verification->report, &verification->file, err);
    if (code == MS_OK && ms_verify_reader(verification->file) != NULL)
        code = stored_job_read(path, ms_verify_reader(verification->file), &verification->stored, err);
    if (code == MS_OK)
        code = ms_verify_file(verification->file, &verification->summary, err);
    if (code == MS_OK)
        add_wrong_job(verification);
    return code;
}

/* The time of the last write to the file, as the file system reports it. */
static struct timespec last_written(const char *path)
{
    struct stat status = {0};

    (void)stat(path, &status);
    return status.st_mtim;
}

/* Examines the file again as long as something is found and the file is being written. */
static enum ms_code look_until_settled(struct verification *verification, struct ms_error *err)
{
    const char *path = verification->arguments->path;
    const struct timespec before = last_written(path);
    enum ms_code code = look(verification, err);

    for (int looks = 1; code == MS_OK && looks < LOOKS && verification->damage.count > 0; looks++) {
        const struct timespec now = last_written(path);

        if (!verification->summary.running && now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec)
            break;
        ms_clock_sleep(between_looks_s);
        code = look(verification, err);
    }
    return code;
}

/* ---- training again -------------------------------------------------------------------------------------- */

static enum ms_code train_again(struct verification *verification, struct ms_error *err)
{
    const struct arguments *arguments = verification->arguments;
    const struct retrain_spec spec = {
        .path = arguments->path,
        .verification = verification->file,
        .stored = &verification->stored,
        .count = arguments->retrain,
        .seed = arguments->seed >= 0 ? (uint32_t)arguments->seed
                                     : (uint32_t)(ms_clock_wall_s() * 1e3), /* any seed is good */
        .isa = arguments->isa,
    };

    if (!verification->stored.known)
        return ms_fail(err, MS_BAD_INPUT, "%s: nothing can be trained again: %s", arguments->path,
                       verification->summary.readable ? verification->stored.reason.text
                                                      : "its structure is damaged");
    return retrain(&spec, &verification->retrained, err);
}

/* Trains again. If damage that has been found prevents that, the result is the damage, and the reason is only
 * printed. */
static enum ms_code train_again_if_possible(struct verification *verification, struct ms_error *err)
{
    struct ms_error reason;
    const enum ms_code code = train_again(verification, &reason);

    if (code == MS_OK)
        return MS_OK;
    *err = reason;
    if (code != MS_BAD_INPUT || verification->damage.count == 0)
        return code;
    (void)fprintf(stderr, "moonsweep: %s\n", reason.text);
    return MS_OK;
}

/* ---- the result ------------------------------------------------------------------------------------------ */

static void write_about(const struct verification *verification, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the name of the file, and after it what format says. */
static void write_about(const struct verification *verification, const char *format, ...)
{
    va_list values;

    ms_printable_write(stdout, verification->arguments->path);
    (void)fputs(": ", stdout);
    va_start(values, format);
    (void)vfprintf(stdout, format, values);
    va_end(values);
}

/* Describes the content of a sound file. */
static void write_state(const struct verification *verification)
{
    const struct ms_verify_summary *summary = &verification->summary;
    const int64_t pending = summary->by_status[MS_PENDING];

    write_about(verification, "sound: %lld of %lld %s final", (long long)(summary->configs - pending),
                (long long)summary->configs,
                ms_plural(summary->configs, "configuration is", "configurations are"));
    for (int status = MS_DIVERGED; status < MS_STATUS_COUNT; status++)
        if (summary->by_status[status] > 0)
            (void)printf(", %lld of them %s", (long long)summary->by_status[status],
                         ms_status_name((enum ms_status)status));
    if (pending > 0)
        (void)printf("; work is left: %lld %s pending", (long long)pending, ms_plural(pending, "is", "are"));
    if (summary->checkpoints > 0)
        (void)printf(", with %lld %s", (long long)summary->checkpoints,
                     ms_plural(summary->checkpoints, "checkpoint", "checkpoints"));
    (void)fputc('\n', stdout);
    if (info_of(verification)->numerics != MS_NUMERICS)
        write_about(verification,
                    "it was computed with numerics %ld, but this program has %d: a run cannot resume it\n",
                    (long)info_of(verification)->numerics, MS_NUMERICS);
    if (summary->rewritten)
        write_about(verification,
                    "another program (h5repack, nccopy) has rewritten it: it can be read, and its rows and "
                    "data match their checksums, but a run cannot resume it\n");
    if (summary->uncommitted > 0)
        write_about(verification, "%lld %s not committed when the run was killed: no damage, %s pending\n",
                    (long long)summary->uncommitted,
                    ms_plural(summary->uncommitted, "result was", "results were"),
                    ms_plural(summary->uncommitted, "it is", "they are"));
    if (summary->half_written > 0)
        write_about(verification,
                    "%lld %s half written when the run was killed: no damage, older ones are used\n",
                    (long long)summary->half_written,
                    ms_plural(summary->half_written, "checkpoint was", "checkpoints were"));
    if (verification->retrained.chosen > 0)
        write_about(verification, "%lld %s trained again, %lld compared: the same bits (%.1f s)\n",
                    (long long)verification->retrained.chosen,
                    ms_plural(verification->retrained.chosen, "configuration", "configurations"),
                    (long long)verification->retrained.compared, verification->retrained.seconds);
    if (verification->retrained.dropped > 0)
        write_about(verification, "%lld %s from the rows of %s\n", (long long)verification->retrained.dropped,
                    ms_plural(verification->retrained.dropped, "dropped configuration follows",
                              "dropped configurations follow"),
                    ms_plural(verification->retrained.dropped, "its rung", "their rungs"));
}

/* Fails with the number of wrong values, and says whether a run repairs them. */
static enum ms_code fail_damaged(const struct verification *verification, struct ms_error *err)
{
    const struct damage *damage = &verification->damage;
    const int64_t repairable = damage->count - damage->permanent;
    char remedy[80] = "with its job file repairs this";

    if (verification->summary.refused || is_job_unreadable(verification))
        (void)strcpy(remedy, "cannot resume the file; with --force it starts over");
    else if (repairable == 0)
        (void)strcpy(remedy, "does not repair this; with --force it starts over");
    else if (damage->permanent > 0)
        (void)snprintf(remedy, sizeof remedy, "with its job file repairs %lld of them",
                       (long long)repairable);
    return ms_fail(err, MS_BAD_INPUT, "%s: damaged: %lld %s; `moonsweep run` %s",
                   verification->arguments->path, (long long)damage->count,
                   damage->count == 1 ? "value is wrong" : "values are wrong", remedy);
}

static enum ms_code conclude(const struct verification *verification, struct ms_error *err)
{
    const struct arguments *arguments = verification->arguments;
    const struct damage *damage = &verification->damage;
    const struct ms_grid *grid = verification->stored.known ? &verification->stored.job.grid : NULL;
    enum ms_code code;

    if (damage->no_memory)
        return ms_fail_memory(err, arguments->path, "to list its damage");
    damage_writers[arguments->format](stdout, damage, grid);
    if (damage->count == 0) {
        if (arguments->format == LISTING_TABLE)
            write_state(verification);
        return MS_OK;
    }
    code = output_flush_stdout(err);
    return code == MS_OK ? fail_damaged(verification, err) : code;
}

enum ms_code command_verify(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.limit = LISTED, .seed = -1, .err = err};
    struct verification verification = {.arguments = &arguments};
    enum ms_code code;
    bool helped;

    code = usage_parse("verify", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    damage_begin(&verification.damage, arguments.limit);
    verification.report = (struct ms_verify_report){.visit = damage_add, .context = &verification.damage};

    code = look_until_settled(&verification, err);
    if (code == MS_OK && arguments.retrain > 0)
        code = train_again_if_possible(&verification, err);
    if (code == MS_OK)
        code = conclude(&verification, err);
    close_all(&verification);
    return code;
}
