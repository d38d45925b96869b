"""What the tests of the command line share: job files that differ from a small one in what is said, and results of
sweeps that are run once: finished, stopped, diverged."""

import csv
import io
import re
import signal
import subprocess

import pytest
from mpi import sweeps

SMALL = {
    "name": "tiny",
    "samples": 60,
    "noise": 0.2,
    "seed": 0,
    "dev_fraction": 0.25,
    "split_seed": 1,
    "n_h": "[2]",
    "activation": "[tanh]",
    "learning_rate": "[0.5]",
    "iterations": "[20]",
    "more": "",
}

TEXT = """\
name: {name}
data:
  moons: {{samples: {samples}, noise: {noise}, seed: {seed}}}
  dev_fraction: {dev_fraction}
  split_seed: {split_seed}
grid:
  n_h: {n_h}
  activation: {activation}
  learning_rate: {learning_rate}
  iterations: {iterations}
{more}"""


@pytest.fixture(scope="session")
def small_job():
    """The text of a small job, with some values replaced; `more` is what follows the last line."""

    def text(**changes):
        assert changes.keys() <= SMALL.keys()
        return TEXT.format(**{**SMALL, **changes})

    return text


@pytest.fixture
def job(tmp_path, small_job):
    """Writes such a job (or the given text or bytes) to a file and returns its path."""

    def write(file="job.yaml", text=None, **changes):
        path = tmp_path / file
        content = small_job(**changes) if text is None else text
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture(scope="session")
def rows():
    """CSV text as a list of dictionaries."""
    return lambda text: list(csv.DictReader(io.StringIO(text, newline="")))


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


@pytest.fixture(scope="session")
def sweep(moonsweep, small_job, tmp_path_factory):
    """The result of a sweep of 36 configurations; to be read only."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "job.yaml").write_text(
        small_job(
            samples=500,
            dev_fraction=0.2,
            split_seed=42,
            n_h="[1, 4]",
            activation="[tanh, sigmoid, relu]",
            learning_rate="[1.2, 0.1]",
            iterations="[50, 500, 2000]",
        )
    )
    moonsweep("run", folder / "job.yaml", "-o", folder / "out.h5", ranks=2)
    return folder / "out.h5"


@pytest.fixture(scope="session")
def diverged(moonsweep, small_job, tmp_path_factory):
    """O20's result: a rate of a million diverges at the 34th iteration, a rate of 0.1 does not; to be read only."""
    folder = tmp_path_factory.mktemp("diverged")
    (folder / "job.yaml").write_text(
        small_job(
            samples=40,
            noise=0,
            dev_fraction=0.2,
            split_seed=42,
            n_h="[10]",
            activation="[relu]",
            learning_rate="[0.1, 1.0e6]",
            iterations="[10, 100, 1000]",
        )
    )
    moonsweep("run", folder / "job.yaml", "-o", folder / "out.h5")
    return folder / "out.h5"


@pytest.fixture(scope="session")
def long_job(small_job):
    """The text of a job whose short configurations are done at once, and whose long ones take many minutes."""
    return small_job(samples=20000, n_h="[3, 50]", learning_rate="[0.5, 0.25]", iterations="[10, 100, 1000000]")


@pytest.fixture(scope="session")
def start(source, program):
    """Starts the program, on ranks if any, and returns the running process; signals reach every rank."""

    def run(*arguments, ranks=0):
        launch = [source / "tools" / "launch.sh", ranks] if ranks else []
        return subprocess.Popen(
            [str(word) for word in [*launch, program, *arguments]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture(scope="session")
def wait_for_done(moonsweep):
    """Waits until a configuration of a result that is being written is done."""

    def wait(path, running):
        def is_done():
            look = moonsweep("status", path, status=None)
            return running.poll() is not None or (
                look.returncode == 0 and not re.search(r": 0 of \d+ done", look.stdout)
            )

        sweeps.wait_until(is_done)

    return wait


@pytest.fixture(scope="session")
def stopped(start, wait_for_done, long_job, tmp_path_factory):
    """The result of a sweep that was stopped with some configurations done and some pending; to be read only."""
    folder = tmp_path_factory.mktemp("stopped")
    (folder / "job.yaml").write_text(long_job)
    running = start("run", folder / "job.yaml", "-o", folder / "out.h5")
    wait_for_done(folder / "out.h5", running)
    running.send_signal(signal.SIGUSR1)
    _, errors = running.communicate()
    assert running.returncode == 75, errors
    return folder / "out.h5"
