/* Describes a result as a list of fields with names and values, from which both formats are written, and also
 * the header of CSV. So the formats cannot differ in their fields.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "look_data.h"

#include <math.h>

#include "value_text.h"

const char *const look_format_names[LOOK_FORMAT_COUNT] = {
    [LOOK_TEXT] = "text",
    [LOOK_CSV] = "csv",
    [LOOK_JSON] = "json",
};

const char *look_data_state(const struct look *look)
{
    const struct ms_run_state *run = &look->run;

    if (run->activity == MS_RUN_PASSING)
        return "starting_or_ending";
    if (look_is_held(look))
        return "running";
    if (look->by_status[MS_PENDING] == 0)
        return "finished";
    if (run->activity == MS_RUN_KILLED)
        return "killed";
    if (run->activity != MS_RUN_NONE)
        return "unknown";
    return run->id == 0 ? "new" : run->how_ended == MS_RUN_FAILED ? "failed" : "stopped";
}

/* ---- the fields ---------------------------------------------------------------------------------------- */

static struct value text(const char *value)
{
    return (struct value){.kind = VALUE_TEXT, .text = value};
}

static struct value integer(int64_t value)
{
    return (struct value){.kind = VALUE_INTEGER, .integer = value};
}

/* NaN: not known. */
static struct value real(double value)
{
    return (struct value){.kind = isnan(value) ? VALUE_EMPTY : VALUE_REAL, .real = value};
}

static struct value integer_if(bool is_known, int64_t value)
{
    return is_known ? integer(value) : (struct value){.kind = VALUE_EMPTY};
}

struct field {
    const char *name;
    struct value value;
};

enum { FIELDS = 20 };

static void describe(const char *path, const struct look *look, struct field fields[FIELDS])
{
    const struct ms_run_state *run = &look->run;
    const bool has_best = look->best.config >= 0;
    const struct field described[FIELDS] = {
        {"state", text(look_data_state(look))},
        {"configurations", integer(look->configs)},
        {"done", integer(look->by_status[MS_DONE])},
        {"diverged", integer(look->by_status[MS_DIVERGED])},
        {"stopped", integer(look->by_status[MS_STOPPED])},
        {"dropped", integer(look->by_status[MS_DROPPED])},
        {"pending", integer(look->by_status[MS_PENDING])},
        {"iterations_done", integer(look->progress.done)},
        {"iterations", integer(look->progress.all)},
        {"percent", real(100 * (double)look->progress.done / (double)look->progress.all)},
        {"iterations_per_second", real(look->progress.iterations_per_s)},
        {"seconds_left", real(look->progress.left_s)},
        {"upper_bounds", integer(look->is_bound)},
        {"best_dev_accuracy", real(has_best ? look->best.dev_accuracy : (double)NAN)},
        {"best_config", integer_if(has_best, look->best.config)},
        {"run", integer_if(run->row >= 0, run->row)},
        {"asked_to_stop", integer(run->asked_to_stop)},
        {"holder", look_is_held(look) ? text(run->holder) : (struct value){.kind = VALUE_EMPTY}},
        {"silent", run->silent[0] != '\0' ? text(run->silent) : (struct value){.kind = VALUE_EMPTY}},
        {"file", text(path)},
    };

    for (int i = 0; i < FIELDS; i++)
        fields[i] = described[i];
}

/* ---- writing ------------------------------------------------------------------------------------------- */

void look_data_write(FILE *file, enum look_format format, const char *path, const struct look *look)
{
    struct field fields[FIELDS];

    describe(path, look, fields);
    for (int i = 0; i < FIELDS; i++) {
        if (format == LOOK_CSV) {
            (void)fputs(i > 0 ? "," : "", file);
            value_write_csv(file, fields[i].value);
        } else {
            (void)fprintf(file, "%s\"%s\": ", i > 0 ? ", " : "{", fields[i].name);
            value_write_json(file, fields[i].value);
        }
    }
    (void)fputs(format == LOOK_JSON ? "}" : "", file);
}

static void write_header(FILE *file)
{
    const struct look none = {0};
    struct field fields[FIELDS];

    describe("", &none, fields);
    for (int i = 0; i < FIELDS; i++)
        (void)fprintf(file, "%s%s", i > 0 ? "," : "", fields[i].name);
    (void)fputs("\n", file);
}

void look_data_write_all(FILE *file, enum look_format format, const struct frame_line *lines, int count)
{
    if (format == LOOK_CSV) {
        write_header(file);
        for (int i = 0; i < count; i++)
            (void)fprintf(file, "%s\n", lines[i].text);
        return;
    }
    (void)fputs("[", file);
    for (int i = 0; i < count; i++)
        (void)fprintf(file, "%s\n %s", i > 0 ? "," : "", lines[i].text);
    (void)fputs(count > 0 ? "\n]\n" : "]\n", file);
}
