/* The lock OUT.h5.lock. An open-file-description lock goes with its owner however that ends, and is not lost
 * when another part of the process closes the same file, as a POSIX lock is. */
#define _GNU_SOURCE /* F_OFD_SETLK */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "moonsweep/store.h"

struct ms_store_lock {
    char *path;
    int fd;
};

enum attempt { TAKEN, HELD_ELSEWHERE, GONE, FAILED };

/* Whether fd is still the file that has this name: its holder may have unlinked it since it was opened. */
static bool is_named(int fd, const char *path)
{
    struct stat ours, named;

    return fstat(fd, &ours) == 0 && stat(path, &named) == 0 && ours.st_dev == named.st_dev &&
           ours.st_ino == named.st_ino;
}

/* Opens the lock file, made if need be, and tries to lock it; *fd is open unless that failed. */
static enum attempt try_to_lock(const char *path, int *fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (*fd < 0)
        return FAILED;
    if (fcntl(*fd, F_OFD_SETLK, &whole) != 0)
        return errno == EAGAIN || errno == EACCES ? HELD_ELSEWHERE : FAILED;
    return is_named(*fd, path) ? TAKEN : GONE;
}

/* Says who holds the lock, in the words of the file. */
static enum ms_code held(const char *path, int fd, struct ms_error *err)
{
    char holder[256];
    ssize_t length = pread(fd, holder, sizeof holder - 1, 0);

    if (length <= 0)
        return ms_fail(err, MS_BUSY, "%s is being written by another run", path);
    holder[length] = '\0';
    holder[strcspn(holder, "\r\n")] = '\0';
    return ms_fail(err, MS_BUSY, "%s is being written by another run: %s", path, holder);
}

/* Writes who we are into the lock file, one line. */
static bool sign(int fd)
{
    const char *job = getenv("SLURM_JOB_ID");
    char host[128] = "unknown", line[256];
    int length;

    (void)gethostname(host, sizeof host - 1);
    length = snprintf(line, sizeof line, "host %s, process %ld, job %.64s\n", host, (long)getpid(),
                      job == NULL ? "none" : job);
    return ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)length, 0) == length;
}

enum ms_code ms_store_lock(const char *path, struct ms_store_lock **lock, struct ms_error *err)
{
    size_t room = strlen(path) + sizeof ".lock";
    struct ms_store_lock *taken = calloc(1, sizeof *taken);
    enum attempt attempt;
    enum ms_code code = MS_OK;

    if (taken == NULL || (taken->path = malloc(room)) == NULL) {
        free(taken);
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to lock it", path);
    }
    (void)snprintf(taken->path, room, "%s.lock", path);
    /* Each turn means that another run unlinked the file between our opening and our locking it. */
    while ((attempt = try_to_lock(taken->path, &taken->fd)) == GONE)
        (void)close(taken->fd);
    if (attempt == HELD_ELSEWHERE)
        code = held(path, taken->fd, err);
    else if (attempt == FAILED || !sign(taken->fd))
        code = ms_fail(err, errno == EACCES || errno == EROFS ? MS_NO_PERMISSION : MS_CANNOT_CREATE,
                       "%s cannot be locked: %s", taken->path, strerror(errno));
    if (code != MS_OK) {
        if (taken->fd >= 0)
            (void)close(taken->fd);
        free(taken->path);
        free(taken);
        return code;
    }
    *lock = taken;
    return MS_OK;
}

void ms_store_unlock(struct ms_store_lock *lock)
{
    if (lock == NULL)
        return;
    /* Unlinked while it is still held: nobody else can hold the file of this name at this moment. */
    if (is_named(lock->fd, lock->path))
        (void)unlink(lock->path);
    (void)close(lock->fd);
    free(lock->path);
    free(lock);
}
