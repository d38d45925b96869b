/* Text of a user's file as a message may show it: in quotes, short, on one line. */
#ifndef MOONSWEEP_JOB_QUOTE_H
#define MOONSWEEP_JOB_QUOTE_H

#include <stddef.h>

/* Room for what ms_quote makes, with its end. */
#define MS_QUOTE_BYTES 64

/* Writes length bytes of text into quoted: control characters and bytes that are not UTF-8 as \xNN, "..."
 * where it is too long. Returns quoted. */
const char *ms_quote(const char *text, size_t length, char quoted[MS_QUOTE_BYTES]);

#endif
