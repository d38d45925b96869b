/* Job files: what is read from them, what is said of each error, and what changes their meaning.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comma_locale.h"
#include "figures.h"
#include "moonsweep/moons.h"
#include "moonsweep/split.h"
#include "stop_counter.h"
#include "unit.h"

#define DATA "data: {moons: {samples: 60, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n"
#define GRID "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5], iterations: [20]}\n"
#define BASE "name: tiny\n" DATA GRID

static void parse(const char *text, struct ms_job *job)
{
    struct ms_error err;

    ck_assert_msg(ms_job_parse("job.yaml", text, strlen(text), job, &err) == MS_OK, "%s", err.text);
}

/* ---- reading ------------------------------------------------------------------------------------------ */

START_TEST(every_value_of_a_file_is_read)
{
    static const char text[] = "name: \"two words\"\n" DATA "grid:\n"
                               "  n_h: [2, 1]\n"
                               "  activation: [relu, tanh]\n"
                               "  learning_rate: [5e-3, 2E-1, .5]\n"
                               "  seed: [3000000000]\n"
                               "  iterations: [1e3, 20]\n"
                               "init_scale: 0.5\n"
                               "precision: float32\n";
    struct ms_job job;

    parse(text, &job);
    ck_assert_str_eq(job.path, "job.yaml");
    ck_assert_str_eq(job.text, text);
    ck_assert_uint_eq(job.text_bytes, strlen(text));
    ck_assert_str_eq(job.name, "two words");
    ck_assert_int_eq(job.axes.samples[0], 60);
    ck_assert_double_eq(job.axes.noise[0], 0.2);
    ck_assert_uint_eq(job.axes.seed[0], 0);
    ck_assert_double_eq(job.dev_fraction, 0.25);
    ck_assert_uint_eq(job.axes.split_seed[0], 1);
    ck_assert_int_eq(job.grid.n_n_h, 2);
    ck_assert_int_eq(job.grid.n_h[0], 2);
    ck_assert_int_eq(job.grid.n_h[1], 1);
    ck_assert_int_eq(job.grid.n_activation, 2);
    ck_assert_int_eq(job.grid.activation[0], MS_RELU);
    ck_assert_int_eq(job.grid.activation[1], MS_TANH);
    ck_assert_int_eq(job.grid.n_learning_rate, 3);
    ck_assert_double_eq(job.grid.learning_rate[0], 0.005);
    ck_assert_double_eq(job.grid.learning_rate[1], 0.2);
    ck_assert_double_eq(job.grid.learning_rate[2], 0.5);
    ck_assert_int_eq(job.grid.n_seed, 1);
    ck_assert_uint_eq(job.grid.seed[0], 3000000000U);
    ck_assert_int_eq(job.grid.n_iterations, 2);
    ck_assert_int_eq(job.grid.iterations[0], 1000);
    ck_assert_int_eq(job.grid.iterations[1], 20);
    ck_assert_double_eq(job.grid.init_scale[0], 0.5);
    ck_assert_int_eq(job.precision, MS_FLOAT32);
    ms_job_free(&job);
}
END_TEST

START_TEST(optional_keys_have_their_defaults)
{
    struct ms_job job;

    parse(BASE, &job);
    ck_assert_int_eq(job.grid.n_seed, 1);
    ck_assert_uint_eq(job.grid.seed[0], 0);
    ck_assert_double_eq(job.grid.init_scale[0], 0.01);
    ck_assert_int_eq(job.precision, MS_FLOAT64);
    ms_job_free(&job);
}
END_TEST

START_TEST(a_message_says_where_what_is_wrong_and_what_would_be_right)
{
    static const char text[] =
        "name: tiny\n" DATA
        "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5, -1], iterations: [20]}\n";
    struct ms_job job;
    struct ms_error err;

    ck_assert_int_eq(ms_job_parse("job.yaml", text, strlen(text), &job, &err), MS_BAD_INPUT);
    ck_assert_str_eq(err.text,
                     "job.yaml:3:59: grid.learning_rate[1]: '-1' is too small; it must be a number above 0");
}
END_TEST

START_TEST(the_first_error_in_the_file_is_reported)
{
    static const char text[] = "grid: {n_h: [0], activation: [x], learning_rate: [0.5], iterations: [20]}\n"
                               "name: ''\n" DATA;
    struct ms_job job;
    struct ms_error err;

    ck_assert_int_eq(ms_job_parse("job.yaml", text, strlen(text), &job, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "job.yaml:1:14: grid.n_h[0]"));
}
END_TEST

