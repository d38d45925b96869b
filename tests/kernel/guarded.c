/* Maps buffers between pages without access, and turns the signal of an access to them into an address.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "guarded.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "demand.h"

/* A quiet NaN as float32; two of them are one as float64. */
static const uint32_t canary = 0xfffdcafe;

/* Inaccessible pages on either side: enough to catch an access one stride too far. */
enum { GUARD_PAGES = 16 };

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t guard_bytes(void)
{
    return GUARD_PAGES * page_bytes();
}

void guarded_open(struct guarded *guarded, const char *name, size_t bytes, enum guarded_end end)
{
    const size_t pages_bytes = (bytes + page_bytes() - 1) / page_bytes() * page_bytes();
    char *mapped = mmap(NULL, pages_bytes + 2 * guard_bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *pages = mapped + guard_bytes();

    demand(mapped != MAP_FAILED && mprotect(pages, pages_bytes, PROT_READ | PROT_WRITE) == 0,
           "no memory for %zu bytes between guard pages", bytes);
    for (size_t i = 0; i < pages_bytes; i += sizeof canary)
        memcpy(pages + i, &canary, sizeof canary);
    *guarded = (struct guarded){
        .name = name,
        .begin = end == GUARDED_LOW ? pages : pages + pages_bytes - bytes,
        .bytes = bytes,
        .pages = pages,
        .pages_bytes = pages_bytes,
    };
}

void guarded_freeze(const struct guarded *guarded)
{
    demand(mprotect(guarded->pages, guarded->pages_bytes, PROT_READ) == 0, "cannot protect %s",
           guarded->name);
}

bool guarded_overwritten(const struct guarded *guarded)
{
    const size_t first = (size_t)((char *)guarded->begin - guarded->pages);

    for (size_t i = 0; i < guarded->pages_bytes; i += sizeof canary) {
        if (i == first)
            i += guarded->bytes;
        if (i < guarded->pages_bytes && memcmp(guarded->pages + i, &canary, sizeof canary) != 0)
            return true;
    }
    return false;
}

void guarded_close(struct guarded *guarded)
{
    if (guarded->pages)
        (void)munmap(guarded->pages - guard_bytes(), guarded->pages_bytes + 2 * guard_bytes());
    *guarded = (struct guarded){.pages = NULL};
}

/* A signal handler gets no context, so these are global: where guarded_call continues, and the faulting address. */
static sigjmp_buf after_fault;
static const void *volatile fault_address;

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    fault_address = info->si_addr;
    siglongjmp(after_fault, 1);
}

bool guarded_call(void (*call)(void *context), void *context, const void **address)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    struct sigaction segmentation, bus;
    bool ended = false;

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSEGV, &action, &segmentation);
    (void)sigaction(SIGBUS, &action, &bus);
    if (sigsetjmp(after_fault, 1) == 0) {
        call(context);
        ended = true;
    }
    (void)sigaction(SIGSEGV, &segmentation, NULL);
    (void)sigaction(SIGBUS, &bus, NULL);
    if (!ended)
        *address = fault_address;
    return ended;
}

void guarded_describe_access(const struct guarded *buffers, int count, const void *address, char *text,
                             size_t size)
{
    for (int i = 0; i < count; i++) {
        const struct guarded *buffer = &buffers[i];
        const uintptr_t at = (uintptr_t)address, begin = (uintptr_t)buffer->begin;
        const uintptr_t pages = (uintptr_t)buffer->pages;

        if (at < pages - guard_bytes() || at >= pages + buffer->pages_bytes + guard_bytes())
            continue;
        if (at < begin)
            (void)snprintf(text, size, "accesses memory %zu bytes before %s", (size_t)(begin - at),
                           buffer->name);
        else if (at >= begin + buffer->bytes)
            (void)snprintf(text, size, "accesses memory %zu bytes after the end of %s",
                           (size_t)(at - begin - buffer->bytes), buffer->name);
        else
            (void)snprintf(text, size, "writes to byte %zu of %s, which it may only read",
                           (size_t)(at - begin), buffer->name);
        return;
    }
    (void)snprintf(text, size, "accesses address %p, which is outside its buffers or misaligned", address);
}
