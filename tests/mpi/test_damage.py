"""Stored values that were damaged are repaired or trained again, and a message says so."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import shutil

import h5py
import pytest

from lib import damage, job_file, pages, result_file

# The variables that are determined by the job and written when the file is created. A resumed run verifies all of them.
GIVEN = [
    "n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "config_trajectory", "config_dataset",
    "cost_start", "cost_stride", "train_start", "train_count", "dev_start", "dev_count", "data_seed", "split_seed",
    "fold", "noise", "data_checksum", "feature_mean", "feature_scale", "X_train", "y_train", "X_dev", "y_dev",
]  # fmt: skip
SCALES = ["config", "trajectory", "unit", "runs/run", "leases/lease", "checkpoint/slot"]


@pytest.fixture(scope="module")
def whole(undisturbed):
    """A job and its finished result."""
    return undisturbed(n_h="[1, 3]", seed="[0, 1]", iterations="[20, 200, 100]")


@pytest.fixture
def copy(whole, tmp_path):
    """A copy of the finished result."""
    path = tmp_path / "out.h5"
    path.write_bytes(whole[1].read_bytes())
    return path


def test_the_list_contains_all_variables_that_never_change(whole):
    with h5py.File(whole[1]) as file:
        variables = {name for name, node in file.items() if isinstance(node, h5py.Dataset) and not node.is_scale}
        assert {name for name in variables if not pages.is_written(name)} == set(GIVEN)


def place_of(path, name, row=0):
    """The offset of a variable's row in the file."""
    with h5py.File(path) as file:
        return result_file.place_of(file, name, row)[0]


@pytest.mark.parametrize("name", [*GIVEN, *SCALES])
def test_a_value_that_never_changes_is_repaired(moonsweep, whole, copy, name):
    job, expected = whole
    damage.flip_bit(copy, place_of(copy, name), 6)
    assert copy.read_bytes() != expected.read_bytes()
    done = moonsweep("run", job, "-o", copy)
    assert f"1 corrupt byte was repaired: {name}\n" in done.stderr
    assert "nothing to do" in done.stderr
    assert copy.read_bytes() == expected.read_bytes()


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("name", ["n_h", "activation", "learning_rate", "iterations", "config_trajectory"])
def test_a_damaged_row_does_not_get_the_checksum_of_a_damaged_tuple(moonsweep, whole, copy, name, ranks):
    job, expected = whole
    damage.flip_bit(copy, place_of(copy, name, 4), 1)
    damage.flip_value(copy, "W2", 4)
    done = moonsweep("run", job, "-o", copy, ranks=ranks)
    assert f"1 corrupt byte was repaired: {name}\n" in done.stderr
    assert re.search(r"damaged: \d+ configurations? (does|do) not match .* trained again: ", done.stderr)
    assert result_file.differences(copy, expected) == []


def test_a_whole_variable_is_repaired_and_named_once(moonsweep, whole, copy):
    job, expected = whole
    with h5py.File(copy) as file:
        count = len(file["activation"])
    damage.write_bytes(copy, place_of(copy, "activation"), bytes([77] * count))
    done = moonsweep("run", job, "-o", copy)
    assert f"{count} corrupt bytes were repaired: activation\n" in done.stderr
    assert copy.read_bytes() == expected.read_bytes()


def test_a_damaged_cost_count_of_a_diverged_trajectory_is_corrected(moonsweep, undisturbed, tmp_path):
    job, whole = undisturbed(**{**job_file.DIVERGING, "learning_rate": "[1.0e6]", "iterations": "[10, 100]"})
    output = shutil.copy(whole, tmp_path / "out.h5")
    damage.flip_value(output, "cost_count", 0, mask=64)
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, whole) == []
