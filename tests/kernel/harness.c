/* Compares the kernels bit for bit in numbered cases.
 *
 *     kernel_harness [--long] [--every N | --case N] [--seed S] [--isa NAME] [--hashes FILE | --write-hashes FILE]
 *     [--list]
 *
 *     --long          run all cases; without it, long ones are skipped
 *     --every N       run every N-th case, for slow machines; 7 still covers every activation and precision
 *     --case N        run only case N
 *     --seed S        use other numbers in every case; hashes are then not compared
 *     --isa NAME      test only the kernels of one instruction set
 *     --hashes FILE   compare the hash of each case with FILE (tests/data/kernel-hashes.csv)
 *     --write-hashes FILE   write FILE instead, only after MS_NUMERICS was raised
 *     --list          print the cases
 *
 * Prints a line for each difference, then a summary. Exit status: 0 no difference; 1 a difference; 64 wrong arguments;
 * 70 the harness itself failed; 77 nothing was compared.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demand.h"
#include "examine.h"
#include "tested_kernels.h"

enum { EXIT_WRONG_ARGUMENTS = 64, EXIT_NOTHING_COMPARED = 77, MAX_KERNELS = 64, MAX_FINDINGS = 20 };

struct options {
    bool is_long, list;
    int every;
    int number; /* of the only case to run, or -1 for all */
    uint32_t seed;
    const char *isa;                   /* NULL: all */
    const char *hashes, *write_hashes; /* paths, or NULL */
};

/* Parses text as a number of at most limit. */
static bool read_number(const char *text, unsigned long limit, unsigned long *number)
{
    char *end;

    *number = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && *number <= limit;
}

/* Parses the option arguments[0], whose value may be arguments[1]. Returns how many arguments it takes, or 0 if it is
 * wrong. */
static int read_option(struct options *options, char *const *arguments)
{
    const char *option = arguments[0], *value = arguments[1];
    unsigned long number = 0;

    if (strcmp(option, "--long") == 0)
        return options->is_long = true;
    if (strcmp(option, "--list") == 0)
        return options->list = true;
    if (!value)
        return 0;
    if (strcmp(option, "--every") == 0 && read_number(value, INT32_MAX, &number) && number > 0)
        options->every = (int)number;
    else if (strcmp(option, "--case") == 0 && read_number(value, INT32_MAX, &number))
        options->number = (int)number;
    else if (strcmp(option, "--seed") == 0 && read_number(value, UINT32_MAX, &number))
        options->seed = (uint32_t)number;
    else if (strcmp(option, "--isa") == 0)
        options->isa = value;
    else if (strcmp(option, "--hashes") == 0)
        options->hashes = value;
    else if (strcmp(option, "--write-hashes") == 0)
        options->write_hashes = value;
    else
        return 0;
    return 2;
}

static bool read_options(struct options *options, char *const *arguments)
{
    *options = (struct options){.every = 1, .number = -1};
    while (*arguments) {
        const int taken = read_option(options, arguments);

        if (taken == 0) {
            (void)fprintf(stderr, "%s is not an option, or its value is missing or wrong\n", *arguments);
            return false;
        }
        arguments += taken;
    }
    return true;
}

/* Sets kernels [MAX_KERNELS] to those of a precision that --isa allows, and returns their number. */
static int choose_kernels(const struct options *options, enum ms_precision precision,
                          const struct ms_kernel **kernels)
{
    const struct ms_kernel *kernel;
    int count = 0;

    for (int i = 0; (kernel = tested_kernels_at(precision, i)) != NULL; i++)
        if (!options->isa || strcmp(kernel->isa, options->isa) == 0) {
            demand(count < MAX_KERNELS, "more than %d kernels", MAX_KERNELS);
            kernels[count++] = kernel;
        }
    return count;
}

/* Returns whether the options select the i-th case. */
static bool is_due(const struct options *options, int i, const struct kernel_case *one)
{
    if (options->number >= 0)
        return one->number == options->number;
    return i % options->every == 0 && (options->is_long || !one->is_long);
}

