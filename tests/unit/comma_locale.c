#include "comma_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

void comma_locale_enter(void)
{
    const char *folder = getenv("MOONSWEEP_LOCALES");
    char text[8];

    ck_assert_ptr_nonnull(folder);
    ck_assert_int_eq(setenv("LOCPATH", folder, 1), 0);
    ck_assert_msg(setlocale(LC_NUMERIC, "comma") != NULL, "%s/comma is no locale", folder);
    (void)snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
}
