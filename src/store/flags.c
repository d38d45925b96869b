#include "flags.h"

static const uint8_t statuses[] = {MS_PENDING, MS_DONE, MS_DIVERGED, MS_STOPPED, MS_DROPPED};
static const uint8_t ends[] = {MS_RUN_RUNNING, MS_RUN_FINISHED, MS_RUN_STOPPED, MS_RUN_FAILED};

static const struct ms_flags flags[] = {
    {MS_VAR_STATUS, "flag_values", sizeof statuses, statuses, "pending done diverged stopped dropped"},
    {MS_VAR_RUN_HOW_ENDED, "flag_masks", sizeof ends, ends, "running finished stopped failed"},
};

const struct ms_flags *ms_flags_of(enum ms_variable variable)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (flags[i].variable == variable)
            return &flags[i];
    return NULL;
}
