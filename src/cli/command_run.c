/* moonsweep run: runs the sweep of a job file on every rank of MPI_COMM_WORLD.
 *
 * Each step ends with ms_agree, so that either all ranks continue or all end with one message and one exit status. The
 * steps before `create` write nothing. */
#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "command.h"
#include "command_line.h"
#include "data_notes.h"
#include "moonsweep/agree.h"
#include "moonsweep/clock.h"
#include "moonsweep/hdf5_arrays.h"
#include "moonsweep/job.h"
#include "moonsweep/kernel.h"
#include "moonsweep/launch.h"
#include "moonsweep/leave.h"
#include "moonsweep/plural.h"
#include "moonsweep/session.h"
#include "moonsweep/share.h"
#include "moonsweep/share_samples.h"
#include "moonsweep/stop_request.h"
#include "mpi_folder.h"
#include "older_results.h"
#include "output.h"
#include "run_arguments.h"
#include "set_option.h"
#include "stop_signal.h"
#include "stored_job.h"
#include "summary.h"
#include "target.h"
#include "usage.h"

/* Data is made, and the file created, for so long even if the time limit is shorter: a short limit is for training. */
static const double least_time_limit_s = 10;

/* The results of the steps, on every rank unless a comment says otherwise. */
struct run {
    const struct run_arguments *arguments;
    MPI_Comm comm;
    int rank, ranks;
    const volatile sig_atomic_t *stop;
    double started_s; /* monotonic */
    char *command;    /* rank 0: the command line as one text */

    struct ms_job job;
    const struct ms_kernel *kernel;
    struct ms_dataset *datasets;      /* [job.grid.n_datasets] owned */
    struct ms_shared_samples *shared; /* [2 * job.grid.n_datasets] owned: training and dev set of each */
    struct ms_samples *train, *dev;   /* [job.grid.n_datasets] owned; their arrays are those of shared */
    char mpi_version[MPI_MAX_LIBRARY_VERSION_STRING];
    struct ms_writer_spec result;

    char *path;                  /* the result file, after following links */
    struct ms_lock *lock;        /* rank 0 */
    struct older_results *older; /* rank 0: what rows are taken over from; NULL: nothing */
    bool was_there;              /* rank 0: whether the file existed before */
    bool is_late;                /* the time limit has ended the work before the sweep */
    bool has_swept;              /* the outcome is set */
    struct ms_session_outcome outcome;
};

/* Rank 0: reads the job file with the settings of the command line. To resume a sweep, those of its result need not be
 * repeated: they come first, so that another value is found to be another job. */
static enum ms_code read_job_on_first_rank(struct run *run, struct ms_error *err)
{
    const struct run_arguments *arguments = run->arguments;
    char *stored = NULL, *set = NULL;
    struct ms_error unread;
    enum ms_code code;

    if (!arguments->force)
        (void)stored_job_settings(arguments->output, &stored, &unread);
    code = set_option_join(stored, arguments->set, &set, err);
    /* The settings of another job may be wrong for this one. */
    if (code == MS_OK &&
        (stored == NULL || ms_job_read_set(arguments->job, set, &run->job, &unread) != MS_OK))
        code = ms_job_read_set(arguments->job, arguments->set, &run->job, err);
    free(set);
    free(stored);
    return code;
}

/* Sends a text of rank 0 (NULL: none) to all ranks; on the others the caller frees *text. */
static enum ms_code share_text(struct run *run, char **text, int *bytes, struct ms_error *err)
{
    enum ms_code code = MS_OK;

    MPI_Bcast(bytes, 1, MPI_INT, 0, run->comm);
    if (run->rank != 0) {
        *text = calloc((size_t)*bytes + 1, 1);
        if (!*text)
            code = ms_fail_memory(err, run->arguments->job, "to read it");
    }
    code = ms_agree(run->comm, code, err);
    if (code == MS_OK)
        MPI_Bcast(*text, *bytes, MPI_CHAR, 0, run->comm);
    return code;
}

/* Reads the job file on rank 0 only and sends its text and settings to the others, so that all ranks have the same ones
 * even if the file changes. */
