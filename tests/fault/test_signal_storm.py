"""A hundred signals, to any rank at any instant, stop a sweep like a single one."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import random
import signal
import time

import pytest

from fault import judge
from lib import processes, result_file, waiting

# Four trajectories of about a second.
JOB = {"samples": 2000, "n_h": "[15, 10]", "activation": "[tanh, relu]", "iterations": "[100, 60000]"}

SIGNALS = [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU]
COUNT, WITHIN_S = 100, 1.0


@pytest.fixture(scope="module")
def whole(undisturbed):
    job, output = undisturbed(**JOB)
    return job, judge.Expected(output)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 20))])
def test_a_storm_of_signals_stops_a_sweep_cleanly(start, moonsweep, whole, tmp_path, seed):
    job, expected = whole
    output, choice = tmp_path / "out.h5", random.Random(seed)
    ranks = choice.randint(2, 3)
    sweep = start("run", job, "-o", output, ranks=ranks)
    waiting.until(lambda: result_file.finals(output) > 0, pause=0.01, running=sweep)
    victims = list(processes.ranks_of(sweep).values())
    assert len(victims) == ranks
    for _ in range(COUNT):
        processes.kill([choice.choice(victims)], choice.choice(SIGNALS))
        time.sleep(choice.uniform(0, 2 * WITHIN_S / COUNT))
    assert "stopped by a signal" in processes.end_of(sweep, 75)
    contents = judge.look(output)
    assert contents.final.keys() == contents.rows and expected.wrong(output, contents.rows) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out.h5"]
    moonsweep("run", job, "-o", output, ranks=2)
    assert result_file.differences(output, expected.path) == []
