/* The root attributes of the conventions CF and ACDD, by which archives and catalogues describe and find files.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_STORE_CONVENTIONS_H
#define MOONSWEEP_STORE_CONVENTIONS_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

#include "moonsweep/writer.h"

/* Writes Conventions, history, source, date_created (this text, in UTC), summary, keywords, references, and what else the
 * metadata of the job says. title is among the attributes that follow from the job. Returns whether that succeeded. */
bool ms_conventions_write(hid_t file, const struct ms_writer_spec *spec, const char *created);

/* The most bytes that the texts of these attributes take. */
int64_t ms_conventions_bytes(const struct ms_writer_spec *spec);

#endif
