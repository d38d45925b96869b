/* moonsweep kernels: measures the kernels of this machine, and says which one trains networks of which size.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "kernel_survey.h"
#include "moonsweep/hdf5_arrays.h"
#include "pairs_table.h"
#include "processors.h"
#include "set_option.h"
#include "usage.h"

enum { KEY_SET = 0x100, KEY_PAIRS };

static const char *const formats[] = {"text", "csv", "json"};
enum { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_COUNT };

struct arguments {
    const char *job; /* NULL: none */
    char *set;       /* owned */
    int format;
    bool pairs;
    struct ms_error *err;
};

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0, "text, csv or json", 0},
    {"pairs", KEY_PAIRS, NULL, 0,
     "Measure the chosen kernels also with two ranks on the hyperthreads of one core, and say what is "
     "gained; exit status 69 if this machine has no two hyperthreads to measure on",
     0},
    {"set", KEY_SET, "KEY=VALUE", 0, SET_OPTION_HELP, 0},
    {0},
};

static const char doc[] =
    "Measure the kernels that this processor supports, for the networks that carry most of a job's work, or "
    "without a job for some usual ones in either precision. All kernels give the same results; the quickest "
    "one is chosen."
    "\v"
    "`ns` is the time of one iteration in nanoseconds, divided by the hidden units and the samples; `work` "
    "the share of the job's work that networks of about this size have. A sweep chooses its kernels in the "
    "same way when it begins, in less time, and says so; one of a few seconds takes the first kernel that "
    "is listed. MOONSWEEP_ISA forces a kernel, which is then the only one that is listed.\n"
    "\n"
    "With --pairs, `ns` is the time of the chosen kernel with one rank on a core, `ns_both` with two, and "
    "`gain` what both train more in the same time. The last line says whether to set "
    "MOONSWEEP_THREADS_PER_CORE=2, which jobs/local.sh, moonsweep-local and slurm/sweep.sbatch read.\n"
    "\n"
    "Ask on a machine like those of the sweep, while it is quiet.\n"
    "\n"
    "Examples:\n"
    "  moonsweep kernels\n"
    "  moonsweep kernels jobs/moons420.yaml --format csv\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'f':
        return usage_choice("--format", text, formats, FORMAT_COUNT, &arguments->format, arguments->err);
    case KEY_PAIRS:
        arguments->pairs = true;
        return 0;
    case KEY_SET:
        return set_option_add(text, &arguments->set, arguments->err);
    case ARGP_KEY_ARG:
        return usage_one_path("kernels", "job file", text, &arguments->job, arguments->err);
    case ARGP_KEY_END:
        return arguments->set != NULL
                   ? usage_required("kernels", "a job file for --set", arguments->job, arguments->err)
                   : 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "[JOB.yaml]", .doc = doc};

/* ---- measuring ------------------------------------------------------------------------------------------ */

/* What was measured: one survey of a job, or one of each precision. */
struct surveys {
    struct kernel_survey of[MS_PRECISION_COUNT];
    int n;
};

static enum ms_code survey_job(const struct arguments *arguments, const int *processors,
                               struct surveys *surveys, struct ms_error *err)
{
    struct ms_job job = {0};
    struct ms_dataset *datasets = NULL;
    enum ms_code code = ms_job_read_set(arguments->job, arguments->set, &job, err);

    job.arrays = &ms_hdf5_arrays;
    if (code == MS_OK)
        code = ms_job_data(&job, NULL, &datasets, err);
    if (code == MS_OK)
        code = kernel_survey_job(&job, datasets, processors, &surveys->of[surveys->n++], err);
    ms_datasets_free(datasets, job.grid.n_datasets);
    ms_job_free(&job);
    return code;
}

static enum ms_code survey_usual(const int *processors, struct surveys *surveys, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    for (int p = 0; code == MS_OK && p < MS_PRECISION_COUNT; p++)
        code = kernel_survey_usual((enum ms_precision)p, processors, &surveys->of[surveys->n++], err);
    return code;
}

/* processors: NULL unless pairs are measured. */
static enum ms_code survey(const struct arguments *arguments, const int *processors, struct surveys *surveys,
                           struct ms_error *err)
{
    return arguments->job ? survey_job(arguments, processors, surveys, err)
                          : survey_usual(processors, surveys, err);
}

/* ---- saying it ------------------------------------------------------------------------------------------ */

/* One kernel for one size. */
struct row {
    const char *precision, *activation, *kernel;
    int32_t n_h;
    double work, ns; /* work: NaN if there is no job */
    bool is_chosen;
};

/* Rows are written in one of three ways; is_first: no row was written before. */
typedef void write_row(const struct row *row, bool is_first);

