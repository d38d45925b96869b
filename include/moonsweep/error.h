/* Errors: decided once, passed on unchanged, printed in one place (the command line).
 *
 *     if (rate <= 0)
 *         return ms_fail(err, MS_BAD_INPUT, "%s:%d: learning_rate is %s; it must be above 0", path, line,
 * got);
 *
 * A function that can fail returns an enum ms_code and takes a struct ms_error last. It sets its outputs only
 * on success. err must not be NULL; its text is meaningful only after a code other than MS_OK. */
#ifndef MOONSWEEP_ERROR_H
#define MOONSWEEP_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong; each has an exit status of its own (sysexits.h), see ms_exit_status. */
enum ms_code {
    MS_OK = 0,
    MS_WORK_LEFT,     /* 75: stopped in good order with work left; the same command goes on */
    MS_BAD_USAGE,     /* 64: the command line is wrong */
    MS_BAD_INPUT,     /* 65: a job file, a CSV file or a result file does not hold what it must */
    MS_NO_INPUT,      /* 66: a file to be read is missing or is not a file */
    MS_BUSY,          /* 69: another run holds the result file */
    MS_INTERNAL,      /* 70: a bug of ours, or MPI or HDF5 failed where they must not */
    MS_NO_MEMORY,     /* 71: the system has no memory left */
    MS_CANNOT_CREATE, /* 73: the result file cannot be created */
    MS_IO_ERROR,      /* 74: reading or writing failed: the disk is full or broken, the file system is gone */
    MS_BAD_LAUNCH,    /* 76: a launcher started several processes that do not know each other */
    MS_NO_PERMISSION, /* 77: the file system says no */
    MS_OTHER_JOB,     /* 78: the result file belongs to another job */
    MS_CODE_COUNT
};

/* A failure: its code and one sentence for the user, without a final newline. */
struct ms_error {
    enum ms_code code;
    char text[1024];
};

/* Fills err with code and the formatted sentence and returns code. A sentence that is longer than err->text is shortened
 * in its middle: names may be long, and the cause stands at the end. */
enum ms_code ms_fail(struct ms_error *err, enum ms_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fills err with "PATH: not enough memory PURPOSE" and returns MS_NO_MEMORY. path: the file, or the command, that the
 * memory was for; NULL: none. purpose: a format of few words that begin with "to" or "for", e.g. "to list its damage" or
 * "for %d files"; names of any length belong into path. */
enum ms_code ms_fail_memory(struct ms_error *err, const char *path, const char *purpose, ...)
    __attribute__((format(printf, 3, 4)));

/* The code for a call of the system that failed with errno cause: MS_NO_PERMISSION, MS_NO_MEMORY, MS_IO_ERROR (the
 * device, or the machine's limits); otherwise where it is none of these. */
enum ms_code ms_code_of_errno(int cause, enum ms_code otherwise);

/* The process's exit status for code, 0 to 78 (sysexits.h). */
int ms_exit_status(enum ms_code code);

#ifdef __cplusplus
}
#endif

#endif
