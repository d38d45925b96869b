/* The names of the texts of a job's metadata.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/metadata.h"

const char *const ms_metadata_names[MS_METADATA_TEXTS] = {
    "summary", "keywords",   "creator_name",    "creator_email", "creator_url", "institution",
    "project", "references", "acknowledgement", "license",       "comment"};

void ms_metadata_list(const struct ms_metadata *metadata, const char *texts[MS_METADATA_TEXTS])
{
    const char *const list[MS_METADATA_TEXTS] = {
        metadata->summary,         metadata->keywords,    metadata->creator_name, metadata->creator_email,
        metadata->creator_url,     metadata->institution, metadata->project,      metadata->references,
        metadata->acknowledgement, metadata->license,     metadata->comment};

    for (int i = 0; i < MS_METADATA_TEXTS; i++)
        texts[i] = list[i];
}