static enum ms_code read_job(struct run *run, struct ms_error *err)
{
    const char *path = run->arguments->job;
    char *texts[2] = {NULL, NULL};
    int bytes[2] = {0, 0};
    enum ms_code code = run->rank == 0 ? read_job_on_first_rank(run, err) : MS_OK;

    if (run->rank == 0 && code == MS_OK) {
        texts[0] = run->job.text;
        texts[1] = run->job.set;
        bytes[0] = (int)run->job.text_bytes; /* at most 1 MiB */
        bytes[1] = run->job.set ? (int)strlen(run->job.set) : 0;
    }
    code = ms_agree(run->comm, code, err);
    for (int i = 0; code == MS_OK && i < 2; i++)
        code = share_text(run, &texts[i], &bytes[i], err);
    if (code == MS_OK) {
        if (run->rank != 0)
            code = ms_job_parse_set(path, texts[0], (size_t)bytes[0], texts[1], &run->job, err);
        code = ms_agree(run->comm, code, err);
    }
    for (int i = 0; run->rank != 0 && i < 2; i++)
        free(texts[i]);
    return code;
}

/* Begins work that a signal to one rank, or its time limit, ends on all of them. */
static void leave_begin(const struct run *run, struct ms_leave *leave)
{
    ms_leave_begin(leave, run->comm, run->stop);
    leave->deadline_s = run->started_s + fmax(run->arguments->time_limit_s, least_time_limit_s);
}

static enum ms_code leave_end(struct run *run, struct ms_leave *leave, enum ms_code code,
                              struct ms_error *err)
{
    code = ms_leave_end(leave, code, err);
    run->is_late = ms_leave_is_late(leave);
    return code;
}

/* Says that the run was stopped before it has written anything. step: the end of a clause. */
static enum ms_code fail_stopped(const struct run *run, const char *step, struct ms_error *err)
{
    return ms_fail(err, MS_WORK_LEFT,
                   "%s: stopped by %s while %s, nothing was written; run the same command %s",
                   run->arguments->job, run->is_late ? "its time limit" : "a signal", step,
                   run->is_late ? "with a longer time limit" : "again");
}

/* Rank 0: makes the data. If a file of samples is missing, a result that has them is enough to resume it. */
static enum ms_code make_data_on_first_rank(struct run *run, const struct ms_stop_request *stop,
                                            struct ms_error *err)
{
    struct ms_error unread;
    enum ms_code code;

    run->job.arrays = &ms_hdf5_arrays;
    code = ms_job_data(&run->job, stop, &run->datasets, err);
    if (code == MS_NO_INPUT && !run->arguments->force &&
        stored_job_samples(run->arguments->output, &run->job, &run->datasets, &unread) == MS_OK)
        return MS_OK;
    return code;
}

/* Describes the data sets of rank 0 to the other ranks. */
static enum ms_code share_data(struct run *run, struct ms_error *err)
{
    const int32_t count = run->job.grid.n_datasets;
    enum ms_code code = run->rank == 0 ? MS_OK : ms_datasets_alloc(&run->datasets, count, err);

    code = ms_agree(run->comm, code, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = ms_share_dataset(run->comm, &run->datasets[d], err);
    return code;
}

/* Makes the data on rank 0, so that files are read once, and describes them to the other ranks. */
static enum ms_code make_data(struct run *run, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    enum ms_code code;

    leave_begin(run, &leave);
    code = run->rank == 0 ? make_data_on_first_rank(run, &stop, err) : MS_OK;
    code = leave_end(run, &leave, code, err);
    if (code == MS_OK)
        code = share_data(run, err);
    if (code != MS_OK)
        return code;
    if (run->rank == 0)
        ms_job_know_data(&run->job, run->datasets);
    MPI_Bcast(&run->job.data_hash, 1, MPI_UINT64_T, 0, run->comm);
    return MS_OK;
}

/* Lays a data set out for the kernel on rank 0, and shares it. */
static enum ms_code lay_out_one(struct run *run, int32_t d, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    struct ms_shared_samples *shared = &run->shared[2 * (size_t)d];
    struct ms_samples train = {.m = 0}, dev = {.m = 0};
    enum ms_code code = MS_OK;

    leave_begin(run, &leave);
    if (run->rank == 0)
        code = ms_samples_make_sets(&train, &dev, &run->datasets[d], &run->job.class_weight,
                                    run->job.precision, &stop, err);
    code = leave_end(run, &leave, code, err);
    if (code == MS_OK)
        code = ms_share_samples(run->comm, &train, &shared[0], err);
    if (code == MS_OK)
        code = ms_share_samples(run->comm, &dev, &shared[1], err);
    ms_samples_free(&train);
    ms_samples_free(&dev);
    run->train[d] = shared[0].samples;
    run->dev[d] = shared[1].samples;
    return code;
}

/* Lays out all data sets. */
static enum ms_code lay_out(struct run *run, struct ms_error *err)
{
    const int32_t count = run->job.grid.n_datasets;
    enum ms_code code = MS_OK;

