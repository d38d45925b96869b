/* Writes the figures of a sweep, of which those that are 0 or unknown are mostly left out, and then lists the
 * best configurations, which are read from the finished file by the functions of `moonsweep show`.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "summary.h"

#include <math.h>
#include <stdlib.h>

#include "listing.h"
#include "moonsweep/plural.h"
#include "moonsweep/printable.h"
#include "selection.h"

/* The number of best configurations shown. */
#define BEST_SHOWN 5

/* Writes the configurations with the best dev accuracies, as `moonsweep show --sort -dev_accuracy` lists them. */
static enum ms_code write_best(FILE *file, const char *path, struct ms_error *err)
{
    struct selection_spec best = selection_everything;
    struct entries entries = {0};
    struct listing_columns shown;
    int64_t *rows = NULL, count;
    enum ms_code code;

    (void)selection_sort_by(&best, column_find("dev_accuracy"), true);
    best.min_train = 0; /* only those that are done or stopped, with an accuracy above 0 */
    best.limit = BEST_SHOWN;
    code = entries_read(&entries, path, 0, err);
    if (code == MS_OK)
        code = selection_make(&entries, &best, &rows, &count, err);
    if (code == MS_OK && count > 0) {
        (void)fputs("Best on the dev set:\n", file);
        listing_default_columns(LISTING_TABLE, &entries, &shown);
        listing_writers[LISTING_TABLE](file, &shown, &entries, rows, count);
    }
    free(rows);
    entries_free(&entries);
    return code;
}

const char *summary_ended_early(const struct ms_sweep_summary *summary, char text[SUMMARY_ENDED_EARLY_BYTES])
{
    int used = 0;

    text[0] = '\0';
    if (summary->stopped > 0)
        used = snprintf(text, SUMMARY_ENDED_EARLY_BYTES, ", %lld stopped", (long long)summary->stopped);
    if (summary->dropped > 0)
        (void)snprintf(text + used, SUMMARY_ENDED_EARLY_BYTES - (size_t)used, ", %lld dropped",
                       (long long)summary->dropped);
    return text;
}

enum ms_code summary_write(FILE *file, const char *path, int ranks, const struct ms_sweep_summary *summary,
                           struct ms_error *err)
{
    const int64_t configs = summary->done + summary->diverged + summary->stopped + summary->dropped +
                            summary->pending;
    char ended_early[SUMMARY_ENDED_EARLY_BYTES];

    ms_printable_write(file, path);
    (void)fprintf(file, ": %lld of %lld %s done, %lld diverged%s, %lld pending\n", (long long)summary->done,
                  (long long)configs, ms_plural(configs, "configuration", "configurations"),
                  (long long)summary->diverged, summary_ended_early(summary, ended_early),
                  (long long)summary->pending);
    (void)fprintf(file, "%.1f s on %d %s: %lld %s, %.1f core-seconds of training", summary->wall_s, ranks,
                  ms_plural(ranks, "rank", "ranks"), (long long)summary->iterations,
                  ms_plural(summary->iterations, "iteration", "iterations"), summary->core_s);
    if (!isnan(summary->trained_share))
        (void)fprintf(file, ", the cores trained %.1f%% of the time", 100 * summary->trained_share);
    (void)fputc('\n', file);
    if (summary->repeated > 0)
        (void)fprintf(
            file, "%lld more %s not computed, because the parameters of their trajectories recur.\n",
            (long long)summary->repeated, ms_plural(summary->repeated, "iteration was", "iterations were"));
    if (summary->checkpoints > 0)
        (void)fprintf(file, "%lld %s took %.2f s\n", (long long)summary->checkpoints,
                      ms_plural(summary->checkpoints, "checkpoint", "checkpoints"), summary->checkpoint_s);
    if (summary->suspended_s > 0)
        (void)fprintf(file, "The ranks were suspended for %.1f s in total, which do not count as training.\n",
                      summary->suspended_s);
    if (summary->helped_s > 0)
        (void)fprintf(file, "Ranks without leases helped others for %.1f s in total.\n", summary->helped_s);
    if (summary->unprotected > 0)
        (void)fprintf(file, "%lld %s trained without checkpoints: the file has no more slots.\n",
                      (long long)summary->unprotected,
                      ms_plural(summary->unprotected, "lease was", "leases were"));
    if (summary->lease_table_full)
        (void)fputs("The table of leases in the file is full; some leases are not in it.\n", file);
    return write_best(file, path, err);
}
