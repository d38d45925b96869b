/* Reads arrays with the labels fixed to those of the network. Names that the command line does not give are
 * those of the stored job, or the defaults of a job if its text is corrupt; but with X and without y, no
 * labels are read.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "predict_arrays.h"

#include <string.h>

#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/job.h"

bool predict_arrays_are(const char *path)
{
    return ms_hdf5_arrays.is_one(path);
}

enum ms_code predict_arrays_read(const struct predict_arrays *arrays, const struct ms_reader_info *info,
                                 const struct ms_csv_wanted *columns, struct ms_data *data, bool *labelled,
                                 struct ms_error *err)
{
    struct ms_job job = {0}; /* without names, if the stored text is corrupt */
    struct ms_error unread;
    const bool is_known = ms_job_parse_set(arrays->path, info->job_text, strlen(info->job_text),
                                           info->job_set, &job, &unread) == MS_OK;
    struct ms_arrays_wanted wanted = ms_job_arrays(&job);
    struct ms_arrays read = {.names = NULL};
    enum ms_code code;

    wanted.X = arrays->X != NULL ? arrays->X : wanted.X;
    if (arrays->X != NULL || arrays->y != NULL)
        wanted.y = arrays->y;
    wanted.y_may_be_missing = arrays->y == NULL;
    ms_labels_fix(&wanted.labels, columns->label_values);
    code = ms_hdf5_arrays.read(arrays->path, &wanted, NULL, &read, err);
    if (code == MS_OK) {
        *labelled = read.has_labels;
        code = ms_arrays_match(arrays->path, &wanted, columns, &read, data, err);
    }
    ms_arrays_free(&read);
    if (is_known)
        ms_job_free(&job);
    return code;
}
