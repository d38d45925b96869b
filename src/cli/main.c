/* The program: the table of subcommands. Only this file prints errors and exits.
 *
 * SPDX-FileCopyrightText: 2026 The moonsweep authors
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <mpi.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "moonsweep/float_environment.h"
#include "moonsweep/nearest.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"
#include "output.h"
#include "status_file.h"
#include "usage.h"

static const struct {
    const char *name;
    command_function *run;
} commands[] = {
    {"run", command_run},         {"show", command_show},     {"status", command_status},
    {"stop", command_stop},       {"verify", command_verify}, {"predict", command_predict},
    {"data", command_data},       {"plan", command_plan},     {"best", command_best},
    {"kernels", command_kernels},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

struct arguments {
    int command; /* its index in argv; 0: none */
    bool version;
};

static const struct argp_option options[] = {
    {"version", 'V', NULL, 0, "Show the version of the program and of its libraries", -1},
    {0},
};

static const char doc[] =
    "Train every network of a hyperparameter grid in parallel, into one HDF5 file."
    "\v"
    "Commands:\n"
    "  run      run or resume a sweep (alone, or under mpirun or srun)\n"
    "  show     list the configurations of a result file, filtered and sorted\n"
    "  status   show the progress of sweeps\n"
    "  stop     ask a running sweep to stop cleanly\n"
    "  verify   check whether a result file is damaged\n"
    "  predict  apply a trained network to new data\n"
    "  data     write a job's data as CSV\n"
    "  plan     say what a job means without running it\n"
    "  best     write the best configurations of a result as a new job file\n"
    "  kernels  measure which inner loops train fastest on this machine\n"
    "  help     show this help, or that of a command\n"
    "`moonsweep COMMAND --help` explains a command with examples; see also the manual page moonsweep(1).\n"
    "\n"
    "Exit status: 0 all done; 75 stopped cleanly with work left, run the same command again to resume; other "
    "values from 64 to 78 are errors as in sysexits.h, and 79 ends a run with --stop-after-failures.\n"
    "\n"
    "Examples:\n"
    "  mpirun moonsweep run jobs/moons420.yaml -o moons420.h5 </dev/null\n"
    "  moonsweep show moons420.h5 --min-train 95 --max-gap 1 -s train_cpu_seconds\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    (void)text;
    switch (key) {
    case 'V':
        arguments->version = true;
        return 0;
    case ARGP_KEY_ARG:
        /* The arguments after the command's name are those of the command. */
        arguments->command = state->next - 1;
        state->next = state->argc;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse, .args_doc = "COMMAND ...", .doc = doc};

static enum ms_code fail_unknown_command(const char *name, struct ms_error *err)
{
    const char *names[COMMAND_COUNT + 1], *meant;

    for (int c = 0; c < COMMAND_COUNT; c++)
        names[c] = commands[c].name;
    if (name[0] == '\0')
        return ms_fail(err, MS_BAD_USAGE, "the command is empty; moonsweep --help lists them");
    names[COMMAND_COUNT] = "help";
    meant = ms_nearest(name, names, COMMAND_COUNT + 1);
    if (meant)
        return ms_fail(err, MS_BAD_USAGE, "there is no command %s; did you mean %s?", name, meant);
    return ms_fail(err, MS_BAD_USAGE, "there is no command %s; moonsweep --help lists them", name);
}

/* Writes the versions and the commit, one per line. MPI_Get_library_version does not need MPI_Init. */
static void write_version(void)
{
    static const char mpich[] = "MPICH Version:";
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
    const char *version = mpi, *name = "";
    int length;

    /* Open MPI puts details of its build after a comma, MPICH in further lines and blanks before its version. */
    (void)MPI_Get_library_version(mpi, &length);
    mpi[strcspn(mpi, ",\n")] = '\0';
    if (strncmp(mpi, mpich, strlen(mpich)) == 0) {
        name = "MPICH ";
        version = mpi + strlen(mpich);
        version += strspn(version, " \t");
    }
    (void)printf("moonsweep %s (%s)\nnumerics %d\nMPI %s%s\nHDF5 %s\n", ms_version, ms_git_commit,
                 MS_NUMERICS, name, version, ms_writer_hdf5_version());
}

/* Runs the command argv[0]. */
static enum ms_code run_command(int argc, char **argv, struct ms_error *err)
{
    for (int c = 0; c < COMMAND_COUNT; c++)
        if (strcmp(commands[c].name, argv[0]) == 0)
            return commands[c].run(argc, argv, err);
    return fail_unknown_command(argv[0], err);
}

/* Writes the help of the program, or of the command argv[1] unless that is `help` too. */
static enum ms_code write_help(int argc, char **argv, struct ms_error *err)
{
    const bool is_of_command = argc > 1 && strcmp(argv[1], argv[0]) != 0;
    char option[] = "--help", *words[] = {is_of_command ? argv[1] : argv[0], option, NULL};
    struct arguments arguments = {0};
    bool helped;

    if (argc > 2)
        return ms_fail(err, MS_BAD_USAGE, "help: only one command is accepted; %s is unexpected", argv[2]);
    return is_of_command ? run_command(2, words, err)
                         : usage_parse("", &argp, 2, words, &arguments, &helped, err);
}

static enum ms_code dispatch(int argc, char **argv, struct ms_error *err)
{
    struct arguments arguments = {0};
    enum ms_code code;
    bool helped;

    code = usage_parse("", &argp, argc, argv, &arguments, &helped, err);
    if (code != MS_OK || helped)
        return code;
    if (arguments.version) {
        write_version();
        return MS_OK;
    }
    if (arguments.command == 0)
        return ms_fail(err, MS_BAD_USAGE, "a command is needed; moonsweep --help lists them");
    argc -= arguments.command;
    argv += arguments.command;
    return strcmp(argv[0], "help") == 0 ? write_help(argc, argv, err) : run_command(argc, argv, err);
}

/* Opens those of the standard descriptors that are closed (`2>&-`). Otherwise the next file that is opened, possibly a
 * result, would get the number of one of them, and messages to the user would be written into it. Reading from them
 * and writing to them fails as before. Returns false if one cannot be opened; then no file may be opened at all. */
static bool occupy_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* It is opened in the wrong mode, so that it cannot be used. open returns the lowest free number, which is this
         * one. */
        int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF && open("/dev/null", flags) != descriptor)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct ms_error err = {.code = MS_OK};
    enum ms_code code;

    (void)ms_float_environment_enter(); /* a library may have set another one before main */
    if (!occupy_descriptors())
        return ms_exit_status(MS_INTERNAL);
    /* If the reader of a pipe ends, writing fails without a signal: a sweep must continue without its log. */
    (void)signal(SIGPIPE, SIG_IGN);
    /* At the limit of the size of files (ulimit -f), writing fails without a signal as well. */
    (void)signal(SIGXFSZ, SIG_IGN);

    code = dispatch(argc, argv, &err);
    if (code == MS_OK)
        code = output_flush_stdout(&err);
    if (code != MS_OK)
        output_error(&err);
    status_file_write(ms_exit_status(code));
    return ms_exit_status(code);
}
