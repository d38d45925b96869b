/* What Open MPI leaves beside a result when its ranks are killed: it tries out locks in a file of each rank's when they
 * open the result together (OUT.h5.locktest.0), and may keep the file pointer that they could share, and never do, in
 * another (OUT.h5-JOB-PROCESS.lock).
 *
 *     ms_leftovers_remove("/data/out.h5") */
#ifndef MOONSWEEP_STORE_LEFTOVERS_H
#define MOONSWEEP_STORE_LEFTOVERS_H

/* Removes such files. What cannot be removed stays: it is in nobody's way, and neither is it missed by a run that still
 * has it open. */
void ms_leftovers_remove(const char *path);

#endif
