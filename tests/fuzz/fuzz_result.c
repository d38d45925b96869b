/* Any result file is read, and carried on, or refused with one sentence: whole HDF5 files, and changes to the values
 * of a good one (result_patch.h), which HDF5 itself has nothing against. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "moonsweep/verify.h"
#include "moonsweep/version.h"
#include "result_base.h"
#include "result_patch.h"

/* What is made once. */
struct stage {
    char folder[256], path[280]; /* temporary; the file in it holds each case */
    struct ms_job job;
    struct ms_dataset dataset;
    struct ms_writer_spec spec; /* of these */
    struct result_image base;
    bool is_sound; /* the present case */
};

/* MPI starts once in a process, and the folder is removed at its end. */
static struct stage stage;

static void clean_up(void)
{
    (void)unlink(stage.path);
    (void)rmdir(stage.folder);
    free(stage.base.bytes);
    ms_dataset_free(&stage.dataset);
    ms_job_free(&stage.job);
    (void)MPI_Finalize();
}

static void set_up(void)
{
    const char *place = getenv("TMPDIR");
    struct ms_error err;

    (void)snprintf(stage.folder, sizeof stage.folder, "%s/moonsweep-fuzz-XXXXXX",
                   place != NULL ? place : "/tmp");
    fuzz_require(mkdtemp(stage.folder) != NULL, "there is a place for temporary files");
    (void)snprintf(stage.path, sizeof stage.path, "%s/out.h5", stage.folder);
    /* Signals are for the sanitizers and libFuzzer, which know what to save. */
    (void)setenv("OMPI_MCA_opal_signal", "", 1);
    (void)MPI_Init(NULL, NULL);
    (void)atexit(clean_up);
    result_base_job(&stage.job);
    fuzz_require(ms_job_data(&stage.job, &stage.dataset, &err) == MS_OK, "the base has data");
    stage.spec = (struct ms_writer_spec){.grid = &stage.job.grid,
                                        .n_datasets = 1,
                                        .datasets = &stage.dataset,
                                        .precision = stage.job.precision,
                                        .title = stage.job.name,
                                        .command = "moonsweep run",
                                        .ranks = 1};
    fuzz_require(ms_job_hash(&stage.job, &stage.spec.job_hash, &err) == MS_OK, "the base has a hash");
    result_base_write(stage.path);
    result_image_read(stage.path, &stage.base);
}

/* ---- reading, as show, status and predict do ----------------------------------------------------------- */

static void note(enum ms_code code, const char *path, const struct ms_error *new, struct ms_error *err)
{
    if (code == MS_OK)
        return;
    fuzz_require_sentence(code, path, new);
    if (err->code == MS_OK)
        *err = *new;
}

static void read_table(struct ms_reader *reader, const char *path, struct ms_error *err)
{
    struct ms_table table = {0};
    struct ms_error new;
    enum ms_code code = ms_reader_table(reader, &table, &new);

    note(code, path, &new, err);
    for (int64_t i = 0; code == MS_OK && i < table.configs; i++)
        fuzz_require(table.rows[i].status < MS_STATUS_COUNT && table.rows[i].activation < MS_ACTIVATION_COUNT,
                     "a table has known statuses and activations only");
    ms_table_free(&table);
}

/* A configuration that is pending or not there is none of the file's faults. */
static void read_network(struct ms_reader *reader, const char *path, int64_t config, struct ms_error *err)
{
    struct ms_network network;
    struct ms_error new;
    enum ms_code code = ms_reader_network(reader, config, &network, &new);

    if (code != MS_OK && code != MS_BAD_USAGE)
        note(code, path, &new, err);
    if (code != MS_OK)
        return;
    fuzz_require(network.n_h > 0 && network.n_x == ms_reader_info(reader)->n_x &&
                     ms_network_size(&network) > 0,
                 "a network has a shape");
    ms_network_free(&network);
}

static void read_dataset(struct ms_reader *reader, const char *path, struct ms_error *err)
{
    struct ms_dataset dataset;
    struct ms_error new;
    enum ms_code code = ms_reader_dataset(reader, 0, &dataset, &new);

    note(code, path, &new, err);
    if (code == MS_OK)
        ms_dataset_free(&dataset);
}

static void read_all(struct ms_reader *reader, const char *path, struct ms_error *err)
{
    static const int64_t configs[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, -1, INT32_MAX, INT64_MAX, INT64_MIN};
    const char *text = ms_reader_info(reader)->job_text;
    struct ms_error new;
    struct ms_job job;

    if (ms_job_parse(path, text, strlen(text), &job, &new) == MS_OK)
        ms_job_free(&job);
    read_table(reader, path, err);
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++)
        read_network(reader, path, configs[i], err);
    read_dataset(reader, path, err);
}

/* ---- looking for damage, as verify does ----------------------------------------------------------------- */

static void check_finding(void *context, const struct ms_finding *finding)
{
    (void)context;
    fuzz_require(finding->place[0] != '\0' && finding->due[0] != '\0' && finding->config >= -1 &&
                     finding->config < ms_grid_configs(&stage.job.grid),
                 "a finding says where and what");
}

