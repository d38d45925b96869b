/* A preloaded library that makes chosen allocations of a process fail, as if it were out of memory:
 *
 *     FAULTY_MALLOC_LIST=/tmp/list LD_PRELOAD=libfaulty_malloc.so moonsweep show out.h5
 *     FAULTY_MALLOC_FAIL=1f0c93ab55d3c410:2 FAULTY_MALLOC_RANK=0 FAULTY_MALLOC_LIST=... LD_PRELOAD=... moonsweep ...
 *
 *   FAULTY_MALLOC_OF    whose allocations: a part of the file name of a library; by default the program's own. What
 *                       the C library allocates (strdup, fopen) counts as its caller's.
 *   FAULTY_MALLOC_LIST  a file to which a line is appended for each of them: "place bytes address...", preceded by
 *                       "failed" if it was made to fail. The rank is added to its name (list.0, list.alone).
 *   FAULTY_MALLOC_FAIL  which allocation fails: "place" is the first at this place, "place:n" the n-th, and "place:n+"
 *                       the n-th and all later ones at any place.
 *   FAULTY_MALLOC_RANK  the MPI rank in which it fails; by default all.
 *
 * A place identifies a call stack: it is a hash of the return addresses within the program (or that library), from the
 * innermost to the outermost. It is the same in every run of the same build, even where the number of allocations
 * depends on ranks and messages.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_NEXT, _dl_find_object */

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OURS __attribute__((visibility("default")))

enum { DEEPEST = 64, PLACE_CHARS = 16, LINE_BYTES = 2048 };

/* The C library's functions. */
static struct {
    void *(*malloc)(size_t bytes);
    void *(*calloc)(size_t count, size_t bytes);
    void *(*realloc)(void *old, size_t bytes);
    void *(*aligned_alloc)(size_t alignment, size_t bytes);
    int (*posix_memalign)(void **at, size_t alignment, size_t bytes);
} real;

/* What the environment asks for. */
static struct {
    bool ready;
    const char *of;
    int list; /* a descriptor; -1: nothing is listed */
    char place[PLACE_CHARS + 1];
    long left;       /* the allocation fails that decrements this to 0; 0 from the start: none fails */
    bool is_lasting; /* all later allocations fail too */
    bool failing;    /* every allocation fails now */
} wish = {.list = -1};

/* True while this library examines a call stack. What it allocates meanwhile neither fails nor is examined. */
static __thread bool examining __attribute__((tls_model("initial-exec")));

/* ---- where an allocation comes from -------------------------------------------------------------------- */

/* Returns the name of the object that contains an address, "" for the program, or NULL if there is none. */
static const char *object_of(void *address, uintptr_t *offset)
{
    struct dl_find_object found;

    if (_dl_find_object(address, &found) != 0)
        return NULL;
    *offset = (uintptr_t)address - found.dlfo_link_map->l_addr;
    return found.dlfo_link_map->l_name;
}

static bool is_wanted(const char *object)
{
    return wish.of == NULL ? object[0] == '\0' : strstr(object, wish.of) != NULL;
}

/* Finds the return addresses on the stack that are in the wanted object, and returns their number, or 0 if another
 * object allocates. */
static int find_addresses(uintptr_t addresses[DEEPEST])
{
    void *stack[DEEPEST];
    int depth = backtrace(stack, DEEPEST), length = 0;

    for (int i = 0; i < depth; i++) {
        uintptr_t offset;
        const char *object = object_of(stack[i], &offset);

        if (object == NULL)
            continue;
        if (is_wanted(object))
            addresses[length++] = offset;
        else if (length == 0 && strstr(object, "/libc.so") == NULL && strstr(object, "faulty_malloc") == NULL)
            return 0;
    }
    return length;
}

/* Hashes the addresses by FNV-1a. */
static uint64_t hash(const uintptr_t *addresses, int length)
{
    const unsigned char *bytes = (const unsigned char *)addresses;
    uint64_t value = 0xcbf29ce484222325;

    for (size_t i = 0; i < (size_t)length * sizeof *addresses; i++)
        value = (value ^ bytes[i]) * 0x100000001b3;
    return value;
}

/* Most allocations are MPI's. They are recognised by their caller alone, which is faster than a walk up the stack. */
static bool may_be_wanted(void *caller)
{
    uintptr_t offset;
    const char *object = object_of(caller, &offset);

    return object != NULL && (is_wanted(object) || strstr(object, "/libc.so") != NULL);
}

/* ---- whether it fails ---------------------------------------------------------------------------------- */

