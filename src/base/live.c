/* Draws the line without escape sequences: after a carriage return, the text is padded with spaces to the
 * columns of the text before. An empty text that is drawn in this way erases the line.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/live.h"

#include <string.h>

struct ms_live ms_live_begin(FILE *stream)
{
    return (struct ms_live){.stream = stream, .terminal = ms_terminal_open(stream)};
}

int ms_live_columns(const struct ms_live *live)
{
    int columns, rows;

    ms_terminal_size(live->terminal, &columns, &rows);
    return columns - 1;
}

static void redraw(struct ms_live *live, const char *line, int length)
{
    (void)fprintf(live->stream, "\r%-*.*s%s", live->shown, length, line, length == 0 ? "\r" : "");
    (void)fflush(live->stream);
    live->shown = length;
}

void ms_live_draw(struct ms_live *live, const char *line)
{
    const int length = (int)strlen(line), columns = ms_live_columns(live);

    redraw(live, line, length < columns ? length : columns);
}

void ms_live_end(struct ms_live *live)
{
    if (live->shown > 0)
        redraw(live, "", 0);
    ms_terminal_close(live->terminal);
    live->terminal = -1;
}
