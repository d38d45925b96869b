/* Writes and checks `integrity/pages`. Both find the same pieces in the same order, since both call
 * next_piece, which derives them from the places of the variables alone. Checking starts from the end of the
 * file: a footer that matches its hash gives the hash of the tables, a table that matches it gives the hashes
 * of the pieces, and each piece and its copy are compared with these.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "pages.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bytes.h"
#include "checksum.h"

/* The footer, which the file ends with. */
struct footer {
    char magic[8];
    uint32_t format_version, places;
    uint64_t start, bytes;  /* place and size of `pages` in the file */
    uint64_t final, pieces; /* number of bytes that never change, and of pieces */
    uint64_t table_hash;    /* of hashes and places */
    uint64_t hash;          /* of all fields before it */
};

static const char magic[8] = {'m', 's', ' ', 'p', 'a', 'g', 'e', 's'};

enum {
    PLACES = MS_PAGES_IDS, /* at most */
    FOOTERS = 2,
    TABLES = 2,
    WINDOW_BYTES = 1 << 20,
    ROOM_FOR_STRUCTURE = 64 << 10 /* how much creating the dataset itself may add to the structure */
};

/* A part of the file in memory. Pages are visited in their order, so one read serves many. */
struct window {
    unsigned char *bytes; /* [WINDOW_BYTES] owned */
    uint64_t offset;      /* in the file */
    size_t count;
};

/* The pages of an open file. */
struct pages {
    const char *path;
    int descriptor;
    struct footer footer;
    unsigned char *table;               /* owned: hashes, then places */
    const uint64_t *hashes;             /* [footer.pieces] */
    const struct ms_pages_place *place; /* [footer.places] */
};

int64_t ms_pages_room(int64_t final)
{
    int64_t pieces = final / MS_PAGE_BYTES + 2 * PLACES;
    int64_t tables = TABLES *
                     (pieces * (int64_t)sizeof(uint64_t) + PLACES * (int64_t)sizeof(struct ms_pages_place));

    return final + ROOM_FOR_STRUCTURE + tables + FOOTERS * (int64_t)sizeof(struct footer);
}

static bool is_written_by_runs(const struct ms_pages_place *place)
{
    return place->id < MS_VARIABLE_COUNT && ms_schema_is_writable((enum ms_variable)place->id);
}

static size_t table_bytes(const struct footer *footer)
{
    return footer->pieces * sizeof(uint64_t) + footer->places * sizeof(struct ms_pages_place);
}

/* ---- pieces ----------------------------------------------------------------------------------------- */

/* The position of a pass over the pieces in the order of the file. */
struct cursor {
    uint64_t end;  /* of the last piece */
    size_t place;  /* the first place that may be after it */
    uint64_t done; /* total size of the pieces so far */
};

/* Sets *start to the start of the next piece and returns its size; 0 at the end. */
static size_t next_piece(const struct footer *footer, const struct ms_pages_place *places,
                         struct cursor *cursor, uint64_t *start)
{
    uint64_t end;

    while (cursor->place < footer->places &&
           (!is_written_by_runs(&places[cursor->place]) || places[cursor->place].start <= cursor->end)) {
        const struct ms_pages_place *place = &places[cursor->place++];

        if (is_written_by_runs(place))
            cursor->end = place->start + place->bytes;
    }
    *start = cursor->end;
    if (*start >= footer->start)
        return 0;
    end = (*start / MS_PAGE_BYTES + 1) * MS_PAGE_BYTES;
    if (end > footer->start)
        end = footer->start;
    if (cursor->place < footer->places && places[cursor->place].start < end)
        end = places[cursor->place].start;
    cursor->end = end;
    cursor->done += end - *start;
    return (size_t)(end - *start);
}

static enum ms_code fail_io(const struct pages *pages, const char *doing, int cause, struct ms_error *err)
{
    return ms_fail(err, ms_code_of_errno(cause, MS_IO_ERROR), "%s: %s failed: %s", pages->path, doing,
                   ms_bytes_reason(cause));
}

static enum ms_code fail_memory(const char *path, struct ms_error *err)
{
    return ms_fail_memory(err, path, "for the checksums of its pages");
}

