/* /runs and /leases: no checksum covers them, for they are written while a sweep runs, so each value is held against what
 * it can be at all. What is not so is a warning and no damage: a clock may have been set back, and no result depends
 * on these values. Rows are written with what marks them as taken (the id of a run, the run of a lease) last: whatever
 * stands in a free row is nothing. Nor is a row whole for certain before its run has ended in good order, or the next
 * one has begun: a power cut may take any part of it. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"

/* Instants that a clock can show, be it a wrong one: up to 2200-01-01. One that is set back may end what it began. */
static const double first_instant_s = 1.0, last_instant_s = 7258118400.0, clock_shift_s = 86400.0;

static bool is_instant(double instant)
{
    return instant >= first_instant_s && instant <= last_instant_s;
}

/* Of something that began then: NaN stands for not yet. */
static bool is_end(double instant, double started)
{
    return isnan(instant) || (is_instant(instant) && instant >= started - clock_shift_s);
}

/* Whether it has the bits that every NaN of the format has, if it is one. */
static bool is_canonical(double value)
{
    static const uint64_t nan_bits = UINT64_C(0x7ff8000000000000);
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return !isnan(value) || bits == nan_bits;
}

/* The last row may be that of any run. */
bool ms_examine_is_settled(const struct ms_examination *examination, int32_t run)
{
    return run >= 0 && run < examination->runs && run < MS_RUNS - 1 &&
           (examination->how_ended[run] == MS_RUN_FINISHED || examination->how_ended[run] == MS_RUN_STOPPED);
}

/* A variable and where its rows are to be. */
struct column {
    enum ms_variable variable;
    void *values;
};

/* Reads so many rows of each column, in this order; fewer of one that has no more. */
static enum ms_code read_columns(const struct ms_file *file, size_t columns, const struct column *column,
                                 int64_t first, int64_t count, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (size_t i = 0; code == MS_OK && i < columns; i++) {
        int64_t left = ms_schema_rows(&file->shape, column[i].variable) - first;

        code = ms_file_read(file, column[i].variable, first, left < count ? left : count, column[i].values,
                            err);
    }
    return code;
}

/* ---- runs ------------------------------------------------------------------------------------------- */

/* The numbers of /runs. */
struct runs {
    uint64_t id[MS_RUNS], current, stop;
    double started[MS_RUNS], ended[MS_RUNS], core_seconds[MS_RUNS];
    int32_t ranks[MS_RUNS];
    uint8_t how_ended[MS_RUNS];
};

static enum ms_code read_runs(const struct ms_file *file, struct runs *runs, struct ms_error *err)
{
    /* The ids first: a row that has one is whole in everything read after it. */
    const struct column columns[] = {
        {MS_VAR_RUN_ID, runs->id},
        {MS_VAR_RUN_HOW_ENDED, runs->how_ended},
        {MS_VAR_RUN_STARTED, runs->started},
        {MS_VAR_RUN_ENDED, runs->ended},
        {MS_VAR_RUN_RANKS, runs->ranks},
        {MS_VAR_RUN_CORE_SECONDS, runs->core_seconds},
        {MS_VAR_RUN_CURRENT, &runs->current},
        {MS_VAR_RUN_STOP, &runs->stop},
    };

    return read_columns(file, sizeof columns / sizeof columns[0], columns, 0, MS_RUNS, err);
}

/* Says so, and is no longer at work or was killed. */
static bool has_ended(uint8_t how)
{
    return how != 0 && how != MS_RUN_RUNNING;
}

/* What a run says of itself only when it ends, how_ended last. */
static void check_end(struct ms_examination *examination, const struct runs *runs, int64_t row)
{
    uint8_t how = runs->how_ended[row];
    double ended = runs->ended[row], core_s = runs->core_seconds[row];
    bool in_good_order = how == MS_RUN_FINISHED || how == MS_RUN_STOPPED;

    if (!in_good_order && how != MS_RUN_RUNNING && how != MS_RUN_FAILED)
        ms_finding_rule(examination, MS_VAR_RUN_HOW_ENDED, row, 0, &how, "1, 2, 4 or 8");
    if (!is_end(ended, runs->started[row]) || !is_canonical(ended) || (in_good_order && isnan(ended)))
        ms_finding_rule(examination, MS_VAR_RUN_ENDED, row, 0, &ended,
                        in_good_order ? "an instant after started" : "an instant after started, or NaN");
    if (!(isnan(core_s) || (core_s >= 0 && core_s < last_instant_s)) || !is_canonical(core_s) ||
        (in_good_order && isnan(core_s)))
        ms_finding_rule(examination, MS_VAR_RUN_CORE_SECONDS, row, 0, &core_s, "seconds, at least 0");
}

