/* The program: the table of subcommands, and the one place that prints an error and exits. */
#include <errno.h>
#include <fcntl.h>
#include <mpi.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "moonsweep/nearest.h"
#include "moonsweep/version.h"
#include "moonsweep/writer.h"
#include "output.h"
#include "usage.h"

static const struct {
    const char *name;
    command_function *run;
} commands[] = {
    {"run", command_run},   {"show", command_show},     {"status", command_status},
    {"stop", command_stop}, {"verify", command_verify}, {"predict", command_predict},
    {"data", command_data},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

struct arguments {
    int command; /* where in argv it is; 0: there is none */
    bool version;
};

static const struct argp_option options[] = {
    {"version", 'V', NULL, 0, "Show the version of the program and of what it was built with", -1},
    {0},
};

static const char doc[] =
    "Train every network of a hyperparameter grid in parallel, into one HDF5 file."
    "\v"
    "Commands:\n"
    "  run      run a sweep, or go on with one (alone, or under mpirun or srun)\n"
    "  show     list the configurations of a result file, filtered and sorted\n"
    "  status   say how far sweeps are\n"
    "  stop     ask a running sweep to stop in good order\n"
    "  verify   say whether a result file is damaged\n"
    "  predict  let a trained network predict fresh data\n"
    "  data     write a job's data as CSV\n"
    "`moonsweep COMMAND --help` explains each with examples; so does the manual page moonsweep(1).\n"
    "\n"
    "Exit status: 0 all done; 75 stopped in good order with work left, the same command goes on; 64 to 78 "
    "errors as in sysexits.h.\n"
    "\n"
    "Examples:\n"
    "  mpirun moonsweep run jobs/moons420.yaml -o moons420.h5 </dev/null\n"
    "  moonsweep show moons420.h5 --min-train 95 --max-gap 1 --sort train_cpu_seconds\n";

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    (void)text;
    switch (key) {
    case 'V':
        arguments->version = true;
        return 0;
    case ARGP_KEY_ARG:
        /* What follows the command's name is the command's. */
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
    const char *names[COMMAND_COUNT], *meant;

    for (int c = 0; c < COMMAND_COUNT; c++)
        names[c] = commands[c].name;
    meant = ms_nearest(name, names, COMMAND_COUNT);
    if (meant)
        return ms_fail(err, MS_BAD_USAGE, "there is no command %s; did you mean %s?", name, meant);
    return ms_fail(err, MS_BAD_USAGE, "there is no command %s; moonsweep --help lists them", name);
}

/* All that a report about a result needs: versions and commit, one a line. Needs no MPI_Init. */
static void write_version(void)
{
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;

    /* Open MPI puts its build's details behind a comma, MPICH in further lines. */
    (void)MPI_Get_library_version(mpi, &length);
    mpi[strcspn(mpi, ",\n")] = '\0';
    (void)printf("moonsweep %s (%s)\nnumerics %d\nMPI %s\nHDF5 %s\n", ms_version, ms_git_commit, MS_NUMERICS,
                 mpi, ms_writer_hdf5_version());
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
    for (int c = 0; c < COMMAND_COUNT; c++)
        if (strcmp(commands[c].name, argv[arguments.command]) == 0)
            return commands[c].run(argc - arguments.command, argv + arguments.command, err);
    return fail_unknown_command(argv[arguments.command], err);
}

/* Occupies those of the standard descriptors that whoever started the program has closed (`2>&-`): the next file opened
 * would get their number, a result even, and whatever is meant for the user would be written into it. Reading from them
 * or writing to them fails afterwards as it did before. False where one cannot be occupied: then nothing may be
 * opened. */
static bool occupy_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        /* Open the wrong way round, it cannot be used; the lowest number that is free is the one that is closed. */
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

    if (!occupy_descriptors())
        return ms_exit_status(MS_INTERNAL);
    /* A reader that goes away shows as a write error, not as a signal: a sweep must outlive its log. */
    (void)signal(SIGPIPE, SIG_IGN);
    /* A limit on the size of files (ulimit -f) shows as a write error too. */
    (void)signal(SIGXFSZ, SIG_IGN);

    code = dispatch(argc, argv, &err);
    if (code == MS_OK)
        code = output_flush_stdout(&err);
    if (code != MS_OK)
        output_error(&err);
    return ms_exit_status(code);
}