/* ---- windows ---------------------------------------------------------------------------------------- */

static bool open_windows(struct window windows[2])
{
    windows[0] = windows[1] = (struct window){.count = 0};
    windows[0].bytes = malloc(WINDOW_BYTES);
    windows[1].bytes = malloc(WINDOW_BYTES);
    return windows[0].bytes != NULL && windows[1].bytes != NULL;
}

static void close_windows(struct window windows[2])
{
    free(windows[0].bytes);
    free(windows[1].bytes);
}

/* Sets *bytes to count bytes of the file, at most a page, which are valid until the next call. end is the
 * end of the file. Returns the same values as ms_bytes_read. */
static int read_window(struct window *window, int descriptor, uint64_t offset, size_t count, uint64_t end,
                       const unsigned char **bytes)
{
    if (offset < window->offset || offset + count > window->offset + window->count) {
        int cause;

        window->offset = offset;
        window->count = end - offset < WINDOW_BYTES ? (size_t)(end - offset) : WINDOW_BYTES;
        cause = ms_bytes_read(descriptor, offset, window->count, window->bytes);
        if (cause != 0) {
            window->count = 0;
            return cause;
        }
    }
    *bytes = window->bytes + (offset - window->offset);
    return 0;
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
    const struct ms_pages_place *left = a, *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

/* Lists every variable except `pages`, and every scale that has values. Returns how many there are. */
static uint32_t list_places(const struct ms_file *file, const uint64_t scale_place[MS_DIM_COUNT],
                            struct ms_pages_place places[PLACES])
{
    uint32_t count = 0;

    for (int v = 0; v < MS_VAR_INTEGRITY_PAGES; v++) {
        enum ms_variable variable = (enum ms_variable)v;

        places[count++] = (struct ms_pages_place){.start = file->offset[v],
                                                  .bytes = (uint64_t)ms_schema_rows(&file->shape, variable) *
                                                           ms_schema_row_bytes(&file->shape, variable),
                                                  .id = (uint64_t)v};
    }
    for (int d = 0; d < MS_DIM_COUNT; d++)
        if (scale_place[d] != 0)
            places[count++] = (struct ms_pages_place){.start = scale_place[d],
                                                      .bytes = (uint64_t)file->shape.size[d] *
                                                               sizeof(int64_t),
                                                      .id = (uint64_t)(MS_VARIABLE_COUNT + d)};
    qsort(places, count, sizeof *places, by_start);
    return count;
}

static void count_pieces(struct footer *footer, const struct ms_pages_place *places)
{
    struct cursor cursor = {0};
    uint64_t start;

    while (next_piece(footer, places, &cursor, &start) > 0)
        footer->pieces++;
    footer->final = cursor.done;
}

/* Writes the contents of the window and empties it. */
static int write_window(struct window *window, int descriptor)
{
    int cause = ms_bytes_write(descriptor, window->offset, window->count, window->bytes);

    window->offset += window->count;
    window->count = 0;
    return cause;
}

/* Copies every piece and stores its hash. */
static int copy_pieces(const struct pages *pages, struct window *from, struct window *to, uint64_t *hashes,
                       const struct ms_stop_request *stop, bool *is_stopped)
{
    const struct footer *footer = &pages->footer;
    struct cursor cursor = {0};
    uint64_t start;
    int cause = 0;

    to->offset = footer->start;
    for (size_t count; cause == 0 && (count = next_piece(footer, pages->place, &cursor, &start)) > 0;) {
        const unsigned char *piece;

        cause = read_window(from, pages->descriptor, start, count, footer->start, &piece);
        if (cause != 0)
            break;
        *hashes++ = ms_checksum_bytes(piece, count);
        if (to->count + count > WINDOW_BYTES) {
            *is_stopped = ms_stop_request_at(stop, 0);
            if (*is_stopped)
                return 0;
            cause = write_window(to, pages->descriptor);
        }
        memcpy(to->bytes + to->count, piece, count);
        to->count += count;
    }
    return cause == 0 ? write_window(to, pages->descriptor) : cause;
}

static enum ms_code write_copy(const struct pages *pages, uint64_t *hashes,
                               const struct ms_stop_request *stop, struct ms_error *err)
{
    struct window windows[2];
    bool is_stopped = false;
    enum ms_code code = MS_OK;
    int cause;

    if (!open_windows(windows)) {
        code = fail_memory(pages->path, err);
    } else {
        cause = copy_pieces(pages, &windows[0], &windows[1], hashes, stop, &is_stopped);
        if (cause != 0)
            code = fail_io(pages, "copying the pages that never change", cause, err);
        else if (is_stopped)
            code = ms_stop_request_error(err, "creating the file");
    }
    close_windows(windows);
    return code;
}

/* Writes both tables, the zeros after them, and both footers. */
static enum ms_code write_rest(struct pages *pages, struct ms_error *err)
{
    static const unsigned char zeros[MS_PAGE_BYTES];
    struct footer *footer = &pages->footer;
    uint64_t at = footer->start + footer->final;
    const uint64_t end = footer->start + footer->bytes - FOOTERS * sizeof *footer;
    int cause = 0;

    footer->table_hash = ms_checksum_bytes(pages->table, table_bytes(footer));
    footer->hash = ms_checksum_bytes(footer, offsetof(struct footer, hash));
    for (int i = 0; cause == 0 && i < TABLES; i++, at += table_bytes(footer))
        cause = ms_bytes_write(pages->descriptor, at, table_bytes(footer), pages->table);
    for (size_t count; cause == 0 && at < end; at += count) {
        count = end - at < sizeof zeros ? (size_t)(end - at) : sizeof zeros;
        cause = ms_bytes_write(pages->descriptor, at, count, zeros);
    }
    for (int i = 0; cause == 0 && i < FOOTERS; i++, at += sizeof *footer)
        cause = ms_bytes_write(pages->descriptor, at, sizeof *footer, footer);
    return cause == 0 ? MS_OK : fail_io(pages, "writing the checksums of its pages", cause, err);
}

enum ms_code ms_pages_write(const struct ms_file *file, const uint64_t scale_place[MS_DIM_COUNT],
                            const struct ms_stop_request *stop, struct ms_error *err)
{
    struct ms_pages_place places[PLACES];
    struct pages pages = {.path = file->path,
                          .descriptor = file->descriptor,
                          .footer = {.format_version = MS_FORMAT_VERSION,
                                     .places = list_places(file, scale_place, places),
                                     .start = file->offset[MS_VAR_INTEGRITY_PAGES],
                                     .bytes = (uint64_t)file->shape.size[MS_DIM_INTEGRITY_BYTE]},
                          .place = places};
    struct footer *footer = &pages.footer;
    enum ms_code code;

    memcpy(footer->magic, magic, sizeof magic);
    count_pieces(footer, places);
    if (footer->start + footer->bytes != file->bytes ||
        footer->final + TABLES * table_bytes(footer) + FOOTERS * sizeof *footer > footer->bytes)
        return ms_fail(err, MS_INTERNAL, "%s: HDF5 did not put the checksums of its pages last", file->path);
    pages.table = malloc(table_bytes(footer));
    if (pages.table == NULL)
        return fail_memory(file->path, err);
    memcpy(pages.table + footer->pieces * sizeof(uint64_t), places, footer->places * sizeof *places);
    code = write_copy(&pages, (uint64_t *)(void *)pages.table, stop, err);
    if (code == MS_OK)
        code = write_rest(&pages, err);
    free(pages.table);
    return code;
}

/* ---- checking --------------------------------------------------------------------------------------- */

/* The state of ms_pages_check. */
struct check {
    struct pages pages;
    ms_pages_visit *visit;
    void *context;
    enum ms_pages_state state;
};

static void report(struct check *check, int id, uint64_t offset, uint64_t start, size_t count,
                   const unsigned char *stored, const unsigned char *expected)
{
    const struct ms_pages_damage damage = {
        .id = id, .offset = offset, .start = start, .count = count, .stored = stored, .expected = expected};

    check->state = expected == NULL || check->state == MS_PAGES_DAMAGED ? MS_PAGES_DAMAGED
                                                                        : MS_PAGES_REPAIRABLE;
    check->visit(check->context, &damage);
}

/* Reports the bytes of `pages` itself that differ. */
static void report_own(struct check *check, uint64_t offset, size_t count, const unsigned char *stored,
                       const unsigned char *expected)
{
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 0; i + run < count && stored[i + run] != expected[i + run]; run++)
            ;
        if (run > 0)
            report(check, MS_VAR_INTEGRITY_PAGES, offset + i, check->pages.footer.start, run, stored + i,
                   expected + i);
        else
            run = 1;
    }
}

