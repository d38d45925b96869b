"""Sweeps can be pickled, as for worker processes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import multiprocessing
import pickle
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import moonsweep
import result_file


def _accuracy(sweep: moonsweep.Sweep, config: int) -> float:
    return float(sweep["dev_accuracy"].values[config])


def test_a_pickled_sweep_is_the_same_and_small(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        pickled = pickle.dumps(sweep)
        assert len(pickled) < finished.stat().st_size / 4
        with pickle.loads(pickled) as again:
            assert type(again) is moonsweep.Sweep
            xr.testing.assert_identical(again, sweep)
            assert again.to_frame().equals(sweep.to_frame())
            assert again.sel(n_h=3).sizes["config"] == 12
            assert again.grid()["config"].size == 24


def test_a_worker_process_reads_a_sweep_that_it_is_given(finished: Path) -> None:
    with moonsweep.open(finished) as sweep, multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.starmap(_accuracy, [(sweep, 7), (sweep, 2)]) == [_accuracy(sweep, 7), _accuracy(sweep, 2)]


def test_a_selection_and_loaded_values_are_pickled(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        part = sweep.sel(activation="relu").load()
        part["dev_accuracy"][0] = 1.0
        with pickle.loads(pickle.dumps(part)) as again:
            assert again["dev_accuracy"].values[0] == 1.0


def test_a_pickle_keeps_the_state_in_which_the_sweep_was_opened(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    with moonsweep.open(finished) as sweep:
        pickled = pickle.dumps(sweep)
    with result_file.changed(finished) as stored:
        stored["status"][5] = result_file.DONE
    with pickle.loads(pickled) as again:
        assert np.isnan(again["dev_accuracy"].values[5])
        assert int(again["status"][5]) == 0


def test_a_pickle_of_a_file_that_was_replaced_or_removed_is_refused(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        pickled = pickle.dumps(sweep)
    result_file.make_pending(finished, 5)
    with pytest.raises(moonsweep.SweepFileError, match="computed again since the sweep was pickled"):
        pickle.loads(pickled)
    result_file.edit(finished, "status", 5, result_file.DONE)
    with h5py.File(finished, "r+") as stored:
        stored.attrs["job_hash"] = "fedcba9876543210"
    with pytest.raises(moonsweep.SweepFileError, match="the result of another job"):
        pickle.loads(pickled)
    finished.unlink()
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        pickle.loads(pickled)
