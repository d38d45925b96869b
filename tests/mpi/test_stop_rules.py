"""Rules that end trajectories early, compared with NumPy's computation from a sweep without rules."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import checksums, job_file, processes, result_file, waiting

EVERY, LAST = 50, 1000

# Smooth descent, oscillations, steps that are far too large, and networks that learn nothing at first.
GRID = {"n_h": "[1, 5]", "activation": "[tanh, relu]", "learning_rate": "[1.0e6, 5, 1.2, 0.1]"}
RULES = {
    "patience": {"patience": 20},
    "min_delta": {"patience": 30, "min_delta": 1e-4},
    "target": {"target_dev_accuracy": 85, "every": EVERY},
    "target at the counts": {"target_dev_accuracy": 85},
    "all": {"patience": 40, "min_delta": 1e-5, "target_dev_accuracy": 87.5, "every": EVERY},
}
COUNTS = [30, 200, LAST]


def stop(rules):
    """The section of a job file."""
    return "stop: {" + ", ".join(f"{key}: {value}" for key, value in rules.items()) + "}\n"


def end_by_costs(costs, patience=0, min_delta=0.0, **_):
    """As Keras' EarlyStopping: the number of updates after which the rule applies; None if it does not."""
    best, waited = np.inf, 0
    for i, cost in enumerate(costs.astype(np.float64)):
        if cost + min_delta < best:
            best, waited = cost, 0
        else:
            waited += 1
        if patience and waited >= patience:
            return i + 1
    return None


def end_by_accuracy(accuracies, target_dev_accuracy=0, every=0, **_):
    """The first iteration at which an evaluation reaches the target. accuracies: {iteration: percent}."""
    for i in sorted(accuracies):
        if target_dev_accuracy and (i in COUNTS or (every and i % every == 0)) and accuracies[i] >= target_dev_accuracy:
            return i
    return None


@pytest.fixture(scope="module", params=["float64", "float32"])
def whole(request, moonsweep, tmp_path_factory):
    """The precision, and the result of a job without rules that has a configuration at every evaluation."""
    folder = tmp_path_factory.mktemp("whole")
    counts = sorted({*COUNTS, *range(EVERY, LAST + 1, EVERY)})
    job = job_file.write(folder, precision=request.param, **GRID, iterations=counts)
    moonsweep("run", job, "-o", folder / "out.h5")
    return request.param, folder / "out.h5"


def expected_ends(whole, rules):
    """For each trajectory its last iteration, whether it diverged there, and the rule that ended it."""
    ends = []
    with h5py.File(whole) as file:
        trajectories = file["config_trajectory"][:]
        for trajectory in range(file["cost_start"].shape[0]):
            own = np.flatnonzero(trajectories == trajectory)
            done = own[file["status"][own] == 1]
            accuracies = dict(zip(file["iterations"][done].tolist(), file["dev_accuracy"][done], strict=True))
            updates = int(file["iterations_done"][own].max())
            costs = result_file.costs_of(file, trajectory, updates)
            found = [(end_by_costs(costs, **rules), "patience")]
            found += [(end_by_accuracy(accuracies, **rules), "target_dev_accuracy")]
            end, rule = min((one for one in found if one[0]), default=(updates, "none"))
            ends.append((end, rule == "none" and (file["status"][own] == 2).any(), rule))
    return ends


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_trajectories_end_where_numpy_says_with_the_costs_and_parameters_of_that_iteration(
    moonsweep, whole, tmp_path, rules
):
    precision, full = whole
    job = job_file.write(tmp_path, precision=precision, **GRID, iterations=COUNTS, more=stop(rules))
    output = tmp_path / "out.h5"
    summary = moonsweep("run", job, "-o", output).stderr
    ends = expected_ends(full, rules)
    with h5py.File(output) as file, h5py.File(full) as other:
        names = result_file.flag_names(file["ended_by"])
        for config in range(file["n_h"].shape[0]):
            trajectory, iterations = int(file["config_trajectory"][config]), int(file["iterations"][config])
            end, diverged, rule = ends[trajectory]
            if diverged and iterations > end:
                assert file["status"][config] == 2
                continue
            assert file["status"][config] == (3 if iterations > end else 1), (config, end)
            assert names[file["ended_by"][config]] == (rule if iterations > end else "none")
            assert file["iterations_done"][config] == min(end, iterations)
            costs = result_file.costs_of(other, trajectory, min(end, iterations))
            assert result_file.costs_of(file, trajectory, iterations).tobytes() == costs.tobytes()
            assert file["final_cost"][config] == costs[-1]
        stopped = int((file["status"][:] == 3).sum())
        assert stopped > 0
        assert stopped < file["n_h"].shape[0]
    assert f", {stopped} stopped, 0 pending" in summary
    assert f"{stopped} stopped" in moonsweep("status", output).stdout
    assert moonsweep("verify", output).returncode == 0
    moonsweep("verify", "--retrain", 1000, output)


