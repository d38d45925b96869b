/* Prints which instructions a kernel executes, and how often.
 *
 *     kernel_trace <cases
 *     kernel_trace --isas          prints this processor's instruction sets, best first
 *
 * Reads one case per line (bench_case.h), single-steps through one call of its accumulate over the first chunk of
 * samples, and prints
 *
 *     case VECTORS                    virtual vectors in the chunk
 *     EXECUTED ADDRESS OBJECT         an instruction: times executed, its address in the object file in hex
 *     ...
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* dladdr1 */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_case.h"
#include "single_step.h"
#include "train/pass.h"
#include "train/reals.h"
#include "train/reduction.h"

struct call {
    const struct ms_kernel *kernel;
    const struct ms_pass *pass;
    void *sums;
};

static void accumulate(void *context)
{
    const struct call *call = context;

    call->kernel->accumulate(call->pass, 0, 1, call->sums);
}

static void print_counts(int vectors)
{
    const struct single_step_count *counts;
    const int places = single_step_addresses(&counts);

    (void)printf("case %d\n", vectors);
    for (int i = 0; i < places; i++) {
        struct link_map *object;
        Dl_info info;

        if (counts[i].executed == 0)
            continue;
        /* Only the kernel's page of fast system calls (vDSO) is in no object file. It has no arithmetic. */
        if (dladdr1(counts[i].address, &info, (void **)&object, RTLD_DL_LINKMAP) == 0)
            continue;
        (void)printf("%lld %llx %s\n", (long long)counts[i].executed,
                     (unsigned long long)((uintptr_t)counts[i].address - object->l_addr),
                     object->l_name[0] ? object->l_name : "/proc/self/exe");
    }
}

static enum ms_code trace(const struct bench_case *one, struct ms_error *err)
{
    struct ms_pass pass;
    struct ms_reduction reduction;
    struct ms_arena arena = {.memory = NULL};
    struct call call = {.kernel = one->kernel, .pass = &pass};
    enum ms_code code = ms_pass_alloc(&pass, &one->samples, &one->network, err);

    if (code != MS_OK)
        return code;
    ms_reduction_place(&reduction, &arena, one->kernel, &pass);
    arena = (struct ms_arena){.memory = ms_reals_alloc_bytes(arena.used)};
    if (arena.memory == NULL) {
        code = ms_fail_memory(err, NULL, "for the sums of a segment");
        goto cleanup_pass;
    }
    ms_reduction_place(&reduction, &arena, one->kernel, &pass);
    ms_pass_fold(&pass, &one->network);
    call.sums = ms_reduction_begin(&reduction);
    one->kernel->clear(&pass, call.sums);
    accumulate(&call); /* a first call, so that functions of shared libraries are bound */
    code = single_step_call(accumulate, &call, err);
    if (code == MS_OK)
        print_counts(one->samples.chunk / ms_precision_lanes(one->samples.precision));
    free(arena.memory);
cleanup_pass:
    ms_pass_free(&pass);
    return code;
}

/* The table of kernels made by the build: KERNEL(name, processor), best first. */
#define KERNEL(name, processor) extern const struct ms_kernel name;
#include "train/kernel_list.h"
#undef KERNEL

static void print_isas(void)
{
    static const struct ms_kernel *const kernels[] = {
#define KERNEL(name, processor) &(name),
#include "train/kernel_list.h"
#undef KERNEL
    };

    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        const struct ms_kernel *chosen;
        struct ms_error err;

        if (kernels[i]->precision == MS_FLOAT64 &&
            ms_kernel_choose(MS_FLOAT64, kernels[i]->isa, &chosen, &err) == MS_OK)
            (void)printf("%s\n", kernels[i]->isa);
    }
}

int main(int argc, char **argv)
{
    char line[256];
    struct ms_error err;
    enum ms_code code = MS_OK;

    if (argc > 1 && strcmp(argv[1], "--isas") == 0) {
        print_isas();
        return 0;
    }
    while (code == MS_OK && fgets(line, sizeof line, stdin)) {
        struct bench_case one;

        code = bench_case_make(line, &one, &err);
        if (code == MS_OK) {
            code = trace(&one, &err);
            bench_case_free(&one);
        }
    }
    if (code != MS_OK)
        (void)fprintf(stderr, "kernel_trace: %s\n", err.text);
    return ms_exit_status(code);
}