static void write_line(bool fails, const char *place, size_t bytes, const uintptr_t *addresses, int length)
{
    char line[LINE_BYTES];
    int used = snprintf(line, sizeof line, "%s%s %zu", fails ? "failed " : "", place, bytes);

    for (int i = 0; i < length; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, " %" PRIxPTR, addresses[i]);
    line[used++] = '\n';
    if (write(wish.list, line, (size_t)used) != used)
        abort();
}

/* Counts an allocation and returns whether it fails. */
static bool choose(const char *place)
{
    if (wish.left > 0 && strcmp(place, wish.place) == 0 && --wish.left == 0) {
        wish.failing = wish.is_lasting;
        return true;
    }
    return wish.failing;
}

static bool fails(void *caller, size_t bytes)
{
    char place[PLACE_CHARS + 1];
    uintptr_t addresses[DEEPEST];
    bool chosen = false;
    int length;

    if (examining || !wish.ready || !may_be_wanted(caller))
        return false;
    examining = true;
    length = find_addresses(addresses);
    if (length > 0) {
        (void)snprintf(place, sizeof place, "%016" PRIx64, hash(addresses, length));
        chosen = choose(place);
        if (wish.list >= 0)
            write_line(chosen, place, bytes, addresses, length);
    }
    examining = false;
    if (chosen)
        errno = ENOMEM;
    return chosen;
}

/* ---- the beginning ------------------------------------------------------------------------------------- */

/* dlsym may itself call these functions, which then return NULL; dlsym copes with that. */
static void *find(const char *name)
{
    static bool finding;
    void *function;

    if (finding)
        return NULL;
    finding = true;
    function = dlsym(RTLD_NEXT, name);
    finding = false;
    return function;
}

static void read_choice(const char *choice, const char *rank, const char *own_rank)
{
    char *end;

    if (choice == NULL || strlen(choice) < PLACE_CHARS || (rank != NULL && strcmp(rank, own_rank) != 0))
        return;
    memcpy(wish.place, choice, PLACE_CHARS);
    wish.left = choice[PLACE_CHARS] == ':' ? strtol(choice + PLACE_CHARS + 1, &end, 10) : 1;
    wish.is_lasting = choice[strlen(choice) - 1] == '+';
}

/* Allocations fail in the program only: a shell or mpirun that starts it has the same environment. */
static bool is_moonsweep(void)
{
    return strcmp(program_invocation_short_name, "moonsweep") == 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *own_rank = getenv("OMPI_COMM_WORLD_RANK"), *list = getenv("FAULTY_MALLOC_LIST");
    char path[4096];
    void *nothing[1];

    if (!is_moonsweep())
        return;
    if (own_rank == NULL)
        own_rank = "alone";
    (void)backtrace(nothing, 1); /* its first call loads a library */
    wish.of = getenv("FAULTY_MALLOC_OF");
    if (list != NULL) {
        (void)snprintf(path, sizeof path, "%s.%s", list, own_rank);
        wish.list = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    read_choice(getenv("FAULTY_MALLOC_FAIL"), getenv("FAULTY_MALLOC_RANK"), own_rank);
    wish.ready = true;
}

/* ---- replacements of the C library's functions --------------------------------------------------------- */

OURS void *malloc(size_t bytes)
{
    if (fails(__builtin_return_address(0), bytes))
        return NULL;
    if (real.malloc == NULL)
        real.malloc = (void *(*)(size_t))find("malloc");
    return real.malloc == NULL ? NULL : real.malloc(bytes);
}

OURS void *calloc(size_t count, size_t bytes)
{
    if (fails(__builtin_return_address(0), count * bytes))
        return NULL;
    if (real.calloc == NULL)
        real.calloc = (void *(*)(size_t, size_t))find("calloc");
    return real.calloc == NULL ? NULL : real.calloc(count, bytes);
}

OURS void *realloc(void *old, size_t bytes)
{
    if (fails(__builtin_return_address(0), bytes))
        return NULL;
    if (real.realloc == NULL)
        real.realloc = (void *(*)(void *, size_t))find("realloc");
    return real.realloc == NULL ? NULL : real.realloc(old, bytes);
}

OURS void *aligned_alloc(size_t alignment, size_t bytes)
{
    if (fails(__builtin_return_address(0), bytes))
        return NULL;
    if (real.aligned_alloc == NULL)
        real.aligned_alloc = (void *(*)(size_t, size_t))find("aligned_alloc");
    return real.aligned_alloc == NULL ? NULL : real.aligned_alloc(alignment, bytes);
}

OURS int posix_memalign(void **at, size_t alignment, size_t bytes)
{
    if (fails(__builtin_return_address(0), bytes))
        return ENOMEM;
    if (real.posix_memalign == NULL)
        real.posix_memalign = (int (*)(void **, size_t, size_t))find("posix_memalign");
    return real.posix_memalign == NULL ? ENOMEM : real.posix_memalign(at, alignment, bytes);
}
