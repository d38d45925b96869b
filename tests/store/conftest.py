"""Fixtures with result files of tests/mpi/store_ranks.c, in which every value is known."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import signal

import pytest

from lib import processes, waiting


@pytest.fixture(scope="session")
def store_ranks(build):
    """Starts store_ranks on a file in the background."""

    def start(path, ranks=2, precision="float64", wait_ms=0):
        return processes.start(build / "tests" / "mpi" / "store_ranks", path, precision, wait_ms, ranks=ranks)

    return start


@pytest.fixture(scope="session")
def commit(store_ranks):
    """Runs store_ranks on a file until it is complete, and returns its output."""

    def run(path, **options):
        process = store_ranks(path, **options)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        return output

    return run


@pytest.fixture(scope="session")
def finished(commit, tmp_path_factory):
    """A file in which every configuration is final."""
    path = tmp_path_factory.mktemp("finished") / "out.h5"
    commit(path)
    return path


@pytest.fixture
def running(store_ranks, tmp_path):
    """A context manager that returns the path of a file that store_ranks is slowly writing, and a function that lets it
    go on: until then it is suspended, so that it does not end while a reader starts. It must end successfully."""

    @contextlib.contextmanager
    def start(wait_ms=100):
        path = tmp_path / "out.h5"
        process = store_ranks(path, wait_ms=wait_ms)
        try:
            waiting.until(path.exists, pause=0.01, running=process)
            ranks = list(processes.below(process, "store_ranks"))
            processes.kill(ranks, signal.SIGSTOP)
            yield path, lambda: processes.kill(ranks, signal.SIGCONT)
        finally:
            processes.kill(processes.below(process, "store_ranks"), signal.SIGCONT)
            process.wait()
        processes.end_of(process)

    return start
