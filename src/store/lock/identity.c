/* Describes this process by its host, its id and the variables of batch systems, then writes and reads the
 * text of a lock file. Anybody may have written that text: what messages show of it is made printable, and a
 * line that no run writes makes it a text that no run has written.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "identity.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "moonsweep/clock.h"

/* The variables in which batch systems give the id of a job. */
static const char *const job_variables[] = {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID"};

/* The first line, by which a lock file is recognised. An earlier version wrote no other. */
static const char beginning[] = "host %*127[^,], process %*d, job %n";
static const char run_line[] = "run %16" SCNx64;
static const char attempt_line[] =
    "slurm job %63[^,\n], attempt %15[0-9], task %63[^,\n], cluster %63[^,\n]"; /* MS_ATTEMPT_NAME - 1 */
static const char silent_word[] = "silent ";

/* ---- this process -------------------------------------------------------------------------------------- */

void ms_identity_host(size_t room, char *host)
{
    if (gethostname(host, room) != 0)
        (void)snprintf(host, room, "unknown");
    host[room - 1] = '\0';
}

/* Takes the value of a variable, with other characters than those of names replaced; "none" if it is not set. */
static void take_name(const char *variable, char name[MS_ATTEMPT_NAME])
{
    const char *value = getenv(variable);

    (void)snprintf(name, MS_ATTEMPT_NAME, "%s", value == NULL || value[0] == '\0' ? "none" : value);
    for (char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
            *c = '?';
}

static void take_attempt(struct ms_attempt *attempt)
{
    const char *job = getenv("SLURM_JOB_ID"), *restarts = getenv("SLURM_RESTART_COUNT");
    char *end;

    *attempt = (struct ms_attempt){.restarts = 0};
    if (job == NULL || job[0] == '\0')
        return;
    take_name("SLURM_JOB_ID", attempt->job);
    take_name("SLURM_ARRAY_TASK_ID", attempt->task);
    take_name("SLURM_CLUSTER_NAME", attempt->cluster);
    if (restarts != NULL &&
        isdigit((unsigned char)restarts[0])) { /* Slurm sets it from the second attempt on */
        attempt->restarts = strtol(restarts, &end, 10);
        if (*end != '\0' || attempt->restarts > INT_MAX)
            attempt->restarts = 0;
    }
}

void ms_identity_of_this(uint64_t run_id, struct ms_identity *identity)
{
    const char *job = NULL;
    char host[128], since[MS_CLOCK_UTC_BYTES];

    *identity = (struct ms_identity){.run_id = run_id};
    ms_identity_host(sizeof host, host);
    for (size_t i = 0; job == NULL && i < sizeof job_variables / sizeof job_variables[0]; i++)
        job = getenv(job_variables[i]);
    ms_clock_utc(ms_clock_wall_s(), since);
    (void)snprintf(identity->holder, sizeof identity->holder, "host %s, process %ld, job %.64s, since %s",
                   host, (long)getpid(), job == NULL ? "none" : job, since);
    take_attempt(&identity->attempt);
}

/* ---- the text ------------------------------------------------------------------------------------------ */

int ms_identity_format(const struct ms_identity *identity, char text[MS_IDENTITY_BYTES])
{
    const struct ms_attempt *attempt = &identity->attempt;
    int length = snprintf(text, MS_IDENTITY_BYTES, "%s\nrun %016" PRIx64 "\n", identity->holder,
                          identity->run_id);

    if (attempt->job[0] != '\0')
        length += snprintf(text + length, MS_IDENTITY_BYTES - (size_t)length,
                           "slurm job %s, attempt %ld, task %s, cluster %s\n", attempt->job,
                           attempt->restarts + 1, attempt->task, attempt->cluster);
    if (identity->silent[0] != '\0')
        length += snprintf(text + length, MS_IDENTITY_BYTES - (size_t)length, "%s%s\n", silent_word,
                           identity->silent);
    return length;
}

/* Copies a line in a form fit for a message. */
static void take_printable(const char *line, size_t length, size_t room, char *text)
{
    (void)snprintf(text, room, "%.*s", (int)length, line);
    for (char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

/* Reads the line of Slurm. */
static bool parse_attempt(const char *line, struct ms_attempt *attempt)
{
    struct ms_attempt read;
    char number[16];

    if (sscanf(line, attempt_line, read.job, number, read.task, read.cluster) != 4)
        return false;
    read.restarts = strtol(number, NULL, 10) - 1;
    *attempt = read;
    return read.restarts >= 0;
}

bool ms_identity_parse(const char *text, struct ms_identity *identity)
{
    const char *line = text;
    int recognised = 0;
    bool is_known;

    *identity = (struct ms_identity){.run_id = 0};
    (void)sscanf(text, beginning, &recognised);
    take_printable(text, strcspn(text, "\r\n"), sizeof identity->holder, identity->holder);
    is_known = text[0] == '\0' || recognised > 0;
    for (line += strcspn(line, "\n"); *line != '\0' && line[1] != '\0'; line += strcspn(line, "\n")) {
        line++;
        if (strncmp(line, silent_word, strlen(silent_word)) == 0)
            take_printable(line + strlen(silent_word), strcspn(line, "\n") - strlen(silent_word),
                           sizeof identity->silent, identity->silent);
        else
            is_known = is_known && (sscanf(line, run_line, &identity->run_id) == 1 ||
                                    parse_attempt(line, &identity->attempt));
    }
    return is_known;
}

bool ms_attempt_is_later(const struct ms_attempt *attempt, const struct ms_attempt *earlier)
{
    return attempt->job[0] != '\0' && strcmp(attempt->job, earlier->job) == 0 &&
           strcmp(attempt->task, earlier->task) == 0 && strcmp(attempt->cluster, earlier->cluster) == 0 &&
           attempt->restarts > earlier->restarts;
}
