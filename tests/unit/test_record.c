/* Records, that is rows, checkpoints, runs and leases, as structs and as bytes.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/format/record.h"
#include "unit.h"

enum { KINDS = 4, PRECISIONS = 2, UNITS = 5, FEATURES = 3 };

/* The struct of any kind of record. */
union fields {
    struct ms_row row;
    struct ms_slot_record slot;
    struct ms_run_record run;
    struct ms_lease_record lease;
    unsigned char bytes[sizeof(struct ms_run_record)];
};

static const uint64_t job_hash = UINT64_C(0x0123456789abcdef), cost_hash = UINT64_C(0xfedcba9876543210);
static const int64_t record_index = 77;

static struct ms_record_layout layout;
static unsigned char *bytes; /* [layout.bytes] owned */

/* Sets the layout for index i of a loop test, which runs through the kinds in each precision. */
static void begin(int i)
{
    const struct ms_shape shape = {.size = {[MS_DIM_UNIT] = UNITS,
                                            [MS_DIM_FEATURE] = FEATURES,
                                            [MS_DIM_OUTCOME] = MS_OUTCOME_COUNT,
                                            [MS_DIM_TEXT] = MS_RUN_TEXT},
                                   .precision = i / KINDS == 0 ? MS_FLOAT64 : MS_FLOAT32};

    ms_record_layout(&shape, (enum ms_record_kind)(i % KINDS), &layout);
    bytes = calloc(1, layout.bytes);
    ck_assert_ptr_nonnull(bytes);
}

static void tear_down(void)
{
    free(bytes);
}

static bool has_parameters(void)
{
    return layout.kind == MS_RECORD_CONFIG || layout.kind == MS_RECORD_SLOT;
}

/* Returns fields in which adjacent bytes differ and no number is NaN. */
static union fields make_fields(void)
{
    union fields fields;

    for (size_t i = 0; i < sizeof fields; i++)
        fields.bytes[i] = (unsigned char)(i * 7 % 251 % 127);
    return fields;
}

static struct ms_network make_network(void)
{
    static double W1[] = {1, -2, 3, 4, 5, 6.5}, b1[] = {-7, 8}, W2[] = {9, 0.1};

    return (struct ms_network){FEATURES, 2, MS_TANH, W1, b1, W2, 11};
}

static void pack(void)
{
    const union fields fields = make_fields();
    const struct ms_network network = make_network();

    ms_record_pack(&layout, &fields, has_parameters() ? &network : NULL, bytes);
    ms_record_set_checksums(&layout, job_hash, record_index, cost_hash, bytes);
}

START_TEST(fields_are_packed_and_unpacked_unchanged)
{
    const union fields fields = make_fields();
    union fields back = {.bytes = {0}};

    begin(_i);
    ms_record_pack(&layout, &fields, NULL, bytes);
    ms_record_unpack(&layout, bytes, &back);
    for (enum ms_variable v = layout.first; v < layout.end; v++)
        if (ms_schema[v].field != MS_NO_FIELD)
            ck_assert_msg(memcmp(fields.bytes + ms_schema[v].field, back.bytes + ms_schema[v].field,
                                 layout.width[v]) == 0,
                          "%s", ms_schema[v].name);
}
END_TEST

