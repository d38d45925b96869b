#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool descriptors_occupy(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* Open the wrong way round, it cannot be used; the lowest number that is free is the one that is closed. */
        int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF && open("/dev/null", flags) != descriptor)
            return false;
    }
    return true;
}
