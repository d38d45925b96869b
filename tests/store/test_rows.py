"""Rows that ranks committed concurrently are stored bit for bit, with the checksums that Python computes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import checksums, damage, result_file
from store import figures


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_rows_of_all_ranks_are_stored_with_matching_checksums(commit, tmp_path, ranks, precision):
    path = tmp_path / "out.h5"
    commit(path, ranks=ranks, precision=precision)
    with h5py.File(path) as file:
        assert file["W1"].dtype == file["cost"].dtype == np.dtype(precision)
        assert figures.wrong_rows(file) == ([], figures.CONFIGS)
        assert set(file["rank"][...]) == set(range(ranks))
        assert set(file["run"][...]) == {0}


def test_no_number_is_split_between_two_sectors(finished):
    places = {}
    with h5py.File(finished) as file:
        file.visititems(
            lambda name, item: places.update({name: item.id.get_offset()}) if hasattr(item, "dtype") else None
        )
    stored = {name: place for name, place in places.items() if place is not None}
    assert {"cost_count", "checkpoint/checksum", "runs/current"} < stored.keys()
    assert [name for name, place in stored.items() if place % 8 != 0] == []


def test_every_run_and_lease_has_a_matching_checksum(finished):
    with h5py.File(finished) as file:
        for group, names, count in (("runs", checksums.RUN, 1), ("leases", checksums.LEASE, figures.TRAJECTORIES)):
            stored = file[group]["checksum"][...].tolist()
            assert stored[:count] == [checksums.digest(file, file[group], names, row) for row in range(count)]
            assert not any(stored[count:])


def test_histories_are_stored_one_after_another(finished):
    with h5py.File(finished) as file:
        for trajectory in range(figures.TRAJECTORIES):
            start, count = file["cost_start"][trajectory], file["cost_count"][trajectory]
            diverged = trajectory == figures.DIVERGED_TRAJECTORY
            assert start == trajectory * figures.HISTORY
            assert count == (figures.DIVERGED_AFTER if diverged else figures.HISTORY)
            stored = file["cost"][start : start + count]
            assert np.array_equal(stored, figures.costs(trajectory, count))


def test_every_nan_has_the_same_bits(finished):
    with h5py.File(finished) as file:
        for name in ("W1", "b1", "W2"):
            values = file[name][...]
            assert set(values[np.isnan(values)].view(np.uint64)) == {0x7FF8000000000000}


def test_a_second_run_on_a_finished_file_has_nothing_to_do(commit, tmp_path):
    path = tmp_path / "out.h5"
    commit(path)
    with h5py.File(path) as file:
        before = file["checksum"][...]
    assert commit(path, ranks=3) == "done 106 diverged 2 pending 0 damaged 0\n"
    with h5py.File(path) as file:
        assert np.array_equal(file["checksum"][...], before)
        assert list(file["runs/ranks"][:3]) == [2, 3, 0]
        assert file["runs/current"][()] == file["runs/id"][1]
    assert result_file.how_ended(path) == ["finished", "finished"]


TUPLE = {
    "n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "config_trajectory",
    "config_dataset",
}  # fmt: skip


@pytest.mark.parametrize("name", [*sorted({*checksums.COVERED, *checksums.TIMES} - TUPLE), "cost"])
def test_a_row_with_one_wrong_value_is_found_and_trained_again(commit, tmp_path, name):
    path, config = tmp_path / "out.h5", 37
    commit(path, ranks=1)
    with h5py.File(path) as file:
        place = int(file["cost_start"][config // 3]) + 3 if name == "cost" else config
    damage.flip_value(path, name, place, mask=2)
    wrong = 3 if name == "cost" else 1  # a cost belongs to all configurations of its trajectory
    output = commit(path, ranks=1)
    assert output == f"done {106 - wrong} diverged 2 pending {wrong} damaged {wrong}\n"
    with h5py.File(path) as file:
        assert figures.wrong_rows(file) == ([], figures.CONFIGS)
