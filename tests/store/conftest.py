"""Result files made by tests/mpi/store_ranks.c, whose every value is known."""

import contextlib
import subprocess

import pytest
from mpi import sweeps


@pytest.fixture(scope="session")
def store_ranks(source, build):
    """Starts store_ranks on a file, without waiting for it."""

    def start(path, ranks=2, precision="float64", wait_ms=0):
        command = [source / "tools" / "launch.sh", ranks, build / "tests" / "mpi" / "store_ranks", path]
        command += [precision, wait_ms]
        return subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


@pytest.fixture(scope="session")
def commit(store_ranks):
    """Runs store_ranks on a file to its end and returns what it printed."""

    def run(path, **options):
        process = store_ranks(path, **options)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        return output

    return run


@pytest.fixture(scope="session")
def finished(commit, tmp_path_factory):
    """A file whose every configuration is final."""
    path = tmp_path_factory.mktemp("finished") / "out.h5"
    commit(path)
    return path


@pytest.fixture
def running(store_ranks, tmp_path):
    """A context in which store_ranks is writing a file slowly; it gives the path. It must end well."""

    @contextlib.contextmanager
    def start(wait_ms=100):
        path = tmp_path / "out.h5"
        process = store_ranks(path, wait_ms=wait_ms)
        try:
            sweeps.wait_until(lambda: path.exists() or process.poll() is not None, pause=0.01)
            assert process.poll() is None
            yield path
        finally:
            _, errors = process.communicate()
        assert process.returncode == 0, errors

    return start
