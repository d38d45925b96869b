/* The messages between ranks as bytes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "sweep/protocol.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "unit.h"

/* Encodes a message and decodes it into one that contained other bytes before. */
static struct ms_message encode_and_decode(const struct ms_message *message)
{
    unsigned char bytes[MS_MESSAGE_BYTES];
    struct ms_message back;
    size_t count = ms_protocol_encode(message, bytes);

    memset(&back, 0xa5, sizeof back);
    ck_assert_uint_le(count, sizeof bytes);
    ck_assert(ms_protocol_decode(bytes, count, &back));
    ck_assert_int_eq(back.kind, message->kind);
    return back;
}

START_TEST(a_lease_is_54_little_endian_bytes_as_documented)
{
    static const unsigned char expected[] = {
        6,    0,    0, 0,                         /* kind */
        8,    7,    6, 5, 4,    3,    2,    1,    /* id */
        2,    0,    0, 0, 0,    0,    0,    0,    /* first trajectory */
        3,    0,    0, 0, 0,    0,    0,    0,    /* count */
        0,    1,    0, 0, 0,    0,    0,    0,    /* from iteration */
        0xa0, 0x86, 1, 0, 0,    0,    0,    0,    /* to iteration */
        4,    0,    0, 0, 0xff, 0xff, 0xff, 0xff, /* slots */
        1,    0,                                  /* a slice, not continued */
    };
    struct ms_message message = {.kind = MS_MESSAGE_LEASE,
                                 .lease = {.id = 0x0102030405060708,
                                           .first_trajectory = 2,
                                           .count = 3,
                                           .from_iteration = 256,
                                           .to_iteration = 100000,
                                           .slots = {4, -1},
                                           .is_slice = true}};
    unsigned char bytes[MS_MESSAGE_BYTES];

    ck_assert_uint_eq(sizeof expected, 54);
    ck_assert_uint_eq(ms_protocol_encode(&message, bytes), sizeof expected);
    ck_assert_mem_eq(bytes, expected, sizeof expected);
}
END_TEST

START_TEST(a_finish_is_37_bytes_with_its_doubles_as_ieee_bits)
{
    static const unsigned char expected[] = {
        1, 0, 0, 0,                   /* kind */
        9, 0, 0, 0, 0, 0, 0,    0,    /* lease */
        0, 0, 0, 0, 0, 0, 0xf8, 0x3f, /* work 1.5 */
        0, 0, 0, 0, 0, 0, 0,    0x40, /* seconds of training 2 */
        0, 0, 0, 0, 0, 0, 8,    0x40, /* seconds 3 */
        1                             /* the trajectory has ended */
    };
    struct ms_message message = {.kind = MS_MESSAGE_FINISH,
                                 .finish = {9, .work = 1.5, .train_s = 2, .seconds = 3, .has_ended = true}};
    unsigned char bytes[MS_MESSAGE_BYTES];

    ck_assert_uint_eq(ms_protocol_encode(&message, bytes), sizeof expected);
    ck_assert_mem_eq(bytes, expected, sizeof expected);
}
END_TEST

START_TEST(totals_are_140_bytes_as_documented)
{
    struct ms_message message = {.kind = MS_MESSAGE_LEFT,
                                 .totals = {.checkpoints = 3,
                                            .checkpoint_s = 2,
                                            .suspended_s = 1.5,
                                            .helped_s = 0.375,
                                            .cpu_s = 0.5,
                                            .stopped = 5,
                                            .repeated = 4}};
    static const unsigned char end[] = {
        3, 0, 0, 0, 0, 0, 0,    0,    /* checkpoints */
        0, 0, 0, 0, 0, 0, 0,    0x40, /* seconds of writing them */
        0, 0, 0, 0, 0, 0, 0xf8, 0x3f, /* seconds of suspension */
        0, 0, 0, 0, 0, 0, 0xe0, 0x3f, /* processor seconds of training */
        5, 0, 0, 0, 0, 0, 0,    0,    /* stopped */
        4, 0, 0, 0, 0, 0, 0,    0,    /* iterations not computed */
        0, 0, 0, 0, 0, 0, 0xd8, 0x3f, /* seconds of helping */
    };
    unsigned char bytes[MS_MESSAGE_BYTES];

    ck_assert_uint_eq(ms_protocol_encode(&message, bytes), 140);
    ck_assert_mem_eq(bytes + 84, end, sizeof end);
}
END_TEST

