"""Straightforward C, the reference for moonsweep's speed, must do the same work and must really be vectorised."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess

import default_sweep
import h5py
import numpy as np
import peer
import peer_numpy
import pytest
import whole_sweep
from peer_process import PeerProcess

ITERATIONS = (1, 2, 3, 40)


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    return whole_sweep.write_job(tmp_path_factory.mktemp("job"), ITERATIONS)


@pytest.fixture(scope="module")
def programs(build, job, tmp_path_factory):
    """moonsweep and straightforward C, waiting for requests."""
    folder = tmp_path_factory.mktemp("programs")
    found = {
        name: PeerProcess(name, [build / "tests" / "bench" / f"peer_{name}", job], None, folder / f"{name}.log")
        for name in ("moonsweep", "straightforward")
    }
    yield found
    for program in found.values():
        program.__exit__()


@pytest.fixture(scope="module")
def data(moonsweep, job, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "data.csv"
    moonsweep("data", job, "-o", path)
    return peer.training_set(path)


@pytest.mark.parametrize("activation", default_sweep.ACTIVATIONS)
@pytest.mark.parametrize("n_h", default_sweep.N_H)
def test_moonsweep_straightforward_c_and_numpy_have_the_same_costs(programs, data, activation, n_h):
    costs = peer_numpy.train(activation, *data, *peer.start(n_h), 0.1, 200)
    for iterations in (1, 2, 3, 200):
        for program in programs.values():
            answer = program.train(activation, n_h, [0.1], iterations, 0)
            assert answer.costs == {0.1: pytest.approx(costs[iterations - 1], rel=1e-10)}, program.name


def test_runs_are_repeated_until_the_time_has_passed(programs):
    for program in programs.values():
        once, often = (program.train("relu", 1, [0.1], 10, seconds) for seconds in (0, 0.5))
        assert once.runs == 1 and often.runs > 1
        assert 0.5 <= often.seconds * often.runs  # seconds are of one run
        assert once.costs == often.costs  # each run starts from the initial parameters


@pytest.fixture(scope="module")
def sweeps(build, tmp_path_factory):
    """The folder of the files, and the default sweep's networks after a few iterations by both programs."""
    folder = tmp_path_factory.mktemp("sweeps")
    ours = whole_sweep.moonsweep(build, folder, ITERATIONS, 2)
    other = whole_sweep.straightforward(build, folder, ITERATIONS, 3)
    return folder, ours, other


def test_both_sweeps_have_the_same_costs(sweeps):
    _, ours, other = sweeps
    assert len(ours.costs) == 7 * 3 * 5 * len(ITERATIONS)
    assert other.costs == {case: pytest.approx(cost, rel=1e-10) for case, cost in ours.costs.items()}


def test_both_sweeps_have_the_same_parameters(sweeps):
    folder, _, _ = sweeps
    values = np.fromfile(folder / "out.f64")
    place = 0
    with h5py.File(folder / "out.h5") as file:
        W1, b1, W2, b2 = (file[name][:] for name in ("W1", "b1", "W2", "b2"))
        for config, n_h in enumerate(file["n_h"][:]):
            if config % len(ITERATIONS) == 0:
                place += max(ITERATIONS)
            expected = [*W1[config, :n_h].ravel(), *b1[config, :n_h], *W2[config, :n_h], b2[config]]
            found = values[place : place + len(expected)]
            place += len(expected)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)
    assert place == len(values)


def test_both_sweeps_report_plausible_times(sweeps):
    for sweep in sweeps[1:]:
        assert 0 <= sweep.sweep_s <= sweep.wall_s + 0.05
        assert 0 < sweep.share <= 100


def test_a_sweep_that_cannot_be_written_fails(build, job, tmp_path):
    command = [build / "tests" / "bench" / "straightforward_sweep", job]
    for output, processes, status in ((tmp_path / "none" / "out", "2", 73), (tmp_path / "out", "0", 64)):
        done = subprocess.run([*command, output, processes], capture_output=True, text=True)
        assert done.returncode == status and done.stderr.startswith("straightforward_sweep: ")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the C library has vector functions only on x86")
def test_straightforward_c_calls_the_vector_functions_of_the_c_library(build):
    """Without one of the compiler flags it is several times as slow, which would make moonsweep look better."""
    for program in ("peer_straightforward", "straightforward_sweep"):
        path = build / "tests" / "bench" / program
        symbols = subprocess.run(["nm", "-D", path], capture_output=True, text=True, check=True).stdout
        for function in ("tanh", "exp", "log"):
            assert any(word.startswith("_ZGV") and f"v_{function}@" in word for word in symbols.split()), function