#define IS_AT(variable, field) \
    ck_assert_mem_eq(bytes + layout.offset[MS_VAR_##variable], &(field), sizeof(field))

static void expect_row(const struct ms_row *row)
{
    IS_AT(N_H, row->n_h);
    IS_AT(ACTIVATION, row->activation);
    IS_AT(LEARNING_RATE, row->learning_rate);
    IS_AT(ITERATIONS, row->iterations);
    IS_AT(SEED, row->seed);
    IS_AT(INIT_SCALE, row->init_scale);
    IS_AT(CONFIG_TRAJECTORY, row->config_trajectory);
    IS_AT(CONFIG_DATASET, row->config_dataset);
    IS_AT(STATUS, row->status);
    IS_AT(ITERATIONS_DONE, row->iterations_done);
    IS_AT(ENDED_BY, row->ended_by);
    IS_AT(TRAIN_ACCURACY, row->train_accuracy);
    IS_AT(DEV_ACCURACY, row->dev_accuracy);
    IS_AT(TRAIN_OUTCOMES, row->train_outcomes);
    IS_AT(DEV_OUTCOMES, row->dev_outcomes);
    IS_AT(FINAL_COST, row->final_cost);
    IS_AT(TRAIN_COST, row->train_cost);
    IS_AT(DEV_COST, row->dev_cost);
    IS_AT(STOP_BEST, row->stop_best);
    IS_AT(STOP_COUNT, row->stop_count);
    IS_AT(TRAIN_SECONDS, row->train_seconds);
    IS_AT(TRAIN_CPU_SECONDS, row->train_cpu_seconds);
    IS_AT(RANK, row->rank);
    IS_AT(RUN, row->run);
    IS_AT(CHECKSUM, row->checksum);
    IS_AT(TIMES_CHECKSUM, row->times_checksum);
}

static void expect_slot(const struct ms_slot_record *slot)
{
    IS_AT(SLOT_TRAJECTORY, slot->trajectory);
    IS_AT(SLOT_ITERATION, slot->iteration);
    IS_AT(SLOT_SECONDS, slot->seconds);
    IS_AT(SLOT_CPU_SECONDS, slot->cpu_seconds);
    IS_AT(SLOT_COST_HASH, slot->cost_hash);
    IS_AT(SLOT_FINAL_COST, slot->final_cost);
    IS_AT(SLOT_STOP_BEST, slot->stop_best);
    IS_AT(SLOT_STOP_COUNT, slot->stop_count);
    IS_AT(SLOT_CHECKSUM, slot->checksum);
}

static void expect_run(const struct ms_run_record *run)
{
    IS_AT(RUN_ID, run->id);
    IS_AT(RUN_STARTED, run->started);
    IS_AT(RUN_ENDED, run->ended);
    IS_AT(RUN_RANKS, run->ranks);
    IS_AT(RUN_CORE_SECONDS, run->core_seconds);
    IS_AT(RUN_HOW_ENDED, run->how_ended);
    IS_AT(RUN_HOSTS, run->hosts);
    IS_AT(RUN_VERSION, run->version);
    IS_AT(RUN_ISA, run->isa);
    IS_AT(RUN_KERNELS, run->kernels);
    IS_AT(RUN_COMMAND, run->command);
    IS_AT(RUN_BATCH_JOB, run->batch_job);
    IS_AT(RUN_CHECKSUM, run->checksum);
}

static void expect_lease(const struct ms_lease_record *lease)
{
    IS_AT(LEASE_RUN, lease->run);
    IS_AT(LEASE_RANK, lease->rank);
    IS_AT(LEASE_FIRST_TRAJECTORY, lease->first_trajectory);
    IS_AT(LEASE_COUNT, lease->count);
    IS_AT(LEASE_FROM_ITERATION, lease->from_iteration);
    IS_AT(LEASE_TO_ITERATION, lease->to_iteration);
    IS_AT(LEASE_STARTED, lease->started);
    IS_AT(LEASE_FINISHED, lease->finished);
    IS_AT(LEASE_CHECKSUM, lease->checksum);
}

/* Checks the offsets of the schema against the names of the fields. */
START_TEST(each_variable_is_packed_from_the_field_of_its_name)
{
    const union fields fields = make_fields();

    begin(_i);
    ms_record_pack(&layout, &fields, NULL, bytes);
    if (layout.kind == MS_RECORD_CONFIG)
        expect_row(&fields.row);
    if (layout.kind == MS_RECORD_SLOT)
        expect_slot(&fields.slot);
    if (layout.kind == MS_RECORD_RUN)
        expect_run(&fields.run);
    if (layout.kind == MS_RECORD_LEASE)
        expect_lease(&fields.lease);
}
END_TEST

START_TEST(a_status_and_checksums_are_read_without_unpacking)
{
    const struct ms_row row = {.status = MS_DIVERGED, .checksum = 9, .times_checksum = 10};

    begin(MS_RECORD_CONFIG);
    ms_record_pack(&layout, &row, NULL, bytes);
    ck_assert_int_eq(ms_record_status(&layout, bytes), MS_DIVERGED);
    ck_assert_uint_eq(ms_record_stored_checksum(&layout, MS_COVER_RECORD, bytes), 9);
    ck_assert_uint_eq(ms_record_stored_checksum(&layout, MS_COVER_TIMES, bytes), 10);
}
END_TEST

START_TEST(every_nan_has_the_same_bits)
{
    static const uint64_t nan_bits = UINT64_C(0xfff8dead0000beef), canonical = UINT64_C(0x7ff8000000000000);
    struct ms_lease_record lease = {.run = 1};
    struct ms_row row = {.n_h = 1};

    memcpy(&lease.finished, &nan_bits, sizeof nan_bits);
    memcpy(&row.train_cost, &nan_bits, sizeof nan_bits);
    begin(MS_RECORD_LEASE);
    ms_record_pack(&layout, &lease, NULL, bytes);
    ck_assert_mem_eq(bytes + layout.offset[MS_VAR_LEASE_FINISHED], &canonical, sizeof canonical);
    free(bytes);
    begin(MS_RECORD_CONFIG);
    ms_record_pack(&layout, &row, NULL, bytes);
    ck_assert_mem_eq(bytes + layout.offset[MS_VAR_TRAIN_COST], &canonical, sizeof canonical);
}
END_TEST

START_TEST(parameters_are_stored_in_the_file_s_precision_and_padded_with_nan)
{
    const struct ms_network network = make_network();
    double W1[6], b1[2], W2[2];
    struct ms_network back = {FEATURES, 2, MS_TANH, W1, b1, W2, 0};
    const size_t real_bytes = _i / KINDS == 0 ? 8 : 4;
    const unsigned char *stored_b1;

    begin(_i);
    if (!has_parameters())
        return;
    pack();
    ms_record_network(&layout, bytes, &back);
    ck_assert_mem_eq(W1, network.W1, sizeof W1);
    ck_assert_mem_eq(b1, network.b1, sizeof b1);
    ck_assert_double_eq(W2[0], 9);
    ck_assert_double_eq(W2[1], real_bytes == 8 ? 0.1 : (double)0.1F);
    ck_assert_double_eq(back.b2, 11);
    stored_b1 = bytes + layout.offset[layout.parameters + 1];
    ck_assert_uint_eq(layout.width[layout.parameters + 1], UNITS * real_bytes);
    for (size_t unit = 0; unit < UNITS; unit++) {
        double wide;
        float narrow;

        memcpy(&wide, stored_b1 + unit * 8 * (real_bytes == 8), sizeof wide);
        memcpy(&narrow, stored_b1 + unit * 4 * (real_bytes == 4), sizeof narrow);
        ck_assert_int_eq(isnan(real_bytes == 8 ? wide : (double)narrow), unit >= 2);
    }
}
END_TEST

START_TEST(parameters_are_unchanged_if_none_are_packed)
{
    const union fields fields = make_fields();
    unsigned char *before = malloc(1 << 16);

    begin(_i);
    ck_assert_ptr_nonnull(before);
    pack();
    memcpy(before, bytes, layout.bytes);
    ms_record_pack(&layout, &fields, NULL, bytes);
    for (enum ms_variable v = layout.first; v < layout.end; v++)
        if (ms_schema[v].field == MS_NO_FIELD)
            ck_assert_mem_eq(bytes + layout.offset[v], before + layout.offset[v], layout.width[v]);
    free(before);
}
END_TEST

/* Returns whether the checksums match with one byte changed; restores the byte. */
static bool is_ok_with(size_t byte)
{
    bool ok;

    bytes[byte] ^= 0x10;
    ok = ms_record_checksum_ok(&layout, job_hash, record_index, cost_hash, bytes);
    bytes[byte] ^= 0x10;
    return ok;
}

/* Each variable is covered by a checksum or is one, so every changed byte is noticed, except the padding of values. */
START_TEST(every_byte_of_every_value_is_covered)
{
    begin(_i);
    pack();
    ck_assert(ms_record_checksum_ok(&layout, job_hash, record_index, cost_hash, bytes));
    for (enum ms_variable v = layout.first; v < layout.end; v++)
        for (size_t i = 0; i < layout.width[v]; i++)
            ck_assert_msg(!is_ok_with(layout.offset[v] + i), "byte %zu of %s", i, ms_schema[v].name);
}
END_TEST

START_TEST(each_checksum_covers_what_the_schema_says)
{
    const enum ms_cover last = _i % KINDS == MS_RECORD_CONFIG ? MS_COVER_TIMES : MS_COVER_RECORD;

    begin(_i);
    pack();
    for (enum ms_cover cover = MS_COVER_RECORD; cover <= last; cover++) {
        const uint64_t right = ms_record_checksum(&layout, cover, job_hash, record_index, cost_hash, bytes);

        ck_assert_uint_eq(right, ms_record_stored_checksum(&layout, cover, bytes));
        for (enum ms_variable v = layout.first; v < layout.end; v++) {
            uint64_t other;

            bytes[layout.offset[v]] ^= 1;
            other = ms_record_checksum(&layout, cover, job_hash, record_index, cost_hash, bytes);
            bytes[layout.offset[v]] ^= 1;
            ck_assert_msg((other != right) == (ms_schema[v].cover == cover), "%s", ms_schema[v].name);
        }
    }
}
END_TEST

/* A record that was copied to another place, or to the file of another job, does not match its checksum there. */
START_TEST(checksums_depend_on_the_job_the_index_and_the_costs)
{
    begin(_i);
    pack();
    ck_assert(!ms_record_checksum_ok(&layout, job_hash + 1, record_index, cost_hash, bytes));
    ck_assert(!ms_record_checksum_ok(&layout, job_hash, record_index + 1, cost_hash, bytes));
    ck_assert(!ms_record_checksum_ok(&layout, job_hash, record_index, cost_hash + 1, bytes));
    if (layout.kind == MS_RECORD_CONFIG) /* the checksum of the times does not depend on costs */
        ck_assert_uint_eq(ms_record_checksum(&layout, MS_COVER_TIMES, job_hash, record_index, 0, bytes),
                          ms_record_checksum(&layout, MS_COVER_TIMES, job_hash, record_index, 1, bytes));
}
END_TEST

START_TEST(every_byte_belongs_to_a_variable)
{
    begin(_i);
    for (enum ms_variable v = layout.first; v < layout.end; v++) {
        ck_assert_uint_eq(layout.offset[v] % 8, 0);
        ck_assert_uint_le(layout.width[v], layout.widest);
        ck_assert_uint_le(layout.offset[v] + layout.width[v], layout.bytes);
        ck_assert_int_eq(ms_record_variable_at(&layout, layout.offset[v]), v);
        ck_assert_int_eq(ms_record_variable_at(&layout, layout.offset[v] + layout.width[v] - 1), v);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    const int all = KINDS * PRECISIONS;

    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_loop_test(tests, fields_are_packed_and_unpacked_unchanged, 0, all);
    tcase_add_loop_test(tests, each_variable_is_packed_from_the_field_of_its_name, 0, all);
    tcase_add_test(tests, a_status_and_checksums_are_read_without_unpacking);
    tcase_add_test(tests, every_nan_has_the_same_bits);
    tcase_add_loop_test(tests, parameters_are_stored_in_the_file_s_precision_and_padded_with_nan, 0, all);
    tcase_add_loop_test(tests, parameters_are_unchanged_if_none_are_packed, 0, all);
    tcase_add_loop_test(tests, every_byte_of_every_value_is_covered, 0, all);
    tcase_add_loop_test(tests, each_checksum_covers_what_the_schema_says, 0, all);
    tcase_add_loop_test(tests, checksums_depend_on_the_job_the_index_and_the_costs, 0, all);
    tcase_add_loop_test(tests, every_byte_belongs_to_a_variable, 0, all);
    suite_add_tcase(suite, tests);
    return suite;
}
