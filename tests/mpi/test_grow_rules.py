"""A sweep that takes over from older results has the bits of a sweep that trains everything, whatever rules ended the
trajectories of either: `stop` and `halving`. It trains only what no state of the older result has."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from lib import result_file
from lib.job_file import DIVERGING
from lib.run_messages import taken_over, trained_iterations

DONE, DIVERGED, STOPPED, DROPPED = 1, 2, 3, 4

GRID = {"n_h": "[1, 3]", "activation": "[tanh, relu]", "learning_rate": "[0.5, 2]", "iterations": "[20, 100, 300]"}
MORE_UNITS = {**GRID, "n_h": "[3, 2, 1]"}
MORE_COUNTS = {**GRID, "iterations": "[20, 60, 100, 300, 400]"}

DIVERGES = {**DIVERGING, "iterations": "[10, 800]"}

PATIENT = "stop: {patience: 8, min_delta: 0.0004}\n"
LESS_PATIENT = "stop: {patience: 4, min_delta: 0.001}\n"
TARGET = "stop: {target_dev_accuracy: 85}\n"
HIGHER_TARGET = "stop: {target_dev_accuracy: 90}\n"
TARGET_OFTEN = "stop: {target_dev_accuracy: 85, every: 20}\n"
HIGHER_TARGET_OFTEN = "stop: {target_dev_accuracy: 87.5, every: 60}\n"
BOTH = "stop: {target_dev_accuracy: 87.5, patience: 8, min_delta: 0.0004}\n"
HALF = "halving: {keep: 0.5, by: dev_cost}\n"
QUARTER = "halving: {keep: 0.25, by: train_accuracy}\n"

# The older job and the new one: their grids and rules. Whether the states of the older result serve wherever they are:
# not if the job asks for an accuracy that the older result does not have.
CASES = {
    "rules about costs that are equal": ((GRID, PATIENT), (MORE_UNITS, PATIENT), True),
    "rules about costs that are equal, and more counts": ((GRID, PATIENT), (MORE_COUNTS, PATIENT), True),
    "a new rule about costs": ((GRID, ""), (MORE_COUNTS, PATIENT), True),
    "no rule about costs any more": ((GRID, PATIENT), (MORE_COUNTS, ""), True),
    "a rule about costs that waits longer": ((GRID, LESS_PATIENT), (MORE_UNITS, PATIENT), True),
    "a rule about costs that waits less": ((GRID, PATIENT), (MORE_UNITS, LESS_PATIENT), True),
    "a rule about costs that applies before the divergence": (
        (DIVERGES, ""),
        ({**DIVERGES, "iterations": "[10, 20, 800, 900]"}, "stop: {patience: 20, min_delta: 0.001}\n"),
        True,
    ),
    "a rule about costs that applies after the divergence": (
        (DIVERGES, "stop: {patience: 34, min_delta: 0.001}\n"),
        ({**DIVERGES, "iterations": "[10, 20, 800, 900]"}, "stop: {patience: 36, min_delta: 0.001}\n"),
        True,
    ),
    "equal targets": ((GRID, TARGET), (MORE_UNITS, TARGET), True),
    "equal targets, and more counts": ((GRID, TARGET), (MORE_COUNTS, TARGET), True),
    "a new target": ((GRID, ""), (MORE_UNITS, TARGET), True),
    "no target any more": ((GRID, TARGET), (MORE_COUNTS, ""), True),
    "a higher target": ((GRID, TARGET), (MORE_COUNTS, HIGHER_TARGET), True),
    "a lower target": ((GRID, HIGHER_TARGET), (MORE_COUNTS, TARGET), True),
    "equal targets between counts": ((GRID, TARGET_OFTEN), (MORE_COUNTS, TARGET_OFTEN), True),
    "a target between counts that is also higher": ((GRID, TARGET_OFTEN), (MORE_COUNTS, HIGHER_TARGET_OFTEN), True),
    "a new target between counts": ((GRID, ""), (MORE_UNITS, TARGET_OFTEN), False),
    "a target between counts that is lower": ((GRID, HIGHER_TARGET_OFTEN), (MORE_UNITS, TARGET_OFTEN), False),
    "from costs to both": ((GRID, PATIENT), (MORE_COUNTS, BOTH), True),
    "from both to a target": ((GRID, BOTH), (MORE_UNITS, HIGHER_TARGET), True),
    "into halving": ((GRID, ""), (MORE_UNITS, HALF), True),
    "into halving with more counts": ((GRID, ""), (MORE_COUNTS, QUARTER), True),
    "from halving": ((GRID, HALF), (MORE_COUNTS, ""), True),
    "from halving into the same": ((GRID, HALF), (MORE_UNITS, HALF), True),
    "from halving into another": ((GRID, QUARTER), (MORE_COUNTS, HALF), True),
    "from a rule about costs into halving": ((GRID, PATIENT), (MORE_UNITS, HALF), True),
    "from halving into a rule about costs": ((GRID, HALF), (MORE_COUNTS, PATIENT), True),
    "from halving and rules into halving and others": ((GRID, HALF + BOTH), (MORE_COUNTS, HALF + PATIENT), True),
}

# The others are long.
QUICK = [
    "rules about costs that are equal, and more counts",
    "a new rule about costs",
    "no rule about costs any more",
    "a target between counts that is also higher",
    "a new target between counts",
    "into halving",
    "from halving into another",
]


def quick_or_long(cases, quick):
    return [case if case in quick else pytest.param(case, marks=pytest.mark.long) for case in cases]


@pytest.fixture(scope="module")
def whole(undisturbed):
    """Runs a job undisturbed once: (job.yaml, out.h5)."""
    known = {}

    def make(grid, rules):
        key = str(grid) + rules
        if key not in known:
            known[key] = undisturbed("--no-cycle-detection", **grid, more=rules)
        return known[key]

    return make


def reached(path):
    """The iteration counts of the states that a result has of each trajectory: {settings: {iterations}}."""
    names = ("n_h", "activation", "learning_rate", "init_scale", "seed")
    states = {}
    with h5py.File(path) as file:
        values = {name: file[name][:].tolist() for name in names}
        has_values = file["status"][:] != DROPPED
        for config, iterations in enumerate(file["iterations_done"][:].tolist()):
            if has_values[config]:
                states.setdefault(tuple(values[name][config] for name in names), set()).add(iterations)
    return states


def needed(older, new):
    """How many iterations must be trained if every state of the older result serves: from one count that must be
    evaluated to the next, those after the last state that the older result has between them."""
    known, total = reached(older), 0
    for settings, counts in reached(new).items():
        states, before = known.get(settings, set()), 0
        for count in sorted(counts):
            if count not in states:
                total += count - max({before} | {state for state in states if before < state < count})
            before = count
    return total


def statuses(path):
    with h5py.File(path) as file:
        return set(file["status"][:].tolist())


@pytest.mark.parametrize("case", quick_or_long(CASES, QUICK))
def test_the_bits_are_those_of_a_sweep_from_nothing(moonsweep, whole, tmp_path, case):
    (older_grid, older_rules), (new_grid, new_rules), serves = CASES[case]
    _, older = whole(older_grid, older_rules)
    job, expected = whole(new_grid, new_rules)
    for path, rules in ((older, older_rules), (expected, new_rules)):
        assert (STOPPED in statuses(path)) == ("stop" in rules), "the rules must have an effect"
        assert (DROPPED in statuses(path)) == ("halving" in rules)
    output = tmp_path / "new.h5"
    done = moonsweep(
        "run", job, "-o", output, "--from", older, "--no-cycle-detection", ranks=2 if "both" in case else 0
    )
    assert result_file.differences(output, expected) == []
    assert moonsweep("verify", output).stderr == ""
    with h5py.File(output) as file:
        assert int((file["rank"][:] == -1).sum()) == taken_over(done.stderr) > 0
    if serves:
        assert trained_iterations(done.stderr) == needed(older, expected)
    else:
        assert trained_iterations(done.stderr) >= needed(older, expected)


def test_a_state_that_a_rule_has_ended_is_a_row_of_another_job(moonsweep, whole, tmp_path):
    """Where the older job ended a trajectory, the new job has a count, or ends it, too."""
    _, older = whole(GRID, PATIENT)
    with h5py.File(older) as file:
        ended = sorted({int(n) for n in file["iterations_done"][:][file["status"][:] == STOPPED]})
    assert len(ended) > 2
    counts = {**GRID, "iterations": str([20, *(n for n in ended if n not in (20, 100))])}
    job, expected = whole(counts, "")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older, "--no-cycle-detection")
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert trained_iterations(done.stderr) == needed(older, expected)


def test_several_files_with_different_rules(moonsweep, whole, tmp_path):
    files = [whole(GRID, PATIENT)[1], whole(GRID, HALF)[1], whole(GRID, TARGET)[1]]
    job, expected = whole(MORE_COUNTS, PATIENT)
    done = moonsweep(
        "run", job, "-o", tmp_path / "new.h5", *(word for file in files for word in ("--from", file)), ranks=2
    )
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert " taken over from " in done.stderr


# ---- time ------------------------------------------------------------------------------------------------------------


def test_a_rule_about_time_lets_rows_be_taken_that_took_less(moonsweep, whole, tmp_path):
    _, older = whole(GRID, "")
    job, expected = whole(MORE_UNITS, "stop: {max_seconds: 1000}\n")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older, "--no-cycle-detection")
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert trained_iterations(done.stderr) == needed(older, expected)


def test_no_row_is_taken_that_took_longer_than_a_rule_about_time_allows(refused, whole, undisturbed, tmp_path):
    _, older = whole(GRID, "")
    job, _ = undisturbed(**GRID, more="stop: {max_seconds: 1.0e-9}\n")
    words = ["nothing can be taken over", "24 final configurations", "rules of this job"]
    refused(78, "run", job, "-o", tmp_path / "new.h5", "--from", older, words=words)


def test_what_time_has_ended_is_continued_without_that_rule(moonsweep, whole, undisturbed, tmp_path):
    _, older = undisturbed(**GRID, more="stop: {max_seconds: 1.0e-9}\n")
    assert statuses(older) <= {DONE, STOPPED} and STOPPED in statuses(older)
    job, expected = whole(GRID, "")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older, "--no-cycle-detection")
    assert result_file.differences(tmp_path / "new.h5", expected) == []
    assert trained_iterations(done.stderr) == needed(older, expected)


def test_equal_rules_about_time_end_the_same_trajectories(moonsweep, undisturbed, tmp_path):
    """They are taken over as they are, although another run would end them elsewhere."""
    _, older = undisturbed(**GRID, more="stop: {max_seconds: 1.0e-9}\n")
    job, _ = undisturbed(**GRID, more="# The same.\nstop: {max_seconds: 1.0e-9}\n")
    done = moonsweep("run", job, "-o", tmp_path / "new.h5", "--from", older)
    assert trained_iterations(done.stderr) == 0
    assert result_file.differences(tmp_path / "new.h5", older) == []
    with h5py.File(tmp_path / "new.h5") as file:
        assert np.all(file["rank"][:] == -1)
