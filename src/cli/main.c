#include "moonsweep/version.h"

#include <stdio.h>

int main(void)
{
    (void)printf("moonsweep %s (%s)\n", ms_version, ms_git_commit);
    return 0;
}
