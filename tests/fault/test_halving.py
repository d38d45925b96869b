"""A sweep with successive halving survives kills of any process at any time: while it trains, and while it writes the
rows of what is dropped."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random

import pytest

from fault import judge
from fault.chain import CONFIGS, JOB
from fault.write_log import File, Kind
from lib import processes, result_file, waiting

HALVING = {**JOB, "iterations": "[3000, 100, 30000]", "more": "halving: {keep: 1/3, by: dev_cost}\n"}
STATUS = (Kind.WRITE, File.RESULT, "status", 1, 6)


@pytest.fixture(scope="module")
def whole(undisturbed):
    job, output = undisturbed(**HALVING)
    return job, judge.Expected(output)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
def test_a_kill_at_any_time(chain, seed):
    killed = chain(3000 + seed)
    for victim in ("all at once", "rank 0", "a rank", "mpirun"):
        killed.link(victim, killed.choice.choice(["training", "committing"]), "at random")
    killed.finish()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
def test_a_kill_of_rank_0_while_it_writes_statuses(chain, seed):
    killed = chain(4000 + seed)
    for _ in range(3):
        killed.link("rank 0", "committing", "at a call", STATUS)
    killed.finish()


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_a_kill_after_a_random_number_of_final_rows(start, moonsweep, whole, tmp_path, seed):
    """Without a preloaded library, so that rank 0 is also killed between its writes."""
    job, expected = whole
    output, choice, kills = tmp_path / "out.h5", random.Random(5000 + seed), 0
    for _ in range(6):
        sweep = start("run", job, "-o", output, ranks=3)
        final = choice.randint(1, CONFIGS)
        waiting.until(lambda sweep=sweep, final=final: sweep.poll() is not None or result_file.finals(output) >= final)
        if sweep.poll() is None:
            processes.kill_ranks(sweep)
            kills += 1
    moonsweep("run", job, "-o", output, ranks=2)
    assert kills > 0
    assert result_file.differences(output, expected.path) == []
    assert "sound" in moonsweep("verify", output).stdout
