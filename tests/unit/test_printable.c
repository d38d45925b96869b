/* UTF-8 characters that can be shown, compared with a decoder that computes the code point of each sequence.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/printable.h"

#include <stdint.h>

#include "unit.h"

static bool continues(unsigned char byte)
{
    return byte >> 6 == 2;
}

/* Returns the length that a first byte announces; 0: it cannot begin a character. */
static size_t announced(unsigned char byte)
{
    return byte >> 7 == 0 ? 1 : byte >> 5 == 6 ? 2 : byte >> 4 == 14 ? 3 : byte >> 3 == 30 ? 4 : 0;
}

/* Whether a code point that is written with so many bytes needs them all, and is a character that can be shown. */
static bool is_shown(uint32_t point, size_t bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

    if (point < least[bytes] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return false;
    return point >= 0x20 && (point < 0x7F || point > 0x9F);
}

static size_t expected(const unsigned char *text, size_t length)
{
    const size_t bytes = announced(text[0]);
    uint32_t point = bytes == 1 ? text[0] : text[0] & (0x7Fu >> bytes);

    if (bytes == 0 || bytes > length)
        return 0;
    for (size_t i = 1; i < bytes; i++) {
        if (!continues(text[i]))
            return 0;
        point = point << 6 | (text[i] & 0x3F);
    }
    return is_shown(point, bytes) ? bytes : 0;
}

START_TEST(well_formed_characters_are_shown_and_no_others)
{
    static const unsigned char ends[] = {0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    enum { ENDS = sizeof ends };

    for (int i = 0; i < 0x10000 * ENDS * ENDS; i++) {
        const unsigned char text[4] = {(unsigned char)(i / ENDS / ENDS / 256),
                                       (unsigned char)(i / ENDS / ENDS % 256), ends[i / ENDS % ENDS],
                                       ends[i % ENDS]};
        const size_t length = 1 + (size_t)i % 4, bytes = ms_printable_bytes((const char *)text, length);

        if (bytes != expected(text, length))
            ck_abort_msg("%02x %02x %02x %02x: %zu bytes of %zu", text[0], text[1], text[2], text[3], bytes,
                         length);
    }
}
END_TEST

START_TEST(the_longest_beginning_that_is_shown_ends_before_the_first_other_byte)
{
    ck_assert_uint_eq(ms_printable_length("K\xc3\xb6ln\tBonn", 10), 5);
    ck_assert_uint_eq(ms_printable_length("", 0), 0);
    ck_assert(ms_printable_all("\xf0\x9f\x99\x82", 4));
    ck_assert(!ms_printable_all("\xf0\x9f\x99\x82", 3));
    ck_assert(!ms_printable_all("a\xf0\x81\x92\xa2", 5)); /* overlong */
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("printable");
    TCase *tests = tcase_create("printable");

    tcase_add_test(tests, well_formed_characters_are_shown_and_no_others);
    tcase_add_test(tests, the_longest_beginning_that_is_shown_ends_before_the_first_other_byte);
    suite_add_tcase(suite, tests);
    return suite;
}
