/* moonsweep run: a sweep from the job file to the result file, on every rank of MPI_COMM_WORLD.
 *
 * Each step ends in ms_agree, so that all ranks go on or all stop, with one message and one exit status. The
 * steps before `create` only look: whatever they refuse leaves no trace. */
#include <limits.h>
#include <mpi.h>
#include <stdlib.h>

#include "classes.h"
#include "command.h"
#include "command_line.h"
#include "hosts.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/job.h"
#include "moonsweep/kernel.h"
#include "moonsweep/launch.h"
#include "moonsweep/plural.h"
#include "moonsweep/store.h"
#include "moonsweep/sweep.h"
#include "output.h"
#include "run_arguments.h"
#include "stop_signal.h"
#include "summary.h"
#include "target.h"
#include "usage.h"

/* What the steps build, on every rank unless it says otherwise. */
struct run {
    const struct run_arguments *arguments;
    MPI_Comm comm;
    int rank, ranks;
    const volatile sig_atomic_t *stop;
    double started_s; /* monotonic */
    char *command;    /* rank 0: the command line as one text */

    struct ms_job job;
    const struct ms_kernel *kernel;
    struct ms_dataset dataset;
    struct ms_samples train, dev;

    char *path;                 /* the result file, links followed */
    struct ms_store_lock *lock; /* rank 0 */
    struct ms_store *store;
    bool carried_on;           /* rank 0: the file was there before */
    struct ms_store_scan scan; /* rank 0 */
    bool finished;             /* nothing was left to do */
    bool begun;                /* rank 0: a row of /runs is open */
    struct ms_sweep_summary summary;
};

/* Reads the job on rank 0 alone: one reader, and one text for all even if the file changes meanwhile. */
static enum ms_code read_job(struct run *run, struct ms_error *err)
{
    const char *path = run->arguments->job;
    int bytes = 0;
    char *text = NULL;
    enum ms_code code = MS_OK;

    if (run->rank == 0) {
        code = ms_job_read(path, &run->job, err);
        if (code == MS_OK && run->job.text_bytes > INT_MAX)
            code = ms_fail(err, MS_BAD_INPUT, "%s: is larger than 2 GB", path);
        if (code == MS_OK)
            bytes = (int)run->job.text_bytes;
    }
    code = ms_agree(run->comm, code, err);
    if (code != MS_OK)
        return code;

    MPI_Bcast(&bytes, 1, MPI_INT, 0, run->comm);
    if (run->rank != 0) {
        text = malloc((size_t)bytes + 1);
        if (!text)
            code = ms_fail(err, MS_NO_MEMORY, "%s: out of memory", path);
    }
    code = ms_agree(run->comm, code, err);
    if (code == MS_OK) {
        MPI_Bcast(run->rank == 0 ? run->job.text : text, bytes, MPI_CHAR, 0, run->comm);
        if (run->rank != 0)
            code = ms_job_parse(path, text, (size_t)bytes, &run->job, err);
        code = ms_agree(run->comm, code, err);
    }
    free(text);
    return code;
}

/* Everything a rank can make by itself: kernel, data, samples. */
static enum ms_code make_samples(struct run *run, struct ms_error *err)
{
    const enum ms_precision precision = run->job.precision;
    enum ms_code code;

    code = ms_kernel_choose(precision, run->arguments->isa, &run->kernel, err);
    if (code == MS_OK)
        code = ms_job_data(&run->job, &run->dataset, err);
    if (code == MS_OK)
        code = ms_samples_make(&run->train, &run->dataset.train, precision, err);
    if (code == MS_OK)
        code = ms_samples_make(&run->dev, &run->dataset.dev, precision, err);
    return ms_agree(run->comm, code, err);
}

static struct ms_store_spec store_spec(const struct run *run)
{
    return (struct ms_store_spec){
        .grid = &run->job.grid,
        .n_datasets = 1,
        .datasets = &run->dataset,
        .precision = run->job.precision,
        .job_text = run->job.text,
        .title = run->job.name,
        .command = run->command,
        .ranks = run->ranks,
    };
}

static void say_unreserved(const struct run *run)
{
    if (!run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: this file system reserves no space; the disk may fill later\n",
                      run->path);
}

/* Rank 0: looks at the target, locks it, and makes it where there is none. It looks a second time under the
 * lock: another run may have come in between. */
static enum ms_code create_on_first_rank(struct run *run, struct ms_error *err)
{
    const struct run_arguments *arguments = run->arguments;
    struct ms_store_spec spec = store_spec(run);
    struct target target;
    bool reserved = true;
    enum ms_code code;

