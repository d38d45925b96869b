/* Reads a document as a whole, and searches it for a text.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "document.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_folder.h"

enum { LARGEST = 1 << 20 };

char *document_read(const char *name)
{
    char path[4096];
    char *text = malloc(LARGEST + 1);
    FILE *file;
    size_t bytes;

    ck_assert_ptr_nonnull(text);
    (void)snprintf(path, sizeof path, "%s/docs/%s", source_folder(), name);
    file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s cannot be read", path);
    bytes = fread(text, 1, LARGEST, file);
    ck_assert_msg(feof(file) && !ferror(file), "%s is too large", path);
    (void)fclose(file);
    text[bytes] = '\0';
    return text;
}

static void join_lines(char *text)
{
    while ((text = strchr(text, '\n')) != NULL)
        *text = ' ';
}

void document_states(const char *name, const char *format, ...)
{
    char stated[512];
    char *text = document_read(name);
    va_list arguments;

    va_start(arguments, format);
    ck_assert_int_lt(vsnprintf(stated, sizeof stated, format, arguments), (int)sizeof stated);
    va_end(arguments);
    join_lines(text);
    ck_assert_msg(strstr(text, stated) != NULL, "docs/%s does not state: %s", name, stated);
    free(text);
}
