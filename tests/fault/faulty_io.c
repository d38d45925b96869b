/* A preloaded library that simulates a disk that fails at a chosen call (see preload.h for how it is loaded, and which
 * files it concerns).
 *
 *     MOONSWEEP_FAULT="call=write nth=17 cause=ENOSPC" MOONSWEEP_FAULT_FILE=/tmp/out.h5 LD_PRELOAD=libfaulty_io.so ...
 *
 * MOONSWEEP_FAULT is a list of words separated by blanks:
 *
 *     call=KIND     open, read, write, truncate, allocate, sync, close, rename or unlink; without it nothing fails
 *     nth=N         which of the process's calls of that kind fails, counted from 1 (default 1); N-M: all from N to M;
 *                   N-: that one and all later ones, as on a disk that stays full
 *     cause=NAME    the error, by its name in errno.h (default EIO); or short: only half is read or written
 *     file=NAME     only calls on this file are counted: result, part, lock or folder (default: all of these)
 *     at=FROM-TO    only reads and writes that touch these bytes of the file are counted
 *     rank=N        calls are counted in this rank of an MPI job only
 *     log=PATH      appends a line to this file for each counted call: rank, kind, number, file, offset, bytes, and
 *                   "failed" if the call was made to fail
 *
 * Any other word ends the process with status 99, so that a test with a misspelt word does not run without a fault.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MISSPELT_STATUS = 99, TEXT_BYTES = 4096 };

static const char *const kinds[PRELOAD_KINDS] = {
    [PRELOAD_OPEN] = "open",         [PRELOAD_READ] = "read",         [PRELOAD_WRITE] = "write",
    [PRELOAD_TRUNCATE] = "truncate", [PRELOAD_ALLOCATE] = "allocate", [PRELOAD_SYNC] = "sync",
    [PRELOAD_CLOSE] = "close",       [PRELOAD_RENAME] = "rename",     [PRELOAD_UNLINK] = "unlink",
};

static const char *const files[PRELOAD_OTHER] = {[PRELOAD_RESULT] = "result",
                                                 [PRELOAD_PART] = "part",
                                                 [PRELOAD_LOCK] = "lock",
                                                 [PRELOAD_FOLDER] = "folder"};

enum { SHORT = -1 }; /* no errno */
static const struct {
    const char *name;
    int value;
} causes[] = {
    {"EACCES", EACCES}, {"EDQUOT", EDQUOT}, {"EFBIG", EFBIG},   {"EINTR", EINTR},           {"EIO", EIO},
    {"EMFILE", EMFILE}, {"ENOSPC", ENOSPC}, {"ENOSYS", ENOSYS}, {"EOPNOTSUPP", EOPNOTSUPP}, {"EROFS", EROFS},
    {"ESTALE", ESTALE}, {"short", SHORT},
};

struct range {
    long long first, last;
};

/* MOONSWEEP_FAULT, parsed. */
static struct {
    int kind, file; /* -1: none, all */
    struct range nth, at;
    int cause;
    int rank; /* -1: all */
    int log;  /* -1: none */
    bool is_on;
} fault = {.kind = -1, .file = -1, .nth = {1, 1}, .at = {0, LLONG_MAX}, .cause = EIO, .rank = -1, .log = -1};

static atomic_llong counted[PRELOAD_KINDS];

/* ---- MOONSWEEP_FAULT ----------------------------------------------------------------------------------- */

static bool find_name(const char *name, const char *const *names, int count, int *found)
{
    for (*found = 0; *found < count; (*found)++)
        if (strcmp(name, names[*found]) == 0)
            return true;
    return false;
}

static bool find_cause(const char *name)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (strcmp(name, causes[i].name) == 0) {
            fault.cause = causes[i].value;
            return true;
        }
    return false;
}

/* Parses N, N-M or N-. */
static bool read_range(const char *text, struct range *range)
{
    char *end;

    range->first = range->last = strtoll(text, &end, 10);
    if (end == text || *end == '\0')
        return end != text;
    if (*end != '-')
        return false;
    text = end + 1;
    range->last = *text == '\0' ? LLONG_MAX : strtoll(text, &end, 10);
    return *text == '\0' || *end == '\0';
}

static bool read_rank(const char *text)
{
    char *end;

    fault.rank = (int)strtol(text, &end, 10);
    return end != text && *end == '\0';
}

static bool set(const char *key, const char *value)
{
    if (strcmp(key, "call") == 0)
        return find_name(value, kinds, PRELOAD_KINDS, &fault.kind);
    if (strcmp(key, "file") == 0)
        return find_name(value, files, PRELOAD_OTHER, &fault.file);
    if (strcmp(key, "nth") == 0)
        return read_range(value, &fault.nth);
    if (strcmp(key, "at") == 0)
        return read_range(value, &fault.at);
    if (strcmp(key, "cause") == 0)
        return find_cause(value);
    if (strcmp(key, "rank") == 0)
        return read_rank(value);
    if (strcmp(key, "log") == 0)
        return (fault.log = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) >= 0;
    return false;
}

static void refuse(const char *word)
{
    (void)dprintf(STDERR_FILENO, "faulty_io: MOONSWEEP_FAULT: unknown or invalid word: %s\n", word);
    _exit(MISSPELT_STATUS);
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("MOONSWEEP_FAULT");
    char words[TEXT_BYTES];
    char *rest;

    if (text == NULL)
        return;
    if (strlen(text) >= sizeof words)
        refuse("(the text is too long)");
    (void)snprintf(words, sizeof words, "%s", text);
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');

        if (value == NULL)
            refuse(word);
        else
            *value++ = '\0';
        if (!set(word, value))
            refuse(word);
    }
    fault.is_on = fault.rank < 0 || fault.rank == preload_rank();
}

/* ---- the calls ----------------------------------------------------------------------------------------- */

static bool is_counted(const struct preload_call *call, enum preload_file file)
{
    long long end = call->offset + (long long)call->bytes;

    if (file == PRELOAD_OTHER || (fault.file >= 0 && (int)file != fault.file))
        return false;
    return (call->kind != PRELOAD_READ && call->kind != PRELOAD_WRITE) ||
           (call->offset <= fault.at.last && end > fault.at.first);
}

int preload_before(struct preload_call *call)
{
    enum preload_file file;
    long long nth;
    bool fails;

    if (!fault.is_on)
        return 0;
    file = preload_file(call->path);
    if (!is_counted(call, file))
        return 0;
    nth = atomic_fetch_add(&counted[call->kind], 1) + 1;
    fails = (int)call->kind == fault.kind && nth >= fault.nth.first && nth <= fault.nth.last;
    if (fault.log >= 0)
        (void)dprintf(fault.log, "%d %s %lld %s %lld %zu%s\n", preload_rank(), kinds[call->kind], nth,
                      files[file], (long long)call->offset, call->bytes, fails ? " failed" : "");
    if (!fails || fault.cause != SHORT)
        return fails ? fault.cause : 0;
    call->bytes -= call->bytes / 2; /* never to 0, which would mean the end of the file */
    return 0;
}

void preload_after(const struct preload_call *call, int64_t result)
{
    (void)call;
    (void)result;
}
