/* The lock OUT.h5.lock. It is an open-file-description lock, which ends with its owner in any case and
 * which, unlike a POSIX lock, is not lost when another part of the process closes the same file.
 *
 *     byte 0     locked for the duration of the run
 *     the rest   also locked until the holder has written its identity; until then the text is of an earlier holder
 *
 * Only a run that wants to begin takes the lock. Everything else queries it (F_OFD_GETLK), which never
 * disturbs a run.
 *
 * A lock that is held can be taken over by a later attempt at the same job of Slurm, which starts one only when it has
 * ended the earlier attempt or given up its nodes. The name is unlinked, and belongs to a new file, which the later attempt
 * locks; the id of its run ends what may be left of the earlier one (fence.c). Whoever unlinks the name or changes the text
 * has locked the rest of the file, so that nobody unlinks the file of another.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* F_OFD_SETLK */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "identity.h"
#include "moonsweep/lock.h"
#include "run_id.h"

struct ms_lock {
    char *path;
    int fd;
    bool is_held; /* false on a file system without locks */
    struct ms_identity identity;
    char taken_from[MS_LOCK_HOLDER]; /* the holder that was replaced; empty: none */
};

enum attempt { TAKEN, HELD_ELSEWHERE, GONE, LOCKLESS, FOREIGN, FAILED };

/* The whole file, and everything after the byte that stays locked. */
static const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
static const struct flock identity_part = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1};

/* How long a holder may take to write its identity. */
static const int identity_limit_ms = 1000;

/* Returns the name of the lock file, which the caller frees. */
static char *lock_path(const char *path)
{
    size_t room = strlen(path) + sizeof ".lock";
    char *name = malloc(room);

    if (name != NULL)
        (void)snprintf(name, room, "%s.lock", path);
    return name;
}

/* ---- the holder ------------------------------------------------------------------------------------- */

/* Locks (F_WRLCK) or unlocks the part of the file that is locked while its text or its name changes. */
static bool set_identity_lock(int fd, short type)
{
    struct flock part = identity_part;

    part.l_type = type;
    return fcntl(fd, F_OFD_SETLK, &part) == 0;
}

/* Writes the identity to the lock file, and unlocks that part so that others may read it. The lock is valid without it,
 * as on a full disk. */
static void write_identity(const struct ms_lock *lock)
{
    char text[MS_IDENTITY_BYTES];
    const int length = ms_identity_format(&lock->identity, text);

    if (ftruncate(lock->fd, 0) == 0 && pwrite(lock->fd, text, (size_t)length, 0) != length)
        (void)ftruncate(lock->fd, 0);
    (void)set_identity_lock(lock->fd, F_UNLCK);
}

/* Reads the beginning of the lock file; empty if there is none. */
static void read_text(int fd, char text[MS_IDENTITY_BYTES])
{
    ssize_t length = pread(fd, text, MS_IDENTITY_BYTES - 1, 0);

    text[length > 0 ? length : 0] = '\0';
}

/* Returns whether some process holds a lock on a part of the file. */
static enum ms_lock_state ask(int fd, const struct flock *part)
{
    struct flock found = *part;

    if (fcntl(fd, F_OFD_GETLK, &found) != 0)
        return MS_LOCK_UNKNOWN;
    return found.l_type == F_UNLCK ? MS_LOCK_FREE : MS_LOCK_HELD;
}

/* Waits until the holder has written its identity, and reads it; empty if it does not. */
static void read_identity_when_written(int fd, struct ms_identity *identity)
{
    const struct timespec pause = {.tv_nsec = 1000 * 1000};
    char text[MS_IDENTITY_BYTES] = "";
    int waited_ms = 0;

    while (ask(fd, &identity_part) == MS_LOCK_HELD && waited_ms++ < identity_limit_ms)
        (void)nanosleep(&pause, NULL);
    if (waited_ms <= identity_limit_ms)
        read_text(fd, text);
    (void)ms_identity_parse(text, identity);
}

/* ---- taking the lock -------------------------------------------------------------------------------- */

/* Returns whether fd still is the file of this name: its holder may have unlinked it since it was opened. */
static bool is_named(int fd, const char *path)
{
    struct stat ours, named;

    return fstat(fd, &ours) == 0 && ours.st_nlink > 0 && lstat(path, &named) == 0 &&
           ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/* Opens the lock file, and creates it if needed; -1 on failure. An existing one is opened without O_CREAT,
 * which Linux may refuse for other users' files in folders like /tmp. */
static int open_or_make(const char *path, bool *is_new)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd;

    do {
        *is_new = false;
        fd = open(path, flags);
        if (fd < 0 && errno == ENOENT) {
            *is_new = true;
            fd = open(path, flags | O_CREAT | O_EXCL, 0666);
        }
    } while (fd < 0 && errno == EEXIST);
    return fd;
}