/* Returns the id of what a byte of the file belongs to, and sets *start and *end to its range. */
static int owner_of(const struct pages *pages, uint64_t offset, uint64_t *start, uint64_t *end)
{
    int id = MS_PAGES_STRUCTURE;

    *start = 0;
    *end = pages->footer.start;
    for (size_t i = 0; i < pages->footer.places; i++) {
        const struct ms_pages_place *place = &pages->place[i];

        if (offset >= place->start && offset - place->start < place->bytes) {
            *start = place->start;
            *end = place->start + place->bytes;
            return (int)place->id;
        }
        if (place->start > offset && place->start < *end)
            *end = place->start;
    }
    return id;
}

/* Reports the bytes of a piece that differ, with what they belong to; all of its bytes if expected is NULL. */
static void report_piece(struct check *check, uint64_t offset, size_t count, const unsigned char *stored,
                         const unsigned char *expected)
{
    for (size_t i = 0, run; i < count; i += run) {
        uint64_t start, end;
        size_t limit;
        int id;

        run = 1;
        if (expected != NULL && stored[i] == expected[i])
            continue;
        id = owner_of(&check->pages, offset + i, &start, &end);
        limit = end - offset < count ? (size_t)(end - offset) : count;
        while (i + run < limit && (expected == NULL || stored[i + run] != expected[i + run]))
            run++;
        report(check, id, offset + i, start, run, stored + i, expected == NULL ? NULL : expected + i);
    }
}

