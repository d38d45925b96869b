/* How processes were started, from environments that the tests make up: accepted, or refused with a remedy.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include "moonsweep/launch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "unit.h"

static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE",
                                        "PMI_SIZE",
                                        "SLURM_STEP_NUM_TASKS",
                                        "SLURM_NTASKS",
                                        "PMIX_RANK",
                                        "PMI_RANK",
                                        "PMI_FD",
                                        "OMPI_COMM_WORLD_RANK",
                                        "SLURM_PROCID",
                                        "PRTE_LAUNCHED",
                                        "OMPI_MCA_ess"};

/* Removes the variables of the launcher that started this program. Check runs each test in a separate process. */
static void clear_launchers(void)
{
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        unsetenv(variables[i]);
}

START_TEST(a_process_without_a_launcher_is_accepted)
{
    struct ms_error err;

    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(one_process_of_four_slurm_tasks_is_refused_with_both_counts_and_a_remedy)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "Slurm started 4 tasks"));
    ck_assert_ptr_nonnull(strstr(err.text, "MPI sees 1"));
    ck_assert_ptr_nonnull(strstr(err.text, "--mpi=pmix"));
}
END_TEST

START_TEST(ranks_that_see_each_other_are_accepted)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    ck_assert_int_eq(ms_launch_check(4, &err), MS_OK);
}
END_TEST

START_TEST(mpirun_with_one_rank_inside_a_larger_allocation_is_accepted)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(a_step_of_one_task_inside_a_larger_allocation_is_accepted)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("SLURM_STEP_NUM_TASKS", "1", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(ranks_started_by_the_mpirun_of_another_mpi_are_refused)
{
    struct ms_error err;

    for (int i = 0; i < 2; i++) {
        clear_launchers();
        setenv(variables[i], "8", 1);
        ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
        ck_assert_ptr_nonnull(strstr(err.text, "started 8 tasks"));
        ck_assert_ptr_nonnull(strstr(err.text, "mpirun"));
    }
}
END_TEST

START_TEST(of_processes_that_do_not_know_each_other_the_first_reports_it)
{
    static const char *const launchers[][2] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                               {"PMI_SIZE", "PMI_RANK"},
                                               {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},
                                               {"SLURM_NTASKS", "SLURM_PROCID"}};
    struct ms_error err;

    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++) {
        clear_launchers();
        setenv(launchers[i][0], "4", 1);
        setenv(launchers[i][1], "0", 1);
        ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
        ck_assert_ptr_nonnull(strstr(err.text, "started 4 tasks"));
        setenv(launchers[i][1], "3", 1);
        ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
        ck_assert_str_eq(err.text, "");
    }
}
END_TEST

START_TEST(srun_tasks_without_a_pmi_are_refused_before_mpi_starts_with_one_message)
{
    struct ms_error err;

    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    setenv("SLURM_PROCID", "0", 1);
    ck_assert_int_eq(ms_launch_precheck(&err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "Slurm started 4 tasks"));
    setenv("SLURM_PROCID", "3", 1);
    ck_assert_int_eq(ms_launch_precheck(&err), MS_BAD_LAUNCH);
    ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(tasks_with_a_pmi_are_accepted)
{
    static const char *const ranks[] = {"PMIX_RANK", "PMI_RANK", "OMPI_COMM_WORLD_RANK"};
    struct ms_error err;

    ck_assert_int_eq(ms_launch_precheck(&err), MS_OK);
    for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++) {
        clear_launchers();
        setenv("SLURM_STEP_NUM_TASKS", "4", 1);
        setenv(ranks[i], "0", 1);
        ck_assert_int_eq(ms_launch_precheck(&err), MS_OK);
    }
}
END_TEST

START_TEST(a_process_is_alone_until_a_launcher_tells_its_rank)
{
    ck_assert(ms_launch_is_alone());
    setenv("SLURM_NTASKS", "4", 1); /* a batch script has it as well */
    ck_assert(ms_launch_is_alone());
    setenv("PMIX_RANK", "0", 1);
    ck_assert(!ms_launch_is_alone());
}
END_TEST

