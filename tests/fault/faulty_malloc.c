/* Lets chosen allocations of a process fail, as they do where no memory is left. To be preloaded:
 *
 *     FAULTY_MALLOC_LIST=/tmp/list LD_PRELOAD=libfaulty_malloc.so moonsweep show out.h5
 *     FAULTY_MALLOC_FAIL=1f0c93ab55d3c410:2 FAULTY_MALLOC_RANK=0 FAULTY_MALLOC_LIST=... LD_PRELOAD=... moonsweep ...
 *
 *   FAULTY_MALLOC_OF    whose allocations: a part of the file name of a library; by default the program's own. What
 *                       the C library allocates (strdup, fopen) counts as its caller's.
 *   FAULTY_MALLOC_LIST  where each of them is appended as a line, with the rank behind the name (list.0; list.alone
 *                       without MPI): "place bytes address...", and "failed" before that where it did.
 *   FAULTY_MALLOC_FAIL  which fails: "place" or "place:n", the n-th at this place (1); "place:n+" and all behind it, at
 *                       whatever place.
 *   FAULTY_MALLOC_RANK  on which rank of MPI; by default on all.
 *
 * A place is a way through the code: a hash of the addresses within the program (or that library), innermost first, from
 * the one that allocates to the outermost. It is the same in every run of the same build, whatever ranks and messages
 * do to the number of allocations. */
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

/* The functions that are called in the end. */
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
    long left;   /* so many at the place until one fails; 0: none does */
    bool behind; /* and all behind it */
    bool failing;
} wish = {.list = -1};

/* Whatever is allocated while this looks is nobody's: it must neither fail nor be looked at. */
static __thread bool looking __attribute__((tls_model("initial-exec")));

/* ---- where an allocation comes from -------------------------------------------------------------------- */

/* The object that holds an address: its name, "" for the program; NULL: none does. */
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

/* The addresses of the wanted object on the way to here; 0: it is not the one that allocates. */
static int find_way(uintptr_t way[DEEPEST])
{
    void *stack[DEEPEST];
    int depth = backtrace(stack, DEEPEST), length = 0;

    for (int i = 0; i < depth; i++) {
        uintptr_t offset;
        const char *object = object_of(stack[i], &offset);

        if (object == NULL)
            continue;
        if (is_wanted(object))
            way[length++] = offset;
        else if (length == 0 && strstr(object, "/libc.so") == NULL && strstr(object, "faulty_malloc") == NULL)
            return 0;
    }
    return length;
}

/* FNV-1a over the addresses. */
static uint64_t hash_way(const uintptr_t *way, int length)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (const unsigned char *byte = (const unsigned char *)way; byte < (const unsigned char *)(way + length);
         byte++)
        hash = (hash ^ *byte) * 0x100000001b3;
    return hash;
}

/* Most allocations are those of MPI: seen by their caller alone, without a walk up the stack. */
static bool may_be_wanted(void *caller)
{
    uintptr_t offset;
    const char *object = object_of(caller, &offset);

    return object != NULL && (is_wanted(object) || strstr(object, "/libc.so") != NULL);
}

/* ---- whether it fails ---------------------------------------------------------------------------------- */

static void write_line(bool fails, const char *place, size_t bytes, const uintptr_t *way, int length)
{
    char line[LINE_BYTES];
    int used = snprintf(line, sizeof line, "%s%s %zu", fails ? "failed " : "", place, bytes);

    for (int i = 0; i < length; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, " %" PRIxPTR, way[i]);
    line[used++] = '\n';
    if (write(wish.list, line, (size_t)used) != used)
        abort();
}

/* Counts this one, and says whether it fails. */
static bool choose(const char *place)
{
    if (wish.left > 0 && strcmp(place, wish.place) == 0 && --wish.left == 0) {
        wish.failing = wish.behind;
        return true;
    }
    return wish.failing;
}

static bool fails(void *caller, size_t bytes)
{
    char place[PLACE_CHARS + 1];
    uintptr_t way[DEEPEST];
    bool chosen = false;
    int length;

    if (looking || !wish.ready || !may_be_wanted(caller))
        return false;
    looking = true;
    length = find_way(way);
    if (length > 0) {
        (void)snprintf(place, sizeof place, "%016" PRIx64, hash_way(way, length));
        chosen = choose(place);
        if (wish.list >= 0)
            write_line(chosen, place, bytes, way, length);
    }
    looking = false;
    if (chosen)
        errno = ENOMEM;
    return chosen;
}

/* ---- the beginning ------------------------------------------------------------------------------------- */

/* dlsym may allocate by these very functions, which then have nothing to give: it does without. */
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
    wish.behind = choice[strlen(choice) - 1] == '+';
}

/* Only in the program itself: what it is started by (a shell, mpirun) has the same environment. */
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
    (void)backtrace(nothing, 1); /* loads the library that it needs */
    wish.of = getenv("FAULTY_MALLOC_OF");
    if (list != NULL) {
        (void)snprintf(path, sizeof path, "%s.%s", list, own_rank);
        wish.list = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    read_choice(getenv("FAULTY_MALLOC_FAIL"), getenv("FAULTY_MALLOC_RANK"), own_rank);
    wish.ready = true;
}

/* ---- in place of the C library's ----------------------------------------------------------------------- */

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