    code = target_look(run->path, arguments->job, &run->job, arguments->force, &target, err);
    if (code == MS_OK)
        code = ms_store_lock(run->path, !arguments->no_lock, &run->lock, err);
    if (code == MS_OK)
        code = ms_store_clear(run->path, err);
    if (code == MS_OK)
        code = target_look(run->path, arguments->job, &run->job, arguments->force, &target, err);
    if (code != MS_OK)
        return code;
    run->carried_on = target.state == TARGET_CARRY_ON;
    if (run->carried_on && target.job_text_is_damaged && !arguments->quiet)
        (void)fprintf(
            stderr,
            "moonsweep: %s: the text of its job is damaged where it cannot be mended; what it meant is this "
            "job\n",
            run->path);
    if (run->carried_on)
        return MS_OK;

    code = ms_job_hash(&run->job, &spec.job_hash, err);
    if (code == MS_OK)
        code = ms_store_create(run->path, &spec, target.state == TARGET_REPLACE, &reserved, err);
    if (code == MS_OK && !reserved)
        say_unreserved(run);
    return code;
}

static enum ms_code create(struct run *run, struct ms_error *err)
{
    enum ms_code code;

    code = target_resolve(run->arguments->output, &run->path, err);
    if (code == MS_OK && run->rank == 0)
        code = create_on_first_rank(run, err);
    return ms_agree(run->comm, code, err);
}

/* Says which results do not count, and are made again. */
static void report_damage(const struct run *run)
{
    const struct ms_store_scan *scan = &run->scan;

    if (scan->damaged > 0) {
        (void)fprintf(stderr, "moonsweep: %s: damaged: %lld %s trained again:", run->path,
                      (long long)scan->damaged,
                      ms_plural(scan->damaged, "configuration does not match its checksum and is",
                                "configurations do not match their checksums and are"));
        for (int i = 0; i < MS_SCAN_NAMED && i < scan->damaged; i++)
            (void)fprintf(stderr, "%s %lld", i > 0 ? "," : "", (long long)scan->damaged_config[i]);
        (void)fputs(scan->damaged > MS_SCAN_NAMED ? ", ...\n" : "\n", stderr);
    }
    if (scan->lost_checkpoints > 0 && scan->pending > 0)
        (void)fprintf(stderr,
                      "moonsweep: %s: %lld %s damaged, or half written when a run was killed: "
                      "training goes on from before %s\n",
                      run->path, (long long)scan->lost_checkpoints,
                      ms_plural(scan->lost_checkpoints, "checkpoint is", "checkpoints are"),
                      ms_plural(scan->lost_checkpoints, "it", "them"));
}

/* Rank 0: puts back what was damaged of what the job gave to the file, and finds out what is done. */
static enum ms_code look_at_result(struct run *run, struct ms_error *err)
{
    const struct ms_store_spec spec = store_spec(run);
    struct ms_store_restored restored = {0};
    enum ms_code code = MS_OK;

    if (run->carried_on)
        code = ms_store_restore(run->store, &spec, &restored, err);
    if (code == MS_OK)
        code = ms_store_scan(run->store, &run->scan, err);
    if (code != MS_OK || run->arguments->quiet)
        return code;
    if (restored.rows > 0)
        (void)fprintf(stderr, "moonsweep: %s: %lld damaged %s restored from the job: %s\n", run->path,
                      (long long)restored.rows, ms_plural(restored.rows, "value was", "values were"),
                      restored.names);
    report_damage(run);
    return MS_OK;
}

/* Opens the result on all ranks and finds out what is done. */
static enum ms_code open_result(struct run *run, struct ms_error *err)
{
    int finished = 0;
    enum ms_code code;

    code = ms_agree(run->comm, ms_store_open(run->path, run->comm, &run->store, err), err);
    if (code != MS_OK)
        return code;
    if (run->rank == 0) {
        code = look_at_result(run, err);
        finished = code == MS_OK && run->scan.pending == 0;
        run->summary.done = run->scan.done;
        run->summary.diverged = run->scan.diverged;
    }
    code = ms_agree(run->comm, code, err);
    MPI_Bcast(&finished, 1, MPI_INT, 0, run->comm);
    run->finished = finished;
    return code;
}