/* Calls ms_launch_precheck with a limit of the size of files. */
static enum ms_code precheck_with_file_size(rlim_t bytes, struct ms_error *err)
{
    struct rlimit limit;
    rlim_t before;
    enum ms_code code;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    before = limit.rlim_cur;
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    code = ms_launch_precheck(err);
    limit.rlim_cur = before;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    return code;
}

START_TEST(a_process_that_is_alone_needs_files_that_are_large_enough_for_mpi)
{
    struct ms_error err;

    ck_assert_int_eq(precheck_with_file_size(1 << 10, &err), MS_CANNOT_CREATE);
    ck_assert_str_eq(
        err.text, "the file size is limited to 1 KiB (ulimit -f), but MPI needs files of 4096 KiB to start");
    ck_assert_int_eq(precheck_with_file_size((4 << 20) - 1, &err), MS_CANNOT_CREATE);
    ck_assert_int_eq(precheck_with_file_size(4 << 20, &err), MS_OK);
    setenv("PMIX_RANK", "0", 1); /* the files of the helper are then those of the launcher */
    ck_assert_int_eq(precheck_with_file_size(1 << 10, &err), MS_OK);
}
END_TEST

/* Sets what prterun of Open MPI 5.0.11 sets for any number of processes, with its PMIx variables. */
static void start_by_prterun(void)
{
    setenv("PRTE_LAUNCHED", "1", 1);
    setenv("PMIX_NAMESPACE", "prterun-vm-7369@1", 1);
    setenv("PMIX_RANK", "0", 1);
}

START_TEST(a_prterun_process_that_is_a_singleton_to_mpi_is_refused)
{
    struct ms_error err;

    start_by_prterun();
    setenv("OMPI_MCA_ess", "singleton", 1); /* set by MPI_Init of Open MPI 4.1.4 in a singleton */
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "prterun started this process"));
    ck_assert_ptr_nonnull(strstr(err.text, "mpirun"));
    setenv("SLURM_NTASKS", "1", 1); /* within an allocation */
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_str_ne(err.text, "");
    setenv("PMIX_RANK", "2", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(prterun_processes_that_see_each_other_are_accepted)
{
    struct ms_error err;

    start_by_prterun();
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
    ck_assert_int_eq(ms_launch_check(2, &err), MS_OK);
}
END_TEST

START_TEST(mpirun_of_open_mpi_5_tells_how_many_processes_it_started)
{
    struct ms_error err;

    start_by_prterun();
    setenv("OMPI_MCA_ess", "singleton", 1);
    setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
    setenv("OMPI_COMM_WORLD_SIZE", "2", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "started 2 tasks"));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("launch");
    TCase *tests = tcase_create("launch");

    tcase_add_checked_fixture(tests, clear_launchers, NULL);
    tcase_add_test(tests, a_process_without_a_launcher_is_accepted);
    tcase_add_test(tests, one_process_of_four_slurm_tasks_is_refused_with_both_counts_and_a_remedy);
    tcase_add_test(tests, ranks_that_see_each_other_are_accepted);
    tcase_add_test(tests, mpirun_with_one_rank_inside_a_larger_allocation_is_accepted);
    tcase_add_test(tests, a_step_of_one_task_inside_a_larger_allocation_is_accepted);
    tcase_add_test(tests, ranks_started_by_the_mpirun_of_another_mpi_are_refused);
    tcase_add_test(tests, of_processes_that_do_not_know_each_other_the_first_reports_it);
    tcase_add_test(tests, srun_tasks_without_a_pmi_are_refused_before_mpi_starts_with_one_message);
    tcase_add_test(tests, tasks_with_a_pmi_are_accepted);
    tcase_add_test(tests, a_process_is_alone_until_a_launcher_tells_its_rank);
    tcase_add_test(tests, a_process_that_is_alone_needs_files_that_are_large_enough_for_mpi);
    tcase_add_test(tests, a_prterun_process_that_is_a_singleton_to_mpi_is_refused);
    tcase_add_test(tests, prterun_processes_that_see_each_other_are_accepted);
    tcase_add_test(tests, mpirun_of_open_mpi_5_tells_how_many_processes_it_started);
    suite_add_tcase(suite, tests);
    return suite;
}
