/* The lock file OUT.h5.lock, which the run that writes OUT.h5 holds, and the state of the latest run.
 *
 *     ms_lock_take(path, true, &lock, err) ... ms_lock_release(lock)      // rank 0 of the run
 *     ms_reader_run_state(reader, &state, err)                            // any other process (moonsweep/reader.h)
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_LOCK_H
#define MOONSWEEP_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ms_lock;

/* Takes the lock of the result file at path, following symbolic links. On a file system without locks the call fails if
 * `required` is true; otherwise the lock file only tells others who is writing. A file that already has the name of the
 * lock file is used only if it has no other name, belongs to this user and is empty or contains what a run writes to
 * it. A lock that an earlier attempt at this job of Slurm still holds is taken over.
 * Errors: MS_BUSY with the host, process, job and start of the run that holds the lock; MS_CANNOT_CREATE,
 * MS_NO_PERMISSION, MS_NO_MEMORY. */
enum ms_code ms_lock_take(const char *path, bool required, struct ms_lock **lock, struct ms_error *err);

/* Returns the holder from which the lock was taken over: an earlier attempt at the same job of Slurm, which the system
 * believes to hold it still, as on a node that Slurm has given up. NULL: none. It may still write to the result until it
 * finds the id of the later run there (rule 4 of docs/file-format.md). */
const char *ms_lock_taken_from(const struct ms_lock *lock);

/* Lets others see in the lock file which ranks give no sign of life; an empty text: none. */
void ms_lock_note_silent(struct ms_lock *lock, const char *silent);

/* Checks that the existing result at path has one name. The lock belongs to a name, so a run that writes the
 * same file by another hard link would not see it. Call it with the lock. Errors: MS_CANNOT_CREATE. */
enum ms_code ms_lock_check_names(const char *path, struct ms_error *err);

/* Returns the id for the run that holds the lock (struct ms_run_info). The lock file contains it, so that others can
 * tell whether the holder is the run that is recorded in the result. */
uint64_t ms_lock_run_id(const struct ms_lock *lock);

/* Returns whether the lock excludes other runs: false on a file system without locks. */
bool ms_lock_is_held(const struct ms_lock *lock);

/* Releases the lock and removes the lock file. lock may be NULL. */
void ms_lock_release(struct ms_lock *lock);

/* Whether a process holds the lock of a result, as far as this host can tell. */
enum ms_lock_state {
    MS_LOCK_FREE,
    MS_LOCK_HELD,
    MS_LOCK_UNKNOWN /* the lock file cannot be read, or the file system has no locks */
};
enum { MS_LOCK_HOLDER = 320, MS_LOCK_SILENT = 1024 };
struct ms_lock_look {
    enum ms_lock_state state;
    /* Current or latest holder, as in the message of MS_BUSY; empty if unknown */
    char holder[MS_LOCK_HOLDER];
    char silent[MS_LOCK_SILENT]; /* which ranks of the run give no sign of life; empty: none, or unknown */
    bool has_file;               /* a lock file exists, locked or not, or its existence is unknown */
    bool elsewhere;              /* the holder ran on another host */
    uint64_t run_id;             /* of the holder's run, which it may not have begun yet; 0 if unknown */
};

/* Examines the lock of the result at path without taking it, so that it never disturbs a run. */
void ms_lock_look(const char *path, struct ms_lock_look *look);

/* How a run ended: the flags of /runs/how_ended. */
enum ms_run_end {
    MS_RUN_RUNNING = 1,
    MS_RUN_FINISHED = 2, /* no work was left */
    MS_RUN_STOPPED = 4,  /* stopped cleanly, with work left */
    MS_RUN_FAILED = 8,   /* ended by an error */
    /* Set besides the others: the row is that of a run on an older file, from which rows were taken over. */
    MS_RUN_TAKEN_OVER = 16
};

/* Whether a run is writing a result, as far as this host can tell. */
enum ms_run_activity {
    MS_RUN_NONE,    /* no run is active: the latest one recorded how it ended, or there has been none */
    MS_RUN_AT_WORK, /* a run is active and holds the lock */
    MS_RUN_PASSING, /* a run holds the lock and is starting or ending */
    MS_RUN_UNNAMED, /* a run holds the lock, but its id is unknown: it may be the latest one, or starting */
    MS_RUN_KILLED,  /* the latest run did not record its end, and no process holds the lock */
    MS_RUN_UNSEEN,  /* as MS_RUN_KILLED, but on another host or without visible locks: it may be active */
    /* The run may still be writing the file under another name. */
    MS_RUN_OTHER_NAME /* as MS_RUN_KILLED, but without the lock file that a killed run leaves */
};
struct ms_run_state {
    enum ms_run_activity activity;
    uint64_t id;                 /* of the latest run; 0 if there has been none */
    int32_t row;                 /* of the latest run in /runs; -1 if there has been none */
    int32_t ranks;               /* of the latest run */
    unsigned how_ended;          /* MS_RUN_RUNNING, ...; 0 if there has been no run */
    bool asked_to_stop;          /* the run was asked to stop (ms_lock_ask_to_stop) */
    char holder[MS_LOCK_HOLDER]; /* as in struct ms_lock_look */
    char silent[MS_LOCK_SILENT]; /* likewise; empty unless a run is active */
};

/* Asks the run that writes path to stop cleanly. Any process on any host may call it. *state receives the state of the
 * run. A run that was killed is asked too, so that a script that restarts runs can tell that it should not; a run that
 * is starting or ending is not asked (MS_RUN_NONE, MS_RUN_PASSING). Errors: those of ms_reader_open, MS_BAD_INPUT (the
 * file is corrupt; nothing is written), MS_IO_ERROR. */
enum ms_code ms_lock_ask_to_stop(const char *path, struct ms_run_state *state, struct ms_error *err);

#ifdef __cplusplus
}
#endif

#endif
