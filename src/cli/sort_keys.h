/* The keys to sort configurations by: a list of columns, separated by commas; -KEY is the opposite order.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#ifndef MOONSWEEP_CLI_SORT_KEYS_H
#define MOONSWEEP_CLI_SORT_KEYS_H

#include <argp.h>

#include "selection.h"

/* Takes the next item of a list with commas from *list into item; *list is NULL after the last one. */
void sort_keys_next_item(const char **list, char item[128]);

/* Adds the keys in text, the value of option, to selection. Returns 0, or EINVAL with err filled (MS_BAD_USAGE). */
error_t sort_keys_parse(const char *option, const char *text, struct selection_spec *selection,
                        struct ms_error *err);

#endif