    run->shared = calloc(2 * (size_t)count, sizeof *run->shared);
    run->train = calloc((size_t)count, sizeof *run->train);
    run->dev = calloc((size_t)count, sizeof *run->dev);
    if (!run->shared || !run->train || !run->dev)
        code = ms_fail_memory(err, run->arguments->job, "for its data sets");
    code = ms_agree(run->comm, code, err);
    for (int32_t d = 0; code == MS_OK && d < count; d++)
        code = lay_out_one(run, d, err);
    return code;
}

/* Chooses the kernel, and makes data and samples. A signal to one rank ends this on all of them. */
static enum ms_code make_samples(struct run *run, struct ms_error *err)
{
    enum ms_code code = ms_kernel_choose(run->job.precision, run->arguments->isa, &run->kernel, err);

    code = ms_agree(run->comm, code, err);
    if (code == MS_OK)
        code = make_data(run, err);
    if (code == MS_OK)
        code = lay_out(run, err);
    return code == MS_WORK_LEFT ? fail_stopped(run, "the data was made", err) : code;
}

/* Describes the content of the result. */
static enum ms_code describe_result(struct run *run, struct ms_error *err)
{
    int length;

    MPI_Get_library_version(run->mpi_version, &length);
    run->mpi_version[strcspn(run->mpi_version, "\r\n")] = '\0';
    run->result = (struct ms_writer_spec){
        .grid = &run->job.grid,
        .datasets = run->datasets,
        .precision = run->job.precision,
        .class_weight = &run->job.class_weight,
        .job_text = run->job.text,
        .job_set = run->job.set,
        .title = run->job.name,
        .command = run->arguments->anonymous ? "moonsweep run (anonymous)" : run->command,
        .mpi_version = run->mpi_version,
        .ranks = run->ranks,
    };
    return ms_job_hash(&run->job, &run->result.job_hash, err);
}

static void say_unreserved(const struct run *run)
{
    if (!run->arguments->quiet)
        (void)fprintf(stderr,
                      "moonsweep: %s: this file system cannot reserve space; the disk may fill up later\n",
                      run->path);
}

/* Rank 0: checks whether an existing file may be resumed, or replaced. HDF5 must not read a corrupt structure: with the
 * lock it is repaired; without the lock a corrupt file is not examined further. */
static enum ms_code inspect(const struct run *run, enum target_state state, bool is_locked,
                            struct ms_error *err)
{
    struct ms_writer_repaired damage = {0};
    enum ms_code code = MS_OK;

    if (state == TARGET_NEW)
        return MS_OK;
    if (state == TARGET_REPLACE)
        return target_check_replaceable(run->path, err);
    code = ms_writer_repair(run->path, is_locked, &damage, err);
    if (code != MS_OK || (damage.bytes > 0 && !is_locked))
        return code;
    if (damage.bytes > 0 && !run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: %lld corrupt %s repaired: %s\n", run->path,
                      (long long)damage.bytes, ms_plural(damage.bytes, "byte was", "bytes were"),
                      damage.names);
    return target_compare(run->path, &run->job, err);
}

/* Rank 0: checks the target, locks it, and creates it if it does not exist. The checks are repeated with the lock,
 * because another run may have changed the file in between. */
static enum ms_code create_on_first_rank(struct run *run, struct ms_error *err)
{
    const struct run_arguments *arguments = run->arguments;
    enum target_state state;
    bool reserved = true;
    enum ms_code code;

