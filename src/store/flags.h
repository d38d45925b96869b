/* Variables whose values are flags: the attributes by which CF readers name them. */
#ifndef MOONSWEEP_STORE_FLAGS_H
#define MOONSWEEP_STORE_FLAGS_H

#include <stddef.h>
#include <stdint.h>

#include "schema.h"

struct ms_flags {
    enum ms_variable variable;
    const char *attribute; /* "flag_values", or "flag_masks" where several may be set */
    size_t count;
    const uint8_t *values; /* [count] */
    const char *meanings;  /* a word each, the attribute flag_meanings */
};

/* Those of variable; NULL: it has none. */
const struct ms_flags *ms_flags_of(enum ms_variable variable);

#endif
