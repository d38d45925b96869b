"""Sweeps that store some of their costs or none: what is stored has the bits of a sweep that stores all of them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import h5py
import numpy as np
import pytest

from lib import checksums, job_file, processes, result_file

LAST = 400
COUNTS = [5, 30, 101, LAST]

# Smooth descent, oscillations, and steps that are far too large: some trajectories diverge, others are ended by a rule.
GRID = {"n_h": "[1, 5]", "activation": "[tanh, relu]", "learning_rate": "[1.0e300, 1.0e6, 5, 1.2, 0.1]"}
PATIENT = "stop: {patience: 20, min_delta: 1.0e-4}\n"
RULES = PATIENT + "halving: {keep: 3/4, by: dev_cost}\n"

# 3 divides one of the counts, 7 none, 100 the last one; with 1000 only the first cost is stored.
STRIDES = {f"every_{every}": f"cost_every: {every}\n" for every in (1, 3, 7, 100, 1000)} | {"none": "costs: none\n"}
OF_COSTS = {"cost", "cost_sample", "cost_start", "cost_count", "cost_stride", "checksum"}


def stride_of(text):
    return 0 if "none" in text else int(text.split(":")[1])


def histories(path):
    """The stored costs of each trajectory."""
    with h5py.File(path) as file:
        assert len(set(file["cost_stride"][:].tolist())) == 1
        return [result_file.costs_of(file, trajectory, 10**9) for trajectory in range(len(file["cost_start"]))]


def expect_same_bits(thinned, full, stride):
    """Demands the bits of all costs where they are stored, and those of everything else."""
    assert set(result_file.differences(thinned, full)) <= OF_COSTS
    for stored, costs in zip(histories(thinned), histories(full), strict=True):
        assert stored.tobytes() == (costs[::stride] if stride else costs[:0]).tobytes()


def expect_room_for(thinned, stride):
    """Demands that the file has room for the costs that are stored, and for no others."""
    with h5py.File(thinned) as file:
        spaces = [-(-LAST // stride) if stride else 0] * len(file["cost_start"])
        assert (file["cost_stride"][:] == stride).all()
        assert file["cost_start"][:].tolist() == np.cumsum([0, *spaces])[:-1].tolist()
        assert file["cost"].size == max(1, sum(spaces))


@pytest.fixture(scope="module", params=["float64", "float32"])
def full(request, undisturbed):
    """The precision, and a result with all costs."""
    return request.param, undisturbed(precision=request.param, **GRID, iterations=COUNTS, more=RULES)[1]


@pytest.mark.parametrize("stored", STRIDES.values(), ids=STRIDES)
def test_what_is_stored_are_the_bits_of_all_costs(moonsweep, full, tmp_path, stored):
    precision, expected = full
    output = tmp_path / "out.h5"
    job = job_file.write(tmp_path, precision=precision, **GRID, iterations=COUNTS, more=RULES + stored)
    moonsweep("run", job, "-o", output, ranks=3)
    expect_same_bits(output, expected, stride_of(stored))
    expect_room_for(output, stride_of(stored))
    with h5py.File(output) as file:
        assert {1, 2, 3, 4} <= set(file["status"][:].tolist())
        for config in range(len(file["config"])):
            assert checksums.match(file, config)
    assert "sound" in moonsweep("verify", "--retrain", 1000, output).stdout
    assert "nothing to do" in moonsweep("run", job, "-o", output).stderr


def test_rows_have_what_the_rule_about_costs_knows(full):
    """As Keras' EarlyStopping counts, over the costs before the last update."""
    compared = 0
    with h5py.File(full[1]) as file:
        for config, status in enumerate(file["status"][:]):
            if status == 4:
                assert np.isnan(file["stop_best"][config])
                assert file["stop_count"][config] == 0
                continue
            best, waited = np.inf, 0
            for cost in result_file.costs_of(file, file["config_trajectory"][config], file["iterations_done"][config]):
                best, waited = (float(cost), 0) if float(cost) + 1e-4 < best else (best, waited + 1)
            assert (file["stop_best"][config], file["stop_count"][config]) == (best, waited)
            compared += waited > 0
    assert compared > 10


# Trajectories of half a second. With tanh the costs oscillate, and the rule waits for most of the time.
LONG = {
    "samples": 2000,
    "n_h": "[20, 15]",
    "activation": "[tanh]",
    "learning_rate": "[4]",
    "iterations": "[100, 60000]",
}
WAITS = "stop: {patience: 30000, min_delta: 0.05}\n"


