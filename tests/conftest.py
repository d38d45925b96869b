"""What all Python tests share: where things are, how a sweep is started, and which tests are long.

A test that starts the program takes the fixture `moonsweep`:

    def test_show_lists_every_configuration(moonsweep, tmp_path):
        moonsweep("run", JOB, "-o", tmp_path / "out.h5", ranks=2)
        shown = moonsweep("show", tmp_path / "out.h5", "--format", "csv").stdout
"""

import os
import signal
from pathlib import Path

import pytest

from lib import SOURCE, job_file, processes


def pytest_configure():
    """Lets the programs under test begin with no signal ignored, whoever started the tests: nohup ignores HUP, a shell
    INT and QUIT of what it runs in the background, and what is ignored is inherited."""
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGXCPU, signal.SIGTSTP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the long versions as well")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)


@pytest.fixture(scope="session")
def source():
    """The checkout."""
    return SOURCE


@pytest.fixture(scope="session")
def build():
    """The build folder that the program under test comes from."""
    return Path(os.environ.get("MOONSWEEP_BUILD", SOURCE / "build-test" / "gcc")).resolve()


@pytest.fixture(scope="session")
def program(build):
    """The program under test."""
    return Path(os.environ.get("MOONSWEEP_PROGRAM", build / "moonsweep")).resolve()


@pytest.fixture(scope="session")
def processor_seconds():
    """The processor time that finished commands took so far: tests may judge it, unlike wall time."""

    def read():
        times = os.times()
        return times.children_user + times.children_system

    return read


@pytest.fixture(scope="session")
def moonsweep(program):
    """Runs the program and returns the finished process, its output as text; the arguments of lib.processes.run().

    of: another build's program.
    """

    def run(*arguments, of=program, **options):
        return processes.run(of, *arguments, **options)

    return run


@pytest.fixture
def refused(moonsweep):
    """Runs the program, which must end with the status and say one sentence with all the words in it."""

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
    """Starts the program in the background and returns its Popen; what still runs after the test is ended."""
    started = []

    def run(*arguments, **options):
        started.append(processes.start(program, *arguments, **options))
        return started[-1]

    yield run
    for process in started:
        processes.clean_up(process)


@pytest.fixture(scope="session")
def undisturbed(moonsweep, tmp_path_factory):
    """Returns a function that runs a job alone in a separate folder; returns (job.yaml, out.h5), not to be changed."""

    def make(*options, **job):
        folder = tmp_path_factory.mktemp("undisturbed").resolve()
        path = job_file.write(folder, **job)
        moonsweep("run", path, "-o", folder / "out.h5", "-q", *options)
        return path, folder / "out.h5"

    return make


@pytest.fixture
def amount(request):
    """How much of something is tried: amount(quick, long) is the second with --long."""
    return lambda quick, long: long if request.config.getoption("--long") else quick
