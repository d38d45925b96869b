#include "moonsweep/launch.h"

#include <stdlib.h>
#include <string.h>

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

/* A fresh environment for each test: Check runs each in a process of its own. */
static void forget_launchers(void)
{
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        unsetenv(variables[i]);
}

START_TEST(a_process_that_no_launcher_started_is_let_through)
{
    struct ms_error err;

    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(one_process_of_four_slurm_tasks_is_refused_with_both_counts_and_what_to_do)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "Slurm started 4 tasks"));
    ck_assert_ptr_nonnull(strstr(err.text, "MPI sees 1"));
    ck_assert_ptr_nonnull(strstr(err.text, "--mpi=pmix"));
}
END_TEST

START_TEST(ranks_that_know_each_other_are_let_through)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("SLURM_STEP_NUM_TASKS", "4", 1);
    ck_assert_int_eq(ms_launch_check(4, &err), MS_OK);
}
END_TEST

START_TEST(mpirun_with_one_rank_inside_a_larger_allocation_is_let_through)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(a_step_of_one_task_inside_a_larger_allocation_is_let_through)
{
    struct ms_error err;

    setenv("SLURM_NTASKS", "4", 1);
    setenv("SLURM_STEP_NUM_TASKS", "1", 1);
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
}
END_TEST

START_TEST(ranks_of_another_mpis_mpirun_are_refused)
{
    struct ms_error err;

    for (int i = 0; i < 2; i++) {
        forget_launchers();
        setenv(variables[i], "8", 1);
        ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
        ck_assert_ptr_nonnull(strstr(err.text, "started 8 tasks"));
        ck_assert_ptr_nonnull(strstr(err.text, "mpirun"));
    }
}
END_TEST

START_TEST(tasks_of_srun_without_a_pmi_are_refused_before_mpi_starts_and_one_says_so)
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

START_TEST(tasks_with_a_pmi_start_mpi)
{
    static const char *const ranks[] = {"PMIX_RANK", "PMI_RANK", "OMPI_COMM_WORLD_RANK"};
    struct ms_error err;

    ck_assert_int_eq(ms_launch_precheck(&err), MS_OK);
    for (size_t i = 0; i < sizeof ranks / sizeof ranks[0]; i++) {
        forget_launchers();
        setenv("SLURM_STEP_NUM_TASKS", "4", 1);
        setenv(ranks[i], "0", 1);
        ck_assert_int_eq(ms_launch_precheck(&err), MS_OK);
    }
}
END_TEST

/* What prterun of Open MPI 5.0.11 sets, with its PMIx variables, for any number of processes. */
static void start_by_prterun(void)
{
    setenv("PRTE_LAUNCHED", "1", 1);
    setenv("PMIX_NAMESPACE", "prterun-vm-7369@1", 1);
    setenv("PMIX_RANK", "0", 1);
}

START_TEST(a_process_of_prterun_of_which_mpi_does_not_know_is_refused)
{
    struct ms_error err;

    start_by_prterun();
    setenv("OMPI_MCA_ess", "singleton", 1); /* as MPI_Init of Open MPI 4.1.4 does, alone */
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
    ck_assert_ptr_nonnull(strstr(err.text, "prterun started this process"));
    ck_assert_ptr_nonnull(strstr(err.text, "mpirun"));
    setenv("SLURM_NTASKS", "1", 1); /* the allocation around it */
    ck_assert_int_eq(ms_launch_check(1, &err), MS_BAD_LAUNCH);
}
END_TEST

START_TEST(processes_of_prterun_that_know_each_other_are_let_through)
{
    struct ms_error err;

    start_by_prterun();
    ck_assert_int_eq(ms_launch_check(1, &err), MS_OK);
    ck_assert_int_eq(ms_launch_check(2, &err), MS_OK);
}
END_TEST

START_TEST(open_mpi_5s_mpirun_says_how_many_it_started)
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

    tcase_add_checked_fixture(tests, forget_launchers, NULL);
    tcase_add_test(tests, a_process_that_no_launcher_started_is_let_through);
    tcase_add_test(tests, one_process_of_four_slurm_tasks_is_refused_with_both_counts_and_what_to_do);
    tcase_add_test(tests, ranks_that_know_each_other_are_let_through);
    tcase_add_test(tests, mpirun_with_one_rank_inside_a_larger_allocation_is_let_through);
    tcase_add_test(tests, a_step_of_one_task_inside_a_larger_allocation_is_let_through);
    tcase_add_test(tests, ranks_of_another_mpis_mpirun_are_refused);
    tcase_add_test(tests, tasks_of_srun_without_a_pmi_are_refused_before_mpi_starts_and_one_says_so);
    tcase_add_test(tests, tasks_with_a_pmi_start_mpi);
    tcase_add_test(tests, a_process_of_prterun_of_which_mpi_does_not_know_is_refused);
    tcase_add_test(tests, processes_of_prterun_that_know_each_other_are_let_through);
    tcase_add_test(tests, open_mpi_5s_mpirun_says_how_many_it_started);
    suite_add_tcase(suite, tests);
    return suite;
}
