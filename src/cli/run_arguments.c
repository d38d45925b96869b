/* The options of `moonsweep run`, with their defaults, limits and help. They are only parsed here: whether
 * the files exist and belong together is checked by later steps.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "run_arguments.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cores.h"
#include "moonsweep/session.h"
#include "set_option.h"
#include "usage.h"

enum {
    KEY_ISA = 0x100,
    KEY_COORDINATOR,
    KEY_FORCE,
    KEY_CHECKPOINT_SECONDS,
    KEY_TIME_LIMIT,
    KEY_NO_LOCK,
    KEY_WRITERS,
    KEY_ANONYMOUS,
    KEY_NO_CYCLE_DETECTION,
    KEY_NO_TEAMS,
    KEY_SET,
    KEY_FROM,
    KEY_STOP_AFTER_FAILURES,
    KEY_RANK_TIMEOUT
};

/* With shorter intervals, writing checkpoints would take more time than training. */
static const double default_checkpoint_s = 10, least_checkpoint_s = 0.01;

/* A rank that waits for its core may be silent for longer than the shortest timeout. */
static const double default_rank_timeout_s = 600, least_rank_timeout_s = 1, most_rank_timeout_s = 1e9;

static const char *const coordinators[] = {[MS_COORDINATOR_AUTO] = "auto",
                                           [MS_COORDINATOR_TRAIN] = "train",
                                           [MS_COORDINATOR_DEDICATED] = "dedicated"};

static const char *const writers[] = {
    [MS_WRITERS_AUTO] = "auto", [MS_WRITERS_RANK] = "rank", [MS_WRITERS_NODE] = "node"};

static const struct argp_option options[] = {
    {"output", 'o', "OUT.h5", 0, "The result file; if it contains part of the same job, the sweep is resumed",
     0},
    {"force", KEY_FORCE, NULL, 0,
     "Start over: replace OUT.h5 if it is a result file of moonsweep and not write-protected", 0},
    {"from", KEY_FROM, "OLD.h5", 0,
     "Take over what this older result has of the job, and train only the rest; may be given several times",
     0},
    {"isa", KEY_ISA, "NAME", 0,
     "Use the kernels of this instruction set instead of the quickest ones (same results)", 0},
    {"coordinator", KEY_COORDINATOR, "KIND", 0,
     "Whether rank 0, which hands out work, also trains (train), only hands out work (dedicated), or what "
     "ends the sweep earlier (auto, the default): train with fewer than a hundred ranks",
     0},
    {"checkpoint-seconds", KEY_CHECKPOINT_SECONDS, "SECONDS", 0,
     "Interval between checkpoints of a trajectory (10); a killed sweep loses at most this much work", 0},
    {"time-limit", KEY_TIME_LIMIT, "DURATION", 0,
     "Stop cleanly after this time: 90 or 90s, 15m, 2h, 1d, HH:MM:SS or D-HH:MM:SS", 0},
    {"no-lock", KEY_NO_LOCK, NULL, 0,
     "Run even if the file system has no locks; make sure that no second run is started on the file", 0},
    {"writers", KEY_WRITERS, "WHO", 0,
     "Who writes OUT.h5: every rank for itself (rank), one rank of each machine for all its ranks (node), or "
     "auto (default): node on network file systems, rank on others",
     0},
    {"no-cycle-detection", KEY_NO_CYCLE_DETECTION, NULL, 0,
     "Compute every iteration, also after the parameters of a trajectory recur exactly, which makes all "
     "further ones known (same results); for benchmarks",
     0},
    {"no-teams", KEY_NO_TEAMS, NULL, 0,
     "Ranks that have nothing left to train do not help others of their machine (same results)", 0},
    {"anonymous", KEY_ANONYMOUS, NULL, 0,
     "Do not store host names, the id of the batch job and the command line with its paths in OUT.h5", 0},
    {"stop-after-failures", KEY_STOP_AFTER_FAILURES, "N", 0,
     "Stop cleanly once N configurations of OUT.h5 have diverged, with status 79; which others are done by "
     "then depends on the schedule",
     0},
    {"rank-timeout", KEY_RANK_TIMEOUT, "SECONDS", 0,
     "End with status 75 when a rank has given no sign of life for so long (600), for example because it is "
     "suspended or its file system does not answer; 0: wait for it without end",
     0},
    {"set", KEY_SET, "KEY=VALUE", 0, SET_OPTION_HELP, 0},
    {"quiet", 'q', NULL, 0, "Print only errors: no progress, no notes and no summary", 0},
    {0},
};

static const char doc[] =
    "Train every configuration of a job file, on one core, or on one core per rank under mpirun or srun."
    "\v"
    "Run the same command again to resume a sweep that was stopped or killed, with any number of ranks. If "
    "the file is complete, the command says so and ends. A file of another job is refused and not changed, "
    "and only result files of moonsweep are ever replaced. SIGUSR1, SIGTERM, SIGINT, SIGHUP and SIGXCPU to "
    "any rank, --time-limit and `moonsweep stop OUT.h5` stop the sweep cleanly with status 75: everything "
    "trained so far is stored. A signal that was ignored at the start, such as SIGHUP under nohup, stays "
    "ignored. Progress and the summary are written to standard error.\n"
    "\n"
    "Examples:\n"
    "  moonsweep run jobs/smoke.yaml -o smoke.h5\n"
    "  mpirun moonsweep run jobs/moons420.yaml -o moons420.h5 </dev/null\n"
    "  moonsweep run docs/examples/more-units.yaml -o more-units.h5 --from smoke.h5\n"
    "  srun --mpi=pmix moonsweep run JOB.yaml -o OUT.h5\n";

