"""Fixtures of all Python tests: paths, running the program, and long tests.

A test that runs the program uses the fixture `moonsweep`:

    def test_show_lists_every_configuration(moonsweep, tmp_path):
        moonsweep("run", JOB, "-o", tmp_path / "out.h5", ranks=2)
        shown = moonsweep("show", tmp_path / "out.h5", "--format", "csv").stdout
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
from pathlib import Path

import pytest

from fault import stop_at
from fault.promises import Places
from fault.write_log import Kind
from lib import SOURCE, job_file, mpi, processes, result_file, waiting


def pytest_configure():
    """Makes sure that the programs under test start without ignored signals, which are inherited: nohup ignores HUP,
    and shells ignore INT and QUIT for background commands."""
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGXCPU, signal.SIGTSTP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also run the long tests")


def pytest_collection_modifyitems(config, items):
    """Leaves out long tests, and tests of another MPI."""
    others = [item for item in items if not is_chosen(config, item)]
    items[:] = [item for item in items if item not in others]
    config.hook.pytest_deselected(items=others)


def is_chosen(config, item):
    only_on = item.get_closest_marker("only_on")
    if only_on and mpi.name_of(program_path()) not in only_on.args:
        return False
    return config.getoption("--long") or not item.get_closest_marker("long")


def build_path():
    return Path(os.environ.get("MOONSWEEP_BUILD", SOURCE / "build-test" / "gcc")).resolve()


def program_path():
    return Path(os.environ.get("MOONSWEEP_PROGRAM", build_path() / "moonsweep")).resolve()


@pytest.fixture(scope="session")
def source():
    """The checkout."""
    return SOURCE


@pytest.fixture(scope="session")
def build():
    """The build folder of the program under test."""
    return build_path()


@pytest.fixture(scope="session")
def program():
    """The program under test."""
    return program_path()


@pytest.fixture(scope="session")
def mpi_name(program):
    """The name of its MPI: one of those in lib.mpi."""
    return mpi.name_of(program)


@pytest.fixture(scope="session")
def processor_seconds():
    """Returns the processor time of all finished commands so far. Unlike wall time, tests may depend on it."""

    def read():
        times = os.times()
        return times.children_user + times.children_system

    return read


@pytest.fixture(scope="session")
def moonsweep(program):
    """Runs the program and returns the finished process with its output as text.

    The arguments are those of lib.processes.run(). of: the program of another build.
    """

    def run(*arguments, of=program, **options):
        return processes.run(of, *arguments, **options)

    return run


@pytest.fixture
def refused(moonsweep):
    """Runs the program, which must exit with the status and print one line that contains all the words."""

    def run(status, *arguments, words=(), **options):
        done = moonsweep(*arguments, status=status, **options)
        assert done.stdout == ""
        assert done.stderr.startswith("moonsweep: ")
        assert done.stderr.count("\n") == 1 and done.stderr.endswith("\n"), done.stderr
        for word in words:
            assert str(word) in done.stderr
        return done.stderr

    return run


@pytest.fixture
def start(program):
    """Starts the program in the background and returns its Popen. Processes that still run after the test are ended."""
    started = []

    def run(*arguments, **options):
        started.append(processes.start(program, *arguments, **options))
        return started[-1]

    yield run
    for process in started:
        processes.clean_up(process)


@pytest.fixture(scope="session")
def create(moonsweep):
    """Creates a result by a run that trains nothing: create(job, output)."""

    def run(job, output):
        command = ["run", job, "-o", output, "-q"]
        result_file.create(output, lambda *limit: moonsweep(*command, *limit, status=processes.STOPPED))

    return run


@pytest.fixture
def start_until(start, create, build):
    """Starts a sweep in which a rank is suspended when it has written a variable, or one row of it, for the nth time.
    This instant is not missed, however fast the sweep is and however late the test looks. Returns the sweep and the
    rank's process, or None instead of the process if the sweep ended before. A result that does not exist yet is
    created by a separate run, in which nothing is trained."""

    def run(job, output, variable, *options, row=None, nth=1, rank=0, ranks=0, **more):
        create(job, output)
        call = stop_at.call(Kind.WRITE, nth, places=Places(output).extent(variable, row), rank=rank)
        suspending = stop_at.of_ranks(build, output, call)
        sweep = start("run", job, "-o", output, *options, ranks=ranks, **suspending, **more)

        def suspended():
            return processes.stopped_rank(sweep) if ranks else sweep.pid if processes.is_stopped(sweep.pid) else None

        waiting.until(lambda: suspended() or sweep.poll() is not None, pause=0.02)
        return sweep, suspended()

    return run


@pytest.fixture(scope="session")
def undisturbed(moonsweep, tmp_path_factory):
    """Runs a job undisturbed, in a separate folder: (job.yaml, out.h5), which must not be changed."""

    def make(*options, **job):
        folder = tmp_path_factory.mktemp("undisturbed").resolve()
        path = job_file.write(folder, **job)
        moonsweep("run", path, "-o", folder / "out.h5", "-q", *options)
        return path, folder / "out.h5"

    return make


@pytest.fixture(scope="session")
def amount(request):
    """Chooses an amount of work: amount(quick, long) is `long` with --long, otherwise `quick`."""
    return lambda quick, long: long if request.config.getoption("--long") else quick
