/* Checks that the path of the result still leads to the open file that is being written. Rows go to the
 * open file even if its name is gone: after `rm` they would vanish with it, after `mv` nobody would look
 * for them.
 *
 *     descriptor ---fstat---> same file?  <---stat--- path
 *
 * A symbolic link that leads to the file is as good as the file. Inode numbers are compared, not times or
 * sizes, which a network file system may report late.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* readlink with -std=c17 */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "moonsweep/writer.h"
#include "writer_state.h"

enum name_state {
    NAMED,   /* the path leads to the file */
    GONE,    /* the path leads to nothing */
    ANOTHER, /* the path leads to another file */
    UNKNOWN  /* the system cannot tell; errno has the reason */
};

/* How often the check is repeated at the end, and after what pause. */
enum { ATTEMPTS = 10, PAUSE_NS = 100 * 1000 * 1000 };

/* The prefixes of the names that network and user-space file systems give to a file that was removed while
 * open. Such a file is deleted when it is closed. */
static const char *const removed_names[] = {".nfs", ".fuse_hidden"};

static enum name_state find_state(int fd, const char *path)
{
    struct stat ours, named;

    if (fstat(fd, &ours) != 0)
        return errno == ESTALE ? GONE : UNKNOWN;
    if (stat(path, &named) == 0)
        return ours.st_dev == named.st_dev && ours.st_ino == named.st_ino ? NAMED : ANOTHER;
    /* The folder may be gone, or replaced by a file or a loop of links. */
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ESTALE ? GONE : UNKNOWN;
}

/* Finds the current name of an open file; false if this process cannot tell it or there is none. */
static bool find_name(int fd, char name[PATH_MAX])
{
    char entry[64];
    const char *last;
    ssize_t length;

    (void)snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
    length = readlink(entry, name, PATH_MAX - 1);
    if (length <= 0)
        return false;
    name[length] = '\0';
    last = strrchr(name, '/');
    for (size_t i = 0; last != NULL && i < sizeof removed_names / sizeof removed_names[0]; i++)
        if (strncmp(last + 1, removed_names[i], strlen(removed_names[i])) == 0)
            return false;
    return find_state(fd, name) == NAMED;
}

/* Returns whether no name leads to the file any more. */
static bool is_removed(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 ? status.st_nlink == 0 : errno == ESTALE;
}

static enum ms_code fail_unnamed(const struct ms_writer *writer, enum name_state state, struct ms_error *err)
{
    const char *path = writer->file.path;
    char name[PATH_MAX];
    bool is_other = state == ANOTHER;

    if (find_name(writer->file.descriptor, name))
        return ms_fail(
            err, MS_IO_ERROR,
            "%s was %s while it was written: the results are in %s; run the same command with that output "
            "to resume",
            path, is_other ? "replaced by another file" : "renamed", name);
    if (is_removed(writer->file.descriptor))
        return ms_fail(err, MS_IO_ERROR, "%s was %s while it was written: the results are lost", path,
                       is_other ? "replaced by another file" : "removed");
    return ms_fail(err, MS_IO_ERROR,
                   "%s was %s while it was written: the results are lost unless the file has another name",
                   path, is_other ? "replaced by another file" : "removed or renamed");
}

enum ms_code ms_writer_still_named(const struct ms_writer *writer, struct ms_error *err)
{
    enum name_state state = find_state(writer->file.descriptor, writer->file.path);

    return state == NAMED || state == UNKNOWN ? MS_OK : fail_unnamed(writer, state, err);
}

enum ms_code ms_writer_confirm_named(const struct ms_writer *writer, struct ms_error *err)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    enum name_state state = find_state(writer->file.descriptor, writer->file.path);
    int cause = errno;

    for (int i = 1; state == UNKNOWN && i < ATTEMPTS; i++) {
        (void)nanosleep(&pause, NULL);
        state = find_state(writer->file.descriptor, writer->file.path);
        cause = errno;
    }
    if (state == UNKNOWN)
        return ms_fail(err, MS_IO_ERROR,
                       "%s was written, but the system cannot tell whether this name still leads to it: %s",
                       writer->file.path, strerror(cause));
    return state == NAMED ? MS_OK : fail_unnamed(writer, state, err);
}