def test_parameters_and_accuracies_are_those_of_a_shorter_sweep(moonsweep, tmp_path):
    """Where a rule has ended a trajectory, its results are those of a configuration with as many iterations."""
    rules = {"patience": 20}
    one = {"n_h": "[5]", "activation": "[relu]", "learning_rate": "[5]"}
    moonsweep("run", job_file.write(tmp_path, **one, iterations=[LAST], more=stop(rules)), "-o", tmp_path / "out.h5")
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["status"][0] == 3
        end = int(file["iterations_done"][0])
    moonsweep("run", job_file.write(tmp_path, "short", **one, iterations=[end]), "-o", tmp_path / "short.h5")
    different = result_file.differences(tmp_path / "out.h5", tmp_path / "short.h5")
    of_rules = {"status", "ended_by", "stop_best", "stop_count"}
    assert set(different) <= {*of_rules, "iterations", "checksum", "cost", "cost_sample"}
    moonsweep("predict", tmp_path / "out.h5", "--config", 0, "--moons", "100,0.2,1")


def test_a_trajectory_ends_after_its_processor_time(moonsweep, tmp_path):
    """Its results are those of a configuration with as many iterations, and can be trained again."""
    one = {"n_h": "[5]", "activation": "[sigmoid]", "learning_rate": "[0.01]"}
    rules = {"max_seconds": 0.3}
    job = job_file.write(tmp_path, **one, iterations=[20, 10**7], more=stop(rules))
    out = tmp_path / "out.h5"
    moonsweep("run", job, "-o", out)
    with h5py.File(out) as file:
        names = result_file.flag_names(file["ended_by"])
        assert file["status"][:].tolist() == [1, 3]
        assert [names[rule] for rule in file["ended_by"][:]] == ["none", "max_seconds"]
        assert 0.3 <= file["train_cpu_seconds"][1] < 10
        end = int(file["iterations_done"][1])
        costs = result_file.costs_of(file, 0, 10**7)
        parameters = [file[name][1].tobytes() for name in ("W1", "b1", "W2", "b2", "dev_accuracy")]
    assert len(costs) == end > 20
    moonsweep("verify", "--retrain", 2, out)
    moonsweep("run", job_file.write(tmp_path, "short", **one, iterations=[20, end]), "-o", tmp_path / "short.h5")
    with h5py.File(tmp_path / "short.h5") as file:
        assert result_file.costs_of(file, 0, end).tobytes() == costs.tobytes()
        assert [file[name][1].tobytes() for name in ("W1", "b1", "W2", "b2", "dev_accuracy")] == parameters
    assert "nothing to do" in moonsweep("run", job, "-o", out, ranks=2).stderr


def test_the_processor_time_of_interrupted_runs_counts(moonsweep, start, tmp_path):
    one = {"n_h": "[5]", "activation": "[sigmoid]", "learning_rate": "[0.01]"}
    job = job_file.write(tmp_path, **one, iterations=[20, 10**7], more=stop({"max_seconds": 1}))
    out = tmp_path / "out.h5"
    running = start("run", job, "-o", out, "--checkpoint-seconds", "0.1")
    waiting.until(lambda: out.exists() and result_file.checkpointed(out), running=running)
    processes.kill([running.pid])
    processes.end_of(running, status=None)
    moonsweep("run", job, "-o", out)
    with h5py.File(out) as file:
        assert file["status"][:].tolist() == [1, 3]
        assert 1 <= file["train_cpu_seconds"][1]
        assert (file["run"][:] == [0, 1]).all()
        assert file["runs/core_seconds"][1] < file["train_cpu_seconds"][1]
    moonsweep("verify", "--retrain", 2, out)


