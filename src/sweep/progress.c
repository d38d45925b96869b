/* Writes numbers by integer arithmetic, which no locale affects, builds a line of them, and shows it. The
 * live line has as many of its parts as fit into the width of the terminal, and a bar if there is space left;
 * the plain line has all of them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/plural.h"

static const double live_interval_s = 0.2, plain_interval_s = 10;

enum { MAX_COLUMNS = 240, LEAST_BAR = 10, MOST_BAR = 40, PART_BYTES = 64 };

/* ---- numbers, with a decimal point in every locale ----------------------------------------------------- */

/* x with `decimals` decimals; ties are rounded to even, like the published figures. */
static void print_decimal(char text[PART_BYTES], double x, int decimals)
{
    long long unit = decimals == 2 ? 100 : decimals == 1 ? 10 : 1, scaled = llrint(x * (double)unit);

    if (decimals == 0)
        (void)snprintf(text, PART_BYTES, "%lld", scaled);
    else
        (void)snprintf(text, PART_BYTES, "%lld.%0*lld", scaled / unit, decimals, scaled % unit);
}

/* Three digits: 950, 12.3k, 4.56M, ... */
static void print_rate(char text[PART_BYTES], double rate)
{
    static const char prefixes[] = {'k', 'M', 'G', 'T'};
    int prefix = -1;

    while (rate >= 999.5 && prefix + 1 < (int)sizeof prefixes) {
        rate /= 1000;
        prefix++;
    }
    if (prefix < 0) {
        print_decimal(text, rate, 0);
        return;
    }
    print_decimal(text, rate, rate < 9.995 ? 2 : rate < 99.95 ? 1 : 0);
    (void)snprintf(text + strlen(text), PART_BYTES - strlen(text), "%c", prefixes[prefix]);
}

/* 0:07, 12:34, 1:02:03, 2d 03:04:05; --:-- if it is not known. */
static void print_duration(char text[PART_BYTES], double seconds)
{
    long long s;

    if (!(seconds >= 0 && seconds < 1e10)) {
        (void)snprintf(text, PART_BYTES, "--:--");
        return;
    }
    s = llrint(seconds);
    if (s >= 86400)
        (void)snprintf(text, PART_BYTES, "%lldd %02lld:%02lld:%02lld", s / 86400, s / 3600 % 24, s / 60 % 60,
                       s % 60);
    else if (s >= 3600)
        (void)snprintf(text, PART_BYTES, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        (void)snprintf(text, PART_BYTES, "%lld:%02lld", s / 60, s % 60);
}

/* ---- lines --------------------------------------------------------------------------------------------- */

static void append(char *line, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void append(char *line, size_t size, const char *format, ...)
{
    size_t length = strlen(line);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line + length, size - length, format, arguments);
    va_end(arguments);
}

static void append_bar(char *line, size_t size, int columns, double fraction)
{
    int filled = (int)(fmin(fmax(fraction, 0), 1) * columns);

    append(line, size, "[");
    for (int i = 0; i < columns; i++)
        append(line, size, "%c", i < filled ? '#' : '.');
    append(line, size, "] ");
}

static int64_t count_final(const struct ms_progress_figures *figures)
{
    return figures->done + figures->diverged + figures->stopped + figures->dropped;
}

void ms_progress_live_line(char *line, size_t size, int columns, const struct ms_progress_figures *figures)
{
    enum { PARTS = 5 };
    char parts[PARTS][2 * PART_BYTES], rate[PART_BYTES], left[PART_BYTES], stalled[PART_BYTES],
        best[PART_BYTES];
    int parts_count = figures->best.config >= 0 ? PARTS : PARTS - 1, used = 0;

    print_rate(rate, figures->iterations_per_s);
    print_duration(left, figures->left_s);
    print_duration(stalled, figures->stalled_s);
    print_decimal(best, figures->best.config >= 0 ? figures->best.dev_accuracy : 0, 2);
    (void)snprintf(parts[0], sizeof parts[0], "%" PRId64 "/%" PRId64, count_final(figures), figures->configs);
    (void)snprintf(parts[1], sizeof parts[1], "  %s%s left", figures->is_bound ? "at most " : "", left);
    parts[2][0] = '\0';
    if (figures->stalled_s > 0)
        (void)snprintf(parts[2], sizeof parts[2], "  no progress of rank %" PRId32 " for %s",
                       figures->stalled_rank, stalled);
    (void)snprintf(parts[3], sizeof parts[3], "  %s iterations/s", rate);
    (void)snprintf(parts[4], sizeof parts[4], "  best dev %s%%", best);
    for (int i = 0; i < parts_count; i++)
        used += (int)strlen(parts[i]);

    line[0] = '\0';
    if (columns - used >= LEAST_BAR + 3) {
        int width = columns - used - 3; /* the bar's brackets and the space after it */
        append_bar(line, size, width < MOST_BAR ? width : MOST_BAR, figures->fraction);
    }
    for (int i = 0; i < parts_count; i++)
        if ((int)(strlen(line) + strlen(parts[i])) <= columns)
            append(line, size, "%s", parts[i]);
        else
            break;
}

void ms_progress_plain_line(char *line, size_t size, const struct ms_progress_figures *figures)
{
    char elapsed[PART_BYTES], left[PART_BYTES], rate[PART_BYTES];

    print_duration(elapsed, figures->elapsed_s);
    print_duration(left, figures->left_s);
    print_rate(rate, figures->iterations_per_s);
    line[0] = '\0';
    append(line, size, "%s  %" PRId64 " of %" PRId64 " %s", elapsed, count_final(figures), figures->configs,
           ms_plural(figures->configs, "configuration", "configurations"));
    if (figures->diverged > 0)
        append(line, size, " (%" PRId64 " diverged)", figures->diverged);
    if (figures->stopped > 0)
        append(line, size, " (%" PRId64 " stopped by a rule)", figures->stopped);
    if (figures->dropped > 0)
        append(line, size, " (%" PRId64 " dropped)", figures->dropped);
    append(line, size, ", %s%d%% of the work, %s iterations/s, %s%s left",
           figures->is_bound ? "at least " : "", (int)(100 * fmin(fmax(figures->fraction, 0), 1)), rate,
           figures->is_bound ? "at most " : "", left);
    if (figures->stalled_s > 0) {
        char stalled[PART_BYTES];

        print_duration(stalled, figures->stalled_s);
        append(line, size, ", no progress of rank %" PRId32 " for %s", figures->stalled_rank, stalled);
    }
    if (figures->best.config >= 0) {
        char best[PART_BYTES];

        print_decimal(best, figures->best.dev_accuracy, 2);
        append(line, size, ", best dev accuracy %s%% (configuration %" PRId64 ")", best,
               figures->best.config);
    }
}

/* ---- showing ------------------------------------------------------------------------------------------- */

bool ms_progress_choose(const char *moonsweep_progress, bool is_live, enum ms_progress_mode *mode)
{
    static const char *const names[] = {
        [MS_PROGRESS_OFF] = "off", [MS_PROGRESS_PLAIN] = "plain", [MS_PROGRESS_LIVE] = "live"};

    *mode = is_live ? MS_PROGRESS_LIVE : MS_PROGRESS_PLAIN;
    if (moonsweep_progress == NULL || moonsweep_progress[0] == '\0')
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(moonsweep_progress, names[i]) == 0) {
            *mode = (enum ms_progress_mode)i;
            return true;
        }
    return false;
}

