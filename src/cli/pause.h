/* Doing nothing for a while. */
#ifndef MOONSWEEP_CLI_PAUSE_H
#define MOONSWEEP_CLI_PAUSE_H

/* Sleeps so long, signals that are handled notwithstanding. */
void pause_seconds(double seconds);

#endif
