/* Locates the sources, since tests read documents and tables there.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_SOURCE_FOLDER_H
#define MOONSWEEP_TESTS_SOURCE_FOLDER_H

/* Returns the folder in the environment variable MOONSWEEP_SOURCE, which meson sets, or else the current one. */
const char *source_folder(void);

#endif
