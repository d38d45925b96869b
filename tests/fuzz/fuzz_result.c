/* The readers of result files: any file is read, verified and resumed, or refused with one sentence. A case is a whole
 * HDF5 file, or changes to the values of a valid one (result_patch.h), which HDF5 itself does not notice.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "moonsweep/verify.h"
#include "result_base.h"
#include "result_patch.h"

struct stage {
    char folder[256], path[280]; /* a temporary folder, and the file in it to which each case is written */
    struct ms_job job;
    struct ms_dataset *datasets;
    struct ms_writer_spec spec; /* of job and datasets */
    struct result_image base;
    bool is_sound; /* whether verify found the present case sound */
};

/* Set up once per process. The folder is removed at its end. */
static struct stage stage;

static void clean_up(void)
{
    (void)unlink(stage.path);
    (void)rmdir(stage.folder);
    free(stage.base.bytes);
    ms_datasets_free(stage.datasets, stage.job.grid.n_datasets);
    ms_job_free(&stage.job);
}

static void set_up(void)
{
    const char *place = getenv("TMPDIR");
    struct ms_error err;

    (void)snprintf(stage.folder, sizeof stage.folder, "%s/moonsweep-fuzz-XXXXXX",
                   place != NULL ? place : "/tmp");
    fuzz_require(mkdtemp(stage.folder) != NULL, "a temporary folder can be created");
    (void)snprintf(stage.path, sizeof stage.path, "%s/out.h5", stage.folder);
    (void)atexit(clean_up);
    result_base_job(&stage.job);
    fuzz_require(ms_job_data(&stage.job, NULL, &stage.datasets, &err) == MS_OK, "the base has data");
    stage.spec = (struct ms_writer_spec){.grid = &stage.job.grid,
                                         .datasets = stage.datasets,
                                         .precision = stage.job.precision,
                                         .job_text = stage.job.text,
                                         .title = stage.job.name,
                                         .command = "moonsweep run",
                                         .ranks = 1};
    fuzz_require(ms_job_hash(&stage.job, &stage.spec.job_hash, &err) == MS_OK, "the base has a hash");
    result_base_write(stage.path, &stage.spec);
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
        fuzz_require(table.rows[i].status < MS_STATUS_COUNT &&
                         table.rows[i].activation < MS_ACTIVATION_COUNT &&
                         table.rows[i].ended_by < MS_ENDED_BY_COUNT,
                     "a table has known statuses, activations and rules only");
    ms_table_free(&table);
}

/* A configuration that is pending or does not exist is not an error of the file. */
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
                 "a network has a valid shape");
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

static void read_state(struct ms_reader *reader, const char *path, struct ms_error *err)
{
    struct ms_run_state state;
    struct ms_error new;
    enum ms_code code = ms_reader_run_state(reader, &state, &new);

    note(code, path, &new, err);
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
    read_state(reader, path, err);
    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++)
        read_network(reader, path, configs[i], err);
    read_dataset(reader, path, err);
}

static void read_file(struct ms_error *err)
{
    struct ms_reader *reader;
    struct ms_error new;
    enum ms_code code = ms_reader_open(stage.path, &reader, &new);

    note(code, stage.path, &new, err);
    if (code != MS_OK)
        return;
    read_all(reader, stage.path, err);
    ms_reader_close(reader);
}

/* ---- verification, as verify does it --------------------------------------------------------------------- */

static void check_finding(void *context, const struct ms_finding *finding)
{
    int64_t *findings = context;

    ++*findings;
    fuzz_require(finding->place[0] != '\0' && finding->due[0] != '\0' && finding->config >= -1,
                 "a finding has a place and the right value");
}

/* Compares the first row and its costs with a made-up result of training. */
static enum ms_code compare_trained(struct ms_verification *verification, struct ms_error *err)
{
    static const double costs[] = {0.75, 0.5};
    struct ms_config config = ms_grid_config(&stage.job.grid, 0);
    struct ms_network network;
    struct ms_result result = {.status = MS_DONE, .iterations_done = 2, .network = &network};
    enum ms_code code = ms_network_alloc(&network, 2, config.n_h, config.activation, err);

    if (code == MS_OK)
        code = ms_verify_result(verification, &result, costs[1], err);
    if (code == MS_OK)
        code = ms_verify_costs(verification, 0, 0, 2, costs, err);
    ms_network_free(&network);
    return code;
}

/* Returns whether the file has the sizes of the job; otherwise, nothing is trained again. */
static bool is_of_job(const struct ms_verify_summary *summary)
{
    return summary->readable && summary->configs == ms_grid_configs(&stage.job.grid) &&
           summary->trajectories == ms_grid_trajectories(&stage.job.grid);
}

