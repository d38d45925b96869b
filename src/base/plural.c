#include "moonsweep/plural.h"

const char *ms_plural(int64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}
