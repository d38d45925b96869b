"""What all Python tests share: where things are, how a sweep is started, and which tests are long.

A test that starts the program takes the fixture `moonsweep`:

    def test_show_lists_every_configuration(moonsweep, tmp_path):
        moonsweep("run", JOB, "-o", tmp_path / "out.h5", ranks=2)
        shown = moonsweep("show", tmp_path / "out.h5", "--format", "csv").stdout
"""

import os
import signal
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent


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
    """Runs the program and returns the finished process, its output as text.

    ranks: under mpirun with so many ranks; 0: alone. status: the exit status that it must have, None: any.
    of: another build's program.
    """

    def run(*arguments, ranks=0, status=0, env=None, of=program, **options):
        command = [of, *arguments]
        if ranks:
            command = [SOURCE / "tools" / "launch.sh", str(ranks), *command]
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            **options,
        )
        if status is not None:
            assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    return run