static void write_row_text(const struct row *row, bool is_first)
{
    char work[16] = "-";

    if (!isnan(row->work))
        (void)snprintf(work, sizeof work, "%.1f%%", 100 * row->work);
    if (is_first)
        (void)printf("%-9s  %-10s  %10s  %6s  %-17s  %8s  %s\n", "precision", "activation", "n_h", "work",
                     "kernel", "ns", "chosen");
    (void)printf("%-9s  %-10s  %10" PRId32 "  %6s  %-17s  %8.4f  %s\n", row->precision, row->activation,
                 row->n_h, work, row->kernel, row->ns, row->is_chosen ? "yes" : "no");
}

static void write_row_csv(const struct row *row, bool is_first)
{
    if (is_first)
        (void)puts("precision,activation,n_h,work,kernel,ns,chosen");
    (void)printf("%s,%s,%" PRId32 ",", row->precision, row->activation, row->n_h);
    if (!isnan(row->work))
        (void)printf("%.6g", row->work);
    (void)printf(",%s,%.6g,%d\n", row->kernel, row->ns, row->is_chosen);
}

static void write_row_json(const struct row *row, bool is_first)
{
    char work[32] = "null";

    if (!isnan(row->work))
        (void)snprintf(work, sizeof work, "%.6g", row->work);
    (void)printf("%s\n  {\"precision\": \"%s\", \"activation\": \"%s\", \"n_h\": %" PRId32
                 ", \"work\": %s, \"kernel\": \"%s\", \"ns\": %.6g, \"chosen\": %s}",
                 is_first ? "" : ",", row->precision, row->activation, row->n_h, work, row->kernel, row->ns,
                 row->is_chosen ? "true" : "false");
}

static write_row *const writers[FORMAT_COUNT] = {
    [FORMAT_TEXT] = write_row_text, [FORMAT_CSV] = write_row_csv, [FORMAT_JSON] = write_row_json};

/* Writes the rows of a survey, those of one size together, and counts them. */
static void write_rows(const struct arguments *arguments, const struct kernel_survey *survey, int *written)
{
    const struct ms_kernels *kernels = &survey->kernels;

    for (int32_t i = 0; i < kernels->n_points; i++)
        for (int32_t k = 0; k < kernels->n_kernels; k++) {
            const struct ms_kernels_point *point = &kernels->points[i];
            const struct row row = {
                .precision = ms_precision_name(survey->precision),
                .activation = ms_activation_name(point->size.activation),
                .kernel = kernels->kernel[k]->isa,
                .n_h = point->size.n_h,
                .work = arguments->job ? point->size.work / survey->work : (double)NAN,
                .ns = point->ns[k],
                .is_chosen = k == point->quickest,
            };

            if (!isnan(row.ns))
                writers[arguments->format](&row, (*written)++ == 0);
        }
}

static void write_all(const struct arguments *arguments, const struct surveys *surveys)
{
    int written = 0;

    if (arguments->format == FORMAT_JSON)
        (void)fputs("[", stdout);
    for (int i = 0; i < surveys->n; i++)
        write_rows(arguments, &surveys->of[i], &written);
    if (arguments->format == FORMAT_JSON)
        (void)fputs("\n]\n", stdout);
}

static enum ms_code measure_kernels(const struct arguments *arguments, struct ms_error *err)
{
    struct surveys surveys = {.n = 0};
    const enum ms_code code = survey(arguments, NULL, &surveys, err);

    if (code == MS_OK)
        write_all(arguments, &surveys);
    return code;
}

/* ---- pairs ---------------------------------------------------------------------------------------------- */

static pairs_table_write *const pairs_writers[FORMAT_COUNT] = {[FORMAT_TEXT] = pairs_table_write_text,
                                                               [FORMAT_CSV] = pairs_table_write_csv,
                                                               [FORMAT_JSON] = pairs_table_write_json};

static enum ms_code measure_pairs(const struct arguments *arguments, struct ms_error *err)
{
    struct surveys surveys = {.n = 0};
    int processors[2];
    enum ms_code code = processors_find_pair("", processors, err);

    if (code == MS_OK)
        code = survey(arguments, processors, &surveys, err);
    if (code == MS_OK) {
        pairs_writers[arguments->format](stdout, surveys.of, surveys.n, arguments->job != NULL);
        pairs_table_advise(stderr, surveys.of, surveys.n, processors);
    }
    return code;
}

enum ms_code command_kernels(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {.err = err};
    bool helped;
    enum ms_code code = usage_parse("kernels", &argp, argc, argv, &arguments, &helped, err);

    if (code == MS_OK && !helped)
        code = arguments.pairs ? measure_pairs(&arguments, err) : measure_kernels(&arguments, err);
    free(arguments.set);
    return code;
}