    code = target_look(run->path, arguments->job, arguments->force, &state, err);
    if (code == MS_OK)
        code = inspect(run, state, false, err);
    if (code == MS_OK)
        code = ms_lock_take(run->path, !arguments->no_lock, &run->lock, err);
    if (code == MS_OK && ms_lock_is_held(run->lock))
        code = ms_writer_clear(run->path, err);
    if (code == MS_OK)
        code = target_look(run->path, arguments->job, arguments->force, &state, err);
    if (code == MS_OK)
        code = inspect(run, state, true, err);
    if (code == MS_OK && state == TARGET_RESUME && !arguments->no_lock)
        code = ms_lock_check_names(run->path, err);
    if (code != MS_OK)
        return code;
    run->was_there = state == TARGET_RESUME;
    if (run->was_there)
        return MS_OK;
    code = ms_writer_create(run->path, &run->result, state == TARGET_REPLACE, &reserved, err);
    if (code == MS_OK && !reserved)
        say_unreserved(run);
    return code;
}

/* Rank 0: opens the older results. */
static enum ms_code open_older(struct run *run, struct ms_error *err)
{
    const struct older_results_spec spec = {
        .paths = run->arguments->from,
        .n = run->arguments->n_from,
        .output = run->path,
        .job = &run->job,
        .result = &run->result,
        .stop = run->stop,
        .is_anonymous = run->arguments->anonymous,
        .is_quiet = run->arguments->quiet,
    };
    enum ms_code code = MS_OK;

    if (spec.n == 0)
        return MS_OK;
    code = older_results_open(&spec, &run->older, err);
    if (code == MS_OK)
        run->result.starts = older_results_starts(run->older);
    return code;
}

/* If the file is complete, the sweep begins, and notices that it is to stop. */
static enum ms_code create(struct run *run, struct ms_error *err)
{
    struct ms_leave leave;
    const struct ms_stop_request stop = {ms_leave_look, &leave};
    enum ms_code own, code;

    leave_begin(run, &leave);
    run->result.stop = &stop;
    own = target_resolve(run->arguments->output, &run->path, err);
    if (own == MS_OK && run->rank == 0)
        own = open_older(run, err);
    if (own == MS_OK && run->rank == 0)
        own = create_on_first_rank(run, err);
    run->result.stop = NULL;
    code = leave_end(run, &leave, own, err);
    if (code == MS_WORK_LEFT)
        code = ms_agree(run->comm, own, err);
    return code == MS_WORK_LEFT ? fail_stopped(run, "the file was created", err) : code;
}

/* Reports the damaged results, which are computed again. */
static void report_damage(const struct run *run, const struct ms_writer_scan *scan)
{
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
        (void)fprintf(
            stderr,
            "moonsweep: %s: %lld %s corrupt, or half written when a run was killed; training resumes "
            "from an earlier state\n",
            run->path, (long long)scan->lost_checkpoints,
            ms_plural(scan->lost_checkpoints, "checkpoint is", "checkpoints are"));
}

static void say(const struct run *run, const struct ms_writer_scan *scan, bool is_reserved)
{
    if (run->arguments->quiet)
        return;
    if (!is_reserved)
        say_unreserved(run);
    report_damage(run, scan);
    if (scan->pending > 0) {
        const int32_t count = run->job.grid.n_datasets;

        data_notes_write(stderr, run->arguments->job, run->datasets, count, run->job.standardize);
        classes_note(stderr, run->arguments->job, run->datasets, count);
    }
}

/* Frees X and y of data: they are laid out, and in the file. */
static void forget(struct ms_data *data)
{
    const struct ms_data kept = {.rows = data->rows, .n_x = data->n_x};

    ms_data_free(data);
    *data = kept;
}

/* A look of struct ms_session_spec. */
static void look(void *context, const struct ms_writer_scan *scan, bool is_reserved)
{
    struct run *run = context;

    say(run, scan, is_reserved);
    for (int32_t d = 0; d < run->job.grid.n_datasets; d++) {
        forget(&run->datasets[d].train);
        forget(&run->datasets[d].dev);
    }
}

/* A take_over of struct ms_session_spec. */
static enum ms_code take_over(void *context, struct ms_writer *writer, struct ms_writer_scan *scan,
                              struct ms_error *err)
{
    const struct run *run = context;

