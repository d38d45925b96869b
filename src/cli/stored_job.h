/* The job that a result file holds, as far as it can be believed: what its values, and the jobs of later runs, are
 * compared with.
 *
 *     struct stored_job stored;
 *     stored_job_read(path, ms_reader_info(reader), &stored, err)
 *     if (stored.known) ... stored.job ...
 *     stored_job_free(&stored);
 */
#ifndef MOONSWEEP_CLI_STORED_JOB_H
#define MOONSWEEP_CLI_STORED_JOB_H

#include "moonsweep/job.h"
#include "moonsweep/reader.h"

struct stored_job {
    bool known;             /* what follows is set */
    struct ms_job job;      /* owned */
    struct ms_dataset data; /* owned: made again */
    struct ms_error reason; /* not known: why */
};

/* Reads the job's text. It is believed if it holds its checksum, or means what the stored hash says (then a comment is
 * damaged at most). The caller frees stored. Errors: MS_NO_MEMORY. */
enum ms_code stored_job_read(const char *path, const struct ms_reader_info *info, struct stored_job *stored,
                             struct ms_error *err);
void stored_job_free(struct stored_job *stored);

/* Whether the result at path is of job: by the jobs themselves, or by the stored hash where the text is damaged. Errors:
 * MS_OTHER_JOB (saying what differs), MS_BAD_INPUT (the text is damaged, and was not of this job; or the hash is damaged,
 * with which every row is sealed), MS_NO_MEMORY. */
enum ms_code stored_job_compare(const char *path, const struct ms_reader_info *info, const struct ms_job *job,
                                struct ms_error *err);

#endif
