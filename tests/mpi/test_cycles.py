"""Trajectories whose parameters recur exactly are not computed further, and have the same results."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import h5py
import pytest

from lib import job_file, result_file

# The costs of 40 samples recur from iterations 43 (rate 20, period 2), 569 (rate 1.2) and 1160 (rate 0.6) on. Sigmoid
# does not get that far.
GRID = {
    "samples": 40, "noise": 0.25, "n_h": "[1, 3]", "activation": "[relu, sigmoid]", "learning_rate": "[20, 1.2, 0.6]",
    "iterations": "[10, 2001, 20000]",
}  # fmt: skip

NOT_COMPUTED = re.compile(r"^(\d+) more iterations were not computed, because the parameters of their", re.MULTILINE)
COMPUTED = re.compile(r": (\d+) iterations, ")


@pytest.fixture(scope="module", params=["float64", "float32"])
def computed(request, moonsweep, tmp_path_factory):
    """The job, and its result with every iteration computed."""
    folder = tmp_path_factory.mktemp("computed")
    job = job_file.write(folder, precision=request.param, **GRID)
    done = moonsweep("run", job, "-o", folder / "out.h5", "--no-cycle-detection")
    assert int(COMPUTED.search(done.stderr)[1]) == 12 * 20000
    assert not NOT_COMPUTED.search(done.stderr)
    return job, folder / "out.h5"


@pytest.mark.parametrize("ranks", [1, 3])
def test_results_have_the_same_bits_and_iterations_are_counted_once(moonsweep, computed, tmp_path, ranks):
    job, expected = computed
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert result_file.differences(expected, tmp_path / "out.h5") == []
    not_computed = int(NOT_COMPUTED.search(done.stderr)[1])
    assert not_computed > 6 * 17000
    assert int(COMPUTED.search(done.stderr)[1]) + not_computed == 12 * 20000


def test_retraining_computes_every_iteration(moonsweep, computed, tmp_path):
    job, _ = computed
    moonsweep("run", job, "-o", tmp_path / "out.h5")
    done = moonsweep("verify", "--retrain", 36, tmp_path / "out.h5")
    assert "36" in done.stdout


def test_a_sweep_that_resumes_within_a_cycle_has_the_same_bits(moonsweep, computed, tmp_path):
    job, expected = computed
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output)
    with h5py.File(output, "r+") as file:
        file["W2"][2::3, 0] += 1.0  # 20000 iterations, which are trained again from 2001 on
    done = moonsweep("run", job, "-o", output, ranks=2)
    assert int(NOT_COMPUTED.search(done.stderr)[1]) > 6 * 17000
    assert result_file.differences(expected, output) == []
