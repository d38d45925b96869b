/* Steps through a call with the processor's trap flag, and counts the addresses in a hash table.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* REG_RIP */
#include "single_step.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

enum { PLACES = 1 << 16 };

/* A hash table with open addressing. A free place has a NULL address. */
static struct single_step_count places[PLACES];

int single_step_addresses(const struct single_step_count **counts)
{
    *counts = places;
    return PLACES;
}

#if defined __x86_64__

static volatile sig_atomic_t overflowed;
static const unsigned long long trap_flag = 0x100;

/* Runs before the instruction at the interrupted address. The kernel clears the trap flag for handlers. */
static void count(int number, siginfo_t *info, void *interrupted)
{
    const ucontext_t *context = interrupted;
    const void *address;
    uint32_t place;

    (void)number;
    (void)info;
    memcpy(&address, &context->uc_mcontext.gregs[REG_RIP], sizeof address);
    place = (uint32_t)((uintptr_t)address * 0x9e3779b97f4a7c15u >> 48) % PLACES;
    for (int tried = 0; tried < PLACES; tried++, place = (place + 1) % PLACES) {
        if (!places[place].address)
            places[place].address = address;
        if (places[place].address == address) {
            places[place].executed++;
            return;
        }
    }
    overflowed = 1;
}

enum ms_code single_step_call(void (*work)(void *context), void *context, struct ms_error *err)
{
    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO}, before;

    memset(places, 0, sizeof places);
    overflowed = 0;
    if (sigaction(SIGTRAP, &action, &before) != 0)
        return ms_fail(err, MS_INTERNAL, "cannot catch the signal of single steps");
    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() | trap_flag);
    work(context);
    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~trap_flag);
    (void)sigaction(SIGTRAP, &before, NULL);
    if (overflowed)
        return ms_fail(err, MS_INTERNAL, "more than %d different instructions were executed", PLACES);
    return MS_OK;
}

#else

enum ms_code single_step_call(void (*work)(void *context), void *context, struct ms_error *err)
{
    (void)work;
    (void)context;
    return ms_fail(err, MS_INTERNAL, "instructions can be counted only on x86-64");
}

#endif
