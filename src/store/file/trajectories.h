/* Where each trajectory of a file is: its configurations, which are neighbours, and its costs. */
#ifndef MOONSWEEP_STORE_TRAJECTORIES_H
#define MOONSWEEP_STORE_TRAJECTORIES_H

#include "file.h"

struct ms_trajectories {
    int64_t count;
    int64_t *first;      /* [count + 1] owned: the first configuration; behind the last, how many there are */
    int64_t *cost_start; /* [count + 1] owned: the first cost; likewise */
};

/* Reads them; the caller frees. Errors: MS_IO_ERROR, MS_NO_MEMORY, MS_BAD_INPUT (they contradict each other). */
enum ms_code ms_trajectories_read(const struct ms_file *file, struct ms_trajectories *trajectories,
                                  struct ms_error *err);
void ms_trajectories_free(struct ms_trajectories *trajectories);

#endif