@pytest.mark.parametrize("rules", [RULES["all"], RULES["target"]], ids=["all", "target"])
@pytest.mark.parametrize("ranks", [2, 3])
def test_the_bits_do_not_depend_on_ranks(moonsweep, tmp_path, ranks, rules):
    job = job_file.write(tmp_path, **GRID, iterations=COUNTS, more=stop(rules))
    moonsweep("run", job, "-o", tmp_path / "alone.h5")
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks)
    assert result_file.differences(tmp_path / "alone.h5", tmp_path / "out.h5") == []


# Two trajectories of half a second whose costs oscillate, so that they wait for most of the time.
LONG = {
    "samples": 2000,
    "n_h": "[20, 15]",
    "activation": "[tanh]",
    "learning_rate": "[4]",
    "iterations": "[100, 100000]",
}


def test_a_sweep_that_is_killed_while_it_waits_for_an_improvement_resumes_to_the_same_bits(
    start_until, moonsweep, tmp_path
):
    job = job_file.write(tmp_path, **LONG, more=stop({"patience": 30000, "min_delta": 0.05}))
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", tmp_path / "alone.h5")
    often = ["--checkpoint-seconds", "0.1"]
    sweep, _ = start_until(job, output, "checkpoint/checksum", *often, nth=2, ranks=2)
    processes.kill_ranks(sweep)
    with h5py.File(output) as file:
        assert any(checkpoint.is_valid for checkpoint in checksums.checkpoints(file))
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(tmp_path / "alone.h5", output) == []
    with h5py.File(output) as file:
        assert (file["status"][:] == [1, 3, 1, 3]).all()


@pytest.mark.parametrize("rules", [RULES["all"], RULES["target at the counts"]], ids=["all", "target"])
@pytest.mark.parametrize("damaged", range(3))
def test_damaged_rows_of_ended_trajectories_are_trained_again(moonsweep, tmp_path, rules, damaged):
    """The rest of the trajectory resumes from a row at which it may have ended already."""
    job = job_file.write(tmp_path, **GRID, iterations=COUNTS, more=stop(rules))
    output, expected = tmp_path / "out.h5", tmp_path / "expected.h5"
    moonsweep("run", job, "-o", expected)
    moonsweep("run", job, "-o", output)
    with h5py.File(output, "r+") as file:
        file["W2"][damaged::3, 0] += 1.0
    assert "W2" in moonsweep("verify", output, status=65).stdout
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(expected, output) == []


def test_rules_and_successive_halving_work_together(moonsweep, tmp_path):
    more = stop(RULES["all"]) + "halving: {keep: 1/2, by: dev_accuracy}\n"
    job = job_file.write(tmp_path, **GRID, iterations=COUNTS, more=more)
    summary = moonsweep("run", job, "-o", tmp_path / "alone.h5").stderr
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3)
    assert result_file.differences(tmp_path / "alone.h5", tmp_path / "out.h5") == []
    with h5py.File(tmp_path / "out.h5") as file:
        count = np.bincount(file["status"][:], minlength=5)
    assert count[0] == 0
    assert (count[[1, 3, 4]] > 0).all()
    assert (
        f"{count[1]} of 48 configurations done, {count[2]} diverged, {count[3]} stopped, {count[4]} dropped" in summary
    )
    moonsweep("verify", "--retrain", 48, tmp_path / "out.h5")


def test_a_job_with_other_rules_is_another_job(moonsweep, tmp_path):
    output = tmp_path / "out.h5"
    moonsweep("run", job_file.write(tmp_path), "-o", output)
    moonsweep("run", job_file.write(tmp_path, more="stop: {patience: 0}\n"), "-o", output)
    refused = moonsweep("run", job_file.write(tmp_path, more="stop: {patience: 5}\n"), "-o", output, status=78)
    assert "stop.patience was 0, is now 5" in refused.stderr
