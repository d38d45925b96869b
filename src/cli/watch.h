/* When watching a result file is over: nobody is at work on it any more, and nobody will be in a moment.
 *
 * A file that is finished, or whose last run was stopped or ended by an error, is over at once. A run that was killed
 * may be started again: jobs/local.sh and slurm/sweep.sbatch do that within seconds. Such a file is over when it has
 * stayed as it is for watch_restart_s. The same holds for a file on which no run has begun yet, and for one without a
 * lock file, since a run that finds its result under another name ends at once. A file that does not
 * exist, or where this host cannot tell whether a run is at work, is never over: whoever watches has to decide. */
#ifndef MOONSWEEP_CLI_WATCH_H
#define MOONSWEEP_CLI_WATCH_H

#include "look.h"

extern const double watch_restart_s;

/* What is remembered of a file from one look to the next; begin with a zeroed one. */
struct watch {
    bool was_there;     /* it existed at an earlier look */
    bool is_abandoned;  /* its run was killed, or none has begun */
    uint64_t abandoned; /* that run */
    double abandoned_s; /* when that was first seen */
};

/* Takes in a look at now_s (monotonic); returns whether watching that file is over. */
bool watch_take(struct watch *watch, const struct look *look, double now_s);

#endif
