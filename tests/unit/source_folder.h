/* Where the sources are: tests read documents and tables there. */
#ifndef MOONSWEEP_TESTS_SOURCE_FOLDER_H
#define MOONSWEEP_TESTS_SOURCE_FOLDER_H

/* The folder that the environment variable MOONSWEEP_SOURCE names, as meson sets it, or else the current one. */
const char *source_folder(void);

#endif
