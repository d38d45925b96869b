/* Collects findings and writes them in three formats. A text is made printable ASCII when it is stored, so
 * that the writers only have to quote it. A lack of memory is noted and the rest only counted, because a visit
 * function cannot fail.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "damage.h"

#include <stdlib.h>
#include <string.h>

#include "moonsweep/shortest.h"

/* Longer texts are truncated. */
#define LONGEST_TEXT 80

/* ---- collecting ------------------------------------------------------------------------------------------ */

void damage_begin(struct damage *damage, int64_t limit)
{
    *damage = (struct damage){.limit = limit};
}

void damage_free(struct damage *damage)
{
    for (int64_t i = 0; i < damage->listed; i++) {
        free(damage->items[i].place);
        free(damage->items[i].stored);
        free(damage->items[i].due);
    }
    free(damage->items);
    damage_begin(damage, damage->limit);
}

/* Returns text in printable ASCII, at most LONGEST_TEXT characters; the caller frees it. NULL if there is not enough
 * memory. */
static char *printable(const char *text)
{
    static const size_t escape_length = sizeof "\\xNN" - 1;
    char *copy = malloc(LONGEST_TEXT + sizeof "...");
    size_t used = 0;

    if (!copy)
        return NULL;
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = c >= ' ' && c < 0x7f;

        if (used + (plain ? 1 : escape_length) > LONGEST_TEXT) {
            (void)strcpy(copy + used, "...");
            return copy;
        }
        if (plain)
            copy[used++] = *text;
        else
            used += (size_t)snprintf(copy + used, escape_length + 1, "\\x%02x", c);
    }
    copy[used] = '\0';
    return copy;
}

void damage_add(void *context, const struct ms_finding *finding)
{
    struct damage *damage = context;
    struct damage_item *items, item = {.config = finding->config};

    damage->count++;
    damage->permanent += finding->kind == MS_FINDING_PERMANENT;
    if (damage->listed == damage->limit || damage->no_memory)
        return;
    items = realloc(damage->items, (size_t)(damage->listed + 1) * sizeof *items);
    if (items) {
        damage->items = items;
        item.place = printable(finding->place);
        item.stored = printable(finding->stored);
        item.due = printable(finding->due);
    }
    if (item.place && item.stored && item.due) {
        damage->items[damage->listed++] = item;
        return;
    }
    damage->no_memory = true;
    free(item.place);
    free(item.stored);
    free(item.due);
}

/* ---- for people ------------------------------------------------------------------------------------------ */

/* The width of a column: that of its heading or of its longest text. */
static int width_of(const struct damage *damage, size_t member, const char *heading)
{
    size_t width = strlen(heading);

    for (int64_t i = 0; i < damage->listed; i++) {
        const char *text = *(char *const *)((const char *)&damage->items[i] + member);

        if (strlen(text) > width)
            width = strlen(text);
    }
    return (int)width;
}

/* "  configuration 12: n_h 3, tanh, learning_rate 0.6, seed 0, 1000 iterations" */
static void write_config(FILE *file, int64_t index, const struct ms_grid *grid)
{
    char rate[MS_SHORTEST_CHARS];
    struct ms_config config;

    (void)fprintf(file, "  configuration %lld", (long long)index);
    if (!grid || index >= ms_grid_configs(grid))
        return;
    config = ms_grid_config(grid, index);
    if (grid->n_datasets > 1)
        (void)fprintf(file, ": data set %ld", (long)config.dataset);
    (void)fprintf(file, "%s n_h %ld, %s, learning_rate %s, seed %lu, %lld iterations",
                  grid->n_datasets > 1 ? "," : ":", (long)config.n_h, ms_activation_name(config.activation),
                  ms_shortest(config.learning_rate, rate), (unsigned long)config.seed,
                  (long long)config.iterations);
}

static void write_table(FILE *file, const struct damage *damage, const struct ms_grid *grid)
{
    const int place = width_of(damage, offsetof(struct damage_item, place), "where");
    const int stored = width_of(damage, offsetof(struct damage_item, stored), "stored");

    if (damage->listed > 0)
        (void)fprintf(file, "%*s  %*s  should be\n", -place, "where", -stored, "stored");
    for (int64_t i = 0; i < damage->listed; i++) {
        const struct damage_item *item = &damage->items[i];

        (void)fprintf(file, "%*s  %*s  %s", -place, item->place, -stored, item->stored, item->due);
        if (item->config >= 0)
            write_config(file, item->config, grid);
        (void)fputc('\n', file);
    }
    if (damage->count > damage->listed)
        (void)fprintf(file, "... and %lld more\n", (long long)(damage->count - damage->listed));
}

/* ---- for programs ---------------------------------------------------------------------------------------- */

/* Writes text in quotes and puts mark before each of the characters in marked: a quote for CSV, a backslash for
 * JSON. */
static void write_quoted(FILE *file, const char *text, const char *marked, char mark)
{
    (void)fputc('"', file);
    for (; *text; text++) {
        if (strchr(marked, *text))
            (void)fputc(mark, file);
        (void)fputc(*text, file);
    }
    (void)fputc('"', file);
}

static void write_csv(FILE *file, const struct damage *damage, const struct ms_grid *grid)
{
    (void)grid;
    (void)fputs("place,config,stored,due\n", file);
    for (int64_t i = 0; i < damage->listed; i++) {
        const struct damage_item *item = &damage->items[i];

        write_quoted(file, item->place, "\"", '"');
        if (item->config >= 0)
            (void)fprintf(file, ",%lld,", (long long)item->config);
        else
            (void)fputs(",,", file);
        write_quoted(file, item->stored, "\"", '"');
        (void)fputc(',', file);
        write_quoted(file, item->due, "\"", '"');
        (void)fputc('\n', file);
    }
}

static void write_json(FILE *file, const struct damage *damage, const struct ms_grid *grid)
{
    (void)grid;
    (void)fputc('[', file);
    for (int64_t i = 0; i < damage->listed; i++) {
        const struct damage_item *item = &damage->items[i];

        (void)fprintf(file, "%s\n {\"place\": ", i ? "," : "");
        write_quoted(file, item->place, "\"\\", '\\');
        if (item->config >= 0)
            (void)fprintf(file, ", \"config\": %lld, \"stored\": ", (long long)item->config);
        else
            (void)fputs(", \"config\": null, \"stored\": ", file);
        write_quoted(file, item->stored, "\"\\", '\\');
        (void)fputs(", \"due\": ", file);
        write_quoted(file, item->due, "\"\\", '\\');
        (void)fputc('}', file);
    }
    (void)fputs(damage->listed ? "\n]\n" : "]\n", file);
}

damage_writer *const damage_writers[LISTING_FORMAT_COUNT] = {
    [LISTING_TABLE] = write_table,
    [LISTING_CSV] = write_csv,
    [LISTING_JSON] = write_json,
};
