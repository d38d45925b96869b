/* Who is at work on a result: the lock file OUT.h5.lock, which one run holds, and the state of the run that came last.
 *
 *     ms_lock_take(path, true, &lock, err) ... ms_lock_release(lock)      // the run's rank 0
 *     ms_reader_run_state(reader, &state, err)                            // everybody else (moonsweep/reader.h) */
#ifndef MOONSWEEP_LOCK_H
#define MOONSWEEP_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_lock;

/* Takes the lock of the result file path (links followed). required: where the file system has no locks, this
 * fails; otherwise the lock file only says who is at work. Errors: MS_BUSY with who holds it (host, process, job,
 * since when); MS_CANNOT_CREATE, MS_NO_PERMISSION, MS_NO_MEMORY. */
enum ms_code ms_lock_take(const char *path, bool required, struct ms_lock **lock, struct ms_error *err);

/* Releases it and unlinks its file. NULL is harmless. */
void ms_lock_release(struct ms_lock *lock);

/* Whether somebody holds the lock of a result, as this host sees it. Looking is in nobody's way. */
enum ms_lock_state {
    MS_LOCK_FREE,
    MS_LOCK_HELD,
    MS_LOCK_UNKNOWN /* the lock file cannot be read, or the file system has no locks */
};
enum { MS_LOCK_HOLDER = 256 };
struct ms_lock_look {
    enum ms_lock_state state;
    char holder
        [MS_LOCK_HOLDER]; /* who holds it, or held it last, as in the message of MS_BUSY; empty: not known */
    bool has_file;        /* there is a lock file, even if it is free; or that cannot be told */
    bool elsewhere;       /* holder is of another host */
    double since;         /* when holder took it, in whole seconds since 1970; 0: not known */
};
void ms_lock_look(const char *path, struct ms_lock_look *look);

/* How a run ended: the bits of /runs/how_ended. */
enum ms_run_end {
    MS_RUN_RUNNING = 1,
    MS_RUN_FINISHED = 2, /* no work was left */
    MS_RUN_STOPPED = 4,  /* cleanly, with work left */
    MS_RUN_FAILED = 8    /* an error ended it */
};

/* Whether a run is at work on a result, as far as this host can see. */
enum ms_run_activity {
    MS_RUN_NONE,    /* none is: the last one said how it ended, or there was none */
    MS_RUN_AT_WORK, /* one is, and holds the lock */
    MS_RUN_PASSING, /* one holds the lock and is just beginning or ending */
    MS_RUN_KILLED,  /* the last one did not say that it ended, and nobody holds the lock */
    MS_RUN_UNSEEN,  /* the same, but it ran on another host, or locks do not show here: it may be at work */
    MS_RUN_OTHER_NAME /* the same, but there is no lock file, which a run that is killed leaves: it may be at work under
                         another name of the file */
};
struct ms_run_state {
    enum ms_run_activity activity;
    uint64_t id;                 /* of the run that came last; 0: there was none */
    unsigned how_ended;          /* MS_RUN_RUNNING, ...; 0: there was none */
    bool asked_to_stop;          /* it was, by ms_lock_ask_to_stop */
    char holder[MS_LOCK_HOLDER]; /* as ms_lock_look says */
};

/* Asks the run that is writing path to stop cleanly, wherever it runs; from any process. state: what became of the
 * run. One that was killed is asked too, so that whoever would start it again knows; one that is just beginning is
 * not. Errors: those of ms_reader_open, MS_BAD_INPUT (the file is corrupt: nothing is written), MS_IO_ERROR. */
enum ms_code ms_lock_ask_to_stop(const char *path, struct ms_run_state *state, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
