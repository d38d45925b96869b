#include "stored_job.h"

#include <string.h>

/* Parses the text and makes its data, unless it says what it never said. */
static enum ms_code make(const char *path, const struct ms_reader_info *info, struct stored_job *stored,
                         struct ms_error *err)
{
    uint64_t hash = 0;
    enum ms_code code = ms_job_parse(path, info->job_text, strlen(info->job_text), &stored->job, err);

    if (code == MS_OK)
        code = ms_job_hash(&stored->job, &hash, err);
    if (code == MS_OK && !info->job_text_holds && hash != info->job_hash)
        code = ms_fail(err, MS_BAD_INPUT, "%s: the job in it is damaged", path);
    if (code == MS_OK)
        code = ms_job_data(&stored->job, &stored->data, err);
    if (code != MS_OK)
        return code;
    stored->spec = (struct ms_store_spec){
        .grid = &stored->job.grid,
        .n_datasets = 1,
        .datasets = &stored->data,
        .precision = stored->job.precision,
        .job_text = info->job_text,
        .title = stored->job.name,
        .job_hash = hash,
        .command = info->command,
        .ranks = 1,
    };
    return MS_OK;
}

enum ms_code stored_job_read(const char *path, const struct ms_reader_info *info, struct stored_job *stored,
                             struct ms_error *err)
{
    enum ms_code code;

    *stored = (struct stored_job){.known = false};
    code = make(path, info, stored, &stored->reason);
    stored->known = code == MS_OK;
    if (code != MS_NO_MEMORY)
        return MS_OK;
    *err = stored->reason;
    stored_job_free(stored);
    return code;
}

void stored_job_free(struct stored_job *stored)
{
    ms_dataset_free(&stored->data);
    ms_job_free(&stored->job);
}