static void check_run(struct ms_examination *examination, const struct runs *runs, int64_t row)
{
    for (int64_t other = 0; other < row; other++)
        if (runs->id[other] == runs->id[row])
            ms_finding_rule(examination, MS_VAR_RUN_ID, row, 0, &runs->id[row], "the id of no other run");
    if (!is_instant(runs->started[row]))
        ms_finding_rule(examination, MS_VAR_RUN_STARTED, row, 0, &runs->started[row], "an instant");
    if (runs->ranks[row] < 1)
        ms_finding_rule(examination, MS_VAR_RUN_RANKS, row, 0, &runs->ranks[row], "at least 1");
    check_end(examination, runs, row);
}

/* An id that stands for a run: of one that has a row, or had one that is used again. */
static bool is_known(const struct ms_examination *examination, const struct runs *runs, uint64_t id)
{
    bool is = id == 0 || examination->runs == MS_RUNS;

    for (int64_t row = 0; !is && row < examination->runs; row++)
        is = runs->id[row] == id;
    return is;
}

/* Rows are taken one after another: one behind a free row has lost the id before it. */
static void count_runs(struct ms_examination *examination, const struct runs *runs)
{
    int64_t rows = MS_RUNS;

    while (rows > 0 && runs->id[rows - 1] == 0)
        rows--;
    examination->runs = rows;
    for (int64_t row = 0; row < rows; row++) {
        examination->how_ended[row] = runs->how_ended[row];
        examination->run_ranks[row] = runs->ranks[row];
        if (runs->id[row] == 0)
            ms_finding_rule(examination, MS_VAR_RUN_ID, row, 0, &runs->id[row], "the id of a run");
        else if (runs->id[row] == runs->current && runs->how_ended[row] == MS_RUN_RUNNING)
            examination->summary.running = true;
    }
}

/* ---- their texts ------------------------------------------------------------------------------------ */

/* A text ends where its zeros begin. The first byte that is odd stands for all. */
static void check_text(struct ms_examination *examination, enum ms_variable variable, int64_t row,
                       const unsigned char *text)
{
    int64_t i = 0;

    while (i < MS_RUN_TEXT && text[i] >= ' ' && text[i] != 0x7f)
        i++;
    if (i == 0)
        ms_finding_rule(examination, variable, row, 0, text, "the first byte of a text");
    else if (i < MS_RUN_TEXT && text[i] != 0)
        ms_finding_rule(examination, variable, row, i, text + i, "no control character");
    if (i == 0 || i == MS_RUN_TEXT || text[i] != 0)
        return;
    while (i < MS_RUN_TEXT && text[i] == 0)
        i++;
    if (i < MS_RUN_TEXT)
        ms_finding_rule(examination, variable, row, i, text + i, "0, as all behind the text");
}

static enum ms_code check_texts(struct ms_examination *examination, struct ms_error *err)
{
    static const enum ms_variable variables[] = {MS_VAR_RUN_HOSTS, MS_VAR_RUN_VERSION, MS_VAR_RUN_ISA,
                                                 MS_VAR_RUN_COMMAND};
    unsigned char text[MS_RUN_TEXT];
    enum ms_code code = MS_OK;

    for (size_t v = 0; code == MS_OK && v < sizeof variables / sizeof variables[0]; v++) {
        for (int64_t row = 0; code == MS_OK && row < examination->runs; row++) {
            code = ms_file_read(examination->file, variables[v], row, 1, text, err);
            if (code == MS_OK)
                check_text(examination, variables[v], row, text);
        }
    }
    return code;
}

/* Whether all of a run's row is written: its end too, unless it is the last. */
static bool is_complete(const struct ms_examination *examination, const struct runs *runs, int64_t row)
{
    const bool is_last = row == examination->runs - 1;

    return runs->id[row] != 0 && (!is_last || has_ended(runs->how_ended[row]));
}

enum ms_code ms_examine_runs(struct ms_examination *examination, struct ms_error *err)
{
    struct runs *runs = malloc(sizeof *runs);
    enum ms_code code;