/* Rank 0: a file that is carried on may have come here by a copy with holes. */
static enum ms_code reserve_rest(const struct run *run, struct ms_error *err)
{
    bool reserved = true;
    enum ms_code code = run->carried_on ? ms_store_reserve(run->store, &reserved, err) : MS_OK;

    if (code == MS_OK && !reserved)
        say_unreserved(run);
    return code;
}

/* Takes a row of /runs and makes every rank part of that run. */
static enum ms_code begin_run(struct run *run, struct ms_error *err)
{
    char *hosts = NULL;
    enum ms_code code = hosts_gather(run->comm, &hosts, err);
    const struct ms_run_info info = {
        .ranks = run->ranks,
        .hosts = hosts,
        .isa = run->kernel->isa,
        .command = run->command,
    };
    uint64_t id = 0;
    int32_t row = 0;

    if (code != MS_OK)
        return code;
    if (run->rank == 0) {
        code = reserve_rest(run, err);
        if (code == MS_OK)
            code = ms_store_run_begin(run->store, &info, &id, &row, err);
        run->begun = code == MS_OK;
        if (code != MS_OK)
            ms_agree_sign(run->comm, err);
    }
    free(hosts);
    code = ms_agree(run->comm, code, err);
    if (code != MS_OK)
        return code;
    MPI_Bcast(&id, 1, MPI_UINT64_T, 0, run->comm);
    MPI_Bcast(&row, 1, MPI_INT32_T, 0, run->comm);
    if (run->rank != 0)
        ms_store_run_join(run->store, id, row);
    return MS_OK;
}

static enum ms_code sweep(struct run *run, struct ms_error *err)
{
    const struct ms_sweep_spec spec = {
        .comm = run->comm,
        .grid = &run->job.grid,
        .n_datasets = 1,
        .train = &run->train,
        .dev = &run->dev,
        .kernel = run->kernel,
        .store = run->store,
        .scan = run->rank == 0 ? &run->scan : NULL,
        .progress = run->rank == 0 && !run->arguments->quiet ? stderr : NULL,
        .dedicated_coordinator = run->arguments->coordinator == COORDINATOR_DEDICATED,
        .checkpoint_s = run->arguments->checkpoint_s,
        .stop = run->stop,
        .time_limit_s = run->arguments->time_limit_s - (ms_clock_monotonic_s() - run->started_s),
    };

    return ms_sweep_run(&spec, &run->summary, err);
}

/* Whether a rank's look at the file after the sweep is the error: one of the sweep stays it. */
static enum ms_code agree_on_file(const struct run *run, enum ms_code code, enum ms_code file_code,
                                  struct ms_error *file_err, struct ms_error *err)
{
    file_code = ms_agree(run->comm, file_code, file_err);
    if (file_code == MS_OK || (code != MS_OK && code != MS_WORK_LEFT))
        return code;
    *err = *file_err;
    return file_code;
}

/* Whether the file holds what the sweep says was trained. code: how the sweep went. */
static enum ms_code confirm_rows(const struct run *run, enum ms_code code, struct ms_error *err)
{
    const struct ms_sweep_summary *summary = &run->summary;
    struct ms_error file_err;
    enum ms_code file_code = MS_OK;

    if (run->begun && (code == MS_OK || code == MS_WORK_LEFT))
        file_code = ms_store_confirm_rows(run->store, summary->done + summary->diverged, &file_err);
    return agree_on_file(run, code, file_code, &file_err, err);
}

/* The last look: whether the file that was written, or in which there was nothing to do, still has its name. */
static enum ms_code confirm_name(const struct run *run, enum ms_code code, struct ms_error *err)
{
    struct ms_error file_err;
    enum ms_code file_code = run->rank == 0 ? ms_store_confirm_named(run->store, &file_err) : MS_OK;

    return agree_on_file(run, code, file_code, &file_err, err);
}

/* Ends the row of /runs, whatever came before. code: how the sweep went; an error of that stays the error. */
static enum ms_code end_run(struct run *run, enum ms_code code, struct ms_error *err)
{
    const unsigned how_ended = code == MS_OK          ? MS_RUN_FINISHED
                               : code == MS_WORK_LEFT ? MS_RUN_STOPPED
                                                      : MS_RUN_FAILED;
    struct ms_error end_err;
    enum ms_code end_code = MS_OK;

    if (run->begun)
        end_code = ms_store_run_end(run->store, run->summary.core_s, how_ended, &end_err);
    if (end_code != MS_OK)
        ms_agree_sign(run->comm, &end_err);
    return agree_on_file(run, code, end_code, &end_err, err);
}

