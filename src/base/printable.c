/* Decodes UTF-8 only as far as it must to know the length of a character and that it is well-formed (Unicode 15.0, table
 * 3-7): the first byte tells the length and the range of the second byte, and all others must be continuation bytes.
 * Control characters are the bytes below 0x20, 0x7F, and 0x80 to 0x9F, which take two bytes in UTF-8.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/printable.h"

#include <string.h>

/* The least and the largest second byte of a character: others would make it overlong, a surrogate, larger than U+10FFFF,
 * or a control character from 0x80 to 0x9F. */
static unsigned char least_second(unsigned char first)
{
    return first == 0xC2 || first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
}

static unsigned char largest_second(unsigned char first)
{
    return first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
}

size_t ms_printable_bytes(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t bytes;

    if (length == 0 || byte[0] < 0x20 || byte[0] == 0x7F || byte[0] > 0xF4)
        return 0;
    bytes = byte[0] < 0x80 ? 1 : byte[0] < 0xC2 ? 0 : byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    if (bytes == 0 || bytes > length)
        return 0;
    if (bytes > 1 && (byte[1] < least_second(byte[0]) || byte[1] > largest_second(byte[0])))
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
    return bytes;
}

size_t ms_printable_length(const char *text, size_t length)
{
    size_t at = 0, bytes;

    while ((bytes = ms_printable_bytes(text + at, length - at)) > 0)
        at += bytes;
    return at;
}

bool ms_printable_all(const char *text, size_t length)
{
    return ms_printable_length(text, length) == length;
}

void ms_printable_write(FILE *file, const char *text)
{
    for (size_t left = strlen(text), bytes; left > 0; text += bytes, left -= bytes) {
        bytes = ms_printable_bytes(text, left);
        if (bytes > 0) {
            (void)fwrite(text, 1, bytes, file);
            continue;
        }
        bytes = 1;
        (void)fprintf(file, "\\x%02x", (unsigned)(unsigned char)*text);
    }
}
