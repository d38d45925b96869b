/* /runs and /leases: who ran when on the file, and who trained what. */
#define _GNU_SOURCE /* getrandom */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "moonsweep/maths.h"
#include "moonsweep/store.h"
#include "moonsweep/version.h"
#include "store_state.h"

/* A value for one row of a variable. */
struct cell {
    enum ms_variable variable;
    const void *value;
};

static enum ms_code write_cells(const struct ms_store *store, int64_t row, size_t count,
                                const struct cell *cells, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < count; i++)
        code = ms_file_write(&store->file, cells[i].variable, row, 1, cells[i].value, err);
    return code;
}

static double epoch_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- runs ------------------------------------------------------------------------------------------- */

/* The first row without a run; the last one once all are taken. */
static enum ms_code free_run(const struct ms_store *store, int32_t *row, struct ms_error *err)
{
    uint64_t *ids = malloc(MS_RUNS * sizeof *ids);
    int64_t runs = store->file.shape.size[MS_DIM_RUN], free_row = 0;
    enum ms_code code;

    if (ids == NULL || runs > MS_RUNS) {
        free(ids);
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to look at its runs", store->file.path);
    }
    code = ms_file_read(&store->file, MS_VAR_RUN_ID, 0, runs, ids, err);
    while (code == MS_OK && free_row < runs - 1 && ids[free_row] != 0)
        free_row++;
    if (code == MS_OK)
        *row = (int32_t)free_row;
    free(ids);
    return code;
}

/* A random number other than 0. */
static enum ms_code random_id(uint64_t *id, struct ms_error *err)
{
    do {
        if (getrandom(id, sizeof *id, 0) != (ssize_t)sizeof *id)
            return ms_fail(err, MS_INTERNAL, "the system gives no random number for the run: %s",
                           strerror(errno));
    } while (*id == 0);
    return MS_OK;
}

/* text cut to a row of characters, at the end of a UTF-8 character. */
static void cut_text(const char *text, char *row)
{
    size_t length = strlen(text);

    if (length > MS_RUN_TEXT) {
        length = MS_RUN_TEXT;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memset(row, 0, MS_RUN_TEXT);
    memcpy(row, text, length);
}

enum ms_code ms_store_run_begin(struct ms_store *store, const struct ms_run_info *info, uint64_t *id,
                                int32_t *row, struct ms_error *err)
{
    char hosts[MS_RUN_TEXT], version[MS_RUN_TEXT], isa[MS_RUN_TEXT], command[MS_RUN_TEXT], program[128];
    double now = epoch_s(), unknown = ms_canonical((double)NAN);
    uint8_t running = MS_RUN_RUNNING;
    uint64_t new_id = 0;
    int32_t new_row = 0;
    /* The id comes last: a row with an id is whole. */
    const struct cell cells[] = {
        {MS_VAR_RUN_STARTED, &now},       {MS_VAR_RUN_ENDED, &unknown},
        {MS_VAR_RUN_RANKS, &info->ranks}, {MS_VAR_RUN_CORE_SECONDS, &unknown},
        {MS_VAR_RUN_HOW_ENDED, &running}, {MS_VAR_RUN_HOSTS, hosts},
        {MS_VAR_RUN_VERSION, version},    {MS_VAR_RUN_ISA, isa},
        {MS_VAR_RUN_COMMAND, command},    {MS_VAR_RUN_ID, &new_id},
    };
    enum ms_code code = free_run(store, &new_row, err);

    if (code == MS_OK)
        code = random_id(&new_id, err);
    if (code != MS_OK)
        return code;
    (void)snprintf(program, sizeof program, "%s (%s)", ms_version, ms_git_commit);
    cut_text(info->hosts, hosts);
    cut_text(program, version);
    cut_text(info->isa, isa);
    cut_text(info->command, command);
    code = write_cells(store, new_row, sizeof cells / sizeof cells[0], cells, err);
    if (code == MS_OK)
        code = ms_file_write(&store->file, MS_VAR_RUN_CURRENT, 0, 1, &new_id, err);
    if (code == MS_OK)
        code = ms_store_sync(store, err);
    if (code != MS_OK)
        return code;
    ms_store_run_join(store, new_id, new_row);
    *id = new_id;
    *row = new_row;
    return MS_OK;
}

void ms_store_run_join(struct ms_store *store, uint64_t id, int32_t row)
{
    store->run_id = id;
    store->run_row = row;
}

enum ms_code ms_store_run_end(struct ms_store *store, double core_seconds, unsigned how_ended,
                              struct ms_error *err)
{
    double now = epoch_s(), seconds = ms_canonical(core_seconds);
    uint8_t how = (uint8_t)how_ended;
    const struct cell cells[] = {
        {MS_VAR_RUN_ENDED, &now}, {MS_VAR_RUN_CORE_SECONDS, &seconds}, {MS_VAR_RUN_HOW_ENDED, &how}};
    enum ms_code code = ms_store_fence(store, err);

    if (code == MS_OK)
        code = write_cells(store, store->run_row, sizeof cells / sizeof cells[0], cells, err);
    return code == MS_OK ? ms_store_sync(store, err) : code;
}

/* ---- leases ----------------------------------------------------------------------------------------- */

enum ms_code ms_store_lease(struct ms_store *store, const struct ms_lease_record *record, bool *full,
                            struct ms_error *err)
{
    double started = ms_canonical(record->started), finished = ms_canonical(record->finished);
    /* The run comes last: a row with a run is whole. */
    const struct cell cells[] = {
        {MS_VAR_LEASE_RANK, &record->rank},
        {MS_VAR_LEASE_FIRST_TRAJECTORY, &record->first_trajectory},
        {MS_VAR_LEASE_COUNT, &record->count},
        {MS_VAR_LEASE_FROM_ITERATION, &record->from_iteration},
        {MS_VAR_LEASE_TO_ITERATION, &record->to_iteration},
        {MS_VAR_LEASE_STARTED, &started},
        {MS_VAR_LEASE_FINISHED, &finished},
        {MS_VAR_LEASE_RUN, &store->run_row},
    };
    enum ms_code code;

    if (record->row >= store->file.shape.size[MS_DIM_LEASE]) {
        *full = true;
        return MS_OK;
    }
    *full = false;
    code = ms_store_fence(store, err); /* the row may be another run's by now */
    return code == MS_OK ? write_cells(store, record->row, sizeof cells / sizeof cells[0], cells, err) : code;
}
