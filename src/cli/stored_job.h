/* The job stored in a result file, if its text can be trusted. The values of the file and the jobs of later runs are
 * compared with it.
 *
 *     struct stored_job stored;
 *     stored_job_read(path, reader, &stored, err)
 *     if (stored.known) ... stored.job ...
 *     stored_job_free(&stored);
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_STORED_JOB_H
#define MOONSWEEP_CLI_STORED_JOB_H

#include "moonsweep/job.h"
#include "moonsweep/reader.h"

struct stored_job {
    bool known;        /* job and datasets are set */
    struct ms_job job; /* owned */
    /* [job.grid.n_datasets] owned: generated from the job, or those of the result if its samples are from a file */
    struct ms_dataset *datasets;
    bool are_samples_damaged; /* these do not match their checksum, so that the job is not known */
    struct ms_error reason;   /* if not known: the reason */
};

/* Reads the job's text, which is trusted if its hash is the stored job_hash (then at most a comment is corrupt). The
 * caller frees stored. Errors: MS_NO_MEMORY. */
enum ms_code stored_job_read(const char *path, struct ms_reader *reader, struct stored_job *stored,
                             struct ms_error *err);
void stored_job_free(struct stored_job *stored);

/* Does the same without generating the data of the job (only samples from a file are read), and fails if the job is not
 * known. The caller frees stored, also after an error. Errors: MS_BAD_INPUT, MS_IO_ERROR, MS_NO_MEMORY. */
enum ms_code stored_job_parse(const char *path, struct ms_reader *reader, struct stored_job *stored,
                              struct ms_error *err);

/* Checks that the result at path is of this job: compares the jobs, or their hashes if the stored text is corrupt.
 * Errors: MS_OTHER_JOB (with what differs), MS_BAD_INPUT (the text is corrupt and the hashes differ; or the stored
 * hash, which is part of the checksum of every row, is corrupt), MS_NO_MEMORY. */
enum ms_code stored_job_compare(const char *path, struct ms_reader *reader, const struct ms_job *job,
                                struct ms_error *err);

/* Sets *set to the settings in the result at path, as for ms_job_read_set, or to NULL if there are none. The caller frees
 * it. Errors: those of ms_reader_open. */
enum ms_code stored_job_settings(const char *path, char **set, struct ms_error *err);

/* Takes the data sets of the result at path for a job whose file of samples is missing, if the result is of a job that
 * names the same files and has as many data sets. The caller frees *datasets with ms_datasets_free. Errors: MS_NO_INPUT
 * (there is no such result), and those of ms_reader_open and ms_reader_dataset. */
enum ms_code stored_job_samples(const char *path, const struct ms_job *job, struct ms_dataset **datasets,
                                struct ms_error *err);

#endif
