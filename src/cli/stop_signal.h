/* The signals that end a sweep cleanly: USR1, which every launcher passes on at once, TERM, INT, HUP (the terminal
 * was closed) and XCPU (the soft limit of processor time was reached: ulimit -t, batch systems). */
#ifndef MOONSWEEP_CLI_STOP_SIGNAL_H
#define MOONSWEEP_CLI_STOP_SIGNAL_H

#include <signal.h>

/* From now on each of them only sets the flag returned: not 0 once one came. (Signal handlers take no
 * context: the flag is the program's one.) A signal that was ignored when the program started stays ignored: nohup
 * asks for that with HUP, and a script with INT for what it starts in the background. */
const volatile sig_atomic_t *stop_signal_watch(void);

#endif
