/* How many cores this process may use. */
#ifndef MOONSWEEP_CLI_CORES_H
#define MOONSWEEP_CLI_CORES_H

#include <stdint.h>

/* The number of physical cores among the processors of the affinity mask, at least 1: two hardware threads of a core
 * count once. tools/cores.sh, by which sweeps are started on one machine, also looks at limits of control groups. */
int32_t cores_allowed(void);

#endif
