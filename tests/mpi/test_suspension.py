"""A sweep may be suspended, by Ctrl-Z or a batch system, and continued later. The pause does not count as training."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal
import time

import h5py
import numpy as np

from lib import job_file, processes, result_file, waiting

# Two trajectories of several seconds, one for each rank, which train at the same time.
LONG = {"samples": 2000, "n_h": "[20, 19]", "activation": "[tanh]", "iterations": "[400000]"}
PAUSE = 2.5


def suspend(pids, seconds):
    """Suspends processes for some seconds, and returns for how long all of them were suspended."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    waiting.until(lambda: all(map(processes.is_stopped, pids)))
    began = time.monotonic()
    time.sleep(seconds)
    ended = time.monotonic()
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    return ended - began


def test_suspended_time_counts_neither_as_training_nor_as_available_core_time(start, moonsweep, tmp_path):
    job, output = job_file.write(tmp_path, **LONG), tmp_path / "out.h5"
    # Without teams, so that each rank trains only in the time of its leases.
    sweep = start("run", job, "-o", output, "--no-teams", ranks=2)
    pids = waiting.until(lambda: (found := processes.ranks_of(sweep)) and len(found) == 2 and list(found.values()))
    suspended = 0
    # On a busy machine the ranks may spend seconds of processor time until they have found each other.
    waiting.until(lambda: output.exists() and result_file.runs(output) == 1, running=sweep)
    before = {pid: processes.cpu_seconds(pid) for pid in pids}
    for worked in (0.5, 1):
        waiting.until(lambda worked=worked: all(processes.cpu_seconds(pid) - before[pid] >= worked for pid in pids))
        assert result_file.finals(output) == 0
        suspended += suspend(pids, PAUSE)
    errors = processes.end_of(sweep)

    with h5py.File(output) as file:
        done = file["leases/finished"][:] > 0  # NaN in unused rows
        times = file["leases/finished"][done] - file["leases/started"][done]
        # A trajectory may be trained in several leases, one after another.
        leases = np.bincount(file["leases/first_trajectory"][done], times)
        trained = file["train_seconds"][:]
        processor = file["train_cpu_seconds"][:]
    for trajectory in (0, 1):
        assert leases[trajectory] > suspended
        # Up to 50 ms of work before each pause may be counted as part of it, or the other way round.
        assert trained[trajectory] <= leases[trajectory] - suspended + 0.1
    reported = re.search(r"The ranks were suspended for ([\d.]+) s in total", errors)
    recognised = float(reported[1]) if reported else 0
    # A pause during a write is not recognised, so one of the two pauses may be missed. Nor is one while a rank looks
    # for messages, which is where it waits for a core if other programs have the cores.
    had_their_cores = processor.sum() > 0.8 * (leases.sum() - 2 * suspended)
    assert recognised >= PAUSE or not had_their_cores, errors
    # Other programs may have the cores as well, so the share may be small; but the pauses must not make it smaller: the
    # time that follows from it contains what ranks wait for leases, and no pauses.
    share = float(re.search(r"the cores trained ([\d.]+)% of the time", errors)[1]) / 100
    time = processor.sum() / share
    if recognised > 0:
        assert abs(time - (leases.sum() - recognised)) < recognised / 2 + 0.0005 / share * time, errors
    assert moonsweep("verify", output).returncode == 0
