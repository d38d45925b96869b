/* Finds and sets the locale that the build has compiled.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "comma_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/* Writes the folder of this program, into which the build puts the locale. */
static void find_own_folder(char *folder, size_t bytes)
{
    ssize_t length = readlink("/proc/self/exe", folder, bytes - 1);

    ck_assert_int_gt(length, 0);
    folder[length] = '\0';
    *strrchr(folder, '/') = '\0';
}

void comma_locale_enter(void)
{
    const char *named = getenv("MOONSWEEP_LOCALES");
    char folder[4096], text[8];

    if (named != NULL)
        ck_assert_int_lt(snprintf(folder, sizeof folder, "%s", named), (int)sizeof folder);
    else
        find_own_folder(folder, sizeof folder);
    ck_assert_int_eq(setenv("LOCPATH", folder, 1), 0);
    ck_assert_msg(setlocale(LC_NUMERIC, "comma") != NULL, "%s/comma is not a locale", folder);
    (void)snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
}