@pytest.fixture(scope="module")
def long(undisturbed):
    """A result with all costs of trajectories that last for a while."""
    return undisturbed(**LONG, more=WAITS)[1]


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param("cost_every: 7\n", id="every_7"),
        pytest.param("costs: none\n", id="none"),
        pytest.param("cost_every: 4097\n", id="every_4097", marks=pytest.mark.long),
    ],
)
def test_killed_sweeps_resume_to_the_same_bits(start_until, moonsweep, long, tmp_path, stored):
    """Kills at several checkpoints. The rule waits across them."""
    job = job_file.write(tmp_path, **LONG, more=WAITS + stored)
    output = tmp_path / "out.h5"
    choice, kills = random.Random(stored), 0
    for _ in range(3):
        sweep, suspended = start_until(
            job, output, "checkpoint/checksum", "--checkpoint-seconds", "0.1",
            nth=choice.choice([1, 2]), ranks=choice.choice([1, 2]),
        )  # fmt: skip
        if suspended is not None:
            processes.kill_ranks(sweep)
            kills += 1
    assert kills > 0
    moonsweep("run", job, "-o", output, ranks=3)
    expect_same_bits(output, long, stride_of(stored))
    with h5py.File(output) as file:
        assert (file["status"][:] == [1, 3, 1, 3]).all()
    moonsweep("verify", "--retrain", 4, output)


def test_a_resume_cannot_change_which_costs_are_stored(refused, moonsweep, tmp_path):
    output = tmp_path / "out.h5"
    moonsweep("run", job_file.write(tmp_path, more="cost_every: 3\n"), "-o", output)
    before = output.read_bytes()
    for more, words in {
        "": "cost_every was 3, is now 1",
        "cost_every: 4\n": "cost_every was 3, is now 4",
        "costs: none\n": "costs was all, is now none",
    }.items():
        refused(78, "run", job_file.write(tmp_path, more=more), "-o", output, words=[words])
    assert output.read_bytes() == before


def damage_costs(file):
    file["cost"][int(file["cost_start"][-1]) + 3] += 1


def damage_rows_of_ended_trajectories(file):
    """The rest of the trajectory resumes from the row in which it has ended, which alone has the last cost."""
    assert (file["status"][2::4] == 3).any()
    file["W2"][2::4, 0] += 1.0


@pytest.mark.parametrize(
    ("more", "damage"),
    [
        pytest.param("cost_every: 7\n", damage_costs, id="some_costs"),
        pytest.param(
            "stop: {target_dev_accuracy: 85}\ncosts: none\n", damage_rows_of_ended_trajectories, id="no_costs"
        ),
    ],
)
def test_what_is_damaged_is_found_and_trained_again(moonsweep, tmp_path, more, damage):
    job = job_file.write(tmp_path, **GRID, iterations=COUNTS, more=more)
    output, expected = tmp_path / "out.h5", tmp_path / "expected.h5"
    moonsweep("run", job, "-o", output)
    expected.write_bytes(output.read_bytes())
    with h5py.File(output, "r+") as file:
        damage(file)
    assert "checksum" in moonsweep("verify", output, status=65).stdout
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected) == []


@pytest.mark.parametrize("stored", ["cost_every: 7\n", "costs: none\n"], ids=["every_7", "none"])
@pytest.mark.parametrize("rules", ["", PATIENT], ids=["no_rule", "a_rule_about_costs"])
def test_a_larger_sweep_takes_over_what_is_stored(moonsweep, tmp_path, stored, rules):
    more = rules + stored
    older, output, expected = (tmp_path / f"{name}.h5" for name in ("older", "out", "expected"))
    larger = {**GRID, "n_h": "[5, 1, 2]", "iterations": [30, 50, 101, LAST, 500]}
    moonsweep("run", job_file.write(tmp_path, "older", **GRID, iterations=COUNTS, more=more), "-o", older)
    job = job_file.write(tmp_path, **larger, more=more)
    moonsweep("run", job, "-o", expected)
    taken = moonsweep("run", job, "-o", output, "--from", older, ranks=2).stderr
    assert "taken over" in taken
    assert result_file.differences(output, expected) == []
    moonsweep("verify", "--retrain", 1000, output)


def test_a_rule_about_costs_of_a_larger_sweep_needs_all_of_them(refused, moonsweep, tmp_path):
    older = tmp_path / "older.h5"
    moonsweep("run", job_file.write(tmp_path, "older", **GRID, iterations=COUNTS, more="cost_every: 7\n"), "-o", older)
    for more, words in {
        "cost_every: 7\n" + PATIENT: "does not have all costs",
        "cost_every: 14\n": "cost_every = 7",
        "": "cost_every = 7",
    }.items():
        job = job_file.write(tmp_path, **GRID, iterations=COUNTS, more=more)
        refused(78, "run", job, "-o", tmp_path / "out.h5", "--from", older, words=[words])