/* Verifies the file, and records whether it is sound. */
static void verify_file(struct ms_error *err)
{
    int64_t findings = 0;
    const struct ms_verify_report report = {.visit = check_finding, .context = &findings};
    struct ms_verification *verification;
    struct ms_verify_summary summary = {.refused = true};
    struct ms_error new;
    enum ms_code code = ms_verify_open(stage.path, &report, &verification, &new);

    if (code == MS_OK) {
        code = ms_verify_file(verification, &summary, &new);
        stage.is_sound = code == MS_OK && findings == 0 && !summary.refused;
        if (code == MS_OK && is_of_job(&summary) && ms_verify_reader(verification) != NULL)
            code = compare_trained(verification, &new);
        ms_verify_close(verification);
    }
    note(code, stage.path, &new, err);
}

/* ---- resuming, as run does it ---------------------------------------------------------------------------- */

static enum ms_code train_rest(struct ms_writer *writer, const struct ms_writer_scan *scan,
                               struct ms_error *err)
{
    const struct ms_run_info info = {.ranks = 1,
                                     .hosts = "host",
                                     .isa = "portable",
                                     .kernels = "",
                                     .command = "moonsweep run",
                                     .batch_job = ""};
    struct ms_writer_lease lease = {.row = scan->next_lease, .count = 1};
    uint64_t id;
    int32_t row;
    bool full;
    enum ms_code code = ms_writer_run_begin(writer, &info, &id, &row, err);

    if (code == MS_OK)
        code = ms_writer_reopen(writer, scan, err);
    if (code == MS_OK)
        code = ms_writer_lease(writer, &lease, &full, err);
    for (int64_t t = 0; code == MS_OK && t < scan->trajectories; t++) {
        if (!scan->finished[t])
            code = result_base_train(writer, &stage.job.grid, t, scan->from_iteration[t],
                                     ms_grid_max_iterations(&stage.job.grid), MS_DONE, err);
    }
    if (code == MS_OK)
        code = ms_writer_flush(writer, err);
    return code == MS_OK ? ms_writer_run_end(writer, 1, MS_RUN_FINISHED, err) : code;
}

static void require_consistent(const struct ms_writer_scan *scan, const struct ms_grid *grid)
{
    int64_t configs = ms_grid_configs(grid);

    fuzz_require(scan->done >= 0 && scan->diverged >= 0 && scan->pending >= 0 && scan->damaged >= 0 &&
                     scan->done + scan->diverged + scan->pending <= configs && scan->damaged <= scan->pending,
                 "a scan counts each configuration once");
    fuzz_require(scan->best.config >= -1 && scan->best.config < configs, "the best configuration exists");
    for (int64_t t = 0; t < scan->trajectories; t++)
        fuzz_require(scan->from_iteration[t] >= 0, "a trajectory resumes from a valid iteration");
}

static enum ms_code scan_and_train(struct ms_writer *writer, struct ms_error *err)
{
    struct ms_writer_scan scan;
    enum ms_code code = ms_writer_scan(writer, &scan, err);

    if (code != MS_OK)
        return code;
    require_consistent(&scan, &stage.job.grid);
    fuzz_require(!stage.is_sound || scan.damaged == 0, "a file that verify calls sound needs no repair");
    code = train_rest(writer, &scan, err);
    ms_writer_scan_free(&scan);
    return code;
}

/* Repairs and resumes the file in the order of run_result.c. A file whose pages are refused is opened nevertheless, as
 * one with forged pages would be; the program must not crash, whatever its message. */
static void resume(struct ms_error *err)
{
    struct ms_writer_repaired repaired = {0};
    struct ms_writer *writer;
    struct ms_error new;
    enum ms_code code = ms_writer_repair(stage.path, true, &repaired, &new);

    note(code, stage.path, &new, err);
    fuzz_require(!stage.is_sound || (code == MS_OK && repaired.bytes == 0),
                 "a file that verify calls sound needs no repair");
    code = ms_writer_open(stage.path, &stage.spec, &writer, &new);
    if (code == MS_OK) {
        code = scan_and_train(writer, &new);
        ms_writer_close(writer);
    }
    note(code, stage.path, &new, err);
}

/* ---- a case ------------------------------------------------------------------------------------------- */

/* Writes the case to the file. */
static void write_case(const unsigned char *bytes, size_t count)
{
    static const unsigned char signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    struct result_image image = stage.base;

    if (count >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0) {
        result_image_write(stage.path, bytes, count);
        return;
    }
    image.bytes = malloc(image.count);
    fuzz_require(image.bytes != NULL, "memory is available");
    memcpy(image.bytes, stage.base.bytes, image.count);
    result_patch(&image, stage.path, (const char *)bytes, count);
    result_image_write(stage.path, image.bytes, image.count);
    free(image.bytes);
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    if (stage.base.bytes == NULL)
        set_up();
    *err = (struct ms_error){.code = MS_OK};
    stage.is_sound = false;
    write_case(bytes, count);
    read_file(err);
    verify_file(err);
    resume(err);
    return err->code;
}
