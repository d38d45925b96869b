/* The search for a single flipped bit.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "store/format/checksum.h"
#include "store/format/one_bit.h"
#include "unit.h"

enum { BYTES = 300 };

/* Bytes with their checksum. */
struct block {
    unsigned char bytes[BYTES];
    uint64_t checksum;
};

static bool has_right_checksum(const void *context)
{
    const struct block *block = context;

    return ms_checksum_bytes(block->bytes, BYTES) == block->checksum;
}

static struct block make(void)
{
    struct block block;

    for (int i = 0; i < BYTES; i++)
        block.bytes[i] = (unsigned char)(i * 7);
    block.checksum = ms_checksum_bytes(block.bytes, BYTES);
    return block;
}

START_TEST(every_flipped_bit_is_found_and_corrected)
{
    const struct block intact = make();
    struct block block = intact;
    size_t byte;

    for (size_t i = 0; i < BYTES; i += 13) {
        for (int bit = 0; bit < 8; bit++) {
            block.bytes[i] ^= (unsigned char)(1U << bit);
            ck_assert(ms_one_bit_find(block.bytes, BYTES, BYTES, has_right_checksum, &block, &byte));
            ck_assert_uint_eq(byte, i);
            ck_assert_mem_eq(block.bytes, intact.bytes, BYTES);
        }
    }
}
END_TEST

START_TEST(two_flipped_bits_are_not_found_and_not_changed)
{
    struct block block = make(), before;
    size_t byte = 77;

    block.bytes[5] ^= 1U;
    block.bytes[200] ^= 1U;
    before = block;
    ck_assert(!ms_one_bit_find(block.bytes, BYTES, BYTES, has_right_checksum, &block, &byte));
    ck_assert_mem_eq(block.bytes, before.bytes, BYTES);
    ck_assert_uint_eq(byte, 77);
}
END_TEST

START_TEST(a_flipped_bit_outside_the_searched_range_is_not_found)
{
    struct block block = make();
    size_t byte;

    block.bytes[5] ^= 1U;
    ck_assert(!ms_one_bit_find(block.bytes + 6, BYTES - 6, BYTES, has_right_checksum, &block, &byte));
    ck_assert(ms_one_bit_find(block.bytes + 5, BYTES - 5, BYTES, has_right_checksum, &block, &byte));
    ck_assert_uint_eq(byte, 0);
}
END_TEST

/* The number of calls of count_call. It is not in the context because contexts are constant. */
static int calls;

static bool count_call(const void *context)
{
    (void)context;
    calls++;
    return false;
}

START_TEST(a_search_that_would_take_too_long_is_not_started)
{
    unsigned char bytes[1] = {0};
    size_t byte;

    calls = 0;
    ck_assert(!ms_one_bit_find(bytes, sizeof bytes, (size_t)1 << 40, count_call, NULL, &byte));
    ck_assert_int_eq(calls, 0);
    ck_assert(!ms_one_bit_find(bytes, sizeof bytes, (size_t)1 << 20, count_call, NULL, &byte));
    ck_assert_int_eq(calls, 8);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("one_bit");
    TCase *tests = tcase_create("one_bit");

    tcase_add_test(tests, every_flipped_bit_is_found_and_corrected);
    tcase_add_test(tests, two_flipped_bits_are_not_found_and_not_changed);
    tcase_add_test(tests, a_flipped_bit_outside_the_searched_range_is_not_found);
    tcase_add_test(tests, a_search_that_would_take_too_long_is_not_started);
    suite_add_tcase(suite, tests);
    return suite;
}