/* Whether there is nothing wrong with the file. */
static bool is_sound(struct ms_reader *reader, const char *path, struct ms_error *err)
{
    const struct ms_verify_report report = {.visit = check_finding};
    struct ms_writer_spec spec = stage.spec;
    struct ms_verify_summary summary = {0}, blind = {0};
    struct ms_error new;
    enum ms_code code;

    spec.job_text = ms_reader_info(reader)->job_text;
    code = ms_verify_file(reader, &spec, &report, &summary, &new);
    note(code, path, &new, err);
    if (code == MS_OK)
        code = ms_verify_file(reader, NULL, &report, &blind, &new); /* as where the job is damaged */
    note(code, path, &new, err);
    return code == MS_OK && summary.findings == 0;
}

/* ---- carrying on, as run does --------------------------------------------------------------------------- */

static enum ms_code train_rest(struct ms_writer *store, const struct ms_writer_scan *scan, struct ms_error *err)
{
    const struct ms_run_info info = {
        .ranks = 1, .hosts = "host", .isa = "portable", .command = "moonsweep run"};
    struct ms_writer_lease lease = {.row = scan->next_lease, .count = 1};
    uint64_t id;
    int32_t row;
    bool full;
    enum ms_code code = ms_writer_run_begin(store, &info, &id, &row, err);

    if (code == MS_OK)
        code = ms_writer_lease(store, &lease, &full, err);
    for (int64_t t = 0; code == MS_OK && t < scan->trajectories; t++) {
        if (!scan->finished[t])
            code = result_base_train(store, &stage.job.grid, t, scan->from_iteration[t],
                                     ms_grid_max_iterations(&stage.job.grid), MS_DONE, err);
    }
    if (code == MS_OK)
        code = ms_writer_flush(store, err);
    return code == MS_OK ? ms_writer_run_end(store, 1, MS_RUN_FINISHED, err) : code;
}

static void require_consistent(const struct ms_writer_scan *scan, const struct ms_grid *grid)
{
    int64_t configs = ms_grid_configs(grid);

    fuzz_require(scan->done >= 0 && scan->diverged >= 0 && scan->pending >= 0 && scan->damaged >= 0 &&
                     scan->done + scan->diverged + scan->pending <= configs && scan->damaged <= scan->pending,
                 "a scan counts each configuration once");
    fuzz_require(scan->best_config >= -1 && scan->best_config < configs, "the best configuration is one");
    for (int64_t t = 0; t < scan->trajectories; t++)
        fuzz_require(scan->from_iteration[t] >= 0, "a trajectory goes on from an iteration");
}

/* Whether the file is what the run makes it: everything is done. */
static enum ms_code scan_and_train(struct ms_writer *store, struct ms_error *err)
{
    struct ms_writer_restored restored;
    struct ms_writer_scan scan;
    enum ms_code code = ms_writer_restore(store, &stage.spec, &restored, err);

    if (code == MS_OK)
        code = ms_writer_scan(store, &scan, err);
    if (code != MS_OK)
        return code;
    require_consistent(&scan, &stage.job.grid);
    fuzz_require(!stage.is_sound || (restored.rows == 0 && scan.damaged == 0),
                 "what verify calls sound has nothing to be mended");
    code = train_rest(store, &scan, err);
    ms_writer_scan_free(&scan);
    return code;
}

/* The order of command_run: nothing is opened for writing that a reader refuses. */
static void carry_on(struct ms_error *err)
{
    struct ms_writer *store;
    struct ms_error new;
    enum ms_code code = ms_writer_open(stage.path, MPI_COMM_SELF, &store, &new);

    if (code == MS_OK) {
        code = scan_and_train(store, &new);
        ms_writer_close(store);
    }
    note(code, stage.path, &new, err);
}

/* ---- a case ------------------------------------------------------------------------------------------- */

/* Puts the case in its place. */
static void write_case(const unsigned char *bytes, size_t count)
{
    static const unsigned char signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    struct result_image image = stage.base;

    if (count >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0) {
        result_image_write(stage.path, bytes, count);
        return;
    }
    image.bytes = malloc(image.count);
    fuzz_require(image.bytes != NULL, "there is memory");
    memcpy(image.bytes, stage.base.bytes, image.count);
    result_patch(&image, stage.path, (const char *)bytes, count);
    result_image_write(stage.path, image.bytes, image.count);
    free(image.bytes);
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    struct ms_reader *reader;
    struct ms_error new;
    enum ms_code code;

    if (stage.base.bytes == NULL)
        set_up();
    *err = (struct ms_error){.code = MS_OK};
    write_case(bytes, count);
    code = ms_reader_open(stage.path, &reader, &new);
    note(code, stage.path, &new, err);
    if (code != MS_OK)
        return code;
    read_all(reader, stage.path, err);
    stage.is_sound = is_sound(reader, stage.path, err);
    ms_reader_close(reader);
    carry_on(err);
    return err->code;
}
