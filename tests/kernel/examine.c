/* Records what the portable kernel and each other kernel compute in a case, and compares the records.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "examine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "array_names.h"
#include "demand.h"
#include "single_calls.h"
#include "trained.h"
#include "two_threads.h"

/* A case and the portable kernel's results for it. */
struct portable {
    const struct ms_kernel *kernel;
    struct kernel_inputs inputs;
    struct record calls, trained;
};

static bool report(char *finding, const char *isa, const struct kernel_case *one, const char *what)
{
    char text[256];

    kernel_cases_describe(one, text, sizeof text);
    (void)snprintf(finding, EXAMINE_TEXT, "%s: %s; case %d: %s", isa, what, one->number, text);
    return false;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Compares what a kernel computed, in the way that `how` names, with the portable kernel's results. */
static bool same_as_portable(const struct record *expected, const struct record *got,
                             const struct ms_kernel *kernel, const struct kernel_case *one, const char *how,
                             char *finding)
{
    struct record_difference difference;
    char name[96], iteration[32] = "", what[512];

    if (record_same(expected, got, &difference))
        return true;
    array_names_format(one, difference.part.layout, difference.index, name, sizeof name);
    if (difference.part.iteration >= 0)
        (void)snprintf(iteration, sizeof iteration, "iteration %" PRId64 ", ", difference.part.iteration);
    (void)snprintf(what, sizeof what,
                   "%s%s, %s (value %" PRId64 "), %s, is %a (0x%016" PRIx64
                   "), portable's is %a (0x%016" PRIx64 ")",
                   iteration, difference.part.what, name, difference.index, how, difference.got,
                   bits_of(difference.got), difference.expected, bits_of(difference.expected));
    return report(finding, kernel->isa, one, what);
}

/* ---- portable ---------------------------------------------------------------------------------------- */

static bool hash_matches(struct examination *examination, const struct portable *portable, char *finding)
{
    const struct kernel_case *one = portable->inputs.one;
    uint64_t expected;
    char what[128];

    examination->hash = record_hash(&portable->trained, record_hash(&portable->calls, record_hash_start));
    if (!examination->hashes || examination->seed != 0)
        return true;
    if (!kernel_hashes_find(examination->hashes, one->number, &expected))
        return report(finding, "portable", one, "the table of hashes has no row for this case");
    if (expected == examination->hash)
        return true;
    (void)snprintf(what, sizeof what, "the hash is 0x%016" PRIx64 ", but the table's is 0x%016" PRIx64,
                   examination->hash, expected);
    return report(finding, "portable", one, what);
}

static bool open_portable(struct examination *examination, const struct kernel_case *one,
                          struct portable *portable, char *finding)
{
    struct single_calls_way way = {.end = GUARDED_HIGH};
    struct ms_error err;
    char fault[SINGLE_CALLS_TEXT], unbounded[BOUNDED_TEXT];

    *portable = (struct portable){.kernel = NULL};
    demand(ms_kernel_choose(one->precision, "portable", &portable->kernel, &err) == MS_OK, "%s", err.text);
    kernel_inputs_make(one, examination->seed, &portable->inputs);
    way.range = portable->inputs.pass.range;
    if (!single_calls_record(portable->kernel, &portable->inputs, way, &portable->calls, fault))
        return report(finding, "portable", one, fault);
    if (one->iterations > 0)
        trained_record(portable->kernel, &portable->inputs, &portable->trained);
    if (!bounded_check(&examination->bounded, &portable->inputs, &portable->trained, unbounded))
        return report(finding, "portable", one, unbounded);
    return hash_matches(examination, portable, finding);
}

static void close_portable(struct portable *portable)
{
    kernel_inputs_free(&portable->inputs);
    record_free(&portable->calls);
    record_free(&portable->trained);
}

/* ---- any kernel -------------------------------------------------------------------------------------- */

/* Compares the calls for the range of the inputs and every wider one, with buffers at either end of their pages. */
static bool has_portable_calls(const struct portable *portable, const struct ms_kernel *kernel, char *finding)
{
    static const char *const ranges[MS_RANGE_COUNT] = {"narrow", "wide", "any"};
    static const char *const ends[GUARDED_END_COUNT] = {"at the beginning of pages", "at the end of pages"};
    const struct kernel_case *one = portable->inputs.one;
    struct record got = {0};
    bool good = true;

    for (int range = (int)portable->inputs.pass.range; range < MS_RANGE_COUNT && good; range++)
        for (int end = 0; end < GUARDED_END_COUNT && good; end++) {
            const struct single_calls_way way = {(enum ms_range)range, (enum guarded_end)end};
            char fault[SINGLE_CALLS_TEXT], how[96];

            (void)snprintf(how, sizeof how, "in range %s %s", ranges[range], ends[end]);
            record_clear(&got);
            good = single_calls_record(kernel, &portable->inputs, way, &got, fault)
                       ? same_as_portable(&portable->calls, &got, kernel, one, how, finding)
                       : report(finding, kernel->isa, one, fault);
        }
    record_free(&got);
    return good;
}

static bool trains_like_portable(const struct portable *portable, const struct ms_kernel *kernel,
                                 void (*train)(const struct ms_kernel *, const struct kernel_inputs *,
                                               struct record *),
                                 const char *how, char *finding)
{
    struct record got = {0};
    bool good;

    train(kernel, &portable->inputs, &got);
    good = same_as_portable(&portable->trained, &got, kernel, portable->inputs.one, how, finding);
    record_free(&got);
    return good;
}

static bool examine_kernel(const struct portable *portable, const struct ms_kernel *kernel, char *finding)
{
    const bool is_shared = portable->inputs.samples.segments > 1;

    if (!has_portable_calls(portable, kernel, finding))
        return false;
    if (portable->inputs.one->iterations == 0)
        return true;
    return trains_like_portable(portable, kernel, trained_record, "trained by one thread", finding) &&
           (!is_shared ||
            trains_like_portable(portable, kernel, two_threads_record, "trained by two threads", finding));
}

bool examine_case(struct examination *examination, const struct kernel_case *one,
                  const struct ms_kernel *const *kernels, int count, char *finding)
{
    struct portable portable;
    bool good = open_portable(examination, one, &portable, finding);

    for (int i = 0; i < count && good; i++) {
        good = examine_kernel(&portable, kernels[i], finding);
        examination->comparisons++;
    }
    close_portable(&portable);
    return good;
}
