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
    static const enum ms_key_id split[] = {MS_KEY_DEV_FRACTION, MS_KEY_SPLIT_SEED};

    for (int i = 0; i < 2; i++) {
        if (given[split[i]] && given[MS_KEY_DEV_FILE])
            return fail(fault, split[i], "data.dev_file gives the whole dev set; keep one of these keys");
        if (!given[split[i]] && !given[MS_KEY_DEV_FILE])
            return fail(fault, split[i], missing);
    }
    return true;
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
    if (key == &ms_keys[MS_KEY_DEV_FRACTION] || key == &ms_keys[MS_KEY_SPLIT_SEED])
        return job->dev_file == NULL;
    return true;
}

void ms_job_data_print(FILE *out, const struct ms_job *job, const struct ms_key *key)
{
    if ((key == &ms_keys[MS_KEY_FILE] && job->data_file != NULL) ||
        (key == &ms_keys[MS_KEY_DEV_FILE] && job->dev_file != NULL))
        (void)fprintf(out, "%s = %016" PRIx64 "\n", key->path, job->data_hash);
}

bool ms_job_data_differ(const struct ms_job *stored, const struct ms_job *job)
{
    return (stored->data_file == NULL) != (job->data_file == NULL) ||
           (stored->dev_file == NULL) != (job->dev_file == NULL) || stored->data_hash != job->data_hash;
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

void ms_job_data_print_change(FILE *out, const struct ms_job *stored, const struct ms_job *job)
{
    static const char *const sources[] = {"moons", "a file"}, *const sets[] = {"a part of the samples",
                                                                               "a file"};

    if ((stored->data_file == NULL) != (job->data_file == NULL))
        (void)fprintf(out, "data was %s, is now %s", sources[stored->data_file != NULL],
                      sources[job->data_file != NULL]);
    else if ((stored->dev_file == NULL) != (job->dev_file == NULL))
        (void)fprintf(out, "the dev set was %s, is now %s", sets[stored->dev_file != NULL],
                      sets[job->dev_file != NULL]);
    else
        (void)fprintf(out,
                      "the samples of data.file were others (their checksum was %016" PRIx64
                      ", is now %016" PRIx64 ")",
                      stored->data_hash, job->data_hash);
}
