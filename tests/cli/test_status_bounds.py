"""moonsweep status of sweeps whose trajectories can end early: how much is left at most."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json

import h5py
import pytest

NONE = ["--time-limit", "0.0001s"]


def look(moonsweep, path):
    """The text of status, and its object in JSON."""
    return moonsweep("status", path).stdout, *json.loads(moonsweep("status", "--format", "json", path).stdout)


@pytest.fixture
def racing(job, tmp_path):
    """A job of twelve trajectories, of which three reach the second count and one the last: 9 * 10 + 2 * 30 + 90."""
    axes = {"n_h": "[1, 2, 3]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 0.1]"}
    path = job(**axes, iterations="[30, 90, 10]", more="halving: {keep: 1/4, by: dev_cost}\n")
    return path, tmp_path / "out.h5", 9 * 10 + 2 * 30 + 90


def test_what_halving_will_drop_is_not_counted(moonsweep, racing):
    path, out, most = racing
    moonsweep("run", path, "-o", out, *NONE, status=75)
    text, found = look(moonsweep, out)
    assert f"; 0 of at most {most} iterations" in text
    assert (found["iterations"], found["upper_bounds"], found["percent"]) == (most, 1, 0)


def test_after_a_rung_only_its_winners_are_counted(moonsweep, racing):
    """One row of the best trajectory is not final yet, as if a run had been killed before."""
    path, out, most = racing
    moonsweep("run", path, "-o", out)
    text, found = look(moonsweep, out)
    assert f"; {most} of {most} iterations" in text
    assert (found["iterations"], found["upper_bounds"], found["percent"]) == (most, 0, 100)
    with h5py.File(out, "r+") as file:
        (last,) = ((file["iterations"][:] == 90) & (file["status"][:] == 1)).nonzero()[0]
        file["status"][last] = 0
    text, found = look(moonsweep, out)
    assert f"; {most - 60} of at most {most} iterations" in text
    assert found["percent"] == pytest.approx(100 * (most - 60) / most)


def test_rules_leave_an_upper_bound(moonsweep, job, tmp_path):
    path, out = job(iterations="[10, 500]", more="stop: {patience: 5}\n"), tmp_path / "out.h5"
    moonsweep("run", path, "-o", out, *NONE, status=75)
    text, found = look(moonsweep, out)
    assert "; 0 of at most 500 iterations" in text
    assert (found["iterations"], found["upper_bounds"]) == (500, 1)


def test_without_rules_nothing_is_called_a_bound(moonsweep, job, tmp_path):
    moonsweep("run", job(iterations="[10, 500]"), "-o", tmp_path / "out.h5", *NONE, status=75)
    text, found = look(moonsweep, tmp_path / "out.h5")
    assert "; 0 of 500 iterations" in text
    assert found["upper_bounds"] == 0
