/* What `moonsweep run` says on standard error before the sweep and at its end.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "classes.h"
#include "data_notes.h"
#include "moonsweep/plural.h"
#include "moonsweep/printable.h"
#include "run.h"
#include "summary.h"

void run_say_unreserved(const struct run *run)
{
    if (!run->arguments->quiet)
        (void)fprintf(stderr,
                      "moonsweep: %s: this file system cannot reserve space; the disk may fill up later\n",
                      run->path);
}

/* Reports the damaged results, which are computed again. */
static void report_damage(const struct run *run, const struct ms_writer_scan *scan)
{
    if (scan->damaged > 0) {
        (void)fprintf(stderr, "moonsweep: %s: damaged: %lld %s trained again:", run->path,
                      (long long)scan->damaged,
                      ms_plural(scan->damaged, "configuration does not match its checksum and is",
                                "configurations do not match their checksums and are"));
        for (int i = 0; i < MS_SCAN_NAMED && i < scan->damaged; i++)
            (void)fprintf(stderr, "%s %lld", i > 0 ? "," : "", (long long)scan->damaged_config[i]);
        (void)fputs(scan->damaged > MS_SCAN_NAMED ? ", ...\n" : "\n", stderr);
    }
    if (scan->lost_checkpoints > 0 && scan->pending > 0)
        (void)fprintf(
            stderr,
            "moonsweep: %s: %lld %s corrupt, or half written when a run was killed; training resumes "
            "from an earlier state\n",
            run->path, (long long)scan->lost_checkpoints,
            ms_plural(scan->lost_checkpoints, "checkpoint is", "checkpoints are"));
}

void run_say(const struct run *run, const struct ms_writer_scan *scan, bool is_reserved)
{
    if (run->arguments->quiet)
        return;
    if (!is_reserved)
        run_say_unreserved(run);
    report_damage(run, scan);
    if (scan->pending > 0) {
        const int32_t count = run->job.grid.n_datasets;

        data_notes_write(stderr, run->arguments->job, run->datasets, count, run->job.standardize);
        classes_note(stderr, run->arguments->job, run->datasets, count);
    }
}

void run_say_start(const struct run *run, const struct ms_kernels *kernels, bool is_dedicated)
{
    char names[MS_KERNELS_TEXT], times[MS_KERNELS_TEXT];

    if (run->arguments->quiet)
        return;
    ms_printable_write(stderr, run->path);
    (void)fprintf(stderr, ": kernels: %s", ms_kernels_names(kernels, names));
    if (kernels->n_points > 0)
        (void)fprintf(stderr, " (%s ns for a unit and a sample)", ms_kernels_text(kernels, 1, times));
    if (run->ranks > 1)
        (void)fprintf(stderr, "; rank 0 %s",
                      is_dedicated ? "only hands out work" : "hands out work and trains");
    (void)fputc('\n', stderr);
}

/* Whether as many configurations have diverged as were to end the sweep. It does not matter whether others were left at
 * that time, which depends on the schedule. */
static bool has_failed(const struct run *run, enum ms_code code)
{
    const int64_t most = run->arguments->stop_after_failures;
    const struct ms_sweep_summary *summary = &run->outcome.summary;

    return most > 0 && summary->diverged >= most &&
           (code == MS_OK || summary->stop_reason == MS_STOP_FAILURES);
}

enum ms_code run_report(const struct run *run, enum ms_code code, struct ms_error *err)
{
    static const char *const reasons[] = {[MS_STOP_NONE] = "early",
                                          [MS_STOP_SIGNAL] = "by a signal",
                                          [MS_STOP_TIME_LIMIT] = "by its time limit",
                                          [MS_STOP_REQUEST] = "on request",
                                          [MS_STOP_FAILURES] = "after too many failures",
                                          [MS_STOP_SILENCE] = "because ranks gave no sign of life"};
    const struct ms_sweep_summary *summary = &run->outcome.summary;
    const int64_t n_final = summary->done + summary->diverged + summary->stopped + summary->dropped;
    char ended_early[SUMMARY_ENDED_EARLY_BYTES];
    struct ms_error read_err;

    if (run->outcome.was_finished && !run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: nothing to do: %s%lld %s final (%lld done, %lld diverged%s)\n",
                      run->path, ms_plural(n_final, "", "all "), (long long)n_final,
                      ms_plural(n_final, "configuration is", "configurations are"), (long long)summary->done,
                      (long long)summary->diverged, summary_ended_early(summary, ended_early));
    /* The results are stored, even if the summary cannot be shown. */
    if (!run->outcome.was_finished && !run->arguments->quiet &&
        summary_write(stderr, run->path, run->ranks, summary, &read_err) != MS_OK)
        (void)fprintf(stderr, "moonsweep: the summary is incomplete: %s\n", read_err.text);
    if (has_failed(run, code))
        return ms_fail(
            err, MS_TOO_MANY_FAILED,
            "%s: %lld %s diverged, with which --stop-after-failures %lld ends the sweep; %lld %s left%s",
            run->path, (long long)summary->diverged,
            ms_plural(summary->diverged, "configuration has", "configurations have"),
            (long long)run->arguments->stop_after_failures, (long long)summary->pending,
            ms_plural(summary->pending, "configuration is", "configurations are"),
            summary->pending > 0 ? "; raise the number or leave out the option to continue" : "");
    if (code == MS_WORK_LEFT)
        return ms_fail(err, code, "%s: stopped %s, %lld %s left; run the same command again to resume",
                       run->path, reasons[summary->stop_reason], (long long)summary->pending,
                       ms_plural(summary->pending, "configuration", "configurations"));
    return code;
}
