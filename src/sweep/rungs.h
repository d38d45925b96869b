/* Successive halving: a sweep in rounds. In each round all trajectories that go on are trained to their next iteration
 * count; then rank 0 decides from the rows in the file which of them go on, and writes the rows of those that do not.
 * It needs nothing but the file for that, so a run that resumes decides the same. */
#ifndef MOONSWEEP_SWEEP_RUNGS_H
#define MOONSWEEP_SWEEP_RUNGS_H

#include "moonsweep/halving.h"
#include "moonsweep/sweep.h"

/* Runs one sweep. by_node: one rank of each machine writes for all its ranks. Errors: those of ms_sweep_run and
 * ms_node_open. */
enum ms_code ms_rungs_sweep(const struct ms_sweep_spec *spec, bool by_node, struct ms_sweep_summary *summary,
                            struct ms_error *err);

/* Collective: runs the sweep in rounds. spec: without goal; its scan is not used. scan: that of rank 0, NULL elsewhere; it
 * is brought up to date. The summary is that of all rounds. Errors: those of ms_sweep_run, ms_writer_scan and
 * ms_writer_result. */
enum ms_code ms_rungs_run(const struct ms_sweep_spec *spec, const struct ms_halving *halving, bool by_node,
                          struct ms_writer_scan *scan, struct ms_sweep_summary *summary,
                          struct ms_error *err);

#endif