    return run->older == NULL ? MS_OK : older_results_take(run->older, writer, scan, err);
}

static enum ms_code sweep(struct run *run, struct ms_error *err)
{
    const struct ms_session_spec spec = {
        .path = run->path,
        .result = &run->result,
        .sweep = {.comm = run->comm,
                  .grid = &run->job.grid,
                  .train = run->train,
                  .dev = run->dev,
                  .kernel = run->kernel,
                  .progress = run->rank == 0 && !run->arguments->quiet ? stderr : NULL,
                  .dedicated_coordinator = run->arguments->coordinator == COORDINATOR_DEDICATED,
                  .rules = run->job.stop,
                  .computes_recurring = run->arguments->no_cycle_detection,
                  .checkpoint_s = run->arguments->checkpoint_s,
                  .stop = run->stop,
                  .stop_after_failures = run->arguments->stop_after_failures,
                  .time_limit_s = run->arguments->time_limit_s - (ms_clock_monotonic_s() - run->started_s)},
        .halving = run->job.halving,
        .was_there = run->was_there,
        .run_id = run->rank == 0 ? ms_lock_run_id(run->lock) : 0,
        .writers = (enum ms_session_writers)run->arguments->writers,
        .is_anonymous = run->arguments->anonymous,
        .look = look,
        .take_over = take_over,
        .context = run,
    };

    run->has_swept = true;
    return ms_session_run(&spec, &run->outcome, err);
}

/* ---- all steps ------------------------------------------------------------------------------------------- */

static enum ms_code run_all_steps(struct run *run, struct ms_error *err)
{
    enum ms_code code;

    code = ms_agree(run->comm, ms_launch_check(run->ranks, err), err);
    if (code == MS_OK)
        code = read_job(run, err);
    if (code == MS_OK)
        code = make_samples(run, err);
    if (code == MS_OK)
        code = ms_agree(run->comm, describe_result(run, err), err);
    if (code == MS_OK)
        code = create(run, err);
    return code == MS_OK ? sweep(run, err) : code;
}

static void close_all(struct run *run)
{
    const int32_t count = run->job.grid.n_datasets;

    ms_lock_release(run->lock);
    older_results_close(run->older);
    for (int32_t i = 0; run->shared && i < 2 * count; i++)
        ms_share_samples_free(&run->shared[i]);
    free(run->shared);
    free(run->train);
    free(run->dev);
    ms_datasets_free(run->datasets, count);
    ms_job_free(&run->job);
}

/* Whether as many configurations have diverged as were to end the sweep. It does not matter whether others were left at
 * that time, which depends on the schedule. */
static bool has_failed(const struct run *run, enum ms_code code)
{
    const int64_t most = run->arguments->stop_after_failures;
    const struct ms_sweep_summary *summary = &run->outcome.summary;

    return most > 0 && summary->diverged >= most &&
           (code == MS_OK || summary->stop_reason == MS_STOP_FAILURES);
}

/* Rank 0's report at the end, if nothing failed. */
static enum ms_code report(const struct run *run, enum ms_code code, struct ms_error *err)
{
    static const char *const reasons[] = {[MS_STOP_NONE] = "early",
                                          [MS_STOP_SIGNAL] = "by a signal",
                                          [MS_STOP_TIME_LIMIT] = "by its time limit",
                                          [MS_STOP_REQUEST] = "on request",
                                          [MS_STOP_FAILURES] = "after too many failures"};
    const struct ms_sweep_summary *summary = &run->outcome.summary;
    const int64_t final = summary->done + summary->diverged + summary->stopped + summary->dropped;
    char ended_early[SUMMARY_ENDED_EARLY_BYTES];
    struct ms_error read_err;

