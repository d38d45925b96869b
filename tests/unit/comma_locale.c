#include "comma_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

void comma_locale_enter(void)
{
    char folder[] = "/tmp/moonsweep-locale-XXXXXX";
    const char *source = getenv("MOONSWEEP_SOURCE");
    const char *locale;
    char command[4096], text[8];

    ck_assert_ptr_nonnull(source);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    /* It warns of the categories that the source leaves out, and fails for that, but makes the locale. */
    (void)snprintf(command, sizeof command,
                   "localedef -c -i '%s/tests/data/comma.locale' %s/comma >%s/log 2>&1 || true", source,
                   folder, folder);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(setenv("LOCPATH", folder, 1), 0);
    locale = setlocale(LC_NUMERIC, "comma");
    (void)snprintf(command, sizeof command, "rm -r %s", folder); /* once it is set, it is in memory */
    ck_assert_int_eq(system(command), 0);
    ck_assert_msg(locale != NULL, "no locale with a decimal comma; localedef must be there");
    (void)snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
}
