/* A preloaded library that simulates a file system without locks: fcntl refuses open-file-description locks.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_NEXT, F_OFD_SETLK */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

/* Every argument of fcntl can be passed as a pointer. */
typedef int fcntl_function(int fd, int command, void *argument);

/* This is compiled for large files, like the program, so it is fcntl64. */
__attribute__((visibility("default"))) int fcntl(int fd, int command, ...)
{
    fcntl_function *next = (fcntl_function *)dlsym(RTLD_NEXT, "fcntl64");
    va_list arguments;
    void *argument;

    va_start(arguments, command);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    if (command == F_OFD_SETLK || command == F_OFD_GETLK) {
        errno = ENOLCK;
        return -1;
    }
    return next(fd, command, argument);
}
