"""Signals that come by the hundred, to anybody and at any instant, stop a sweep as one does."""

import contextlib
import os
import random
import signal
import subprocess
import time

import pytest
from fault import judge
from mpi import sweeps

# Four trajectories of about a second.
JOB = {"samples": 2000, "n_h": "[15, 10]", "activation": "[tanh, relu]", "iterations": "[100, 60000]"}

SIGNALS = [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU]
COUNT, WITHIN_S = 100, 1.0


@pytest.fixture(scope="module")
def whole(moonsweep, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    job = sweeps.job(folder, **JOB)
    moonsweep("run", job, "-o", folder / "whole.h5")
    return job, judge.Expected(folder / "whole.h5")


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 20))])
def test_a_storm_of_signals_ends_in_good_order(program, moonsweep, whole, tmp_path, seed):
    job, expected = whole
    output, choice = tmp_path / "out.h5", random.Random(seed)
    ranks = choice.randint(2, 3)
    sweep = sweeps.start(program, job, output, ranks, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sweeps.wait_until(lambda: sweeps.finals(output) > 0 or sweep.poll() is not None, pause=0.01)
    victims = list(sweeps.ranks_of(sweep).values())
    assert len(victims) == ranks
    for _ in range(COUNT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(choice.choice(victims), choice.choice(SIGNALS))
        time.sleep(choice.uniform(0, 2 * WITHIN_S / COUNT))
    _, errors = sweep.communicate()
    assert sweep.returncode == 75, errors
    assert "stopped by a signal" in errors
    held = judge.look(output)
    assert held.final.keys() == held.rows and expected.wrong(output, held.rows) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out.h5"]
    moonsweep("run", job, "-o", output, ranks=2)
    assert sweeps.differences(output, expected.path) == []
