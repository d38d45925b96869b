/* Formats the sentences of errors, and has two mappings: from an errno to a code, and from a code to an exit
 * status. A sentence that fits into struct ms_error needs no other memory, so that lack of memory can be
 * reported.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "error_trace.h"

static const int exit_statuses[MS_CODE_COUNT] = {
    [MS_OK] = EX_OK,
    [MS_WORK_LEFT] = EX_TEMPFAIL,
    [MS_BAD_USAGE] = EX_USAGE,
    [MS_BAD_INPUT] = EX_DATAERR,
    [MS_NO_INPUT] = EX_NOINPUT,
    [MS_BUSY] = EX_UNAVAILABLE,
    [MS_INTERNAL] = EX_SOFTWARE,
    [MS_NO_MEMORY] = EX_OSERR,
    [MS_CANNOT_CREATE] = EX_CANTCREAT,
    [MS_IO_ERROR] = EX_IOERR,
    [MS_BAD_LAUNCH] = EX_PROTOCOL,
    [MS_NO_PERMISSION] = EX_NOPERM,
    [MS_OTHER_JOB] = EX_CONFIG,
    [MS_TOO_MANY_FAILED] = EX__MAX + 1,
};

/* Copies text[length] into err->text and leaves out the middle of it, so that it fits: names may be long, and the
 * cause is at the end. UTF-8 characters are not split. */
static void shorten(const char *text, size_t length, struct ms_error *err)
{
    static const char gap[] = " ... ";
    size_t room = sizeof err->text - sizeof gap, head = room / 2, tail = room - head;

    while (head > 0 && ((unsigned char)text[head] & 0xc0) == 0x80)
        head--;
    while (tail > 0 && ((unsigned char)text[length - tail] & 0xc0) == 0x80)
        tail--;
    (void)snprintf(err->text, sizeof err->text, "%.*s%s%s", (int)head, text, gap, text + length - tail);
}

/* A sentence that does not fit is formatted a second time in full, on the heap because stacks may be small. If there
 * is no memory for that, the sentence stays cut off at its end. */
enum ms_code ms_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
{
    va_list arguments;
    char *whole = NULL;
    int length;

    err->code = code;
    va_start(arguments, format);
    length = vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof err->text)
        whole = malloc((size_t)length + 1);
    if (whole != NULL) {
        va_start(arguments, format);
        (void)vsnprintf(whole, (size_t)length + 1, format, arguments);
        va_end(arguments);
        shorten(whole, (size_t)length, err);
        free(whole);
    }
    ms_error_trace(code);
    return code;
}

enum ms_code ms_fail_memory(struct ms_error *err, const char *path, const char *purpose, ...)
{
    const char *name = path != NULL ? path : "", *colon = path != NULL ? ": " : "";
    struct rlimit limit;
    char words[256];
    va_list arguments;

    va_start(arguments, purpose);
    (void)vsnprintf(words, sizeof words, purpose, arguments);
    va_end(arguments);
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        return ms_fail(err, MS_NO_MEMORY,
                       "%s%snot enough address space %s: it is limited to %llu KiB (ulimit -v)", name, colon,
                       words, (unsigned long long)(limit.rlim_cur / 1024));
    return ms_fail(err, MS_NO_MEMORY, "%s%snot enough memory %s", name, colon, words);
}

enum ms_code ms_code_of_errno(int cause, enum ms_code otherwise)
{
    switch (cause) {
    case EACCES:
    case EPERM:
    case EROFS:
        return MS_NO_PERMISSION;
    case ENOMEM:
        return MS_NO_MEMORY;
    case EIO:
    case ENXIO:
    case ENODEV:
    case ESTALE: /* a network file system has lost the file */
    case ETIMEDOUT:
    case ENOTCONN: /* a file system in user space has crashed */
    case EMFILE:
    case ENFILE:
        return MS_IO_ERROR;
    default:
        return otherwise;
    }
}

int ms_exit_status(enum ms_code code)
{
    return exit_statuses[code];
}
