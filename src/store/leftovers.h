/* What Open MPI leaves beside a result when its ranks are killed: it tries out locks in a file of each rank's when they
 * open the result together (OUT.h5.locktest.0), and prepares for keeping the file pointer that they could share, and
 * never do, in others: OUT.h5-JOB-PROCESS.lock, or OUT.h5.data.0 and OUT.h5.metadata.0.
 *
 *     code = ms_leftovers_remove("/data/out.h5", &err) */
#ifndef MOONSWEEP_STORE_LEFTOVERS_H
#define MOONSWEEP_STORE_LEFTOVERS_H

#include "moonsweep/error.h"

/* Removes such files. One that cannot be removed stays: it is in nobody's way, and a run that still has it open does
 * not miss it. Open MPI would also remove a file of the user's that has the name of one of its own, whatever is in it.
 * Errors: MS_CANNOT_CREATE (there is such a file). */
enum ms_code ms_leftovers_remove(const char *path, struct ms_error *err);

#endif