/* Finds the next case that the options select, from the i-th on. */
static bool next_case(const struct options *options, int *i, struct kernel_case *one)
{
    while (kernel_cases_at((*i)++, one))
        if (is_due(options, *i - 1, one))
            return true;
    return false;
}

static int list_cases(const struct options *options)
{
    struct kernel_case one;
    char text[256];

    for (int i = 0; next_case(options, &i, &one);) {
        kernel_cases_describe(&one, text, sizeof text);
        printf("%6d %s%s\n", one.number, text, one.is_long ? " (long)" : "");
    }
    return EXIT_SUCCESS;
}

static int write_hashes(const char *path)
{
    const struct options all = {.every = 1, .number = -1, .is_long = true};
    struct examination examination = {.hashes = NULL};
    FILE *file = fopen(path, "w");
    struct kernel_case one;
    char finding[EXAMINE_TEXT];
    int written = 0;

    demand(file != NULL, "cannot write %s", path);
    kernel_hashes_write_header(file);
    for (int i = 0; next_case(&all, &i, &one); written++) {
        demand(examine_case(&examination, &one, NULL, 0, finding), "%s", finding);
        kernel_hashes_write(file, one.number, examination.hash);
    }
    demand(fclose(file) == 0, "cannot write %s", path);
    printf("%d hashes\n", written);
    return EXIT_SUCCESS;
}

static void print_summary(const struct examination *examination, int cases, int wrong,
                          const struct ms_kernel *const kernels[][MAX_KERNELS], const int *counts)
{
    const struct bounded *bounded = &examination->bounded;

    for (int precision = 0; precision < MS_PRECISION_COUNT; precision++) {
        printf("%s:", ms_precision_name((enum ms_precision)precision));
        for (int i = 0; i < counts[precision]; i++)
            printf("%s %s", i ? "," : "", kernels[precision][i]->isa);
        printf("; portable's largest error is %.3f of the textbook's bound\n", bounded->worst[precision]);
    }
    printf("%d cases, %" PRId64 " comparisons with portable, %" PRId64 " iterations (%" PRId64
           " values, %" PRId64 " slopes) checked against the textbook, hashes %s; %d wrong\n",
           cases, examination->comparisons, bounded->iterations, bounded->values, bounded->slopes,
           examination->hashes && examination->seed == 0 ? "compared" : "not compared", wrong);
}

static int compare(const struct options *options, const struct kernel_hashes *hashes)
{
    struct examination examination = {.seed = options->seed, .hashes = hashes};
    const struct ms_kernel *kernels[MS_PRECISION_COUNT][MAX_KERNELS];
    int counts[MS_PRECISION_COUNT], cases = 0, wrong = 0;
    struct kernel_case one;
    char finding[EXAMINE_TEXT];

    for (int precision = 0; precision < MS_PRECISION_COUNT; precision++)
        counts[precision] = choose_kernels(options, (enum ms_precision)precision, kernels[precision]);
    for (int i = 0; wrong < MAX_FINDINGS && next_case(options, &i, &one);) {
        if (counts[one.precision] == 0)
            continue;
        cases++;
        if (!examine_case(&examination, &one, kernels[one.precision], counts[one.precision], finding)) {
            printf("WRONG %s\n", finding);
            wrong++;
        }
        (void)fflush(stdout);
    }
    print_summary(&examination, cases, wrong, kernels, counts);
    if (cases == 0)
        return EXIT_NOTHING_COMPARED;
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct kernel_hashes hashes = {0};
    struct options options;
    int status;

    (void)argc;
    if (!read_options(&options, argv + 1))
        return EXIT_WRONG_ARGUMENTS;
    if (options.list)
        return list_cases(&options);
    if (options.write_hashes)
        return write_hashes(options.write_hashes);
    if (options.hashes)
        kernel_hashes_read(&hashes, options.hashes);
    status = compare(&options, options.hashes ? &hashes : NULL);
    kernel_hashes_free(&hashes);
    return status;
}