/* Returns whether this is an intact footer of any format version. */
static bool is_whole(const struct footer *footer)
{
    return memcmp(footer->magic, magic, sizeof magic) == 0 &&
           footer->hash == ms_checksum_bytes(footer, offsetof(struct footer, hash));
}

static bool is_footer(const struct footer *footer, uint64_t file_bytes)
{
    uint64_t rest;

    if (!is_whole(footer) || footer->format_version != MS_FORMAT_VERSION || footer->start > file_bytes ||
        footer->bytes != file_bytes - footer->start || footer->places > PLACES ||
        footer->bytes < FOOTERS * sizeof *footer)
        return false;
    rest = footer->bytes - FOOTERS * sizeof *footer;
    return footer->final <= rest && footer->pieces <= (rest - footer->final) / sizeof(uint64_t) &&
           table_bytes(footer) <= (rest - footer->final) / TABLES;
}

/* Reads the footers, of which one suffices. The state is MS_PAGES_NONE if there is none. */
static enum ms_code check_footers(struct check *check, uint64_t file_bytes, struct ms_error *err)
{
    struct pages *pages = &check->pages;
    struct footer footers[FOOTERS];
    uint64_t at = file_bytes - sizeof footers;
    int good = 0, cause;

    check->state = MS_PAGES_NONE;
    if (file_bytes < sizeof footers)
        return MS_OK;
    cause = ms_bytes_read(pages->descriptor, at, sizeof footers, footers);
    if (cause != 0)
        return fail_io(pages, "reading its end", cause, err);
    while (good < FOOTERS && !is_footer(&footers[good], file_bytes))
        good++;
    if (good == FOOTERS)
        return MS_OK;
    check->state = MS_PAGES_OK;
    pages->footer = footers[good];
    for (int i = 0; i < FOOTERS; i++)
        report_own(check, at + (size_t)i * sizeof footers[0], sizeof footers[0],
                   (const unsigned char *)&footers[i], (const unsigned char *)&pages->footer);
    return MS_OK;
}

/* Returns whether the places are plausible: ascending, without overlaps, before `pages`, and with as many
 * pieces between them as the footer says. */
