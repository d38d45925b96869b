/* Divides lines into rows, chooses those to show, and draws over what was drawn before. After drawing, the
 * cursor is in the row below the last one, and moves up by the number of rows the next time: so rows must be
 * counted exactly as the terminal shows them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* wcwidth */

#include "frame.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "moonsweep/plural.h"
#include "moonsweep/terminal.h"

/* Sequences that every terminal except "dumb" understands (ECMA-48; DECAWM). */
#define UP "\033[%dA"
#define CLEAR_TO_END_OF_ROW "\033[K"
#define CLEAR_TO_END_OF_SCREEN "\033[J"
#define CLEAR_SCREEN "\033[H\033[2J"
#define WRAPPING_OFF "\033[?7l"
#define WRAPPING_ON "\033[?7h"

struct frame frame_begin(FILE *file, int terminal)
{
    (void)setlocale(LC_CTYPE, "");
    return (struct frame){.file = file, .terminal = terminal};
}

/* ---- rows of a line ------------------------------------------------------------------------------------ */

/* Finds the bytes and the columns of the first character of text. Returns false if it is shown as '?'. */
static bool next_character(const char *text, size_t *bytes, int *columns)
{
    mbstate_t state = {0};
    wchar_t character;
    size_t length = mbrtowc(&character, text, strlen(text), &state);
    bool is_shown = length > 0 && length != (size_t)-1 && length != (size_t)-2 &&
                    iswprint((wint_t)character) && wcwidth(character) >= 0;

    *bytes = length > 0 && length <= strlen(text) ? length : 1;
    *columns = is_shown ? wcwidth(character) : 1;
    return is_shown;
}

const char *frame_write_row(FILE *file, const char *text, int columns, int *used)
{
    *used = 0;
    for (bool is_first = true; *text != '\0'; is_first = false) {
        size_t bytes;
        int width;
        bool is_shown = next_character(text, &bytes, &width);

        if (*used + width > columns && !is_first)
            break;
        if (file != NULL)
            (void)fwrite(is_shown ? text : "?", is_shown ? bytes : 1, 1, file);
        *used += width;
        text += bytes;
    }
    return text;
}

int frame_rows(const char *text, int columns)
{
    int rows = 0, used;

    do {
        text = frame_write_row(NULL, text, columns, &used);
        rows++;
    } while (*text != '\0');
    return rows;
}

/* ---- which lines --------------------------------------------------------------------------------------- */

int frame_choose(const struct frame_line *lines, const int *rows, int count, int room, bool *shown)
{
    int needed = 0, left_out = count;

    for (int i = 0; i < count; i++)
        needed += rows[i];
    for (int i = 0; i < count; i++)
        shown[i] = needed <= room;
    if (needed <= room)
        return 0;
    room--; /* for the row that says how many are omitted */
    for (int settled = 0; settled < 2; settled++)
        for (int i = 0; i < count; i++)
            if (lines[i].is_settled == (settled == 1) && rows[i] <= room) {
                shown[i] = true;
                room -= rows[i];
                left_out--;
            }
    return left_out;
}

/* ---- drawing ------------------------------------------------------------------------------------------- */

/* Moves the cursor to the first row. */
static void go_to_top(struct frame *frame)
{
    int columns, height;

    ms_terminal_size(frame->terminal, &columns, &height);
    if (frame->rows > 0 && (columns != frame->columns || height != frame->height))
        (void)fputs(CLEAR_SCREEN, frame->file);
    else if (frame->rows > 0)
        (void)fprintf(frame->file, UP, frame->rows);
    frame->rows = 0;
    frame->columns = columns;
    frame->height = height;
}

static void write_rows(struct frame *frame, const char *text)
{
    int used;

    do {
        text = frame_write_row(frame->file, text, frame->columns, &used);
        /* After the last column has been written, the cursor is still on it. */
        (void)fputs(used < frame->columns ? CLEAR_TO_END_OF_ROW "\n" : "\n", frame->file);
        frame->rows++;
    } while (*text != '\0');
}

static void write_left_out(struct frame *frame, int left_out, int count)
{
    char text[80];

    (void)snprintf(text, sizeof text, "... and %d more of %d %s: the terminal has too few rows", left_out,
                   count, ms_plural(count, "file", "files"));
    text[frame->columns < (int)sizeof text ? (size_t)frame->columns : sizeof text - 1] = '\0';
    write_rows(frame, text);
}

void frame_draw(struct frame *frame, const struct frame_line *lines, int count)
{
    int *rows = calloc((size_t)count, sizeof *rows);
    bool *shown = calloc((size_t)count, sizeof *shown);
    int left_out = count;

    go_to_top(frame);
    (void)fputs(WRAPPING_OFF "\r", frame->file);
    if (rows != NULL && shown != NULL) {
        for (int i = 0; i < count; i++)
            rows[i] = frame_rows(lines[i].text, frame->columns);
        /* The row below the last one is for the cursor. */
        left_out = frame_choose(lines, rows, count, frame->height > 1 ? frame->height - 1 : 1, shown);
        for (int i = 0; i < count; i++)
            if (shown[i])
                write_rows(frame, lines[i].text);
    }
    if (left_out > 0)
        write_left_out(frame, left_out, count);
    (void)fputs(CLEAR_TO_END_OF_SCREEN WRAPPING_ON, frame->file);
    free(rows);
    free(shown);
}

void frame_end(struct frame *frame, const struct frame_line *lines, int count)
{
    go_to_top(frame);
    (void)fputs("\r" CLEAR_TO_END_OF_SCREEN, frame->file);
    for (int i = 0; i < count; i++) {
        int used;

        (void)frame_write_row(frame->file, lines[i].text, INT_MAX, &used);
        (void)fputc('\n', frame->file);
    }
}
