/* Reads the job files of tests/data/jobs, valid and invalid ones. Each has a line in cases.txt.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moonsweep/job.h"
#include "source_folder.h"
#include "unit.h"

/* A line of cases.txt. */
struct test_case {
    char line[1024];
    char *name, *expected, *why; /* the parts of the line */
};

/* Ends text before its first " | " and returns what follows that. */
static char *cut(char *text)
{
    char *bar = strstr(text, " | ");

    ck_assert_msg(bar != NULL, "%s", text);
    *bar = '\0';
    return bar + 3;
}

/* Reads the next case of cases.txt; false at the end. */
static bool next_case(FILE *cases, struct test_case *next)
{
    do {
        if (fgets(next->line, sizeof next->line, cases) == NULL)
            return false;
    } while (next->line[0] == '#' || next->line[0] == '\n');
    next->line[strcspn(next->line, "\n")] = '\0';
    next->name = next->line;
    next->expected = cut(next->line);
    next->why = cut(next->expected);
    return true;
}

static FILE *open_cases(void)
{
    char path[4096];
    FILE *cases;

    (void)snprintf(path, sizeof path, "%s/tests/data/jobs/cases.txt", source_folder());
    cases = fopen(path, "r");
    ck_assert_msg(cases != NULL, "%s", path);
    return cases;
}

static enum ms_code read_job(const char *folder, const char *name, struct ms_job *job, struct ms_error *err)
{
    char path[4096];

    (void)snprintf(path, sizeof path, "%s/%s/%s", source_folder(), folder, name);
    return ms_job_read(path, job, err);
}

/* Returns the meaning of a valid file; the caller frees it. */
static char *meaning(const char *name)
{
    struct ms_job job;
    struct ms_error err;
    char *text;

    ck_assert_msg(read_job("tests/data/jobs", name, &job, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(ms_job_meaning(&job, &text, &err), MS_OK);
    ms_job_free(&job);
    return text;
}

static bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = text; (at = strstr(at, line)) != NULL; at += length)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

START_TEST(good_files_have_the_listed_meaning)
{
    char *plain = meaning("good-plain.yaml");
    FILE *cases = open_cases();
    struct test_case next;
    int count = 0;

    while (next_case(cases, &next)) {
        char *text;

        if (strncmp(next.name, "good-", 5) != 0)
            continue;
        text = meaning(next.name);
        if (strcmp(next.expected, "same") == 0)
            ck_assert_msg(strcmp(text, plain) == 0, "%s: %s\n%s", next.name, next.why, text);
        else
            ck_assert_msg(has_line(text, next.expected), "%s: %s\n%s", next.name, next.why, text);
        free(text);
        count++;
    }
    free(plain);
    (void)fclose(cases);
    ck_assert_int_gt(count, 0);
}
END_TEST

START_TEST(bad_files_are_refused_with_position_and_reason)
{
    FILE *cases = open_cases();
    struct test_case next;
    int count = 0;

    while (next_case(cases, &next)) {
        struct ms_job job = {.text_bytes = 42};
        struct ms_error err;

        if (strncmp(next.name, "bad-", 4) != 0)
            continue;
        ck_assert_msg(read_job("tests/data/jobs", next.name, &job, &err) == MS_BAD_INPUT, "%s: %s", next.name,
                      next.why);
        ck_assert_msg(strstr(err.text, next.expected) != NULL, "%s: %s\n%s\nis not in\n%s", next.name,
                      next.why, next.expected, err.text);
        ck_assert_uint_eq(job.text_bytes, 42);
        count++;
    }
    (void)fclose(cases);
    ck_assert_int_gt(count, 0);
}
END_TEST

START_TEST(every_file_in_the_folder_has_a_line)
{
    char path[4096];
    DIR *folder;
    FILE *cases = open_cases();
    struct test_case next;
    int listed = 0, found = 0;

    while (next_case(cases, &next))
        listed++;
    (void)fclose(cases);
    (void)snprintf(path, sizeof path, "%s/tests/data/jobs", source_folder());
    folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        found += strstr(entry->d_name, ".yaml") != NULL;
    (void)closedir(folder);
    ck_assert_int_eq(found, listed);
}
END_TEST

START_TEST(the_article_s_job_has_its_420_configurations)
{
    struct ms_job job;
    struct ms_error err;
    struct ms_config config;

    ck_assert_msg(read_job("jobs", "moons420.yaml", &job, &err) == MS_OK, "%s", err.text);
    ck_assert_str_eq(job.name, "moons420");
    ck_assert_int_eq(ms_grid_configs(&job.grid), 420);
    ck_assert_int_eq(job.axes.samples[0], 2000);
    ck_assert_double_eq(job.axes.noise[0], 0.25);
    ck_assert_uint_eq(job.axes.seed[0], 0);
    ck_assert_double_eq(job.dev_fraction, 0.2);
    ck_assert_uint_eq(job.axes.split_seed[0], 42);
    ck_assert_double_eq(job.grid.init_scale[0], 0.01);
    ck_assert_int_eq(job.precision, MS_FLOAT64);
    config = ms_grid_config(&job.grid, 126);
    ck_assert_int_eq(config.n_h, 3);
    ck_assert_int_eq(config.activation, MS_TANH);
    ck_assert_double_eq(config.learning_rate, 0.6);
    ck_assert_int_eq(config.iterations, 10000);
    config = ms_grid_config(&job.grid, 271);
    ck_assert_int_eq(config.n_h, 5);
    ck_assert_int_eq(config.activation, MS_SIGMOID);
    ck_assert_double_eq(config.learning_rate, 0.1);
    ck_assert_int_eq(config.iterations, 100000);
    ms_job_free(&job);
}
END_TEST

START_TEST(the_smoke_job_has_every_activation_and_several_iteration_counts)
{
    struct ms_job job;
    struct ms_error err;

    ck_assert_msg(read_job("jobs", "smoke.yaml", &job, &err) == MS_OK, "%s", err.text);
    ck_assert_int_eq(job.grid.n_activation, MS_ACTIVATION_COUNT); /* all: no value may occur twice */
    ck_assert_int_gt(job.grid.n_iterations, 1);
    ms_job_free(&job);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("job_files");
    TCase *tests = tcase_create("job_files");

    tcase_add_test(tests, good_files_have_the_listed_meaning);
    tcase_add_test(tests, bad_files_are_refused_with_position_and_reason);
    tcase_add_test(tests, every_file_in_the_folder_has_a_line);
    tcase_add_test(tests, the_article_s_job_has_its_420_configurations);
    tcase_add_test(tests, the_smoke_job_has_every_activation_and_several_iteration_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
