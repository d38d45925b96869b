"""moonsweep plan: what a job means, compared with the result of running it."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import json
import os
import re
import sys
from pathlib import Path

import h5py
import pytest

from lib import processes


def planned(moonsweep, *arguments):
    return json.loads(moonsweep("plan", *arguments, "--format", "json").stdout)


def test_the_plan_is_what_the_run_does(moonsweep, job, tmp_path):
    path, more = tmp_path / "out.h5", ("--set", "data.moons.noise=0.3")
    text = job(n_h="[1, 3]", activation="[tanh, relu]", iterations="[5, 20, 10]", more="class_weight: balanced\n")
    plan = planned(moonsweep, text, *more)
    moonsweep("run", text, "-o", path, *more)
    with h5py.File(path) as file:
        assert plan["configurations"] == file["status"].size == 12
        assert plan["trajectories"] == file["cost_start"].size == 4
        assert plan["iterations"] == file["cost"].size == 80
        (data,) = plan["data_sets"]
        assert data["features"] == 2
        for part in ("train", "dev"):
            y = file[f"y_{part}"][:]
            assert data[f"{part}_samples"] == len(y)
            assert data[f"{part}_labels"] == [(y == 0).sum(), (y == 1).sum()]
        y = file["y_train"][:]
        assert data["class_weight"] == [len(y) / (2 * (y == 0).sum()), len(y) / (2 * (y == 1).sum())]
        assert plan["cost_bytes"] == 8 * 80
    assert 0 < plan["result_bytes"] - path.stat().st_size < 100_000


@pytest.mark.parametrize(
    ("more", "stored"), [("cost_every: 7\n", 4 * 3), ("cost_every: 100\nprecision: float32\n", 4), ("costs: none\n", 0)]
)
def test_the_plan_knows_how_many_costs_are_stored(moonsweep, job, tmp_path, more, stored):
    path = tmp_path / "out.h5"
    text = job(n_h="[1, 3]", activation="[tanh, relu]", iterations="[5, 20, 10]", more=more)
    plan = planned(moonsweep, text)
    moonsweep("run", text, "-o", path)
    with h5py.File(path) as file:
        assert plan["iterations"] == 80
        assert plan["cost_bytes"] == stored * file["cost"].dtype.itemsize
        assert file["cost"].size == max(1, stored)
    assert 0 < plan["result_bytes"] - path.stat().st_size < 100_000


def test_a_result_that_is_too_large_says_how_much_of_it_are_costs(refused, moonsweep, job, tmp_path):
    """10^15 costs are larger than any disk here."""
    text = job(iterations="[1000000000000000]")
    words = "8.0 PB of it are costs: `cost_every: 100` in the job stores every 100th one"
    refused(73, "run", text, "-o", tmp_path / "out.h5", words=["needs 8.0 PB, and the file system has", words])
    assert not (tmp_path / "out.h5").exists()
    notes = planned(moonsweep, text)["notes"]
    assert any("the result needs 8.0 PB, of which 8.0 PB are costs" in note for note in notes)
    plan = planned(moonsweep, text, "--set", "costs=none")
    assert not any("the result needs" in note for note in plan["notes"])
    assert plan["result_bytes"] < 10_000_000


def test_the_bytes_of_costs_are_counted_beyond_a_hundred_gigabytes(moonsweep, job):
    few, many = 100_000_000, 900_000_000  # as long as text, because the file contains the job
    counts = {"n_h": "[1, 2, 3]", "seed": str([*range(10)])}
    sizes = [planned(moonsweep, job(**counts, iterations=f"[10, {most}]"))["result_bytes"] for most in (few, many)]
    assert sizes[1] - sizes[0] == 30 * (many - few) * 8
    assert sizes[1] > 200e9


def figures_of(text):
    """The figures of the text format, {name: value}, without the table after them."""
    return dict(line.split(" ", 1) for line in text.split("\n\n")[0].splitlines())


def test_the_text_has_one_figure_on_each_line(moonsweep, job):
    lines = figures_of(moonsweep("plan", job()).stdout)
    assert (lines["name"], lines["configurations"], lines["train_samples"]) == ("tiny", "1", "45")
    assert int(lines["result_bytes"]) == planned(moonsweep, job())["result_bytes"]
    assert "class_weight" not in lines


def test_a_plan_writes_no_files(moonsweep, job, tmp_path):
    moonsweep("plan", job(iterations="[9007199254740992]"))
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, "the dev set has 15 samples, each of which changes the dev accuracy by 6.7 points"),
        ({"n_h": "[30]"}, "networks of 30 hidden units have 121 parameters, more than the 45 training samples"),
        (
            {"learning_rate": "[0.5, 0.1, 0.1000000001]", "precision": "float32"},
            "the learning rates 0.1 and 0.1000000001 are the same number in float32",
        ),
        ({"samples": 4, "dev_fraction": 0.25}, "the only sample of the dev set is of class"),
    ],
)  # fmt: skip
def test_settings_that_may_be_mistakes_are_noted(moonsweep, job, changes, note):
    text = job(**changes)
    assert f"moonsweep: {text}: note: {note}" in moonsweep("plan", text).stderr
    assert any(line.startswith(note) for line in planned(moonsweep, text)["notes"])


def test_a_rule_that_excludes_nothing_is_noted(moonsweep, job):
    """The second rule of each list excludes what the first one excludes as well."""
    axes = "n_h: [1, 2, 3], activation: tanh, learning_rate: [0.5, 0.1], iterations: 20"
    both = "{learning_rate: 0.1}, {n_h: 2, learning_rate: 0.1}"
    idle = job(whole_grid=f"[{{{axes}, exclude: [{both}]}}, {{{axes}, exclude: [{both}, {{n_h: {{from: 4}}}}]}}]")
    note = "no configuration meets the conditions of `grid[1].exclude[2]`, which excludes nothing"
    assert f"moonsweep: {idle}: note: {note}\n" in moonsweep("plan", idle).stderr
    assert "excludes nothing" not in moonsweep("plan", job(whole_grid=f"{{{axes}, exclude: [{both}]}}")).stderr


def test_what_is_not_odd_is_not_noted(moonsweep, job):
    plain = job(samples=2000, learning_rate="[0.5, 0.1, 0.1000000001]")
    assert moonsweep("plan", plain).stderr == ""
    assert planned(moonsweep, plain)["notes"] == []


def test_a_rare_class_is_noted_unless_classes_are_weighted(moonsweep, tmp_path):
    rows = [f"{i % 7},{i % 11},{int(i % 20 == 0)}\n" for i in range(800)]
    (tmp_path / "points.csv").write_text("".join(rows))
    path = tmp_path / "own.yaml"
    path.write_text(
        "name: own\ndata: {file: points.csv, dev_fraction: 0.25, split_seed: 1}\n"
        "grid: {n_h: 3, activation: tanh, learning_rate: 0.5, iterations: 20}\n"
    )
    plan = planned(moonsweep, path)
    count = plan["data_sets"][0]["train_labels"][1]
    assert f"only {count} of the 600 training samples are of class 1" in " ".join(plan["notes"])
    weighted = planned(moonsweep, path, "--set", "class_weight=balanced")
    assert "training samples are of class" not in " ".join(weighted["notes"])


@pytest.mark.parametrize(
    ("setting", "meant"),
    [
        ("grid.n_hidden=3", "grid.n_h"), ("grid.hidden_units=3", "grid.n_h"), ("grid.lr=1", "grid.learning_rate"),
        ("grid.epochs=3", "grid.iterations"), ("grid.random_state=1", "grid.seed"),
        ("data.moons.random_state=1", "data.moons.seed"),
        ("data.test_size=0.2", "data.dev_fraction"), ("LR=1", "grid.learning_rate"),
        ("data.normalize=true", "data.standardize"),
    ],
)  # fmt: skip
def test_a_name_of_another_library_is_answered_with_the_key(moonsweep, job, setting, meant):
    refused = moonsweep("plan", job(), "--set", setting, status=65)
    assert f"did you mean {meant}?" in refused.stderr


def test_errors_of_the_job_and_of_the_command_line(moonsweep, job, tmp_path):
    assert "job file" in moonsweep("plan", status=64).stderr
    assert moonsweep("plan", tmp_path / "none.yaml", status=66).stderr != ""
    assert "grid.n_h[0]" in moonsweep("plan", job(n_h="[0]"), status=65).stderr
    assert "--ranks" in moonsweep("plan", job(), "--ranks", "0", status=64).stderr
    assert "--ranks" in moonsweep("plan", job(), "--ranks", "1000001", status=64).stderr
    assert "--ranks-per-node" in moonsweep("plan", job(), "--ranks-per-node", "0", status=64).stderr
    assert planned(moonsweep, job(), "--ranks", "1000000")["ranks"] == 1000000


# ---- memory, times and ranks -------------------------------------------------------------------------------------

TABLE = r" *ranks +wall_seconds +trained\n(?: +\d+ +\S+ +\d+\.\d%\n)+"


def test_times_and_ranks_agree_with_each_other(moonsweep, source):
    plan = planned(moonsweep, source / "jobs" / "moons420.yaml", "--ranks", "5", "--ranks-per-node", "1")
    rows = plan["times"]
    assert plan["ranks_per_node"] == 1 and plan["wall_seconds_no_teams"] == plan["wall_seconds"]
    assert plan["ranks"] == 5 and {1, 5, plan["useful_ranks"]} < {row["ranks"] for row in rows}
    assert [row["ranks"] for row in rows] == sorted({row["ranks"] for row in rows})
    for row in rows:
        # No schedule is better than one without waiting, or than the longest trajectory.
        assert row["wall_seconds"] >= (1 - 1e-5) * plan["core_seconds"] / row["ranks"]
        assert row["wall_seconds"] >= (1 - 1e-5) * plan["longest_trajectory_seconds"]
        trained = plan["core_seconds"] / (row["ranks"] * row["wall_seconds"])
        assert row["trained"] == pytest.approx(trained, rel=1e-4)
    at = {row["ranks"]: row["wall_seconds"] for row in rows}
    assert at[1] == pytest.approx(plan["core_seconds"], rel=1e-4)
    assert at[5] == plan["wall_seconds"]
    assert at[plan["useful_ranks"]] <= 1.06 * rows[-1]["wall_seconds"]
    assert plan["upper_bounds"] is False
    assert f"more than {plan['useful_ranks']} ranks save at most 5% of the time" in plan["limit"]
    assert re.search(r"the longest one \(\d+: 50 hidden units, (tanh|sigmoid), 100000 iterations\)", plan["limit"])


def test_ranks_that_help_those_of_their_node_save_time(moonsweep, job):
    """One network on 1,600 samples, which have four segments of 6, 6, 6 and 7 chunks."""
    text = job(samples=2000, dev_fraction=0.2, n_h="[200]", iterations="[100000]")
    four = planned(moonsweep, text, "--ranks", "4", "--ranks-per-node", "4")
    assert four["ranks_per_node"] == 4
    assert four["wall_seconds_no_teams"] == pytest.approx(four["core_seconds"], rel=1e-4)
    assert four["longest_trajectory_seconds"] == pytest.approx(four["core_seconds"], rel=1e-4)
    assert 7 / 25 < four["wall_seconds"] / four["wall_seconds_no_teams"] < 13 / 25
    assert "one rank trains a trajectory, which at most 3 others of its node help, and" in four["limit"]
    shown = moonsweep("plan", text, "--ranks", "2", "--ranks-per-node", "2").stdout
    figures = figures_of(shown)
    assert figures["ranks_per_node"] == "2"
    assert 13 / 25 < float(figures["wall_seconds"]) / float(figures["wall_seconds_no_teams"]) < 0.8
    assert "\nRanks help others of their node where that is quicker, with 2 on each: 2 ranks take" in shown
    assert "which at most 1 other of its node helps, and" in shown
    alone = moonsweep("plan", text, "--ranks", "4", "--ranks-per-node", "1").stdout
    assert figures_of(alone)["wall_seconds"] == figures_of(alone)["wall_seconds_no_teams"]
    assert "of its node" not in alone and "of their node" not in alone


def test_rank_0_of_very_many_only_hands_out_work(moonsweep, job):
    coordinators = {ranks: planned(moonsweep, job(), "--ranks", ranks)["coordinator"] for ranks in (1, 99, 10000)}
    assert coordinators == {1: "train", 99: "train", 10000: "dedicated"}
    assert "\ncoordinator train\n" in moonsweep("plan", job(), "--ranks", 2).stdout


def cores_of(processors):
    """The number of cores to which some processors belong: those of one core have the same siblings."""
    lists = [Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list") for number in processors]
    return len({path.read_text() if path.exists() else path for path in lists})


def test_without_a_number_of_ranks_every_core_gets_one(moonsweep, job):
    allowed = os.sched_getaffinity(0)
    plan = planned(moonsweep, job())
    assert plan["ranks"] == plan["ranks_per_node"] == cores_of(allowed)
    one = moonsweep("plan", job(), "--format", "json", wrapper=["taskset", "--cpu-list", max(allowed)])
    assert json.loads(one.stdout)["ranks"] == 1


def test_the_table_of_times_in_text_and_csv(moonsweep, job):
    text = moonsweep("plan", job(), "--ranks", "3").stdout
    figures = figures_of(text)
    assert figures["ranks"] == "3" and float(figures["wall_seconds"]) > 0
    assert re.search(rf"\n\n{TABLE}\nOn this machine, more than 1 rank saves at most 5%", text)
    header, *rows = csv.reader(moonsweep("plan", job(), "--ranks", "3", "--format", "csv").stdout.splitlines())
    assert header == ["ranks", "wall_seconds", "trained", "core_seconds"]
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert len({row[3] for row in rows}) == 1
    assert float(rows[0][1]) == pytest.approx(float(rows[0][3]), rel=1e-4)


def test_within_a_time_the_plan_names_the_ranks(moonsweep, job):
    assert planned(moonsweep, job(), "--within", "1d")["ranks"] == 1
    refused = moonsweep("plan", job(iterations="[9007199254740991]"), "--within", "9d", status=64)
    assert "no number of ranks" in refused.stderr and "the longest trajectory (0) takes" in refused.stderr
    assert "exclude each other" in moonsweep("plan", job(), "--ranks", "2", "--within", "1h", status=64).stderr
    assert "--within" in moonsweep("plan", job(), "--within", "soon", status=64).stderr


@pytest.mark.parametrize(
    "more",
    ["stop: {patience: 5}", "stop: {target_dev_accuracy: 90}", "stop: {max_seconds: 1}",
     "halving: {keep: 0.5, by: dev_cost}"],
)  # fmt: skip
def test_times_are_called_upper_bounds_if_trajectories_can_end_early(moonsweep, job, more):
    text = job(iterations="[5, 20]", more=more + "\n")
    assert planned(moonsweep, text)["upper_bounds"] is True
    assert "all times are upper bounds" in moonsweep("plan", text).stdout
    assert "upper bounds" not in moonsweep("plan", job()).stdout


def test_an_unknown_instruction_set_is_refused(moonsweep, job):
    refused = moonsweep("plan", job(), status=64, env={"MOONSWEEP_ISA": "avx1024"})
    assert "avx1024" in refused.stderr


# Started by a small process, since the system counts the memory of the process that starts another one as used by it.
PEAK = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ({"samples": 200}, {"samples": 600_000}),
        # So many samples have as many segments as there can be, whose sums need the most memory.
        ({"samples": 41_000, "n_h": "[1]"}, {"samples": 41_000, "n_h": "[5000]", "iterations": "[1]"}),
    ],
    ids=["samples", "hidden units"],
)
def test_the_memory_that_a_sweep_needs_is_in_the_plan(program, moonsweep, job, tmp_path, small, large):
    def peak_and_plan(name, settings):
        text = job(dev_fraction=0.2, **settings)
        command = [program, "run", "--quiet", text, "-o", tmp_path / f"{name}.h5"]
        peak = int(processes.run(sys.executable, "-c", PEAK, *command).stdout)
        plan = planned(moonsweep, text)
        return peak, plan["first_rank_bytes"] + plan["samples_bytes"]

    (few, planned_few), (many, planned_many) = peak_and_plan("small", small), peak_and_plan("large", large)
    growth = planned_many - planned_few
    # The plan includes the place in a team that a rank has beside others, but not alone.
    assert growth / 4 < many - few < growth + 4 * 2**20


def test_the_place_in_a_team_is_that_of_the_largest_network_that_can_be_shared(moonsweep, job):
    """A place takes 64 MiB at most: on two segments those of up to 116,000 units or so."""
    wide, wider = 100_000, 130_000
    settings = {"samples": 900, "dev_fraction": 0.2, "iterations": "[1]"}
    shared = planned(moonsweep, job(n_h=f"[{wide}, {wider}]", **settings))["rank_bytes"]
    alone = planned(moonsweep, job(n_h=f"[{wider - 1}, {wider}]", **settings))["rank_bytes"]
    sums, parameters = 4 * wide, 4 * wide + 1  # each sum has 8 lanes, and there are two of them; messages take turns
    assert 0 <= shared - alone - 2 * (8 * 8 * sums + 8 * parameters) < 20_000


def test_networks_that_diverge_at_once_are_measured(moonsweep, job):
    path = job(more="class_weight: [1e308, 1e308]\n")
    assert json.loads(moonsweep("plan", path, "--format", "json").stdout)["core_seconds"] > 0
