/* Whether two jobs train in the same way. Their meanings are compared line by line, so that a key that is added to the
 * meaning counts without being named here. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/job.h"

/* Whether a line of a meaning is of the data or the grid. */
static bool is_data_or_grid(const char *line)
{
    static const char *const sections[] = {"data", "grid"};
    bool is = false;

    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const size_t length = strlen(sections[i]);

        is = is || (strncmp(line, sections[i], length) == 0 && (line[length] == '.' || line[length] == ' '));
    }
    return is;
}

/* Leaves only the other lines of a meaning, separated by "; ". */
static void keep_others(char *meaning)
{
    char *to = meaning;

    for (const char *from = meaning; *from != '\0';) {
        const size_t length = strcspn(from, "\n");

        if (!is_data_or_grid(from)) {
            if (to > meaning) {
                *to++ = ';';
                *to++ = ' ';
            }
            memmove(to, from, length);
            to += length;
        }
        from += length + (from[length] != '\0');
    }
    *to = '\0';
}

enum ms_code ms_job_compare_training(const char *path, const struct ms_job *older, const struct ms_job *job,
                                     struct ms_error *err)
{
    static const char *const defaults = "the defaults";
    char *meanings[2] = {NULL, NULL};
    enum ms_code code = ms_job_meaning(older, &meanings[0], err);

    if (code == MS_OK)
        code = ms_job_meaning(job, &meanings[1], err);
    if (code == MS_OK) {
        keep_others(meanings[0]);
        keep_others(meanings[1]);
        if (strcmp(meanings[0], meanings[1]) != 0)
            code = ms_fail(err, MS_OTHER_JOB, "%s was trained in another way: with %s, but this job has %s",
                           path, meanings[0][0] != '\0' ? meanings[0] : defaults,
                           meanings[1][0] != '\0' ? meanings[1] : defaults);
    }
    free(meanings[0]);
    free(meanings[1]);
    return code;
}