    if (runs == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its runs", examination->file->path);
    code = read_runs(examination->file, runs, err);
    if (code == MS_OK) {
        count_runs(examination, runs);
        for (int64_t row = 0; row < examination->runs; row++)
            if (is_complete(examination, runs, row))
                check_run(examination, runs, row);
        if (!is_known(examination, runs, runs->current))
            ms_finding_rule(examination, MS_VAR_RUN_CURRENT, 0, 0, &runs->current, "the id of a run");
        if (!is_known(examination, runs, runs->stop))
            ms_finding_rule(examination, MS_VAR_RUN_STOP, 0, 0, &runs->stop, "the id of a run, or 0");
        code = check_texts(examination, err);
    }
    free(runs);
    return code;
}

/* ---- leases ----------------------------------------------------------------------------------------- */

enum { LEASES_AT_ONCE = 4096 };

/* Rows of /leases. */
struct leases {
    int32_t run[LEASES_AT_ONCE], rank[LEASES_AT_ONCE];
    int64_t first[LEASES_AT_ONCE], count[LEASES_AT_ONCE], from[LEASES_AT_ONCE], to[LEASES_AT_ONCE];
    double started[LEASES_AT_ONCE], finished[LEASES_AT_ONCE];
};

static enum ms_code read_leases(const struct ms_file *file, int64_t first, int64_t count,
                                struct leases *leases, struct ms_error *err)
{
    /* The run first: it is written last. */
    const struct column columns[] = {
        {MS_VAR_LEASE_RUN, leases->run},
        {MS_VAR_LEASE_RANK, leases->rank},
        {MS_VAR_LEASE_FIRST_TRAJECTORY, leases->first},
        {MS_VAR_LEASE_COUNT, leases->count},
        {MS_VAR_LEASE_FROM_ITERATION, leases->from},
        {MS_VAR_LEASE_TO_ITERATION, leases->to},
        {MS_VAR_LEASE_STARTED, leases->started},
        {MS_VAR_LEASE_FINISHED, leases->finished},
    };

    return read_columns(file, sizeof columns / sizeof columns[0], columns, first, count, err);
}

/* The i-th of those read, in row `row`. */
static void check_lease(struct ms_examination *examination, const struct leases *leases, int64_t i,
                        int64_t row)
{
    const struct ms_shape *shape = &examination->file->shape;
    int64_t trajectories = shape->size[MS_DIM_TRAJECTORY];
    int64_t longest = shape->size[MS_DIM_COST_SAMPLE] / trajectories;
    int64_t first = leases->first[i], count = leases->count[i], from = leases->from[i], to = leases->to[i];
    int32_t run = leases->run[i], rank = leases->rank[i];

    if (run < 0 || run >= examination->runs) {
        ms_finding_rule(examination, MS_VAR_LEASE_RUN, row, 0, &run, "a row of /runs, or -1");
        return;
    }
    if (!ms_examine_is_settled(examination, run))
        return;
    if (rank < 0 || rank >= examination->run_ranks[run])
        ms_finding_rule(examination, MS_VAR_LEASE_RANK, row, 0, &rank,
                        "a rank of its run, which has %" PRId32, examination->run_ranks[run]);
    if (first < 0 || first >= trajectories)
        ms_finding_rule(examination, MS_VAR_LEASE_FIRST_TRAJECTORY, row, 0, &first, "from 0 to %" PRId64,
                        trajectories - 1);
    else if (count < 1 || count > trajectories - first)
        ms_finding_rule(examination, MS_VAR_LEASE_COUNT, row, 0, &count, "from 1 to %" PRId64,
                        trajectories - first);
    if (from < 0 || from >= longest)
        ms_finding_rule(examination, MS_VAR_LEASE_FROM_ITERATION, row, 0, &from, "from 0 to %" PRId64,
                        longest - 1);
    else if (to <= from || to > longest)
        ms_finding_rule(examination, MS_VAR_LEASE_TO_ITERATION, row, 0, &to, "from %" PRId64 " to %" PRId64,
                        from + 1, longest);
    if (!is_instant(leases->started[i]))
        ms_finding_rule(examination, MS_VAR_LEASE_STARTED, row, 0, &leases->started[i], "an instant");
    if (!is_end(leases->finished[i], leases->started[i]) || !is_canonical(leases->finished[i]))
        ms_finding_rule(examination, MS_VAR_LEASE_FINISHED, row, 0, &leases->finished[i],
                        "an instant after started, or NaN");
}

enum ms_code ms_examine_leases(struct ms_examination *examination, struct ms_error *err)
{
    int64_t rows = examination->file->shape.size[MS_DIM_LEASE];
    struct leases *leases = malloc(sizeof *leases);
    enum ms_code code = MS_OK;

    if (leases == NULL)
        return ms_fail(err, MS_NO_MEMORY, "%s: no memory to examine its leases", examination->file->path);
    for (int64_t first = 0; code == MS_OK && first < rows; first += LEASES_AT_ONCE) {
        int64_t count = rows - first < LEASES_AT_ONCE ? rows - first : LEASES_AT_ONCE;

        code = read_leases(examination->file, first, count, leases, err);
        for (int64_t i = 0; code == MS_OK && i < count; i++)
            if (leases->run[i] != -1)
                check_lease(examination, leases, i, first + i);
    }
    free(leases);
    return code;
}
