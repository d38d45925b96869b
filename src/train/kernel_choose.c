/* Chooses the first kernel in the table of the build that has the precision, that the processor supports,
 * and, if an instruction set was requested by the caller or by MOONSWEEP_ISA, that is compiled for it. If a
 * requested one is not available, that is an error, and no other is taken.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/kernel.h"

/* The table of the build: KERNEL(name, processor), best first. */
#define KERNEL(name, processor) extern const struct ms_kernel name;
#include "kernel_list.h"
#undef KERNEL

enum processor { ANY_PROCESSOR, X86_64_V3, X86_64_V4 };

static bool processor_is(enum processor processor)
{
#if defined __x86_64__
    if (processor == X86_64_V3)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("bmi2");
    if (processor == X86_64_V4)
        return processor_is(X86_64_V3) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd");
#endif
    return processor == ANY_PROCESSOR;
}

static const struct {
    const struct ms_kernel *kernel;
    enum processor processor;
} kernels[] = {
#define KERNEL(name, processor) {&name, processor},
#include "kernel_list.h"
#undef KERNEL
};

enum { KERNELS = sizeof kernels / sizeof *kernels };

const struct ms_kernel *ms_kernel_available(enum ms_precision precision, int i)
{
    for (int k = 0; k < KERNELS; k++)
        if (kernels[k].kernel->precision == precision && processor_is(kernels[k].processor) && i-- == 0)
            return kernels[k].kernel;
    return NULL;
}

/* Lists the names of the kernels of a precision that this processor supports, best first. */
static void list_names(enum ms_precision precision, char *text, size_t size)
{
    const struct ms_kernel *kernel;
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; used < size && (kernel = ms_kernel_available(precision, i)) != NULL; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", kernel->isa);
}

/* An empty variable counts as not set: scripts unset variables that way. */
static const char *isa_of_environment(void)
{
    const char *isa = getenv("MOONSWEEP_ISA");

    return isa && isa[0] != '\0' ? isa : NULL;
}

int32_t ms_kernel_list(enum ms_precision precision, const char *isa, int32_t most,
                       const struct ms_kernel **list)
{
    int32_t n = 0;

    if (!isa)
        isa = isa_of_environment();
    for (int k = 0; k < KERNELS && n < most; k++)
        if (kernels[k].kernel->precision == precision && (!isa || strcmp(kernels[k].kernel->isa, isa) == 0) &&
            processor_is(kernels[k].processor))
            list[n++] = kernels[k].kernel;
    return n;
}

/* Fails because the processor supports no kernel with this name. */
static enum ms_code fail_isa(enum ms_precision precision, const char *isa, struct ms_error *err)
{
    char names[256];
    bool known = false;

    for (int k = 0; k < KERNELS; k++)
        known = known || strcmp(kernels[k].kernel->isa, isa) == 0;
    list_names(precision, names, sizeof names);
    return ms_fail(err, MS_BAD_USAGE, "instruction set '%s' is %s; this processor supports: %s", isa,
                   known ? "not supported by this processor" : "unknown", names);
}

enum ms_code ms_kernel_choose(enum ms_precision precision, const char *isa, const struct ms_kernel **kernel,
                              struct ms_error *err)
{
    if (ms_kernel_list(precision, isa, 1, kernel) == 1)
        return MS_OK;
    return fail_isa(precision, isa ? isa : isa_of_environment(), err);
}
