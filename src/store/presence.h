/* Whether a run is at work on a result: by its row in /runs, and by the lock. */
#ifndef MOONSWEEP_STORE_PRESENCE_H
#define MOONSWEEP_STORE_PRESENCE_H

#include "file.h"
#include "moonsweep/store.h"

/* As ms_reader_presence, of an open file. */
enum ms_code ms_presence_read(const struct ms_file *file, struct ms_presence *presence, struct ms_error *err);

#endif