static double interval_s(enum ms_progress_mode mode)
{
    return mode == MS_PROGRESS_LIVE ? live_interval_s : plain_interval_s;
}

struct ms_progress ms_progress_begin(FILE *stream, double now_s)
{
    const char *asked = getenv("MOONSWEEP_PROGRESS");
    struct ms_progress progress = {.mode = MS_PROGRESS_OFF, .live = {.terminal = -1}};

    if (stream == NULL)
        return progress;
    progress.live = ms_live_begin(stream);
    if (!ms_progress_choose(asked, ms_terminal_is_live(progress.live.terminal), &progress.mode))
        (void)fprintf(stream, "moonsweep: MOONSWEEP_PROGRESS is \"%s\"; it must be live, plain or off\n",
                      asked);
    progress.next_s = now_s + interval_s(progress.mode);
    return progress;
}

bool ms_progress_is_due(const struct ms_progress *progress, double now_s)
{
    return progress->mode != MS_PROGRESS_OFF && now_s >= progress->next_s;
}

void ms_progress_show(struct ms_progress *progress, const struct ms_progress_figures *figures, double now_s)
{
    char line[MAX_COLUMNS];
    int columns;

    progress->next_s = now_s + interval_s(progress->mode);
    switch (progress->mode) {
    case MS_PROGRESS_OFF:
        break;
    case MS_PROGRESS_PLAIN:
        ms_progress_plain_line(line, sizeof line, figures);
        (void)fprintf(progress->live.stream, "%s\n", line);
        (void)fflush(progress->live.stream);
        break;
    case MS_PROGRESS_LIVE:
        columns = ms_live_columns(&progress->live);
        ms_progress_live_line(line, sizeof line, columns < MAX_COLUMNS ? columns : MAX_COLUMNS - 1, figures);
        ms_live_draw(&progress->live, line);
        break;
    }
}

void ms_progress_clear(struct ms_progress *progress)
{
    if (progress->mode == MS_PROGRESS_LIVE)
        ms_live_draw(&progress->live, "");
}

void ms_progress_end(struct ms_progress *progress)
{
    ms_live_end(&progress->live);
    progress->mode = MS_PROGRESS_OFF;
}
