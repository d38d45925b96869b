/* The rules about the keys of data. They are checked one after another: where the samples are from, what
 * belongs to them, how the dev set is chosen. The first rule that is broken is reported. Files contribute the
 * hash of their samples to the meaning of a job, never their names.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "job_data_keys.h"

#include <inttypes.h>
#include <string.h>

static const char missing[] = "the key is missing from the mapping that begins here";

static bool fail(struct ms_job_data_fault *fault, enum ms_key_id key, const char *sentence)
{
    *fault = (struct ms_job_data_fault){key, sentence};
    return false;
}

/* Checks the keys that say how the dev set is chosen. */
static bool is_dev_set_right(const bool given[MS_KEY_COUNT], struct ms_job_data_fault *fault)
{
    static const enum ms_key_id division[] = {MS_KEY_DEV_FRACTION, MS_KEY_FOLDS, MS_KEY_SPLIT_SEED};

    for (int i = 0; i < 3; i++)
        if (given[division[i]] && given[MS_KEY_DEV_FILE])
            return fail(fault, division[i], "data.dev_file gives the whole dev set; keep one of these keys");
    if (given[MS_KEY_DEV_FILE])
        return true;
    if (given[MS_KEY_DEV_FRACTION] && given[MS_KEY_FOLDS])
        return fail(fault, MS_KEY_DEV_FRACTION,
                    "with data.folds each fold is the dev set of a data set; keep one of these keys");
    if (!given[MS_KEY_DEV_FRACTION] && !given[MS_KEY_FOLDS])
        return fail(fault, MS_KEY_DEV_FRACTION, missing);
    return given[MS_KEY_SPLIT_SEED] || fail(fault, MS_KEY_SPLIT_SEED, missing);
}

bool ms_job_data_keys_are_right(const bool given[MS_KEY_COUNT], struct ms_job_data_fault *fault)
{
    if (!given[MS_KEY_MOONS] && !given[MS_KEY_FILE])
        return fail(fault, MS_KEY_DATA, "there are no samples; give data.file or data.moons");
    if (given[MS_KEY_MOONS] && given[MS_KEY_FILE])
        return fail(fault, MS_KEY_FILE, "data.moons is given as well; keep one of them");
    if (given[MS_KEY_LABEL] && !given[MS_KEY_FILE])
        return fail(fault, MS_KEY_LABEL, "moons have no columns; remove this key, or give data.file");
    for (int id = MS_KEY_X; id <= MS_KEY_Y; id++)
        if (given[id] && !given[MS_KEY_FILE])
            return fail(fault, (enum ms_key_id)id,
                        "moons are not from a file with arrays; remove this key, or give data.file");
    if (given[MS_KEY_DEV_FILE] && !given[MS_KEY_FILE])
        return fail(fault, MS_KEY_DEV_FILE,
                    "the training samples must be from a file too; give data.file instead of data.moons");
    return is_dev_set_right(given, fault);
}

bool ms_job_data_has_key(const struct ms_job *job, const struct ms_key *key)
{
    if (ms_keys_is_in(key, ms_keys[MS_KEY_MOONS].path))
        return job->data_file == NULL;
    if (key == &ms_keys[MS_KEY_DEV_FRACTION])
        return job->dev_file == NULL && job->folds == 0;
    if (key == &ms_keys[MS_KEY_FOLDS])
        return job->folds > 0;
    if (key == &ms_keys[MS_KEY_SPLIT_SEED])
        return job->dev_file == NULL;
    return true;
}

void ms_job_data_print(FILE *out, const struct ms_job *job, const struct ms_key *key)
{
    if ((key == &ms_keys[MS_KEY_FILE] && job->data_file != NULL) ||
        (key == &ms_keys[MS_KEY_DEV_FILE] && job->dev_file != NULL))
        (void)fprintf(out, "%s = %016" PRIx64 "\n", key->path, job->data_hash);
}

static bool are_equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool ms_job_names_same_data(const struct ms_job *a, const struct ms_job *b)
{
    return are_equal(a->data_file, b->data_file) && are_equal(a->dev_file, b->dev_file) &&
           are_equal(a->label, b->label) && are_equal(a->X, b->X) && are_equal(a->y, b->y);
}

/* ---- how the data of two jobs differ --------------------------------------------------------------------- */

static const char *source_of(const struct ms_job *job)
{
    return job->data_file != NULL ? "a file" : "moons";
}

static const char *dev_set_of(const struct ms_job *job)
{
    if (job->folds > 0)
        return "each of the folds";
    return job->dev_file != NULL ? "a file" : "a part of the samples";
}

bool ms_job_data_differ(enum ms_job_data_change change, const struct ms_job *stored, const struct ms_job *job)
{
    switch (change) {
    case MS_JOB_DATA_SOURCE:
        return strcmp(source_of(stored), source_of(job)) != 0;
    case MS_JOB_DATA_DEV_SET:
        return strcmp(dev_set_of(stored), dev_set_of(job)) != 0;
    case MS_JOB_DATA_CONTENTS:
    case MS_JOB_DATA_CHANGE_COUNT:
        break;
    }
    return stored->data_hash != job->data_hash;
}

void ms_job_data_print_change(FILE *out, enum ms_job_data_change change, const struct ms_job *stored,
                              const struct ms_job *job)
{
    if (change == MS_JOB_DATA_SOURCE)
        (void)fprintf(out, "data was %s, is now %s", source_of(stored), source_of(job));
    else if (change == MS_JOB_DATA_DEV_SET)
        (void)fprintf(out, "the dev set was %s, is now %s", dev_set_of(stored), dev_set_of(job));
    else
        (void)fprintf(out,
                      "the samples of data.file were others (their checksum was %016" PRIx64
                      ", is now %016" PRIx64 ")",
                      stored->data_hash, job->data_hash);
}
