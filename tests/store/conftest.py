"""Fixtures with result files of tests/mpi/store_ranks.c, in which every value is known."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib

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
    """A context manager that returns the path of a file that store_ranks is slowly writing. It must end
    successfully."""

    @contextlib.contextmanager
    def start(wait_ms=100):
        path = tmp_path / "out.h5"
        process = store_ranks(path, wait_ms=wait_ms)
        try:
            waiting.until(path.exists, pause=0.01, running=process)
            yield path
        finally:
            process.wait()
        processes.end_of(process)

    return start
