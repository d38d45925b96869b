/* What is said of the classes in a data set before it is used. */
#ifndef MOONSWEEP_CLI_CLASSES_H
#define MOONSWEEP_CLI_CLASSES_H

#include <stdio.h>

#include "moonsweep/data.h"

/* Writes a note to file where the dev set of the job at path has samples of one class only: accuracies on it then say
 * nothing about the other. (Of a training set with one class ms_job_data makes an error.) */
void classes_note(FILE *file, const char *path, const struct ms_data *dev);

#endif
