/* Reads the documents, since tests compare what they say with the program.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_TESTS_DOCUMENT_H
#define MOONSWEEP_TESTS_DOCUMENT_H

/* Returns the text of a document in docs/, which the caller frees. name: as "jobs.md". */
char *document_read(const char *name);

/* The document must contain this text, as printf writes it. A line break in either counts as a space. */
void document_states(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
