/* An open result file and its root attributes. */
#ifndef MOONSWEEP_STORE_READER_STATE_H
#define MOONSWEEP_STORE_READER_STATE_H

#include "file.h"
#include "moonsweep/store.h"

enum { MS_READER_TEXTS = 6 };

struct ms_reader {
    struct ms_file file;
    struct ms_reader_info info;
    char *texts[MS_READER_TEXTS]; /* owned; info points to them */
};

#endif
