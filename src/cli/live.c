#include "live.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool live_terminal(FILE *stream)
{
    const char *terminal = getenv("TERM");

    return isatty(fileno(stream)) && terminal && strcmp(terminal, "") != 0 && strcmp(terminal, "dumb") != 0;
}
