"""A result depends only on the job, not on the number of ranks."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import result_file

# Short trajectories that are bundled into one lease and long ones, unordered iteration counts, and a learning rate at
# which relu diverges.
GRID = {
    "n_h": "[1, 3, 20]",
    "activation": "[tanh, sigmoid, relu]",
    "learning_rate": "[1.2, 0.1, 1.0e6]",
    "seed": "[0, 1]",
    "iterations": "[1000, 10, 3000]",
}


@pytest.fixture(scope="module", params=["float64", "float32"])
def alone(request, undisturbed):
    """The job, and the result of a single process."""
    return undisturbed(precision=request.param, **GRID)


@pytest.mark.parametrize("ranks", [1, 2, 3, 4, 8])
def test_parameters_costs_and_accuracies_are_the_same_bits_on_any_number_of_ranks(moonsweep, alone, tmp_path, ranks):
    job, expected = alone
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert done.stderr.splitlines()[0].endswith("; rank 0 hands out work and trains") == (ranks > 1)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


@pytest.mark.parametrize("ranks", [32, pytest.param(64, marks=pytest.mark.long)])
def test_a_dedicated_coordinator_serves_many_ranks_on_few_cores(moonsweep, undisturbed, tmp_path, ranks):
    """Three short trajectories for each rank, which all ask at once; one rank of the machine writes for all."""
    seeds = {"n_h": "[2]", "learning_rate": "[0.5]", "iterations": "[200, 20]", "seed": list(range(3 * ranks))}
    job, expected = undisturbed(**seeds)
    options = ["--coordinator", "dedicated", "--writers", "node"]
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", *options, ranks=ranks)
    assert f" on {ranks} ranks: " in done.stderr
    assert result_file.differences(expected, tmp_path / "out.h5") == []
    with h5py.File(tmp_path / "out.h5") as file:
        assert 0 not in file["rank"][:]


def test_a_dedicated_coordinator_changes_no_bit_and_trains_nothing(moonsweep, alone, tmp_path):
    job, expected = alone
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", "--coordinator", "dedicated", ranks=3)
    assert done.stderr.splitlines()[0].endswith("; rank 0 only hands out work")
    assert result_file.differences(expected, tmp_path / "out.h5") == []
    with h5py.File(tmp_path / "out.h5") as file:
        assert set(file["rank"][:]) <= {1, 2}


def test_a_dedicated_coordinator_without_workers_trains(moonsweep, alone, tmp_path):
    job, expected = alone
    moonsweep("run", job, "-o", tmp_path / "out.h5", "--coordinator", "dedicated", ranks=1)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


def test_the_leases_cover_every_trajectory_once_and_name_its_rank(moonsweep, alone, tmp_path):
    job, _ = alone
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3)
    with h5py.File(tmp_path / "out.h5") as file:
        leases = {name: variable[:] for name, variable in file["leases"].items()}
        count = int((~np.isnan(leases["finished"])).sum())
        trained_by = np.full(file["cost_start"].shape[0], -1)
        for row in range(count):
            own = slice(leases["first_trajectory"][row], leases["first_trajectory"][row] + leases["count"][row])
            assert (trained_by[own] == -1).all()
            trained_by[own] = leases["rank"][row]
            assert leases["started"][row] <= leases["finished"][row]
            assert (leases["from_iteration"][row], leases["to_iteration"][row]) == (0, 3000)
        assert (trained_by >= 0).all()
        assert (file["rank"][:] == trained_by[file["config_trajectory"][:]]).all()
