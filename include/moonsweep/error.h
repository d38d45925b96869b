/* Errors. The function that detects an error sets its code and its sentence; callers pass both on unchanged, and only
 * the command line prints them.
 *
 *     if (rate <= 0)
 *         return ms_fail(err, MS_BAD_INPUT, "%s:%d: learning_rate is %s; it must be above 0", path, line, got);
 *
 * A function that can fail returns an enum ms_code and takes a struct ms_error as its last argument. Its outputs are
 * set only on success. err must not be NULL; its text is valid only after a code other than MS_OK. In a debug build
 * ms_fail also prints the path of the error: where it was raised, and the calls through which it will pass.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_ERROR_H
#define MOONSWEEP_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong. Each code has a different exit status (sysexits.h), which ms_exit_status returns. */
enum ms_code {
    MS_OK = 0,
    MS_WORK_LEFT,     /* 75: stopped cleanly before all work was done; run the same command again to resume */
    MS_BAD_USAGE,     /* 64: the command line is wrong */
    MS_BAD_INPUT,     /* 65: the contents of a job file, a CSV file or a result file are invalid */
    MS_NO_INPUT,      /* 66: an input file is missing or is not a regular file */
    MS_BUSY,          /* 69: another run has locked the result file, or the machine has no hyperthreads */
    MS_INTERNAL,      /* 70: a bug in moonsweep, or an unexpected failure of MPI or HDF5 */
    MS_NO_MEMORY,     /* 71: the system has no memory left */
    MS_CANNOT_CREATE, /* 73: the result file cannot be created */
    MS_IO_ERROR,   /* 74: reading or writing failed: the disk is full or broken, or the file system is gone */
    MS_BAD_LAUNCH, /* 76: a launcher started several processes that are not connected to each other */
    MS_NO_PERMISSION,   /* 77: the file system denies permission */
    MS_OTHER_JOB,       /* 78: the result file belongs to another job */
    MS_TOO_MANY_FAILED, /* 79: as many configurations have diverged as were to end the sweep */
    MS_CODE_COUNT
};

/* A failure: its code and one sentence for the user, without a final newline. */
struct ms_error {
    enum ms_code code;
    char text[1024];
};

/* Fills err with code and the formatted sentence and returns code. If the sentence does not fit into err->text, its
 * middle is left out: names may be long, and the cause is at the end. */
enum ms_code ms_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fills err with "PATH: not enough memory PURPOSE", or with the limit of the address space (ulimit -v) if there is one,
 * and returns MS_NO_MEMORY.
 * path: the file or command that needed the memory; NULL: none.
 * purpose: a short format that begins with "to" or "for", e.g. "for %d files"; names of any length belong in path. */
enum ms_code ms_fail_memory(struct ms_error *err, const char *path, const char *purpose, ...)
    __attribute__((format(printf, 3, 4)));

/* The code for a system call that failed with errno `cause`: MS_NO_PERMISSION, MS_NO_MEMORY, or MS_IO_ERROR if the
 * device failed or a limit of the machine was reached; `otherwise` for any other cause. */
enum ms_code ms_code_of_errno(int cause, enum ms_code otherwise);

/* The process's exit status for code, 0 to 79 (sysexits.h, and 79). */
int ms_exit_status(enum ms_code code);

#ifdef __cplusplus
}
#endif

#endif
