"""Fixtures for the tests of the command line: small job files with changes, and results of sweeps that are run once:
finished, stopped, diverged."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import re

import pytest

from lib import job_file, processes, waiting

SMALL = {"name": "tiny", "samples": 60, "dev_fraction": 0.25, "split_seed": 1}

# Short configurations that are done at once, and long ones that take many minutes.
LONG = {
    **SMALL, "samples": 20000, "n_h": "[3, 50]", "learning_rate": "[0.5, 0.25]", "iterations": "[10, 100, 1000000]",
}  # fmt: skip


@pytest.fixture(scope="session")
def small_job():
    """Returns the text of a small job, with changes as in lib.job_file.text()."""
    return lambda **changes: job_file.text(**{**SMALL, **changes})


@pytest.fixture
def job(tmp_path, small_job):
    """Writes a small job with changes (or the given text or bytes) to a file and returns its path."""

    def write(file="job.yaml", text=None, **changes):
        path = tmp_path / file
        content = small_job(**changes) if text is None else text
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture(scope="session")
def rows():
    """Parses CSV text into a list of dictionaries."""
    return lambda text: list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="session")
def sweep(moonsweep, tmp_path_factory):
    """The result of a sweep of 36 configurations, which tests must not change."""
    folder = tmp_path_factory.mktemp("sweep")
    job = job_file.write(
        folder,
        samples=500,
        n_h="[1, 4]",
        activation="[tanh, sigmoid, relu]",
        learning_rate="[1.2, 0.1]",
        iterations="[50, 500, 2000]",
    )
    moonsweep("run", job, "-o", folder / "out.h5", ranks=2)
    return folder / "out.h5"


@pytest.fixture(scope="session")
def diverged(undisturbed):
    """The result of O20, which tests must not change: a learning rate of a million diverges at the 34th iteration, one
    of 0.1 does not."""
    return undisturbed(**job_file.DIVERGING)[1]


@pytest.fixture(scope="session")
def long_job():
    """The text of a job whose short configurations are done at once, and whose long ones take many minutes."""
    return job_file.text(**LONG)


@pytest.fixture(scope="session")
def wait_for_done(moonsweep):
    """Waits until a configuration is done in a result that is being written."""

    def wait(path, running):
        def is_done():
            look = moonsweep("status", path, status=None)
            return look.returncode == 0 and not re.search(r": 0 of \d+ done", look.stdout)

        waiting.until(is_done, running=running)

    return wait


@pytest.fixture(scope="session")
def stopped(program, wait_for_done, long_job, tmp_path_factory):
    """The result of a sweep that was stopped with some configurations done and some pending. Tests must not change
    it."""
    folder = tmp_path_factory.mktemp("stopped")
    (folder / "job.yaml").write_text(long_job)
    running = processes.start(program, "run", folder / "job.yaml", "-o", folder / "out.h5")
    wait_for_done(folder / "out.h5", running)
    processes.stop(running)
    return folder / "out.h5"


@pytest.fixture(scope="session")
def old(undisturbed):
    """A job, and its result. Tests must not change them."""
    return undisturbed(**job_file.OLD)


@pytest.fixture(scope="session")
def new(undisturbed):
    """A larger job, and its result without --from. Tests must not change them."""
    return undisturbed(**job_file.NEW)