/* Returns why an existing file must not be used as a lock file, though it has the name of one; NULL if it may: it was
 * left by a run of this user. Its text is replaced and its name removed, so it must be nothing else. */
static const char *why_foreign(int fd)
{
    char text[MS_IDENTITY_BYTES];
    struct ms_identity identity;
    struct stat status;

    if (fstat(fd, &status) != 0)
        return "cannot be examined";
    if (status.st_nlink > 1)
        return "has another name (a hard link)";
    if (status.st_uid != geteuid())
        return "belongs to another user";
    read_text(fd, text);
    return ms_identity_parse(text, &identity) && status.st_size < MS_IDENTITY_BYTES
               ? NULL
               : "contains something else";
}

/* Tries to lock the lock file. *fd is open unless opening failed. Nothing is written to it. */
static enum attempt try_to_lock(const char *path, int *fd)
{
    struct flock lock = whole;
    struct stat status;
    bool is_new;

    *fd = open_or_make(path, &is_new);
    if (*fd < 0)
        return FAILED;
    if (fstat(*fd, &status) == 0 && !S_ISREG(status.st_mode)) {
        errno = ENXIO; /* as open says of a pipe or socket that cannot be written */
        return FAILED;
    }
    if (fcntl(*fd, F_OFD_SETLK, &lock) == 0) {
        if (!is_named(*fd, path))
            return GONE;
        return is_new || why_foreign(*fd) == NULL ? TAKEN : FOREIGN;
    }
    switch (errno) {
    case EAGAIN:
    case EACCES:
        return HELD_ELSEWHERE;
    case ENOLCK:
    case ENOSYS:
    case EOPNOTSUPP:
    case EINVAL: /* Linux before 3.15 */
        return is_new || why_foreign(*fd) == NULL ? LOCKLESS : FOREIGN;
    default:
        return FAILED;
    }
}

static enum ms_code fail_held(const char *path, int fd, struct ms_error *err)
{
    struct ms_identity identity;

    read_identity_when_written(fd, &identity);
    if (identity.holder[0] == '\0')
        return ms_fail(err, MS_BUSY, "%s is being written by another run", path);
    return ms_fail(err, MS_BUSY, "%s is being written by another run: %s", path, identity.holder);
}

/* Reports a failure, with more than the text of the system for some causes. */
static enum ms_code fail_open(const char *path, int cause, struct ms_error *err)
{
    switch (cause) {
    case ELOOP:
    case EISDIR:
    case ENXIO:
        return ms_fail(err, MS_CANNOT_CREATE, "%s must be a regular file, but is a %s; remove it", path,
                       cause == ELOOP    ? "symbolic link"
                       : cause == EISDIR ? "folder"
                                         : "pipe, socket or device");
    case EACCES:
    case EPERM:
    case EROFS:
        return ms_fail(
            err, MS_NO_PERMISSION,
            "%s cannot be opened for writing: %s; a run needs write permission for its folder, and "
            "for the files that another user's run left there",
            path, strerror(cause));
    default:
        return ms_fail(err, MS_CANNOT_CREATE, "%s cannot be locked: %s", path, strerror(cause));
    }
}

/* Removes a lock file that cannot be locked, unless it contains the identity of a holder. */
static void discard(int fd, const char *path)
{
    struct stat status;

    if (fstat(fd, &status) == 0 && status.st_size == 0)
        (void)unlink(path);
}

/* Turns the outcome of an attempt into a code. path is that of the result. */
static enum ms_code outcome(const char *path, const struct ms_lock *lock, enum attempt attempt, int cause,
                            bool required, struct ms_error *err)
{
    switch (attempt) {
    case HELD_ELSEWHERE:
        return fail_held(path, lock->fd, err);
    case LOCKLESS:
        if (!required)
            return MS_OK;
        discard(lock->fd, lock->path);
        return ms_fail(err, MS_CANNOT_CREATE,
                       "%s: this file system has no locks (%s), so a second run could write the file at the "
                       "same time; write it elsewhere, or prevent that yourself and use --no-lock",
                       path, strerror(cause));
    case FOREIGN:
        return ms_fail(
            err, MS_CANNOT_CREATE,
            "%s has the name of the lock of this result, but %s; file not changed; if no run is active, "
            "remove it, or write the result elsewhere",
            lock->path, why_foreign(lock->fd));
    case FAILED:
        return fail_open(lock->path, cause, err);
    default:
        return MS_OK;
    }
}

/* Removes the name of a file that is locked by an earlier attempt at this job of Slurm. Returns false if its holder is
 * another one; otherwise the next attempt to lock finds a new file, or that of a run that was faster. */
