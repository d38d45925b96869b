#include "live.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool live_terminal(FILE *stream)
{
    const char *terminal = getenv("TERM");

    return isatty(fileno(stream)) && terminal && strcmp(terminal, "") != 0 && strcmp(terminal, "dumb") != 0;
}

void live_size(FILE *stream, int *columns, int *rows)
{
    struct winsize size = {0};

    (void)ioctl(fileno(stream), TIOCGWINSZ, &size);
    *columns = size.ws_col > 0 ? size.ws_col : 80;
    *rows = size.ws_row > 0 ? size.ws_row : 24;
}
