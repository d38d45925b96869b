#include "moonsweep/row.h"

static const char *const names[MS_STATUS_COUNT] = {[MS_PENDING] = "pending",
                                                   [MS_DONE] = "done",
                                                   [MS_DIVERGED] = "diverged",
                                                   [MS_STOPPED] = "stopped",
                                                   [MS_DROPPED] = "dropped"};

const char *ms_status_name(enum ms_status status)
{
    return names[status];
}