START_TEST(a_text_truncated_anywhere_is_refused_or_read_but_never_overrun)
{
    static const char text[] = BASE "init_scale: &a 0.5\nprecision: 'float32'\n";

    for (size_t bytes = 0; bytes < sizeof text; bytes++) {
        char *exact = malloc(bytes + 1); /* +1: never of size 0 */
        struct ms_job job;
        struct ms_error err;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact + 1, text, bytes);
        if (ms_job_parse("job.yaml", exact + 1, bytes, &job, &err) == MS_OK)
            ms_job_free(&job);
        else
            ck_assert_int_eq(err.code, MS_BAD_INPUT);
        free(exact);
    }
}
END_TEST

START_TEST(any_byte_anywhere_is_refused_or_read)
{
    static const unsigned char bytes[] = {0,    '\t', '\n', '\r', ' ',  '!',  '"',  '#', '%', '&',
                                          '\'', '*',  ',',  '-',  '.',  '0',  ':',  '<', '>', '?',
                                          '@',  '[',  '\\', ']',  '`',  'e',  '{',  '|', '}', '~',
                                          0x7F, 0x80, 0xC2, 0xE0, 0xEF, 0xF0, 0xFE, 0xFF};
    char text[] = BASE;
    int refused = 0;

    for (size_t at = 0; at + 1 < sizeof text; at++) {
        char before = text[at];

        for (size_t i = 0; i < sizeof bytes; i++) {
            struct ms_job job;
            struct ms_error err;

            text[at] = (char)bytes[i];
            if (ms_job_parse("job.yaml", text, sizeof text - 1, &job, &err) == MS_OK) {
                ms_job_free(&job);
            } else {
                ck_assert_int_eq(err.code, MS_BAD_INPUT);
                ck_assert_msg(strncmp(err.text, "job.yaml:", 9) == 0, "%s", err.text);
                refused++;
            }
        }
        text[at] = before;
    }
    ck_assert_int_gt(refused, 0);
}
END_TEST

START_TEST(numbers_are_read_the_same_in_a_locale_with_a_decimal_comma)
{
    struct ms_job job;
    struct ms_error err;
    char *before, *after;

    parse(BASE, &job);
    ck_assert_int_eq(ms_job_meaning(&job, &before, &err), MS_OK);
    ms_job_free(&job);
    comma_locale_enter();
    parse(BASE, &job);
    ck_assert_double_eq(job.axes.noise[0], 0.2);
    ck_assert_int_eq(ms_job_meaning(&job, &after, &err), MS_OK);
    ck_assert_str_eq(before, after);
    ms_job_free(&job);
    free(before);
    free(after);
}
END_TEST

/* ---- files -------------------------------------------------------------------------------------------- */

struct folder {
    char path[64], file[96];
};

static struct folder make_folder(void)
{
    struct folder folder = {.path = "/tmp/moonsweep-job-XXXXXX"};

    ck_assert_ptr_nonnull(mkdtemp(folder.path));
    (void)snprintf(folder.file, sizeof folder.file, "%s/job.yaml", folder.path);
    return folder;
}

static void remove_folder(const struct folder *folder)
{
    (void)unlink(folder->file);
    ck_assert_int_eq(rmdir(folder->path), 0);
}

