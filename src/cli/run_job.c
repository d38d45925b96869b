/* The step of `moonsweep run` that reads the job file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "moonsweep/agree.h"
#include "run.h"
#include "set_option.h"
#include "stored_job.h"

/* Rank 0: reads the job file with the settings of the command line. To resume a sweep, those of its result need not be
 * repeated: they come first, so that another value is found to be another job. */
static enum ms_code read_job_on_first_rank(struct run *run, struct ms_error *err)
{
    const struct run_arguments *arguments = run->arguments;
    char *stored = NULL, *set = NULL;
    struct ms_error unread;
    enum ms_code code;

    if (!arguments->force)
        (void)stored_job_settings(arguments->output, &stored, &unread);
    code = set_option_join(stored, arguments->set, &set, err);
    /* The settings of another job may be wrong for this one. */
    if (code == MS_OK &&
        (stored == NULL || ms_job_read_set(arguments->job, set, &run->job, &unread) != MS_OK))
        code = ms_job_read_set(arguments->job, arguments->set, &run->job, err);
    free(set);
    free(stored);
    return code;
}

/* Sends a text of rank 0 (NULL: none) to all ranks; on the others the caller frees *text. */
static enum ms_code share_text(struct run *run, char **text, int *bytes, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    MPI_Bcast(bytes, 1, MPI_INT, 0, run->comm);
    if (run->rank != 0) {
        *text = calloc((size_t)*bytes + 1, 1);
        if (!*text)
            code = ms_fail_memory(err, run->arguments->job, "to read it");
    }
    code = ms_agree(run->comm, code, err);
    if (code == MS_OK)
        MPI_Bcast(*text, *bytes, MPI_CHAR, 0, run->comm);
    return code;
}

enum ms_code run_read_job(struct run *run, struct ms_error *err)
{
    const char *path = run->arguments->job;
    char *texts[2] = {NULL, NULL};
    int bytes[2] = {0, 0};
    enum ms_code code = run->rank == 0 ? read_job_on_first_rank(run, err) : MS_OK;

    if (run->rank == 0 && code == MS_OK) {
        texts[0] = run->job.text;
        texts[1] = run->job.set;
        bytes[0] = (int)run->job.text_bytes; /* at most 1 MiB */
        bytes[1] = run->job.set ? (int)strlen(run->job.set) : 0;
    }
    code = ms_agree(run->comm, code, err);
    for (int i = 0; code == MS_OK && i < 2; i++)
        code = share_text(run, &texts[i], &bytes[i], err);
    if (code == MS_OK) {
        if (run->rank != 0)
            code = ms_job_parse_set(path, texts[0], (size_t)bytes[0], texts[1], &run->job, err);
        code = ms_agree(run->comm, code, err);
    }
    for (int i = 0; run->rank != 0 && i < 2; i++)
        free(texts[i]);
    return code;
}
