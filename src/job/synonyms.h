/* Names that other libraries have for the keys of a job file.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_JOB_SYNONYMS_H
#define MOONSWEEP_JOB_SYNONYMS_H

/* Returns the name of the key that other libraries call `name`, in upper or lower case, such as "n_h" for
 * "hidden_units"; NULL if there is none. */
const char *ms_synonyms_find(const char *name);

#endif
