/* The signals that end a sweep in good order: USR1, which every launcher passes on at once, TERM and INT. */
#ifndef MOONSWEEP_CLI_STOP_SIGNAL_H
#define MOONSWEEP_CLI_STOP_SIGNAL_H

#include <signal.h>

/* From now on each of them only sets the flag returned: not 0 once one came. (Signal handlers take no
 * context: the flag is the program's one.) */
const volatile sig_atomic_t *stop_signal_watch(void);

#endif
