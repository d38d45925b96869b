/* Opens, compares and takes over from the older results in the order of the command line. One of which
 * nothing can be used is refused when it is opened. All are closed as soon as nothing more can follow from
 * them, because they may have temporary copies.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "older_results.h"

#include <stdio.h>
#include <stdlib.h>

#include "command_line.h"
#include "moonsweep/older.h"
#include "moonsweep/plural.h"
#include "moonsweep/version.h"
#include "output.h"
#include "stored_job.h"

/* One older result. */
struct older_result {
    const char *path;
    char *name;             /* owned: the path as a shell reads it; NULL: not to be stored */
    struct ms_older *older; /* NULL: closed, since nothing more can be taken over */
    struct stored_job stored;
    struct ms_older_match match;
    bool is_reported; /* what was taken over from it first */
};

struct older_results {
    struct older_results_spec spec;
    struct older_result *items; /* [spec.n] owned */
};

static struct ms_older_use use_of(const struct older_results *results, const struct older_result *one)
{
    return (struct ms_older_use){
        .grid = &one->stored.job.grid,
        .older_rules = &one->stored.job.stop,
        .rules = &results->spec.job->stop,
        .name = one->name,
        .stop = results->spec.stop,
    };
}

/* ---- opening -------------------------------------------------------------------------------------------- */

/* Checks that the configurations of the older result were computed as this program computes those of the job. */
static enum ms_code check_training(const struct older_results *results, const struct older_result *one,
                                   struct ms_error *err)
{
    const struct ms_reader_info *info = ms_reader_info(ms_older_reader(one->older));
    const struct ms_job *job = results->spec.job;

    if (info->numerics != MS_NUMERICS)
        return ms_fail(err, MS_OTHER_JOB,
                       "%s: nothing can be taken over from it: it was computed with numerics %ld, but this "
                       "program has %d and could give other results",
                       one->path, (long)info->numerics, MS_NUMERICS);
    if (info->precision != job->precision)
        return ms_fail(
            err, MS_OTHER_JOB,
            "%s: nothing can be taken over from it: its precision is %s, but that of this job is %s",
            one->path, ms_precision_name(info->precision), ms_precision_name(job->precision));
    return ms_job_compare_training(one->path, &one->stored.job, job, err);
}

/* Prints how many configurations cannot be taken over for one reason, if there are any. */
static void print_reason(FILE *out, int64_t count, const char *reason, bool *is_first)
{
    if (count == 0)
        return;
    (void)fprintf(out, "%s%lld %s", *is_first ? "" : ", ", (long long)count, reason);
    *is_first = false;
}

/* Writes why configurations cannot be taken over to text. */
static void write_reasons(const struct ms_older_match *match, char *text, size_t bytes)
{
    bool is_first = true;
    FILE *out = fmemopen(text, bytes, "w");

    text[0] = '\0';
    if (out == NULL)
        return;
    print_reason(out, match->other_data, "of other samples", &is_first);
    print_reason(out, match->outside, "with settings that this job does not have", &is_first);
    print_reason(out, match->damaged, "that do not match their checksums", &is_first);
    (void)fclose(out);
}

/* Returns why rows of the job's trajectories cannot be used although they match their checksums. */
static const char *unused_reason(const struct ms_end_rules *rules)
{
    return ms_end_rules_any(rules)
               ? "; this job needs smaller iteration counts than it has, or the rules of this job end the "
                 "trajectories before, or need accuracies that it does not have"
               : "; this job needs smaller iteration counts than it has";
}

/* Refuses an older result of which nothing can be used: probably it is not the file that was meant. */
static enum ms_code check_match(const struct older_result *one, const struct ms_end_rules *rules,
                                struct ms_error *err)
{
    const struct ms_older_match *match = &one->match;
    const int64_t known = match->other_data + match->outside + match->damaged;
    char reasons[256];

    if (match->rows > 0 || match->starts > 0)
        return MS_OK;
    if (match->final == 0)
        return ms_fail(err, MS_OTHER_JOB,
                       "%s: nothing can be taken over from it: none of its configurations is final",
                       one->path);
    write_reasons(match, reasons, sizeof reasons);
    return ms_fail(err, match->damaged == match->final ? MS_BAD_INPUT : MS_OTHER_JOB,
                   "%s: nothing can be taken over from it: it has %lld final %s%s%s%s", one->path,
                   (long long)match->final, ms_plural(match->final, "configuration", "configurations"),
                   known > 0 ? ", " : "", reasons, known < match->final ? unused_reason(rules) : "");
}

static enum ms_code open_one(struct older_results *results, struct older_result *one, struct ms_error *err)
{
    const struct older_results_spec *spec = &results->spec;
    struct ms_older_use use;
    enum ms_code code;