    if (run->outcome.was_finished && !run->arguments->quiet)
        (void)fprintf(stderr, "moonsweep: %s: nothing to do: %s%lld %s final (%lld done, %lld diverged%s)\n",
                      run->path, ms_plural(final, "", "all "), (long long) final,
                      ms_plural(final, "configuration is", "configurations are"), (long long)summary->done,
                      (long long)summary->diverged, summary_ended_early(summary, ended_early));
    /* The results are stored, even if the summary cannot be shown. */
    if (!run->outcome.was_finished && !run->arguments->quiet &&
        summary_write(stderr, run->path, run->ranks, summary, &read_err) != MS_OK)
        (void)fprintf(stderr, "moonsweep: the summary is incomplete: %s\n", read_err.text);
    if (has_failed(run, code))
        return ms_fail(
            err, MS_TOO_MANY_FAILED,
            "%s: %lld %s diverged, with which --stop-after-failures %lld ends the sweep; %lld %s left; "
            "raise the number or leave out the option to go on",
            run->path, (long long)summary->diverged,
            ms_plural(summary->diverged, "configuration has", "configurations have"),
            (long long)run->arguments->stop_after_failures, (long long)summary->pending,
            ms_plural(summary->pending, "configuration is", "configurations are"));
    if (code == MS_WORK_LEFT)
        return ms_fail(err, code, "%s: stopped %s, %lld %s left; run the same command again to resume",
                       run->path, reasons[summary->stop_reason], (long long)summary->pending,
                       ms_plural(summary->pending, "configuration", "configurations"));
    return code;
}

/* Starts MPI. Without a launcher, Open MPI starts a helper, and waits for it without end if it hangs. So signals end a
 * lone process at once until MPI has started: nothing has been written. Under a launcher they wait, because all ranks
 * must agree; the launcher ends ranks that hang. */
static void start_mpi(struct run *run)
{
    struct mpi_folder folder = {0};
    int provided;

    if (ms_launch_is_alone()) {
        stop_signal_end_at_once();
        mpi_folder_make(&folder);
    } else {
        (void)stop_signal_watch();
    }
    ms_writer_prepare();
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided); /* the other thread only flushes the file */
    run->stop = stop_signal_watch();
    mpi_folder_remove(&folder);
    run->comm = MPI_COMM_WORLD;
    MPI_Comm_rank(run->comm, &run->rank);
    MPI_Comm_size(run->comm, &run->ranks);
}

enum ms_code command_run(int argc, char **argv, struct ms_error *err)
{
    struct run_arguments arguments;
    struct run run = {.arguments = &arguments, .started_s = ms_clock_monotonic_s()};
    enum ms_code code, usage;
    bool helped;

    /* This comes before argp, which moves the options to the front. */
    run.command = command_line_text(argc, argv);
    usage = run_arguments_parse(argc, argv, &arguments, &helped, err);
    if (usage == MS_OK && !run.command)
        usage = ms_fail_memory(err, NULL, "for the command line");
    code = helped ? usage : ms_launch_precheck(err);
    if (helped || code != MS_OK) {
        free(arguments.set);
        free(run.command);
        return code;
    }

    /* MPI is started even if the command line is wrong: this is an error of all ranks, and only one of them reports
     * it. */
    start_mpi(&run);

    code = ms_agree(run.comm, usage, err);
    if (code == MS_OK)
        code = run_all_steps(&run, err);
    close_all(&run);
    if (run.rank == 0 && run.has_swept && (code == MS_OK || code == MS_WORK_LEFT))
        code = report(&run, code, err);
    if (run.rank == 0 && code != MS_OK)
        output_error(
            err); /* before MPI_Finalize: when a rank has ended with an error, launchers end the others */
    MPI_Bcast(&code, 1, MPI_INT, 0, run.comm);
    MPI_Finalize();
    (void)ms_fail(err, code, "%s", ""); /* rank 0 has printed the sentence */
    free(run.path);
    free(arguments.set);
    free(run.command);
    return code;
}
