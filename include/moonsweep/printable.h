/* What of a text a terminal may be shown as it is. */
#ifndef MOONSWEEP_PRINTABLE_H
#define MOONSWEEP_PRINTABLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of the UTF-8 character that text, of so many bytes, begins with; 0 where it begins with none or with a
 * control character. Overlong forms and surrogates count as characters. */
size_t ms_printable_bytes(const char *text, size_t length);

#ifdef __cplusplus
}
#endif

#endif
