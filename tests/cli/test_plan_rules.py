"""What moonsweep plan says of successive halving and of rules that end trajectories early, compared with sweeps and
with random outcomes of the rungs."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import math
import random

import h5py
import numpy as np
import pytest


def planned(moonsweep, path):
    return json.loads(moonsweep("plan", path, "--format", "json").stdout)


def trained(path):
    """The number of iterations that the trajectories of a result have made."""
    with h5py.File(path) as file:
        done = np.zeros(file["cost_start"].size, np.int64)
        np.maximum.at(done, file["config_trajectory"][:], file["iterations_done"][:])
        return int(done.sum())


def test_the_rungs_of_a_product_and_its_iterations_are_those_of_the_sweep(moonsweep, job, tmp_path):
    text = job(
        n_h="[1, 2, 3]", activation="[tanh, relu]", learning_rate="[0.5, 0.1]", iterations="[40, 10, 20]",
        more="halving: {keep: 1/4, by: dev_cost}\n",
    )  # fmt: skip
    plan = planned(moonsweep, text)
    moonsweep("run", text, "-o", tmp_path / "out.h5")
    assert plan["stop"] is None
    assert plan["halving"]["keep"] == 0.25 and plan["halving"]["by"] == "dev_cost"
    assert plan["halving"]["rungs"] == [
        {"data_set": 0, "iterations": 10, "entering": 12, "kept": 3},
        {"data_set": 0, "iterations": 20, "entering": 3, "kept": 1},
    ]
    assert plan["iterations_at_least"] == plan["iterations_at_most"] == trained(tmp_path / "out.h5") == 170
    shown = moonsweep("plan", text).stdout
    assert "\nrung_10 at most 12 take part, 3 go on\nrung_20 at most 3 take part, 1 go on\n" in shown
    assert "\niterations_at_least 170\niterations_at_most 170\n" in shown


def outcome(counts, keep, choice):
    """The iterations of a sweep whose rungs are decided at random. counts: those of each trajectory."""
    alive, total = set(range(len(counts))), 0
    for rung in sorted(set().union(*counts)):
        taking_part = [t for t in alive if rung in counts[t] and rung < max(counts[t])]
        kept = choice.sample(taking_part, math.ceil(keep * len(taking_part) - 1e-12))
        total += rung * len(lost := set(taking_part) - set(kept))
        alive -= lost
    return total + sum(max(counts[t]) for t in alive)


def test_trajectories_that_end_at_a_rung_are_not_counted_beyond_it(moonsweep, job):
    grids = ", ".join(
        f"{{n_h: {n}, activation: tanh, learning_rate: 0.1, iterations: {counts}}}"
        for n, counts in enumerate(["[1, 2]", "[1, 2, 4]", "[1, 2, 4]"], 1)
    )
    plan = planned(moonsweep, job(whole_grid=f"[{grids}]", more="halving: {keep: 0.75, by: dev_cost}\n"))
    assert plan["iterations_at_least"] == plan["iterations_at_most"] == 2 + 4 + 4


@pytest.mark.parametrize("seed", range(4))
def test_no_outcome_of_any_rungs_is_beyond_the_bounds(moonsweep, job, seed):
    """Trajectories with different iteration counts, so that few rungs have all of them."""
    choice = random.Random(seed)
    counts = [sorted(choice.sample([1, 2, 4, 8, 16, 32], choice.randint(1, 4))) for _ in range(choice.randint(2, 9))]
    grids = [f"{{n_h: {t + 1}, activation: tanh, learning_rate: 0.1, iterations: {c}}}" for t, c in enumerate(counts)]
    keep = choice.choice([0.2, 0.5, 0.75])
    plan = planned(
        moonsweep, job(whole_grid=f"[{', '.join(grids)}]", more=f"halving: {{keep: {keep}, by: dev_cost}}\n")
    )
    totals = [outcome(counts, keep, choice) for _ in range(3000)]
    assert 0 < plan["iterations_at_least"] <= min(totals)
    assert max(totals) <= plan["iterations_at_most"] <= plan["iterations"] == sum(map(max, counts))


@pytest.mark.parametrize(
    ("rules", "earliest"),
    [("patience: 7", 8), ("target_dev_accuracy: 60", 10), ("target_dev_accuracy: 60, every: 4", 4),
     ("patience: 2, target_dev_accuracy: 60", 3)],
)  # fmt: skip
def test_rules_end_no_trajectory_before_the_lower_bound(moonsweep, job, tmp_path, rules, earliest):
    """With steps that are far too large, the cost of some does not decrease after the first one."""
    text = job(n_h="[2, 5]", learning_rate="[5, 1, 100]", iterations="[10, 500]", more=f"stop: {{{rules}}}\n")
    plan = planned(moonsweep, text)
    moonsweep("run", text, "-o", tmp_path / "out.h5")
    assert plan["iterations_at_least"] == 6 * earliest
    assert plan["iterations_at_most"] == plan["iterations"] == 3000
    assert plan["iterations_at_least"] <= trained(tmp_path / "out.h5") < 3000
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["iterations_done"][:].min() >= earliest
    figures = dict(line.split(" ", 1) for line in moonsweep("plan", text).stdout.split("\n\n")[0].splitlines())
    for rule in rules.split(", "):
        name, value = rule.split(": ")
        assert figures[f"stop_{name}"] == value
        assert plan["stop"][name] == float(value)


def test_a_rule_about_time_leaves_one_iteration(moonsweep, job):
    plan = planned(moonsweep, job(iterations="[10, 500]", more="stop: {max_seconds: 0.5}\n"))
    assert (plan["iterations_at_least"], plan["iterations_at_most"]) == (1, 500)


def test_a_job_without_rules_has_one_number_of_iterations(moonsweep, job):
    plan = planned(moonsweep, job(iterations="[10, 500]"))
    assert plan["stop"] is plan["halving"] is None
    assert plan["iterations_at_least"] == plan["iterations_at_most"] == plan["iterations"] == 500
    assert "iterations_at" not in moonsweep("plan", job()).stdout


IDLE = {
    "`halving` has no effect, because no trajectory has two": ("[100]", "halving: {keep: 1/3, by: dev_cost}"),
    "`halving` has no effect, because at every rung all": ("[100, 200]", "halving: {keep: 0.9, by: dev_cost}"),
    "`stop.patience` has no effect, because no trajectory has more than 101": ("[100, 101]", "stop: {patience: 100}"),
    "`stop.target_dev_accuracy` has no effect": ("[100]", "stop: {target_dev_accuracy: 94, every: 100}"),
}
WORKING = [
    ("[100, 200]", "halving: {keep: 0.5, by: dev_cost}"),
    ("[100, 102]", "stop: {patience: 100}"),
    ("[100]", "stop: {target_dev_accuracy: 94, every: 99}"),
    ("[99, 100]", "stop: {target_dev_accuracy: 94}"),
]


@pytest.mark.parametrize("note", IDLE)
def test_a_rule_that_ends_nothing_is_noted(moonsweep, job, note):
    iterations, rule = IDLE[note]
    path = job(n_h="[1, 2]", iterations=iterations, more=rule + "\n")
    assert f"moonsweep: {path}: note: {note}" in moonsweep("plan", path).stderr


@pytest.mark.parametrize(("iterations", "rule"), WORKING)
def test_a_rule_that_may_end_something_is_not_noted(moonsweep, job, iterations, rule):
    path = job(n_h="[1, 2]", iterations=iterations, more=rule + "\n")
    assert "has no effect" not in moonsweep("plan", path).stderr


def test_each_data_set_has_its_rungs(moonsweep, job):
    halving = "halving: {keep: 1/2, by: dev_cost}\n"
    path = job(split_seed="[1, 2]", learning_rate="[0.5, 0.1]", iterations="[10, 500]", more=halving)
    rungs = planned(moonsweep, path)["halving"]["rungs"]
    assert rungs == [{"data_set": d, "iterations": 10, "entering": 2, "kept": 1} for d in (0, 1)]
    assert "data_set_1_rung_10 at most 2 take part, 1 go on\n" in moonsweep("plan", path).stdout
