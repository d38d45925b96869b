"""HDF5 that never finishes reading a user's file, or a rewritten older result, as it may with a damaged one, delays
neither errors nor signals."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
import subprocess

import h5py
import numpy as np
import pytest

from lib import processes, waiting
from lib.folder import names
from lib.own_data import write_job


@pytest.fixture
def job(tmp_path):
    with h5py.File(tmp_path / "points.h5", "w") as file:
        file["X"], file["y"] = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    return write_job(tmp_path, "file: points.h5, dev_fraction: 0.25, split_seed: 7")


@pytest.fixture
def endless(build):
    return {"LD_PRELOAD": build / "tests" / "fault" / "libendless_hdf5.so"}


def test_a_file_that_is_never_read_is_refused(refused, job, endless, tmp_path):
    words = ["points.h5: its structure is corrupt: HDF5 did not finish reading it within 5 s of processor time"]
    refused(65, "run", job, "-o", tmp_path / "out.h5", words=words, env=endless)
    assert names(tmp_path) == ["own.yaml", "points.h5"]


def test_a_signal_ends_the_reading(start, job, endless, tmp_path):
    sweep = start("run", job, "-o", tmp_path / "out.h5", env=endless)
    # Before it becomes another program, a helper of MPI has this name, too.
    readers = waiting.until(
        lambda: [one for one in processes.below(sweep, "moonsweep") if processes.cpu_seconds(one) > 0.1], running=sweep
    )
    os.kill(sweep.pid, signal.SIGUSR1)
    errors = processes.end_of(sweep, 75)
    assert f"{job}: stopped by a signal while the data was made, nothing was written" in errors
    assert processes.are_gone(readers) and names(tmp_path) == ["own.yaml", "points.h5"]


@pytest.fixture(scope="module")
def packed(undisturbed, tmp_path_factory):
    """A job, and its result after a program has compressed it."""
    job, output = undisturbed(n_h="[1]", iterations="[5]")
    path = tmp_path_factory.mktemp("packed") / "packed.h5"
    subprocess.run(["h5repack", "-f", "GZIP=1", output, path], check=True)
    return job, path


@pytest.mark.parametrize("number, status", [(signal.SIGUSR1, 75), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_signal_ends_the_copying_of_a_rewritten_older_result(start, packed, build, tmp_path, number, status):
    """Nothing remains of the copy, not even after a kill."""
    job, path = packed
    endless = {"LD_PRELOAD": build / "tests" / "fault" / "libendless_values.so"}
    sweep = start("run", job, "-o", tmp_path / "out.h5", "--from", path, env=endless)
    reader = waiting.until(
        lambda: [one for one in processes.below(sweep, "moonsweep") if processes.cpu_seconds(one) > 0.3], running=sweep
    )[0]
    assert names(tmp_path) == []
    os.kill(sweep.pid, number)
    errors = processes.end_of(sweep, status)
    if number == signal.SIGUSR1:
        assert f"{job}: stopped by a signal while the file was created, nothing was written" in errors
    else:
        processes.kill([reader])
    waiting.until(lambda: processes.are_gone([reader]))
    assert names(tmp_path) == []
