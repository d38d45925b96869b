"""HDF5 that never finishes reading a user's file, as it may with a damaged one, delays neither errors nor signals."""

import os
import signal

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
    readers = waiting.until(lambda: list(processes.below(sweep, "moonsweep")), running=sweep)
    waiting.until(lambda: processes.cpu_seconds(readers[0]) > 0.1, running=sweep)
    os.kill(sweep.pid, signal.SIGUSR1)
    errors = processes.end_of(sweep, 75)
    assert f"{job}: stopped by a signal while the data was made, nothing was written" in errors
    assert processes.are_gone(readers) and names(tmp_path) == ["own.yaml", "points.h5"]