/* Adds an older result to take over from. */
static error_t add_older(struct run_arguments *arguments, char *text)
{
    if (arguments->n_from == RUN_MOST_FROM) {
        ms_fail(arguments->err, MS_BAD_USAGE, "run: --from is given more than %d times", RUN_MOST_FROM);
        return EINVAL;
    }
    return usage_file("--from", "an older result", text, &arguments->from[arguments->n_from++],
                      arguments->err);
}

/* Takes 0 or a time that is long enough. */
static error_t take_rank_timeout(struct run_arguments *arguments, const char *text)
{
    error_t failed = usage_real("--rank-timeout", text, 0, most_rank_timeout_s, &arguments->rank_timeout_s,
                                arguments->err);

    if (failed == 0 && arguments->rank_timeout_s > 0 && arguments->rank_timeout_s < least_rank_timeout_s) {
        ms_fail(arguments->err, MS_BAD_USAGE, "--rank-timeout is %s; it must be 0 (never) or at least %g",
                text, least_rank_timeout_s);
        failed = EINVAL;
    }
    return failed;
}

/* Other commands write to standard output if that is the name. */
static error_t take_output(struct run_arguments *arguments, char *text)
{
    if (strcmp(text, "-") == 0) {
        ms_fail(arguments->err, MS_BAD_USAGE,
                "--output is -, but a result cannot be written to standard output; name a file");
        return EINVAL;
    }
    return usage_file("--output", "the result file", text, &arguments->output, arguments->err);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct run_arguments *arguments = state->input;
    error_t failed;

    switch (key) {
    case 'o':
        return take_output(arguments, text);
    case KEY_FORCE:
        arguments->force = true;
        return 0;
    case KEY_FROM:
        return add_older(arguments, text);
    case KEY_ISA:
        arguments->isa = text;
        return 0;
    case KEY_COORDINATOR:
        return usage_choice("--coordinator", text, coordinators, 3, &arguments->coordinator, arguments->err);
    case KEY_CHECKPOINT_SECONDS:
        return usage_real("--checkpoint-seconds", text, least_checkpoint_s, INFINITY,
                          &arguments->checkpoint_s, arguments->err);
    case KEY_TIME_LIMIT:
        return usage_duration("--time-limit", text, &arguments->time_limit_s, arguments->err);
    case KEY_NO_LOCK:
        arguments->no_lock = true;
        return 0;
    case KEY_WRITERS:
        return usage_choice("--writers", text, writers, 3, &arguments->writers, arguments->err);
    case KEY_NO_CYCLE_DETECTION:
        arguments->no_cycle_detection = true;
        return 0;
    case KEY_NO_TEAMS:
        arguments->no_teams = true;
        return 0;
    case KEY_ANONYMOUS:
        arguments->anonymous = true;
        return 0;
    case KEY_STOP_AFTER_FAILURES:
        return usage_integer("--stop-after-failures", text, 1, INT64_MAX, &arguments->stop_after_failures,
                             arguments->err);
    case KEY_RANK_TIMEOUT:
        return take_rank_timeout(arguments, text);
    case KEY_SET:
        return set_option_add(text, &arguments->set, arguments->err);
    case 'q':
        arguments->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        return usage_one_path("run", "job file", text, &arguments->job, arguments->err);
    case ARGP_KEY_END:
        failed = usage_required("run", "a job file: moonsweep run JOB.yaml -o OUT.h5", arguments->job,
                                arguments->err);
        return failed ? failed : usage_required("run", "-o OUT.h5", arguments->output, arguments->err);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options, .parser = parse, .args_doc = "JOB.yaml -o OUT.h5", .doc = doc};

/* Tests of teams on more ranks than cores name a number of cores. */
static enum ms_code find_team_cores(struct run_arguments *arguments, struct ms_error *err)
{
    const char *named = getenv("MOONSWEEP_TEAM_CORES");
    int64_t number = 0;
    int threads_per_core;
    enum ms_code code = cores_threads_per_core(&threads_per_core, err);

    if (code != MS_OK)
        return code;
    if (named != NULL && named[0] != '\0' &&
        usage_integer("MOONSWEEP_TEAM_CORES", named, 1, INT32_MAX, &number, err) != 0)
        return MS_BAD_USAGE;
    if (!arguments->no_teams)
        arguments->team_cores = number > 0 ? (int32_t)number : cores_allowed("", threads_per_core);
    return MS_OK;
}

enum ms_code run_arguments_parse(int argc, char **argv, struct run_arguments *arguments, bool *helped,
                                 struct ms_error *err)
{
    enum ms_code code;

    *arguments = (struct run_arguments){.checkpoint_s = default_checkpoint_s,
                                        .time_limit_s = INFINITY,
                                        .rank_timeout_s = default_rank_timeout_s,
                                        .err = err};
    code = usage_parse("run", &argp, argc, argv, arguments, helped, err);
    return code != MS_OK || *helped ? code : find_team_cores(arguments, err);
}
