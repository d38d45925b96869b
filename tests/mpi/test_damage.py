"""What was damaged since it was stored is put back or made again, and said."""

import re
import shutil

import h5py
import pytest

from lib import damage, job_file, result_file

# What the job gives to the file when it is made; all of it is checked when a sweep is carried on.
GIVEN = [
    "n_h", "learning_rate", "iterations", "seed", "init_scale", "config_trajectory", "config_dataset",
    "cost_start", "cost_stride", "train_start", "train_count", "dev_start", "dev_count", "data_seed", "split_seed",
    "fold", "noise", "data_checksum", "feature_mean", "feature_scale", "X_train", "y_train", "X_dev", "y_dev",
]  # fmt: skip


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


def test_the_list_is_that_of_the_file(whole):
    with h5py.File(whole[1]) as file:
        written_later = {
            "status", "iterations_done", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes",
            "final_cost", "train_cost", "dev_cost", "train_seconds", "rank", "run", "W1", "b1", "W2", "b2", "checksum",
            "times_checksum", "cost", "cost_count",
        }  # fmt: skip
        scales = {name for name, variable in file.items() if isinstance(variable, h5py.Dataset) and variable.is_scale}
        variables = {name for name, variable in file.items() if isinstance(variable, h5py.Dataset)}
        assert variables - scales - written_later == {*GIVEN, "activation"}


@pytest.mark.parametrize("name", GIVEN)
def test_a_value_that_the_job_gave_is_put_back(moonsweep, whole, copy, name):
    job, expected = whole
    damage.flip_value(copy, name, 0, mask=64)
    assert result_file.differences(copy, expected) == [name]
    done = moonsweep("run", job, "-o", copy)
    assert f"1 damaged value was restored from the job: {name}\n" in done.stderr
    assert "nothing to do" in done.stderr
    assert result_file.differences(copy, expected) == []


@pytest.mark.parametrize("ranks", [0, 2])
@pytest.mark.parametrize("name", ["n_h", "learning_rate", "iterations", "config_trajectory"])
def test_a_damaged_row_is_not_sealed_with_a_damaged_tuple(moonsweep, whole, copy, name, ranks):
    job, expected = whole
    damage.flip_value(copy, name, 4, mask=2)
    damage.flip_value(copy, "W2", 4)
    done = moonsweep("run", job, "-o", copy, ranks=ranks)
    assert f"restored from the job: {name}\n" in done.stderr
    assert re.search(r"damaged: \d+ configurations? (does|do) not match .* trained again: ", done.stderr)
    assert result_file.differences(copy, expected) == []


def test_texts_that_are_damaged_beyond_a_bit_are_refused(moonsweep, whole, copy):
    job, _ = whole
    with h5py.File(copy, "r+") as file:
        file["activation"][...] = "tamh"  # every one: a reference may be a bit away from that of a right text
    before = copy.read_bytes()
    refused = moonsweep("run", job, "-o", copy, status=65)
    assert "the activation of configuration 0 is not tanh any more" in refused.stderr
    assert copy.read_bytes() == before


def test_a_damaged_count_of_the_costs_of_a_diverged_trajectory_is_put_right(moonsweep, undisturbed, tmp_path):
    job, whole = undisturbed(**{**job_file.DIVERGING, "learning_rate": "[1.0e6]", "iterations": "[10, 100]"})
    output = shutil.copy(whole, tmp_path / "out.h5")
    damage.flip_value(output, "cost_count", 0, mask=64)
    moonsweep("run", job, "-o", output)
    assert result_file.differences(output, whole) == []
