/* Copies the inputs of a case into guarded buffers, calls one function after another, and checks them.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "single_calls.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/reals.h"

enum buffer { BLOCKS, VALID, W1, B1, W2, ACTIVATIONS, SUMS, OTHER_SUMS, TOTALS, PROBABILITY, BUFFERS };

/* The calls of one kernel in one of the ways. */
struct calls {
    const struct ms_kernel *kernel;
    const struct kernel_inputs *inputs;
    struct single_calls_way way;
    struct record *record;
    char *fault; /* "" if there is none */
    struct guarded buffers[BUFFERS];
    struct ms_samples samples; /* the inputs' samples, in guarded buffers */
    struct ms_pass pass;       /* the inputs' pass, in guarded buffers */
    const char *doing;         /* the function that is being called */
};

/* ---- buffers ----------------------------------------------------------------------------------------- */

static double real_at(enum ms_precision precision, const void *array, int64_t i)
{
    return precision == MS_FLOAT64 ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

static void set_real(enum ms_precision precision, void *array, int64_t i, double x)
{
    if (precision == MS_FLOAT64)
        ((double *)array)[i] = x;
    else
        ((float *)array)[i] = (float)x;
}

static void *open_buffer(struct calls *calls, enum buffer which, const char *name, size_t bytes)
{
    guarded_open(&calls->buffers[which], name, bytes, calls->way.end);
    return calls->buffers[which].begin;
}

/* Copies n reals of an array into a read-only buffer. */
static void *open_input(struct calls *calls, enum buffer which, const char *name, const void *array,
                        int64_t n)
{
    const size_t bytes = ms_reals_bytes(calls->samples.precision, n);
    void *buffer = open_buffer(calls, which, name, bytes);

    memcpy(buffer, array, bytes);
    guarded_freeze(&calls->buffers[which]);
    return buffer;
}

static void open_samples(struct calls *calls)
{
    const struct ms_samples *samples = &calls->inputs->samples;
    const int64_t reals = samples->chunks * (samples->n_x + 1) * samples->chunk;

    calls->samples = *samples;
    calls->samples.blocks = open_input(calls, BLOCKS, "samples", samples->blocks, reals);
    calls->samples.valid = open_input(calls, VALID, "valid", samples->valid, samples->chunk);
    calls->samples.x_max = NULL; /* kernels use neither this nor the labels */
    calls->samples.y = NULL;
}

static void open_calls(struct calls *calls)
{
    const struct ms_pass *pass = &calls->inputs->pass;
    const enum ms_precision precision = pass->samples->precision;
    const int64_t sums = ms_pass_sums(pass), chunk = pass->samples->chunk;
    const size_t sums_bytes = ms_reals_bytes(precision, sums * ms_precision_lanes(precision));

    open_samples(calls);
    calls->pass = *pass;
    calls->pass.samples = &calls->samples;
    calls->pass.range = calls->way.range;
    calls->pass.W1 = open_input(calls, W1, "W1", pass->W1, (int64_t)pass->n_h * pass->samples->n_x);
    calls->pass.b1 = open_input(calls, B1, "b1", pass->b1, pass->n_h);
    calls->pass.W2 = open_input(calls, W2, "W2", pass->W2, pass->n_h);
    calls->pass.activations = open_buffer(
        calls, ACTIVATIONS, "activations",
        ms_reals_bytes(precision, (int64_t)pass->n_h * calls->kernel->block));
    (void)open_buffer(calls, SUMS, "sums", sums_bytes);
    (void)open_buffer(calls, OTHER_SUMS, "the other sums", sums_bytes);
    (void)open_buffer(calls, TOTALS, "totals", (size_t)sums * sizeof(double));
    (void)open_buffer(calls, PROBABILITY, "probability",
                      ms_reals_bytes(precision, pass->samples->chunks * chunk));
}

static void close_calls(struct calls *calls)
{
    for (int i = 0; i < BUFFERS; i++)
        guarded_close(&calls->buffers[i]);
}

/* ---- recording, without the values that have no meaning ---------------------------------------------- */

/* Returns whether sum v is unused: relu's sum for dW2. */
static bool is_unused(const struct ms_pass *pass, int64_t v)
{
    const int64_t of_unit = pass->samples->n_x + 2;

    return pass->activation == MS_RELU && v < pass->n_h * of_unit && v % of_unit == of_unit - 1;
}

/* Returns the index of the excess that belongs to sum v: its label's, if each label has one. */
static int64_t excess_of(const struct ms_pass *pass, int64_t v)
{
    const int64_t first = ms_pass_unit_sums(pass) + MS_SUM_EXCESS;

    return v <= first ? first : first + MS_SUM_LABEL_1;
}

/* Returns whether sum v has no meaning because its excess is NaN. */
static bool is_meaningless(const struct ms_pass *pass, int64_t v, double excess)
{
    const int64_t output = v - ms_pass_unit_sums(pass);
    const int64_t of_label = output < MS_SUM_COUNT ? output : output - MS_SUM_LABEL_1;

    return isnan(excess) && (of_label == MS_SUM_MANTISSA || of_label == MS_SUM_EXPONENT);
}

static void record_sums(struct calls *calls, const char *what)
{
    const struct ms_pass *pass = &calls->pass;
    const enum ms_precision precision = calls->samples.precision;
    const int32_t lanes = ms_precision_lanes(precision);
    const void *sums = calls->buffers[SUMS].begin;

    record_part(calls->record, what, RECORD_SUMS, -1);
    for (int64_t v = 0; v < ms_pass_sums(pass); v++)
        for (int32_t lane = 0; lane < lanes; lane++) {
            const double beyond = real_at(precision, sums, excess_of(pass, v) * lanes + lane);
            const bool ignored = is_unused(pass, v) || is_meaningless(pass, v, beyond);

            record_add(calls->record, ignored ? 0 : real_at(precision, sums, v * lanes + lane));
        }
}

static void record_totals(struct calls *calls, const char *what)
{
    const struct ms_pass *pass = &calls->pass;
    const double *totals = calls->buffers[TOTALS].begin;

    record_part(calls->record, what, RECORD_TOTALS, -1);
    for (int64_t v = 0; v < ms_pass_sums(pass); v++) {
        const bool ignored = is_unused(pass, v) || is_meaningless(pass, v, totals[excess_of(pass, v)]);

        record_add(calls->record, ignored ? 0 : totals[v]);
    }
}

/* ---- the calls --------------------------------------------------------------------------------------- */

/* Checks after a call that nothing outside the buffers was written. */
static void end_call(struct calls *calls)
{
    for (int i = 0; i < BUFFERS && !*calls->fault; i++)
        if (guarded_overwritten(&calls->buffers[i]))
            (void)snprintf(calls->fault, SINGLE_CALLS_TEXT, "%s writes outside %s", calls->doing,
                           calls->buffers[i].name);
}

static void call_clear(struct calls *calls, enum buffer which)
{
    const enum ms_precision precision = calls->samples.precision;
    const int32_t lanes = ms_precision_lanes(precision);
    void *sums = calls->buffers[which].begin;

    calls->doing = "clear";
    calls->kernel->clear(&calls->pass, sums);
    end_call(calls);
    for (int64_t v = 0; v < ms_pass_sums(&calls->pass); v++)
        for (int32_t lane = 0; lane < lanes && is_unused(&calls->pass, v); lane++)
            set_real(precision, sums, v * lanes + lane, NAN);
}

/* Starts with chunks first .. end-1, first < end, over sums that are NaN. */
static void call_start(struct calls *calls, int64_t first, int64_t end, enum buffer which)
{
    const enum ms_precision precision = calls->samples.precision;
    void *sums = calls->buffers[which].begin;

    for (int64_t i = 0; i < ms_pass_sums(&calls->pass) * ms_precision_lanes(precision); i++)
        set_real(precision, sums, i, NAN);
    calls->doing = "start";
    calls->kernel->start(&calls->pass, first, end, sums);
}

/* Clears the sums and accumulates chunks first .. end-1 in slices of 1, 2, 3, ... chunks. */
static void call_slices(struct calls *calls, int64_t first, int64_t end, enum buffer which)
{
    call_clear(calls, which);
    calls->doing = "accumulate";
    for (int64_t slice = 1; first < end; slice++) {
        const int64_t until = first + slice < end ? first + slice : end;

        calls->kernel->accumulate(&calls->pass, first, until, calls->buffers[which].begin);
        first = until;
    }
}

/* Accumulates in one of the two ways, which must give the same sums. */
static void call_accumulate(struct calls *calls, int64_t first, int64_t end, enum buffer which)
{
    if (calls->way.end == GUARDED_LOW || first == end)
        call_slices(calls, first, end, which);
    else
        call_start(calls, first, end, which);
    end_call(calls);
}

/* Combines the sums of the second half of the chunks into those of the first half. */
static void call_combine(struct calls *calls)
{
    const int64_t half = calls->samples.chunks / 2;

    call_accumulate(calls, 0, half, SUMS);
    call_accumulate(calls, half, calls->samples.chunks, OTHER_SUMS);
    guarded_freeze(&calls->buffers[OTHER_SUMS]);
    calls->doing = "combine";
    calls->kernel->combine(&calls->pass, calls->buffers[SUMS].begin, calls->buffers[OTHER_SUMS].begin);
    end_call(calls);
}

static void call_reduce(struct calls *calls)
{
    calls->doing = "reduce";
    calls->kernel->reduce(&calls->pass, calls->buffers[SUMS].begin, calls->buffers[TOTALS].begin);
    end_call(calls);
}

/* Evaluates, and checks that the sums which evaluate must not change still contain their indices. */
static void call_evaluate(struct calls *calls, struct ms_predictions *predictions)
{
    const enum ms_precision precision = calls->samples.precision;
    const int64_t untouched = (ms_pass_unit_sums(&calls->pass) + MS_SUM_DZ + 1) *
                              ms_precision_lanes(precision);
    void *sums = calls->buffers[SUMS].begin;

    _Static_assert(MS_SUM_DZ == 0, "the sum of dZ2 follows the units'");
    call_clear(calls, SUMS);
    for (int64_t i = 0; i < untouched; i++)
        set_real(precision, sums, i, (double)i);
    calls->doing = "evaluate";
    calls->kernel->evaluate(&calls->pass, 0, calls->samples.chunks, sums, predictions);
    end_call(calls);
    for (int64_t i = 0; i < untouched && !*calls->fault; i++)
        if (real_at(precision, sums, i) != (double)i)
            (void)snprintf(calls->fault, SINGLE_CALLS_TEXT,
                           "evaluate changes real %lld of sums, which is not one of the output's",
                           (long long)i);
}

static void call_predict(struct calls *calls)
{
    calls->doing = "predict";
    calls->kernel->predict(&calls->pass, 0, calls->samples.chunks, calls->buffers[PROBABILITY].begin);
    end_call(calls);
}

/* Compares the predictions that evaluate has counted with the probabilities that predict has written. */
static void compare_predictions(struct calls *calls, const struct ms_predictions *counted)
{
    struct ms_predictions expected = {.is_overflow = false};

    for (int64_t row = 0; row < calls->samples.m; row++) {
        const double A2 = real_at(calls->samples.precision, calls->buffers[PROBABILITY].begin, row);

        expected.ones[calls->inputs->samples.y[row]] += A2 > 0.5;
        expected.is_overflow |= isnan(A2);
    }
    if (*calls->fault || counted->is_overflow)
        return; /* with an infinite argument, which no probability shows, there is nothing to compare */
    if (expected.is_overflow)
        (void)snprintf(calls->fault, SINGLE_CALLS_TEXT, "evaluate does not notice a NaN");
    else if (counted->ones[0] != expected.ones[0] || counted->ones[1] != expected.ones[1])
        (void)snprintf(calls->fault, SINGLE_CALLS_TEXT,
                       "evaluate counts %lld and %lld samples of the two labels as 1, predict %lld and %lld",
                       (long long)counted->ones[0], (long long)counted->ones[1], (long long)expected.ones[0],
                       (long long)expected.ones[1]);
}

static void make_calls(void *context)
{
    struct calls *calls = context;
    struct ms_predictions predictions = {.is_overflow = false};

    call_clear(calls, SUMS);
    record_sums(calls, "sums of nothing");
    call_accumulate(calls, 0, calls->samples.chunks, SUMS);
    record_sums(calls, "sums of all chunks");
    call_combine(calls);
    record_sums(calls, "combined sums of two halves");
    call_reduce(calls);
    record_totals(calls, "totals");
    call_evaluate(calls, &predictions);
    record_sums(calls, "sums of an evaluation");
    call_predict(calls);
    compare_predictions(calls, &predictions);
    record_part(calls->record, "probability", RECORD_LIST, -1);
    record_reals(calls->record, calls->samples.precision, calls->buffers[PROBABILITY].begin,
                 calls->samples.m);
}

bool single_calls_record(const struct ms_kernel *kernel, const struct kernel_inputs *inputs,
                         struct single_calls_way way, struct record *record, char *fault)
{
    struct calls calls = {.kernel = kernel, .inputs = inputs, .way = way, .record = record, .fault = fault};
    const void *address;
    char where[SINGLE_CALLS_TEXT - 16];

    *fault = '\0';
    open_calls(&calls);
    if (!guarded_call(make_calls, &calls, &address)) {
        guarded_describe_access(calls.buffers, BUFFERS, address, where, sizeof where);
        (void)snprintf(fault, SINGLE_CALLS_TEXT, "%s %s", calls.doing, where);
    }
    close_calls(&calls);
    return !*fault;
}
