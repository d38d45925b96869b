/* Waiting that leaves the core to others: MPI's own blocking calls spin. */
#ifndef MOONSWEEP_SWEEP_WAIT_H
#define MOONSWEEP_SWEEP_WAIT_H

#include <mpi.h>

/* Sleeps of a wait: they start short, so that a quick answer is met quickly, and double up to a limit. */
struct ms_wait {
    long next_ns, limit_ns;
    long slept_ns; /* in all, for deciding what is worth doing meanwhile */
};

/* From 50 microseconds to limit_ns. */
struct ms_wait ms_wait_begin(long limit_ns);

/* Sleeps once. */
void ms_wait_sleep(struct ms_wait *wait);

/* Completes request, asleep between looks. */
void ms_wait_request(MPI_Request *request);

#endif