    if (output_is_same_file(one->path, spec->output))
        return ms_fail(err, MS_BAD_USAGE, "run: %s of --from is the output %s itself; name another output",
                       one->path, spec->output);
    if (!spec->is_anonymous) {
        one->name = command_line_word(one->path);
        if (one->name == NULL)
            return ms_fail_memory(err, one->path, "to store its name");
    }
    code = ms_older_open(one->path, spec->result, spec->output, &one->older, err);
    if (code == MS_OK)
        code = stored_job_parse(one->path, ms_older_reader(one->older), &one->stored, err);
    if (code == MS_OK)
        code = check_training(results, one, err);
    if (code != MS_OK)
        return code;
    use = use_of(results, one);
    code = ms_older_match(one->older, &use, spec->result, &one->match, err);
    return code == MS_OK ? check_match(one, &spec->job->stop, err) : code;
}

enum ms_code older_results_open(const struct older_results_spec *spec, struct older_results **results,
                                struct ms_error *err)
{
    struct older_results *opened = calloc(1, sizeof *opened);
    enum ms_code code = MS_OK;

    if (opened != NULL)
        opened->items = calloc((size_t)spec->n, sizeof *opened->items);
    if (opened == NULL || opened->items == NULL) {
        free(opened);
        return ms_fail_memory(err, NULL, "to open older results");
    }
    opened->spec = *spec;
    for (int i = 0; i < spec->n; i++)
        opened->items[i].path = spec->paths[i];
    for (int i = 0; code == MS_OK && i < spec->n; i++)
        code = open_one(opened, &opened->items[i], err);
    if (code == MS_OK)
        *results = opened;
    else
        older_results_close(opened);
    return code;
}

void older_results_close(struct older_results *results)
{
    if (results == NULL)
        return;
    for (int i = 0; i < results->spec.n; i++) {
        struct older_result *one = &results->items[i];

        stored_job_free(&one->stored);
        ms_older_close(one->older);
        free(one->name);
    }
    free(results->items);
    free(results);
}

int64_t older_results_starts(const struct older_results *results)
{
    int64_t starts = 0;

    for (int i = 0; i < results->spec.n; i++)
        starts += results->items[i].match.starts;
    return starts;
}

/* ---- taking over ---------------------------------------------------------------------------------------- */

/* may_follow: whether more may be taken over from it later. */
static void report(const struct older_results *results, struct older_result *one, bool may_follow,
                   const struct ms_older_taken *taken)
{
    char reasons[256];

    if (results->spec.is_quiet ||
        ((one->is_reported || may_follow) && taken->rows == 0 && taken->starts == 0 && taken->differing == 0))
        return;
    (void)fprintf(stderr, "moonsweep: %s: %lld %s%s taken over from %s", results->spec.output,
                  (long long)taken->rows, one->is_reported ? "further " : "",
                  ms_plural(taken->rows, "configuration was", "configurations were"), one->path);
    if (taken->starts > 0)
        (void)fprintf(stderr, ", from which %lld %s", (long long)taken->starts,
                      ms_plural(taken->starts, "trajectory continues", "trajectories continue"));
    if (taken->differing > 0)
        (void)fprintf(stderr, "; %lld %s other costs and %s trained", (long long)taken->differing,
                      ms_plural(taken->differing, "trajectory has", "trajectories have"),
                      ms_plural(taken->differing, "is", "are"));
    write_reasons(&one->match, reasons, sizeof reasons);
    (void)fprintf(stderr, "%s%s\n", !one->is_reported && reasons[0] != '\0' ? "; not used: " : "",
                  one->is_reported ? "" : reasons);
    one->is_reported = true;
}

/* Whether more may be taken over after a part of the training. */
static bool may_take_more(const struct older_results *results, int64_t trajectories, const int64_t *goal)
{
    bool may = results->spec.job->halving.keep > 0;

    for (int64_t t = 0; !may && t < trajectories; t++)
        may = goal[t] < INT64_MAX;
    return may;
}

/* Closes the older results, which may have temporary copies. */
static void close_all(struct older_results *results)
{
    for (int i = 0; i < results->spec.n; i++) {
        ms_older_close(results->items[i].older);
        results->items[i].older = NULL;
    }
}

enum ms_code older_results_take(struct older_results *results, struct ms_writer *writer,
                                struct ms_writer_scan *scan, const struct ms_older_goals *goals, bool *again,
                                struct ms_error *err)
{
    bool has_taken = false;
    enum ms_code code = MS_OK;

    for (int i = 0; code == MS_OK && i < results->spec.n; i++) {
        struct older_result *one = &results->items[i];
        const struct ms_older_use use = use_of(results, one);
        struct ms_older_taken taken;

        code = ms_older_take(one->older, &use, writer, scan, goals, &taken, err);
        if (code != MS_OK)
            break;
        report(results, one, may_take_more(results, scan->trajectories, goals->goal), &taken);
        has_taken = has_taken || taken.rows > 0 || taken.starts > 0;
    }
    *again = has_taken && (results->spec.n > 1 || results->spec.job->halving.keep > 0);
    if (code == MS_OK && !*again && !may_take_more(results, scan->trajectories, goals->goal))
        close_all(results);
    return code;
}
