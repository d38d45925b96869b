/* From a document to a job, by the table of keys. */
#ifndef MOONSWEEP_JOB_FILL_H
#define MOONSWEEP_JOB_FILL_H

#include <yaml.h>

#include "moonsweep/job.h"

/* Fills job (all zero but for its text) from document. path only names the file in messages. On an error,
 * which is the first one in the file, what was filled in by then is the caller's to free. Errors:
 * MS_BAD_INPUT, MS_NO_MEMORY. */
enum ms_code ms_job_fill(const char *path, yaml_document_t *document, struct ms_job *job,
                         struct ms_error *err);

#endif
