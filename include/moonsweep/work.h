/* How far a piece of work is and how long the rest will take, in any unit of work (ms_plan_cost has that of training). */
#ifndef MOONSWEEP_WORK_H
#define MOONSWEEP_WORK_H

#ifdef __cplusplus
extern "C" {
#endif

struct ms_work {
    double whole;           /* what earlier runs have done included */
    double left_at_start;   /* of that when this run began */
    double trained, spared; /* by this run: trained, and not needed because trajectories diverged */
    double seconds;         /* that this run took for it */
};

/* How much of the whole is done, 0 .. 1. */
double ms_work_fraction(const struct ms_work *work);

/* In how many seconds this run will have done what is left, at the speed that it had so far; NaN: it has trained nothing
 * yet. */
double ms_work_left_s(const struct ms_work *work);

#ifdef __cplusplus
}
#endif

#endif
