#include "command_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

char *command_line_text(int argc, char **argv)
{
    size_t bytes = sizeof "moonsweep";
    char *text, *end;

    for (int i = 0; i < argc; i++)
        bytes += 4 * strlen(argv[i]) + 3;
    text = malloc(bytes);
    if (!text)
        return NULL;
    end = stpcpy(text, "moonsweep");
    for (int i = 0; i < argc; i++) {
        const bool plain = argv[i][0] && !strpbrk(argv[i], " \t\n'\"\\$`&|;<>()*?[]{}~#!");
        end = stpcpy(end, plain ? " " : " '");
        for (const char *c = argv[i]; *c; c++) {
            if (*c == '\'')
                end = stpcpy(end, "'\\'");
            *end++ = *c;
        }
        end = stpcpy(end, plain ? "" : "'");
    }
    return text;
}