/* ---- all of it -------------------------------------------------------------------------------------------
 */

static enum ms_code run_all_steps(struct run *run, struct ms_error *err)
{
    enum ms_code code;

    code = ms_agree(run->comm, ms_launch_check(run->ranks, err), err);
    if (code == MS_OK)
        code = read_job(run, err);
    if (code == MS_OK)
        code = make_samples(run, err);
    if (code == MS_OK)
        code = create(run, err);
    if (code == MS_OK)
        code = open_result(run, err);
    if (code != MS_OK)
        return code;
    if (!run->finished) {
        if (run->rank == 0 && !run->arguments->quiet)
            classes_note(stderr, run->arguments->job, &run->dataset.dev);
        code = begin_run(run, err);
        if (code == MS_OK)
            code = confirm_rows(run, sweep(run, err), err);
        code = end_run(run, code, err);
    }
    return confirm_name(run, code, err);
}

static void close_all(struct run *run)
{
    ms_store_close(run->store);
    ms_store_unlock(run->lock);
    ms_store_scan_free(&run->scan);
    ms_samples_free(&run->train);
    ms_samples_free(&run->dev);
    ms_dataset_free(&run->dataset);
    ms_job_free(&run->job);
}

/* Rank 0's last words when nothing failed. */
static enum ms_code report(const struct run *run, enum ms_code code, struct ms_error *err)
{
    static const char *const reasons[] = {[MS_STOP_NONE] = "early",
                                          [MS_STOP_SIGNAL] = "by a signal",
                                          [MS_STOP_TIME_LIMIT] = "by its time limit",
                                          [MS_STOP_REQUEST] = "on request"};
    const struct ms_sweep_summary *summary = &run->summary;
    const int64_t final = summary->done + summary->diverged;
    struct ms_error read_err;

    if (run->finished && !run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: nothing to do: %s%lld %s final (%lld done, %lld diverged)\n",
                      run->path, ms_plural(final, "", "all "), (long long) final,
                      ms_plural(final, "configuration is", "configurations are"), (long long)summary->done,
                      (long long)summary->diverged);
    /* What was trained is kept, whether or not it can be shown. */
    if (!run->finished && !run->arguments->quiet &&
        summary_write(stderr, run->path, run->ranks, summary, &read_err) != MS_OK)
        (void)fprintf(stderr, "moonsweep: the summary ends here: %s\n", read_err.text);
    if (code == MS_WORK_LEFT)
        return ms_fail(err, code, "%s: stopped %s, %lld %s left; the same command goes on", run->path,
                       reasons[summary->stop_reason], (long long)summary->pending,
                       ms_plural(summary->pending, "configuration", "configurations"));
    return code;
}

enum ms_code command_run(int argc, char **argv, struct ms_error *err)
{
    struct run_arguments arguments;
    struct run run = {.arguments = &arguments, .started_s = ms_clock_monotonic_s()};
    enum ms_code code, usage;
    bool helped;

    /* Before argp, which moves the options to the front. */
    run.command = command_line_text(argc, argv);
    usage = run_arguments_parse(argc, argv, &arguments, &helped, err);
    if (usage == MS_OK && !run.command)
        usage = ms_fail(err, MS_NO_MEMORY, "no memory for the command line");
    if (helped) {
        free(run.command);
        return usage;
    }

    code = ms_launch_precheck(err);
    if (code != MS_OK) {
        free(run.command);
        return code;
    }

    /* A wrong command line is an error of all ranks, to be reported by one: MPI starts even so. */
    run.stop = stop_signal_watch();
    ms_store_prepare();
    MPI_Init(NULL, NULL);
    run.comm = MPI_COMM_WORLD;
    MPI_Comm_rank(run.comm, &run.rank);
    MPI_Comm_size(run.comm, &run.ranks);

    code = ms_agree(run.comm, usage, err);
    if (code == MS_OK)
        code = run_all_steps(&run, err);
    close_all(&run);
    if (run.rank == 0 && (code == MS_OK || code == MS_WORK_LEFT))
        code = report(&run, code, err);
    if (run.rank == 0 && code != MS_OK)
        output_error(err); /* now: once a rank has ended with an error, launchers end the others */
    MPI_Bcast(&code, 1, MPI_INT, 0, run.comm);
    MPI_Finalize();
    (void)ms_fail(err, code, "%s", ""); /* rank 0 has printed the sentence */
    free(run.path);
    free(run.command);
    return code;
}