static bool are_places(const struct footer *footer, const struct ms_pages_place *places)
{
    struct footer counted = {.start = footer->start, .places = footer->places};
    uint64_t end = 0;

    for (size_t i = 0; i < footer->places; i++) {
        if (places[i].start < end || places[i].start > footer->start ||
            places[i].bytes > footer->start - places[i].start || places[i].id >= PLACES)
            return false;
        end = places[i].start + places[i].bytes;
    }
    count_pieces(&counted, places);
    return counted.pieces == footer->pieces && counted.final == footer->final;
}

/* Reads the tables, of which one suffices. */
static enum ms_code check_tables(struct check *check, struct ms_error *err)
{
    struct pages *pages = &check->pages;
    const struct footer *footer = &pages->footer;
    size_t bytes = table_bytes(footer);
    uint64_t at = footer->start + footer->final;
    unsigned char *good = NULL;
    int cause;

    pages->table = malloc(TABLES * bytes);
    if (pages->table == NULL)
        return fail_memory(pages->path, err);
    cause = ms_bytes_read(pages->descriptor, at, TABLES * bytes, pages->table);
    if (cause != 0)
        return fail_io(pages, "reading the checksums of its pages", cause, err);
    for (size_t i = 0; good == NULL && i < TABLES; i++)
        if (ms_checksum_bytes(pages->table + i * bytes, bytes) == footer->table_hash)
            good = pages->table + i * bytes;
    if (good == NULL || !are_places(footer, (const void *)(good + footer->pieces * sizeof(uint64_t)))) {
        report(check, MS_VAR_INTEGRITY_PAGES, at, footer->start, bytes, pages->table, NULL);
        return MS_OK;
    }
    pages->hashes = (const void *)good;
    pages->place = (const void *)(good + footer->pieces * sizeof(uint64_t));
    for (size_t i = 0; i < TABLES; i++)
        report_own(check, at + i * bytes, bytes, pages->table + i * bytes, good);
    return MS_OK;
}

/* Compares every piece and its copy with the hash. */
static int compare_pieces(struct check *check, struct window windows[2])
{
    const struct pages *pages = &check->pages;
    const struct footer *footer = &pages->footer;
    const uint64_t end = footer->start + footer->bytes;
    struct cursor cursor = {0};
    uint64_t start, at = footer->start;
    size_t count;

    for (uint64_t i = 0;
         i < footer->pieces && (count = next_piece(footer, pages->place, &cursor, &start)) > 0;
         i++, at += count) {
        const unsigned char *piece, *copy;
        int cause = read_window(&windows[0], pages->descriptor, start, count, footer->start, &piece);
        bool is_right, is_copy_right;

        if (cause == 0)
            cause = read_window(&windows[1], pages->descriptor, at, count, end, &copy);
        if (cause != 0)
            return cause;
        is_right = ms_checksum_bytes(piece, count) == pages->hashes[i];
        is_copy_right = ms_checksum_bytes(copy, count) == pages->hashes[i];
        if (!is_right)
            report_piece(check, start, count, piece, is_copy_right ? copy : NULL);
        if (!is_copy_right && is_right)
            report_own(check, at, count, copy, piece);
    }
    return 0;
}

static enum ms_code check_pieces(struct check *check, struct ms_error *err)
{
    struct window windows[2];
    enum ms_code code = MS_OK;
    int cause;

    if (!open_windows(windows)) {
        code = fail_memory(check->pages.path, err);
    } else {
        cause = compare_pieces(check, windows);
        if (cause != 0)
            code = fail_io(&check->pages, "reading the pages that never change", cause, err);
    }
    close_windows(windows);
    return code;
}

/* Checks that all bytes between the tables and the footers are zero. */
static enum ms_code check_zeros(struct check *check, struct ms_error *err)
{
    static const unsigned char zeros[MS_PAGE_BYTES];
    const struct pages *pages = &check->pages;
    const struct footer *footer = &pages->footer;
    const uint64_t end = footer->start + footer->bytes - FOOTERS * sizeof *footer;
    unsigned char stored[MS_PAGE_BYTES];
    size_t count;

