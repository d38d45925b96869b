#include <stdint.h>
#include <string.h>

#include "store/format/checksum.h"
#include "store/format/one_bit.h"
#include "unit.h"

enum { BYTES = 300 };

/* Bytes under a checksum. */
struct sealed {
    unsigned char bytes[BYTES];
    uint64_t checksum;
};

static bool holds(const void *context)
{
    const struct sealed *sealed = context;

    return ms_checksum_bytes(sealed->bytes, BYTES) == sealed->checksum;
}

static struct sealed make(void)
{
    struct sealed sealed;

    for (int i = 0; i < BYTES; i++)
        sealed.bytes[i] = (unsigned char)(i * 7);
    sealed.checksum = ms_checksum_bytes(sealed.bytes, BYTES);
    return sealed;
}

START_TEST(each_bit_is_found_and_turned_back)
{
    const struct sealed right = make();
    struct sealed sealed = right;
    size_t byte;

    for (size_t i = 0; i < BYTES; i += 13) {
        for (int bit = 0; bit < 8; bit++) {
            sealed.bytes[i] ^= (unsigned char)(1U << bit);
            ck_assert(ms_one_bit_find(sealed.bytes, BYTES, BYTES, holds, &sealed, &byte));
            ck_assert_uint_eq(byte, i);
            ck_assert_mem_eq(sealed.bytes, right.bytes, BYTES);
        }
    }
}
END_TEST

START_TEST(two_bits_are_not_found_and_stay_as_they_are)
{
    struct sealed sealed = make(), before;
    size_t byte = 77;

    sealed.bytes[5] ^= 1U;
    sealed.bytes[200] ^= 1U;
    before = sealed;
    ck_assert(!ms_one_bit_find(sealed.bytes, BYTES, BYTES, holds, &sealed, &byte));
    ck_assert_mem_eq(sealed.bytes, before.bytes, BYTES);
    ck_assert_uint_eq(byte, 77);
}
END_TEST

START_TEST(a_bit_outside_of_the_part_that_is_searched_is_not_found)
{
    struct sealed sealed = make();
    size_t byte;

    sealed.bytes[5] ^= 1U;
    ck_assert(!ms_one_bit_find(sealed.bytes + 6, BYTES - 6, BYTES, holds, &sealed, &byte));
    ck_assert(ms_one_bit_find(sealed.bytes + 5, BYTES - 5, BYTES, holds, &sealed, &byte));
    ck_assert_uint_eq(byte, 0);
}
END_TEST

/* How often it was asked; callers' contexts are constant. */
static int asked;

static bool count(const void *context)
{
    (void)context;
    asked++;
    return false;
}

START_TEST(what_would_take_too_long_is_not_begun)
{
    unsigned char bytes[1] = {0};
    size_t byte;

    asked = 0;
    ck_assert(!ms_one_bit_find(bytes, sizeof bytes, (size_t)1 << 40, count, NULL, &byte));
    ck_assert_int_eq(asked, 0);
    ck_assert(!ms_one_bit_find(bytes, sizeof bytes, (size_t)1 << 20, count, NULL, &byte));
    ck_assert_int_eq(asked, 8);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("one_bit");
    TCase *tests = tcase_create("one_bit");

    tcase_add_test(tests, each_bit_is_found_and_turned_back);
    tcase_add_test(tests, two_bits_are_not_found_and_stay_as_they_are);
    tcase_add_test(tests, a_bit_outside_of_the_part_that_is_searched_is_not_found);
    tcase_add_test(tests, what_would_take_too_long_is_not_begun);
    suite_add_tcase(suite, tests);
    return suite;
}
