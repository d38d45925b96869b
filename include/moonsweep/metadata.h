/* What a job may say about its result for those who find it later: texts of the conventions CF and ACDD, which become root
 * attributes of the same names. They are no part of what the job means.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_METADATA_H
#define MOONSWEEP_METADATA_H

#ifdef __cplusplus
extern "C" {
#endif

/* All texts are owned; NULL: not given. */
struct ms_metadata {
    char *summary, *keywords, *creator_name, *creator_email, *creator_url, *institution, *project,
        *references, *acknowledgement, *license, *comment;
};

enum { MS_METADATA_TEXTS = sizeof(struct ms_metadata) / sizeof(char *) };

/* The names of the texts, in the order of the structure. */
extern const char *const ms_metadata_names[MS_METADATA_TEXTS];

/* The texts in the order of their names. */
void ms_metadata_list(const struct ms_metadata *metadata, const char *texts[MS_METADATA_TEXTS]);

#ifdef __cplusplus
}
#endif

#endif