    for (uint64_t at = footer->start + footer->final + TABLES * table_bytes(footer); at < end; at += count) {
        int cause;

        count = end - at < sizeof stored ? (size_t)(end - at) : sizeof stored;
        cause = ms_bytes_read(pages->descriptor, at, count, stored);
        if (cause != 0)
            return fail_io(pages, "reading the checksums of its pages", cause, err);
        report_own(check, at, count, stored, zeros);
    }
    return MS_OK;
}

enum ms_code ms_pages_check(const char *path, int descriptor, ms_pages_visit *visit, void *context,
                            enum ms_pages_state *state, struct ms_error *err)
{
    struct check check = {
        .pages = {.path = path, .descriptor = descriptor}, .visit = visit, .context = context};
    struct stat status;
    enum ms_code code = MS_OK;

    if (fstat(descriptor, &status) != 0)
        return fail_io(&check.pages, "reading its size", errno, err);
    code = check_footers(&check, (uint64_t)status.st_size, err);
    if (code == MS_OK && check.state != MS_PAGES_NONE)
        code = check_tables(&check, err);
    if (code == MS_OK && check.pages.hashes != NULL)
        code = check_pieces(&check, err);
    if (code == MS_OK && check.pages.hashes != NULL)
        code = check_zeros(&check, err);
    free(check.pages.table);
    if (code == MS_OK)
        *state = check.state;
    return code;
}

/* ---- places ----------------------------------------------------------------------------------------- */

static void ignore(void *context, const struct ms_pages_damage *damage)
{
    (void)context;
    (void)damage;
}

/* Copies the places of the table, and that of `pages`. */
static enum ms_code copy_places(const struct pages *pages, struct ms_pages_place **places, size_t *count,
                                struct ms_error *err)
{
    const struct footer *footer = &pages->footer;
    struct ms_pages_place *copy = malloc((footer->places + 1U) * sizeof *copy);

    if (copy == NULL)
        return fail_memory(pages->path, err);
    memcpy(copy, pages->place, footer->places * sizeof *copy);
    copy[footer->places] = (struct ms_pages_place){
        .start = footer->start, .bytes = footer->bytes, .id = MS_VAR_INTEGRITY_PAGES};
    *places = copy;
    *count = footer->places + 1U;
    return MS_OK;
}

enum ms_code ms_pages_places(const struct ms_file *file, struct ms_pages_place **places, size_t *count,
                             struct ms_error *err)
{
    struct check check = {.pages = {.path = file->path, .descriptor = file->descriptor}, .visit = ignore};
    enum ms_code code = check_footers(&check, file->bytes, err);

    *places = NULL;
    *count = 0;
    if (code == MS_OK && check.state != MS_PAGES_NONE)
        code = check_tables(&check, err);
    if (code == MS_OK && check.pages.place != NULL)
        code = copy_places(&check.pages, places, count, err);
    free(check.pages.table);
    return code;
}

/* ---- without a check -------------------------------------------------------------------------------- */

/* Reads both footers of any file; false if the file is too short or cannot be read. */
static bool read_footers(int descriptor, struct footer footers[FOOTERS], uint64_t *file_bytes)
{
    const size_t bytes = FOOTERS * sizeof *footers;
    struct stat status;

    if (fstat(descriptor, &status) != 0 || (uint64_t)status.st_size < bytes)
        return false;
    *file_bytes = (uint64_t)status.st_size;
    return ms_bytes_read(descriptor, *file_bytes - bytes, bytes, footers) == 0;
}

bool ms_pages_are_there(int descriptor)
{
    struct footer footers[FOOTERS];
    uint64_t file_bytes;
    bool are = false;

    if (!read_footers(descriptor, footers, &file_bytes))
        return false;
    for (int i = 0; !are && i < FOOTERS; i++)
        are = is_footer(&footers[i], file_bytes);
    return are;
}

uint32_t ms_pages_version(int descriptor)
{
    struct footer footers[FOOTERS];
    uint64_t file_bytes;
    uint32_t version = 0;

    if (!read_footers(descriptor, footers, &file_bytes))
        return 0;
    for (int i = 0; version == 0 && i < FOOTERS; i++)
        version = is_whole(&footers[i]) ? footers[i].format_version : 0;
    return version;
}
