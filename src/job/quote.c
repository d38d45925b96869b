#include "quote.h"

#include <stdio.h>
#include <string.h>

/* The bytes of the UTF-8 character that text begins with; 0 where it begins with none or with a control
 * character. Overlong forms and surrogates are left to the terminal: they are shown, not understood. */
static size_t printable_bytes(const unsigned char *text, size_t length)
{
    size_t bytes = text[0] < 0x80 ? 1 : text[0] < 0xC2 ? 0 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;

    if (bytes == 0 || bytes > length || text[0] > 0xF4 || text[0] < 0x20 || text[0] == 0x7F)
        return 0;
    if (text[0] == 0xC2 && text[1] < 0xA0) /* the control characters 0x80 to 0x9F */
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return bytes;
}

const char *ms_quote(const char *text, size_t length, char quoted[MS_QUOTE_BYTES])
{
    static const char ending[] = "...'";
    size_t used = 0;

    quoted[used++] = '\'';
    for (size_t i = 0; i < length;) {
        size_t bytes = printable_bytes((const unsigned char *)text + i, length - i);
        size_t needed = bytes > 0 ? bytes : strlen("\\xNN");

        if (used + needed + sizeof ending > MS_QUOTE_BYTES) {
            memcpy(quoted + used, ending, sizeof ending);
            return quoted;
        }
        if (bytes > 0)
            memcpy(quoted + used, text + i, bytes);
        else
            (void)snprintf(quoted + used, needed + 1, "\\x%02X", (unsigned)(unsigned char)text[i]);
        used += needed;
        i += bytes > 0 ? bytes : 1;
    }
    memcpy(quoted + used, "'", 2);
    return quoted;
}