static bool take_over(struct ms_lock *lock)
{
    struct ms_identity earlier;

    read_identity_when_written(lock->fd, &earlier);
    if (!ms_attempt_is_later(&lock->identity.attempt, &earlier.attempt) || why_foreign(lock->fd) != NULL ||
        !set_identity_lock(lock->fd, F_WRLCK))
        return false;
    if (is_named(lock->fd, lock->path) && unlink(lock->path) != 0)
        return false;
    memcpy(lock->taken_from, earlier.holder, sizeof lock->taken_from);
    return true;
}

enum ms_code ms_lock_take(const char *path, bool required, struct ms_lock **lock, struct ms_error *err)
{
    struct ms_lock *taken = calloc(1, sizeof *taken);
    enum attempt attempt;
    enum ms_code code;

    if (taken == NULL || (taken->path = lock_path(path)) == NULL) {
        free(taken);
        return ms_fail_memory(err, path, "to lock it");
    }
    ms_identity_of_this(ms_run_id_random(), &taken->identity);
    /* Each iteration means that the file was unlinked after it was opened here and before it was locked: by another run,
     * or because its lock is taken over. */
    while ((attempt = try_to_lock(taken->path, &taken->fd)) == GONE ||
           (attempt == HELD_ELSEWHERE && take_over(taken)))
        (void)close(taken->fd);
    code = outcome(path, taken, attempt, errno, required, err);
    if (code != MS_OK) {
        if (taken->fd >= 0)
            (void)close(taken->fd);
        free(taken->path);
        free(taken);
        return code;
    }
    taken->is_held = attempt == TAKEN;
    write_identity(taken);
    *lock = taken;
    return MS_OK;
}

/* A lock file named by the inode would not do either: the other name may be in another folder. */
enum ms_code ms_lock_check_names(const char *path, struct ms_error *err)
{
    struct stat status;

    if (stat(path, &status) != 0 || status.st_nlink <= 1)
        return MS_OK;
    return ms_fail(
        err, MS_CANNOT_CREATE,
        "%s has %lu names (hard links), and a run that writes it by another one would not be noticed; remove "
        "the others, write to a copy, or make sure that there is no such run and use --no-lock",
        path, (unsigned long)status.st_nlink);
}

uint64_t ms_lock_run_id(const struct ms_lock *lock)
{
    return lock->identity.run_id;
}

const char *ms_lock_taken_from(const struct ms_lock *lock)
{
    return lock->taken_from[0] == '\0' ? NULL : lock->taken_from;
}

void ms_lock_note_silent(struct ms_lock *lock, const char *silent)
{
    if (lock->is_held && !set_identity_lock(lock->fd, F_WRLCK))
        return; /* another attempt is taking the lock over */
    (void)snprintf(lock->identity.silent, sizeof lock->identity.silent, "%s", silent);
    write_identity(lock);
}

bool ms_lock_is_held(const struct ms_lock *lock)
{
    return lock->is_held;
}

void ms_lock_release(struct ms_lock *lock)
{
    if (lock == NULL)
        return;
    /* The file is unlinked while all of it is locked, when no other process can hold the file of this name. */
    if ((!lock->is_held || set_identity_lock(lock->fd, F_WRLCK)) && is_named(lock->fd, lock->path))
        (void)unlink(lock->path);
    (void)close(lock->fd);
    free(lock->path);
    free(lock);
}

/* ---- examining the lock ----------------------------------------------------------------------------- */

/* Returns whether a holder ran on another host. */
static bool is_elsewhere(const char *holder)
{
    char own[128], host[128] = "";

    ms_identity_host(sizeof own, own);
    (void)sscanf(holder, "host %127[^,]", host);
    return strcmp(host, own) != 0;
}

void ms_lock_look(const char *path, struct ms_lock_look *look)
{
    char *resolved = realpath(path, NULL);
    char *name = lock_path(resolved == NULL ? path : resolved);
    int fd = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct ms_identity identity;

    *look = (struct ms_lock_look){.state = MS_LOCK_UNKNOWN, .has_file = true};
    if (fd < 0 && name != NULL && errno == ENOENT) {
        look->state = MS_LOCK_FREE;
        look->has_file = false;
    }
    if (fd >= 0) {
        look->state = ask(fd, &whole);
        read_identity_when_written(fd, &identity);
        memcpy(look->holder, identity.holder, sizeof look->holder);
        memcpy(look->silent, identity.silent, sizeof look->silent);
        look->run_id = identity.run_id;
        look->elsewhere = is_elsewhere(look->holder);
        (void)close(fd);
    }
    free(name);
    free(resolved);
}