START_TEST(every_field_of_every_message_is_decoded_unchanged)
{
    struct ms_message lease = {.kind = MS_MESSAGE_LEASE,
                               .lease = {INT64_MAX, 1, 2, 3, 4, {5, -1}, false, true}};
    struct ms_message finish = {.kind = MS_MESSAGE_FINISH, .finish = {-7, 1e300, 5e-324, 1.5, true}};
    struct ms_message left = {
        .kind = MS_MESSAGE_LEFT,
        .totals = {1, 2.5, 3.5, 4.5, 5.5, 6, 7, {-1, 9.5}, 10, 11, 12.5, 13.5, 14.5, 15, 15.5, 16}};
    struct ms_message back;

    back = encode_and_decode(&lease);
    ck_assert_mem_eq(&back.lease, &lease.lease, offsetof(struct ms_lease, is_slice)); /* padding follows */
    ck_assert(!back.lease.is_slice && back.lease.is_continued);
    back = encode_and_decode(&finish);
    ck_assert_mem_eq(&back.finish, &finish.finish, offsetof(struct ms_finish, has_ended));
    ck_assert(back.finish.has_ended);
    back = encode_and_decode(&left);
    ck_assert_mem_eq(&back.totals, &left.totals, sizeof left.totals);
    left.kind = MS_MESSAGE_TOTALS;
    left.totals.best.dev_accuracy = NAN;
    back = encode_and_decode(&left);
    ck_assert(isnan(back.totals.best.dev_accuracy));
    for (int kind = 0; kind < MS_MESSAGE_KIND_COUNT; kind++)
        encode_and_decode(&(struct ms_message){.kind = (enum ms_message_kind)kind});
}
END_TEST

START_TEST(the_longest_error_message_fits_and_so_does_an_empty_one)
{
    struct ms_message message = {.kind = MS_MESSAGE_ERROR, .error = {.code = MS_OTHER_JOB}};
    struct ms_message back = encode_and_decode(&message);

    ck_assert_str_eq(back.error.text, "");
    memset(message.error.text, 'x', sizeof message.error.text - 1);
    back = encode_and_decode(&message);
    ck_assert_int_eq(back.error.code, MS_OTHER_JOB);
    ck_assert_str_eq(back.error.text, message.error.text);
}
END_TEST

START_TEST(a_truncated_or_extended_message_is_refused)
{
    unsigned char bytes[MS_MESSAGE_BYTES + 1] = {0};
    struct ms_message back;

    for (int kind = 0; kind < MS_MESSAGE_KIND_COUNT; kind++) {
        struct ms_message message = {.kind = (enum ms_message_kind)kind};
        size_t count;

        if (kind == MS_MESSAGE_ERROR)
            message.error = (struct ms_error){MS_IO_ERROR, "the disk is full"};
        count = ms_protocol_encode(&message, bytes);
        for (size_t cut = 0; cut < count; cut++)
            ck_assert(!ms_protocol_decode(bytes, cut, &back));
        ck_assert(!ms_protocol_decode(bytes, count + 1, &back));
    }
}
END_TEST

START_TEST(a_truth_value_other_than_0_and_1_is_refused)
{
    const struct ms_message message = {.kind = MS_MESSAGE_FINISH};
    unsigned char bytes[MS_MESSAGE_BYTES];
    const size_t count = ms_protocol_encode(&message, bytes);
    struct ms_message back;

    ck_assert(ms_protocol_decode(bytes, count, &back));
    bytes[count - 1] = 2;
    ck_assert(!ms_protocol_decode(bytes, count, &back));
}
END_TEST

START_TEST(unknown_kinds_unknown_codes_and_overlong_error_messages_are_refused)
{
    static const unsigned char unknown_kind[] = {MS_MESSAGE_KIND_COUNT, 0, 0, 0};
    static const unsigned char unknown_code[] = {MS_MESSAGE_ERROR, 0, 0, 0, MS_CODE_COUNT, 0, 0, 0, 0, 0};
    static const unsigned char negative_code[] = {MS_MESSAGE_ERROR, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0};
    unsigned char overlong[4 + 4 + 2 + 1024] = {MS_MESSAGE_ERROR, 0, 0, 0, 1, 0, 0, 0, 0, 4};
    struct ms_message back;

    ck_assert(!ms_protocol_decode(unknown_kind, sizeof unknown_kind, &back));
    ck_assert(!ms_protocol_decode(unknown_code, sizeof unknown_code, &back));
    ck_assert(!ms_protocol_decode(negative_code, sizeof negative_code, &back));
    ck_assert(!ms_protocol_decode(overlong, sizeof overlong, &back));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("protocol");
    TCase *tests = tcase_create("protocol");

    tcase_add_test(tests, a_lease_is_54_little_endian_bytes_as_documented);
    tcase_add_test(tests, a_finish_is_37_bytes_with_its_doubles_as_ieee_bits);
    tcase_add_test(tests, totals_are_140_bytes_as_documented);
    tcase_add_test(tests, every_field_of_every_message_is_decoded_unchanged);
    tcase_add_test(tests, the_longest_error_message_fits_and_so_does_an_empty_one);
    tcase_add_test(tests, a_truncated_or_extended_message_is_refused);
    tcase_add_test(tests, a_truth_value_other_than_0_and_1_is_refused);
    tcase_add_test(tests, unknown_kinds_unknown_codes_and_overlong_error_messages_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
