/* Proves that the harness detects faults: examines kernels that are wrong on purpose, each in one way, and requires
 * that each is detected, for the right reason. A fault larger than rounding must also be detected by the textbook
 * alone, as if it were in the portable kernel.
 *
 *     faulty_kernels [FAULT]
 *
 * Prints a line for each kernel with what was detected. Exit status: 0 if all faults were detected, 1 if not.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demand.h"
#include "examine.h"
#include "faulty_calls.h"
#include "trained.h"

/* The list made by the build: FAULTY(kernel). */
#define FAULTY(kernel) extern const struct ms_kernel kernel;
#include "faulty_list.h"
#undef FAULTY

static const struct ms_kernel *const faulty_nests[] = {
#define FAULTY(kernel) &kernel,
#include "faulty_list.h"
#undef FAULTY
};

enum { NESTS = sizeof faulty_nests / sizeof *faulty_nests };

/* How each fault must be detected. */
static const struct fault {
    const char *name;
    const char *sentence; /* part of the finding */
    int from;             /* number of the first case that may detect it */
    bool beyond_rounding; /* the textbook detects it as well */
} faults[] = {
    {"last_bit", "portable's is", 0},       {"unfused", "portable's is", 0},
    {"flushing", "portable's is", 20000},   {"nan_lost", "portable's is", 30000},
    {"corner", "evaluate counts", 0, true}, {"unclamped", "portable's is", 20000, true},
    {"tie", "portable's is", 50000},        {"padding", "portable's is", 0, true},
    {"sloppy", "portable's is", 0, true},   {"coarse", "portable's is", 0},
    {"reads_before", "bytes before", 0},    {"reads_after", "memory 0 bytes after the end of", 0},
    {"writes_after", "writes outside", 0},  {"writes_inputs", "which it may only read", 0},
    {"uncleared", "portable's is", 0},      {"restarting", "portable's is", 0},
    {"backwards", "portable's is", 0},      {"in_sequence", "totals, dW1[0][0]", 0},
    {"gradients", "evaluate changes", 0},   {"counting", "evaluate counts", 0},
};

enum { FAULTS = sizeof faults / sizeof *faults };

static const struct ms_kernel *faulty_at(int i)
{
    return i < NESTS ? faulty_nests[i] : faulty_calls_at(i - NESTS);
}

static const struct fault *fault_of(const struct ms_kernel *kernel)
{
    for (int i = 0; i < FAULTS; i++)
        if (strcmp(faults[i].name, kernel->isa) == 0)
            return &faults[i];
    demand(false, "the table of faults has no row for '%s'", kernel->isa);
    return NULL;
}

/* Finds the next case, from the i-th on, that may detect a kernel's fault. */
static bool next_case(const struct ms_kernel *kernel, const struct fault *fault, int *i,
                      struct kernel_case *one)
{
    while (kernel_cases_at((*i)++, one))
        if (one->number >= fault->from && one->precision == kernel->precision && !one->is_long)
            return true;
    return false;
}

static bool is_detected(const struct ms_kernel *kernel, const struct fault *fault, char *finding)
{
    struct examination examination = {.hashes = NULL};
    struct kernel_case one;

    for (int i = 0; next_case(kernel, fault, &i, &one);)
        if (!examine_case(&examination, &one, &kernel, 1, finding))
            return strstr(finding, fault->sentence) != NULL;
    return false;
}

static bool is_out_of_bounds(const struct ms_kernel *kernel, const struct fault *fault)
{
    struct bounded bounded = {0};
    struct kernel_case one;
    char text[BOUNDED_TEXT];
    bool good = true;

    for (int i = 0; good && next_case(kernel, fault, &i, &one);) {
        struct kernel_inputs inputs;
        struct record trained = {0};

        kernel_inputs_make(&one, 0, &inputs);
        if (one.iterations > 0)
            trained_record(kernel, &inputs, &trained);
        good = bounded_check(&bounded, &inputs, &trained, text);
        record_free(&trained);
        kernel_inputs_free(&inputs);
    }
    return !good;
}

int main(int argc, char **argv)
{
    const struct ms_kernel *kernel;
    int kernels = 0, wrong = 0;

    for (int i = 0; (kernel = faulty_at(i)) != NULL; i++) {
        const struct fault *fault = fault_of(kernel);
        char finding[EXAMINE_TEXT] = "not detected";
        bool good;

        if (argc > 1 && strcmp(argv[1], fault->name) != 0)
            continue;
        good = is_detected(kernel, fault, finding);
        if (good && fault->beyond_rounding && !is_out_of_bounds(kernel, fault)) {
            (void)snprintf(finding, sizeof finding, "%s: not detected by the textbook", fault->name);
            good = false;
        }
        printf("%s%s: %s\n", good ? "" : "WRONG ", ms_precision_name(kernel->precision), finding);
        kernels++;
        wrong += !good;
        (void)fflush(stdout);
    }
    printf("%d of %d faulty kernels were detected\n", kernels - wrong, kernels);
    return wrong == 0 && kernels > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
