/* Whether the file that is written still is the one that its name leads to. The rows go to an open file, wherever its
 * name goes: after `rm` they would vanish with it, after `mv` nobody would look for them.
 *
 *     descriptor ---fstat---> one file?  <---stat--- the name
 *
 * A link of that name that leads to the file is as good as the file. Inode numbers are compared, never the times or
 * sizes that a network file system reports late. */
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
    NAMED,   /* the name leads to the file */
    GONE,    /* it leads to nothing */
    ANOTHER, /* it leads to another file */
    UNKNOWN  /* the system does not say; errno says why */
};

/* How often, and after what pause, the system is asked again in the end. */
enum { ATTEMPTS = 10, PAUSE_NS = 100 * 1000 * 1000 };

/* What network file systems and those in user space call a file that was removed while it was open. It goes when it is
 * closed. */
static const char *const removed_names[] = {".nfs", ".fuse_hidden"};

static enum name_state look(int fd, const char *path)
{
    struct stat ours, named;

    if (fstat(fd, &ours) != 0)
        return errno == ESTALE ? GONE : UNKNOWN;
    if (stat(path, &named) == 0)
        return ours.st_dev == named.st_dev && ours.st_ino == named.st_ino ? NAMED : ANOTHER;
    /* The folder may be gone, or a file or a circle of links in its place. */
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ESTALE ? GONE : UNKNOWN;
}

/* The present name of an open file; false if it has none that this process can tell. */
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
    return look(fd, name) == NAMED;
}

/* Whether no name at all leads to the file any more. */
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
            "%s was %s while it was written: what was trained is in %s; the same command with that output "
            "goes on",
            path, is_other ? "replaced by another file" : "renamed", name);
    if (is_removed(writer->file.descriptor))
        return ms_fail(err, MS_IO_ERROR, "%s was %s while it was written: what was trained is lost", path,
                       is_other ? "replaced by another file" : "removed");
    return ms_fail(
        err, MS_IO_ERROR,
        "%s was %s while it was written: what was trained is lost, unless the file has another name", path,
        is_other ? "replaced by another file" : "removed or renamed");
}

enum ms_code ms_writer_still_named(const struct ms_writer *writer, struct ms_error *err)
{
    enum name_state state = look(writer->file.descriptor, writer->file.path);

    return state == NAMED || state == UNKNOWN ? MS_OK : fail_unnamed(writer, state, err);
}

enum ms_code ms_writer_confirm_named(const struct ms_writer *writer, struct ms_error *err)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    enum name_state state = look(writer->file.descriptor, writer->file.path);
    int cause = errno;

    for (int i = 1; state == UNKNOWN && i < ATTEMPTS; i++) {
        (void)nanosleep(&pause, NULL);
        state = look(writer->file.descriptor, writer->file.path);
        cause = errno;
    }
    if (state == UNKNOWN)
        return ms_fail(err, MS_IO_ERROR,
                       "%s was written, but whether this name still leads to it cannot be told: %s",
                       writer->file.path, strerror(cause));
    return state == NAMED ? MS_OK : fail_unnamed(writer, state, err);
}
