/* Writes each word in the simplest way that a shell reads back: as it is, in '...', or in $'...' if it has
 * bytes that are not printable. Four bytes of space for each byte of a word are enough for all three, so the
 * length is not computed before.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/printable.h"

/* Writes word in '...', which is interrupted for each quote. Returns the end of the text, as the functions below. */
static char *write_quoted(char *end, const char *word)
{
    end = stpcpy(end, "'");
    for (; *word; word++) {
        if (*word == '\'')
            end = stpcpy(end, "'\\'");
        *end++ = *word;
    }
    return stpcpy(end, "'");
}

/* Writes word in $'...', where a shell reads \xNN as a byte, because a stored command line may be printed on a
 * terminal. */
static char *write_escaped(char *end, const char *word)
{
    size_t left = strlen(word), bytes;

    end = stpcpy(end, "$'");
    for (; left > 0; word += bytes, left -= bytes) {
        bytes = ms_printable_bytes(word, left);
        if (bytes == 0) {
            bytes = 1;
            end += sprintf(end, "\\x%02x", (unsigned)(unsigned char)*word);
            continue;
        }
        if (*word == '\'' || *word == '\\')
            *end++ = '\\';
        memcpy(end, word, bytes);
        end += bytes;
    }
    return stpcpy(end, "'");
}

static char *write_word(char *end, const char *word)
{
    if (!ms_printable_all(word, strlen(word)))
        return write_escaped(end, word);
    if (!*word || strpbrk(word, " '\"\\$`&|;<>()*?[]{}~#!"))
        return write_quoted(end, word);
    return stpcpy(end, word);
}

char *command_line_text(int argc, char **argv)
{
    size_t bytes = sizeof "moonsweep";
    char *text, *end;

    for (int i = 0; i < argc; i++)
        bytes += 4 * strlen(argv[i]) + sizeof " $''";
    text = malloc(bytes);
    if (!text)
        return NULL;
    end = stpcpy(text, "moonsweep");
    for (int i = 0; i < argc; i++) {
        *end++ = ' ';
        end = write_word(end, argv[i]);
    }
    *end = '\0';
    return text;
}

char *command_line_word(const char *word)
{
    char *text = malloc(4 * strlen(word) + sizeof "$''");

    if (text)
        *write_word(text, word) = '\0';
    return text;
}