static void check_refused(const char *path, enum ms_code code, const char *message)
{
    struct ms_job job;
    struct ms_error err;

    ck_assert_int_eq(ms_job_read(path, &job, &err), code);
    ck_assert_msg(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
    ck_assert_msg(strstr(err.text, message) != NULL, "%s", err.text);
}

START_TEST(paths_that_are_not_regular_files_are_refused_without_blocking)
{
    struct folder folder = make_folder();

    check_refused(folder.file, MS_NO_INPUT, "there is no such file");
    check_refused(folder.path, MS_NO_INPUT, "this is a directory");
    check_refused("/dev/zero", MS_NO_INPUT, "this is a device");
    ck_assert_int_eq(mkfifo(folder.file, 0600), 0);
    check_refused(folder.file, MS_NO_INPUT, "this is a pipe");
    ck_assert_int_eq(unlink(folder.file), 0);
    ck_assert_int_eq(symlink("job.yaml", folder.file), 0);
    check_refused(folder.file, MS_NO_INPUT, "cannot be opened");
    remove_folder(&folder);
}
END_TEST

START_TEST(a_file_that_is_too_large_is_refused_before_it_is_read)
{
    struct folder folder = make_folder();
    FILE *file;

    file = fopen(folder.file, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(truncate(folder.file, (off_t)1 << 40), 0); /* sparse: it occupies no space */
    check_refused(folder.file, MS_BAD_INPUT, "it may have at most 1048576");
    remove_folder(&folder);
}
END_TEST

START_TEST(a_file_without_read_permission_is_refused)
{
    struct folder folder = make_folder();
    FILE *file;

    file = fopen(folder.file, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(folder.file, 0), 0);
    if (geteuid() != 0) /* root may read it, and it is empty */
        check_refused(folder.file, MS_NO_PERMISSION, "no permission to read the file");
    else
        check_refused(folder.file, MS_BAD_INPUT, "the file is empty");
    remove_folder(&folder);
}
END_TEST

/* ---- meaning ------------------------------------------------------------------------------------------ */

static uint64_t hash(const char *text)
{
    struct ms_job job;
    struct ms_error err;
    uint64_t value = 0;

    parse(text, &job);
    ck_assert_int_eq(ms_job_hash(&job, &value, &err), MS_OK);
    ms_job_free(&job);
    return value;
}

START_TEST(the_meaning_has_one_line_for_each_key_that_differs_from_its_default)
{
    struct ms_job job;
    struct ms_error err;
    char *text;

    parse(BASE "precision: float32\ninit_scale: 1e-2\n", &job);
    ck_assert_int_eq(ms_job_meaning(&job, &text, &err), MS_OK);
    ck_assert_str_eq(text, "data.moons.samples = 60\n"
                           "data.moons.noise = 0.2\n"
                           "data.moons.seed = 0\n"
                           "data.dev_fraction = 0.25\n"
                           "data.split_seed = 1\n"
                           "grid.n_h = [2]\n"
                           "grid.activation = [tanh]\n"
                           "grid.learning_rate = [0.5]\n"
                           "grid.iterations = [20]\n"
                           "precision = float32\n");
    free(text);
    ms_job_free(&job);
}
END_TEST

START_TEST(the_hash_of_a_job_never_changes)
{
    /* The XXH3-64 of the lines above except the last one, computed by the xxhash package for Python. */
    ck_assert_uint_eq(hash(BASE), UINT64_C(0x0f325b9a22ada89d));
}
END_TEST

START_TEST(every_change_of_meaning_changes_the_hash)
{
    static const char *const texts[] = {
        BASE,
        "name: tiny\n"
        "data: {moons: {samples: 61, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n" GRID,
        "name: tiny\n"
        "data: {moons: {samples: 60, noise: 0.20000000000000004, seed: 0}, dev_fraction: 0.25, split_seed: "
        "1}\n" GRID,
        "name: tiny\n"
        "data: {moons: {samples: 60, noise: 0.2, seed: 1}, dev_fraction: 0.25, split_seed: 1}\n" GRID,
        "name: tiny\n"
        "data: {moons: {samples: 60, noise: 0.2, seed: 0}, dev_fraction: 0.26, split_seed: 1}\n" GRID,
        "name: tiny\n"
        "data: {moons: {samples: 60, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 2}\n" GRID,
        "name: tiny\n" DATA
        "grid: {n_h: [2, 3], activation: [tanh], learning_rate: [0.5], iterations: [20]}\n",
        "name: tiny\n" DATA
        "grid: {n_h: [3, 2], activation: [tanh], learning_rate: [0.5], iterations: [20]}\n",
        "name: tiny\n" DATA "grid: {n_h: [23], activation: [tanh], learning_rate: [0.5], iterations: [20]}\n",
        "name: tiny\n" DATA "grid: {n_h: [2], activation: [relu], learning_rate: [0.5], iterations: [20]}\n",
        "name: tiny\n" DATA "grid: {n_h: [2], activation: [tanh], learning_rate: [0.6], iterations: [20]}\n",
        "name: tiny\n" DATA "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5], iterations: [21]}\n",
        "name: tiny\n" DATA
        "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5], iterations: [20], seed: [1]}\n",
        "name: tiny\n" DATA
        "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5], iterations: [20], seed: [0, 1]}\n",
        BASE "init_scale: 0.02\n",
        BASE "precision: float32\n",
    };

    for (size_t a = 0; a < sizeof texts / sizeof texts[0]; a++)
        for (size_t b = 0; b < a; b++)
            ck_assert_msg(hash(texts[a]) != hash(texts[b]), "%s\n%s", texts[a], texts[b]);
}
END_TEST

static enum ms_code compare(const char *stored_text, const char *job_text, struct ms_error *err)
{
    struct ms_job stored, job;
    enum ms_code code;

    parse(stored_text, &stored);
    parse(job_text, &job);
    code = ms_job_compare("out.h5", &stored, &job, err);
    ms_job_free(&stored);
    ms_job_free(&job);
    return code;
}

START_TEST(comments_blank_lines_spelling_and_title_do_not_change_the_job)
{
    struct ms_error err;

    ck_assert_int_eq(
        compare(BASE,
                "\xEF\xBB\xBF# comment\r\n\r\nname: other\r\n" DATA
                "grid: {iterations: [2e1], n_h: 2, activation: [tanh], learning_rate: [0.50]}\r\n",
                &err),
        MS_OK);
}
END_TEST

START_TEST(differences_are_named_with_key_old_and_new_value)
{
    struct ms_error err;

    ck_assert_int_eq(
        compare(BASE,
                "name: tiny\ndata: {moons: {samples: 60, noise: 0.21, seed: 0}, dev_fraction: 0.25, "
                "split_seed: 1}\n" GRID,
                &err),
        MS_OTHER_JOB);
    ck_assert_str_eq(err.text,
                     "out.h5 is the result of another job: data.moons.noise was 0.2, is now 0.21; choose "
                     "another file, or start over with --force");
    ck_assert_int_eq(
        compare(BASE,
                "name: tiny\n" DATA
                "grid: {n_h: [2], activation: [relu], learning_rate: [0.5], iterations: [20, 40]}\n"
                "precision: float32\n",
                &err),
        MS_OTHER_JOB);
    ck_assert_ptr_nonnull(strstr(err.text,
                                 "grid.activation was [tanh], is now [relu]; grid.iterations was [20], is "
                                 "now [20, 40]; precision was float64, is now float32; choose"));
}
END_TEST

START_TEST(a_different_order_of_an_axis_is_a_different_job)
{
    struct ms_error err;

    ck_assert_int_eq(
        compare("name: tiny\n" DATA
                "grid: {n_h: [2], activation: [tanh], learning_rate: [0.5, 0.1], iterations: [20]}\n",
                "name: tiny\n" DATA
                "grid: {n_h: [2], activation: [tanh], learning_rate: [0.1, 0.5], iterations: [20]}\n",
                &err),
        MS_OTHER_JOB);
    ck_assert_ptr_nonnull(strstr(err.text, "grid.learning_rate was [0.5, 0.1], is now [0.1, 0.5]"));
}
END_TEST

START_TEST(only_the_first_difference_of_long_lists_is_named)
{
    struct ms_error err;

    ck_assert_int_eq(
        compare("name: tiny\n" DATA "grid: {n_h: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], activation: [tanh], "
                "learning_rate: [0.5], iterations: [20]}\n",
                "name: tiny\n" DATA "grid: {n_h: [1, 2, 3, 4, 5, 6, 7, 8, 9], activation: [tanh], "
                "learning_rate: [0.5], iterations: [20]}\n",
                &err),
        MS_OTHER_JOB);
    ck_assert_ptr_nonnull(strstr(err.text, "grid.n_h[9] was 10 (of 10), is now nothing (of 9)"));
}
END_TEST

/* ---- data --------------------------------------------------------------------------------------------- */

START_TEST(the_data_are_scikit_learn_s_moons_in_scikit_learn_s_split)
{
    struct ms_job job;
    struct ms_error err;
    struct ms_dataset *datasets = NULL;
    struct ms_data all;
    struct figures *figures = figures_open("split.csv");
    int checked = 0;

    parse("name: tiny\ndata: {moons: {samples: 11, noise: 0.25, seed: 0}, dev_fraction: 0.2, split_seed: "
          "42}\n" GRID,
          &job);
    ck_assert_msg(ms_job_data(&job, NULL, &datasets, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(datasets[0].train.rows, 8); /* 11 * 0.2 = 2.2, rounded up: 3 */
    ck_assert_int_eq(datasets[0].dev.rows, 3);
    ck_assert_double_eq(datasets[0].noise, 0.25);
    ck_assert_int_eq(datasets[0].data_seed, 0);
    ck_assert_int_eq(datasets[0].split_seed, 42);
    ck_assert_int_eq(datasets[0].fold, -1);
    ck_assert_int_eq(ms_moons_make(11, 0.25, 0, NULL, &all, &err), MS_OK);
    while (figures_next(figures)) {
        const struct ms_data *part = strcmp(figures_text(figures, "part"), "dev") == 0 ? &datasets[0].dev
                                                                                       : &datasets[0].train;

        if (figures_integer(figures, "rows") != 11 || figures_number(figures, "dev_fraction") != 0.2 ||
            figures_integer(figures, "seed") != 42)
            continue;
        for (int k = 0; k < 2; k++)
            ck_assert_double_eq(part->X[2 * figures_integer(figures, "position") + k],
                                all.X[2 * figures_integer(figures, "row") + k]);
        checked++;
    }
    (void)figures_close(figures);
    ck_assert_int_eq(checked, 11);
    ms_data_free(&all);
    ms_datasets_free(datasets, 1);
    ms_job_free(&job);
}
END_TEST

START_TEST(a_training_set_of_one_class_is_refused)
{
    struct ms_job job;
    struct ms_error err;
    struct ms_dataset *datasets = NULL;

    parse(
        "name: tiny\ndata: {moons: {samples: 2, noise: 0, seed: 0}, dev_fraction: 0.5, split_seed: 1}\n" GRID,
        &job);
    ck_assert_int_eq(ms_job_data(&job, NULL, &datasets, &err), MS_BAD_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "job.yaml: data: all rows of the training set (1) are of class "));
    ms_job_free(&job);
}
END_TEST

START_TEST(the_largest_training_set_is_the_first_with_the_most_samples)
{
    static const struct {
        int64_t rows[4];
        int32_t largest;
    } cases[] = {{{1, 2, 3, 4}, 3}, {{4, 3, 2, 1}, 0}, {{1, 5, 5, 2}, 1}, {{7, 7, 7, 7}, 0}};
    struct ms_dataset datasets[4] = {{.dev.rows = 90}};
    struct ms_job job = {.grid.n_datasets = 4};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int d = 0; d < 4; d++)
            datasets[d].train.rows = cases[i].rows[d];
        ck_assert_int_eq(ms_job_largest_dataset(&job, datasets), cases[i].largest);
    }
    job.grid.n_datasets = 1;
    ck_assert_int_eq(ms_job_largest_dataset(&job, datasets), 0);
}
END_TEST

START_TEST(making_the_data_of_a_job_can_be_stopped)
{
    struct stop_counter counter = {.stop_at = -1};
    const struct ms_stop_request stop = {stop_counter_look, &counter};
    struct ms_job job;
    struct ms_error err;
    struct ms_dataset *datasets = NULL;
    int looks;

    parse("name: tiny\ndata: {moons: {samples: 11, noise: 0.25, seed: 0}, dev_fraction: 0.2, split_seed: "
          "42}\n" GRID,
          &job);
    ck_assert_int_eq(ms_job_data(&job, &stop, &datasets, &err), MS_OK);
    ms_datasets_free(datasets, 1);
    looks = counter.looks;
    ck_assert_int_gt(looks, 3); /* the data is made, and split */
    for (int i = 0; i < looks; i++) {
        counter = (struct stop_counter){.stop_at = i};
        ck_assert_int_eq(ms_job_data(&job, &stop, &datasets, &err), MS_WORK_LEFT);
        ck_assert_int_eq(counter.looks, i + 1);
    }
    ms_job_free(&job);
}
END_TEST

START_TEST(moons_are_read_from_the_command_line)
{
    struct ms_moons moons;
    struct ms_error err;

    ck_assert_int_eq(ms_job_parse_moons("500,0.25,3000000000", &moons, &err), MS_OK);
    ck_assert_int_eq(moons.samples, 500);
    ck_assert_double_eq(moons.noise, 0.25);
    ck_assert_uint_eq(moons.seed, 3000000000U);
}
END_TEST

START_TEST(a_text_longer_than_a_job_file_may_be_is_refused)
{
    const size_t limit = (size_t)1024 * 1024, base = strlen(BASE);
    char *text = malloc(limit + 1);
    struct ms_error err;
    struct ms_job job;

    ck_assert_ptr_nonnull(text);
    memcpy(text, BASE, base);
    memset(text + base, '#', limit + 1 - base);
    ck_assert_msg(ms_job_parse("out.h5", text, limit, &job, &err) == MS_OK, "%s", err.text);
    ms_job_free(&job);
    ck_assert_int_eq(ms_job_parse("out.h5", text, limit + 1, &job, &err), MS_BAD_INPUT);
    ck_assert_str_eq(err.text, "out.h5: the text of the job has 1048577 bytes; it may have at most 1048576");
    free(text);
}
END_TEST

START_TEST(invalid_moons_on_the_command_line_are_refused)
{
    static const struct {
        const char *text, *message;
    } invalid[] = {
        {"", "--moons '': it must be SAMPLES,NOISE,SEED, such as 500,0.25,0"},
        {"500,0.25", "--moons '500,0.25': it must be SAMPLES,NOISE,SEED"},
        {"500,0.25,0,", "it must be SAMPLES,NOISE,SEED"},
        {"500,0.25,0,1", "it must be SAMPLES,NOISE,SEED"},
        {",,", "--moons: samples: '' is empty; it must be a whole number from 2 to 2147483647"},
        {"500, 0.25,0", "--moons: noise: ' 0.25' is not a number"},
        {"0,0.25,0", "--moons: samples: '0' is too small"},
        {"500,-1,0", "--moons: noise: '-1' is too small"},
        {"500,nan,0", "--moons: noise: 'nan' is not finite"},
        {"500,0.25,4294967296", "--moons: seed: '4294967296' is too large"},
    };

    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        struct ms_moons moons = {.samples = 42};
        struct ms_error err;

        ck_assert_int_eq(ms_job_parse_moons(invalid[i].text, &moons, &err), MS_BAD_USAGE);
        ck_assert_msg(strstr(err.text, invalid[i].message) != NULL, "%s", err.text);
        ck_assert_int_eq(moons.samples, 42);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("job");
    TCase *tests = tcase_create("job");

    tcase_add_test(tests, every_value_of_a_file_is_read);
    tcase_add_test(tests, optional_keys_have_their_defaults);
    tcase_add_test(tests, a_message_says_where_what_is_wrong_and_what_would_be_right);
    tcase_add_test(tests, the_first_error_in_the_file_is_reported);
    tcase_add_test(tests, a_text_truncated_anywhere_is_refused_or_read_but_never_overrun);
    tcase_add_test(tests, any_byte_anywhere_is_refused_or_read);
    tcase_add_test(tests, numbers_are_read_the_same_in_a_locale_with_a_decimal_comma);
    tcase_add_test(tests, paths_that_are_not_regular_files_are_refused_without_blocking);
    tcase_add_test(tests, a_file_that_is_too_large_is_refused_before_it_is_read);
    tcase_add_test(tests, a_file_without_read_permission_is_refused);
    tcase_add_test(tests, the_meaning_has_one_line_for_each_key_that_differs_from_its_default);
    tcase_add_test(tests, the_hash_of_a_job_never_changes);
    tcase_add_test(tests, every_change_of_meaning_changes_the_hash);
    tcase_add_test(tests, comments_blank_lines_spelling_and_title_do_not_change_the_job);
    tcase_add_test(tests, differences_are_named_with_key_old_and_new_value);
    tcase_add_test(tests, a_different_order_of_an_axis_is_a_different_job);
    tcase_add_test(tests, only_the_first_difference_of_long_lists_is_named);
    tcase_add_test(tests, the_data_are_scikit_learn_s_moons_in_scikit_learn_s_split);
    tcase_add_test(tests, a_training_set_of_one_class_is_refused);
    tcase_add_test(tests, the_largest_training_set_is_the_first_with_the_most_samples);
    tcase_add_test(tests, making_the_data_of_a_job_can_be_stopped);
    tcase_add_test(tests, moons_are_read_from_the_command_line);
    tcase_add_test(tests, invalid_moons_on_the_command_line_are_refused);
    tcase_add_test(tests, a_text_longer_than_a_job_file_may_be_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
