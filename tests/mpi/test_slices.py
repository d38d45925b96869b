"""Near the end of a sweep, leases are slices of trajectories, which other ranks continue: the bits are those of one
process, which trains each trajectory at once."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import pytest

from lib import processes, result_file
from lib.slices import EQUAL, LAST, chains, slices

# Jobs in which trajectories end in a slice, or in rounds.
ENDING = {
    # Two diverge at once, perhaps before the last rank asks for work; five others are left for four ranks.
    "divergence": {
        **EQUAL, "activation": "[relu]", "n_h": "[50]", "learning_rate": "[1.0e6, 0.3, 1.0e7, 0.2, 0.1, 0.15, 0.05]"
    },
    # Costs grow now and then: the rank that continues needs the counters of the rule.
    "patience": {**EQUAL, "learning_rate": "[5, 3, 2, 1.5, 1]", "more": "stop: {patience: 1000, min_delta: 1.0e-5}\n"},
    # No rule may apply where a slice happens to end.
    "target": {**EQUAL, "more": "stop: {target_dev_accuracy: 94.5, every: 3000}\n"},
    "halving": {**EQUAL, "iterations": [100, 10000, LAST], "more": "halving: {keep: 2/3, by: dev_cost}\n"},
}  # fmt: skip


OFTEN = ["--checkpoint-seconds", "0.1"]


@pytest.fixture(scope="module")
def alone(undisturbed):
    """The job, and the result of a single process."""
    return undisturbed(**EQUAL)


@pytest.mark.parametrize("ranks, writers", [(2, "rank"), (4, "node")])
def test_slices_of_any_rank_are_one_training(moonsweep, alone, tmp_path, ranks, writers):
    job, expected = alone
    output = tmp_path / "out.h5"
    summary = moonsweep("run", job, "-o", output, "--writers", writers, ranks=ranks).stderr
    assert f": {5 * LAST} iterations, " in summary, "some iterations were trained again"
    assert result_file.differences(expected, output) == []
    assert moonsweep("verify", output).stderr == ""
    found = chains(output)
    assert len(found) == 5
    assert slices(output) > 0
    for chain in found.values():
        # Each begins where the one before has ended, and not before that (I1).
        assert [begin for begin, *_ in chain] == [0, *(end for _, end, *_ in chain[:-1])]
        assert chain[-1][1] == LAST
        assert all(before[4] <= after[3] for before, after in zip(chain, chain[1:], strict=False))


@pytest.mark.parametrize("job", ENDING.values(), ids=ENDING)
def test_trajectories_that_end_in_a_slice_end_as_in_one_training(moonsweep, undisturbed, tmp_path, job):
    job, expected = undisturbed(**job)
    output = tmp_path / "out.h5"
    moonsweep("run", job, "-o", output, ranks=4)
    assert result_file.differences(expected, output) == []
    assert slices(output) > 0


def test_a_sweep_that_is_stopped_between_slices_resumes_on_other_ranks(start_until, moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    # Rank 0 is suspended after a slice, whose trajectory no other rank can have continued: something is left to train.
    sweep, coordinator = start_until(job, output, "leases/finished", *OFTEN, ranks=4)
    assert any(end < LAST for chain in chains(output).values() for _, end, *_ in chain)
    processes.stop_suspended(sweep, coordinator)
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(expected, output) == []


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 30))])
def test_a_sweep_that_is_killed_between_slices_resumes_to_the_same_bits(start_until, moonsweep, alone, tmp_path, seed):
    job, expected = alone
    output, choice, kills = tmp_path / "out.h5", random.Random(seed), 0
    for _ in range(3):
        sweep, coordinator = start_until(
            job, output, "leases/finished", *OFTEN, nth=choice.choice([1, 2]), ranks=choice.choice([2, 4])
        )
        if coordinator is not None:
            processes.kill_ranks(sweep)
            kills += 1
    assert kills > 0
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(expected, output) == []
    assert moonsweep("verify", output).stderr == ""
