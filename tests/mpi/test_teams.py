"""Ranks without leases help those that train, and the results are the same."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import signal

import h5py
import pytest

from lib import mpi, processes, result_file, waiting

# More than any number of ranks here: without this there are no teams where ranks have no core each.
TEAMS = {"MOONSWEEP_TEAM_CORES": "64"}

# Of 25 chunks and 4 segments, so that up to four ranks have a share.
ONE = {"samples": 2000, "n_h": "[20]", "activation": "[tanh]", "iterations": "[300, 4000]"}
THREE = {"samples": 2000, "n_h": "[20]", "activation": "[tanh, sigmoid, relu]", "iterations": "[300, 2000]"}
LONG = {"samples": 2000, "n_h": "[20]", "activation": "[tanh]", "iterations": "[100, 80000]"}


@pytest.fixture(scope="module", params=["float64", "float32"])
def one(request, undisturbed):
    return undisturbed(precision=request.param, **ONE)


@pytest.fixture(scope="module")
def three(undisturbed):
    return undisturbed(**THREE)


@pytest.fixture(scope="module")
def long(undisturbed):
    return undisturbed(**LONG)


def has_helped(errors):
    """Whether ranks helped, according to the summary."""
    return re.search(r"^Ranks without leases helped others for [\d.]+ s in total\.$", errors, re.MULTILINE) is not None


@pytest.mark.parametrize("ranks", [2, 4])
def test_one_trajectory_has_the_same_bits_with_helpers(moonsweep, one, tmp_path, ranks):
    job, expected = one
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=ranks, env=TEAMS)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


@pytest.mark.parametrize("options", [(), ("--coordinator", "dedicated"), ("--writers", "node")])
def test_more_ranks_than_trajectories_train_the_same_bits(moonsweep, three, tmp_path, options):
    job, expected = three
    moonsweep("run", job, "-o", tmp_path / "out.h5", *options, ranks=4, env=TEAMS)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


def test_rounds_of_halving_have_teams_each(moonsweep, undisturbed, tmp_path):
    job, expected = undisturbed(
        more="halving: {keep: 0.5, by: dev_cost}\n", **{**THREE, "iterations": "[300, 1000, 4000]"}
    )
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3, env=TEAMS)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


@pytest.mark.parametrize("why", ["option", "cores"])
def test_nobody_helps_without_teams(moonsweep, three, tmp_path, why):
    job, expected = three
    options = ["--no-teams"] if why == "option" else []
    env = {"MOONSWEEP_TEAM_CORES": "64" if why == "option" else "3"}
    wrapper = [] if why == "option" else ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", *options, ranks=4, env=env, wrapper=wrapper)
    assert not has_helped(done.stderr)
    assert result_file.differences(expected, tmp_path / "out.h5") == []


@pytest.mark.parametrize("cores", ["0", "-3", "two", "3.5", "99999999999"])
def test_a_number_of_cores_that_is_none_is_refused(refused, source, tmp_path, cores):
    words = [f"MOONSWEEP_TEAM_CORES is {cores}; it must be an integer from 1 to 2147483647"]
    command = ("run", source / "jobs" / "smoke.yaml", "-o", tmp_path / "out.h5")
    refused(64, *command, env={"MOONSWEEP_TEAM_CORES": cores}, words=words)
    assert not (tmp_path / "out.h5").exists()


def test_a_helper_has_a_lease_without_trajectories_and_its_processor_time_counts(moonsweep, long, tmp_path):
    """The helpers of a configuration are the only other processes that train, so that all times add up."""
    job, expected = long
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2, env=TEAMS)
    assert has_helped(done.stderr)
    assert result_file.differences(expected, tmp_path / "out.h5") == []
    core_s = float(re.search(r"([\d.]+) core-seconds of training", done.stderr)[1])
    with h5py.File(tmp_path / "out.h5") as file:
        assert file["train_cpu_seconds"][:].max() == pytest.approx(core_s, rel=0.1, abs=0.2)
        used = file["leases/run"][:] >= 0
        leases = {name: file["leases"][name][used] for name in ("rank", "count", "started", "finished")}
        assert sorted(leases["count"]) == [0, 1]
        assert sorted(leases["rank"]) == [0, 1]
        assert (leases["finished"] > leases["started"]).all()


def trainer(output):
    with h5py.File(output) as file:
        return int(file["rank"][0])


def test_a_stopped_team_keeps_its_progress(start, moonsweep, long, tmp_path):
    job, expected = long
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, ranks=2, env=TEAMS)
    waiting.until(lambda: result_file.finals(output) == 1, running=sweep)
    os.kill(processes.ranks_of(sweep)[1 - trainer(output)], signal.SIGUSR1)
    processes.end_of(sweep, 75)
    assert len(result_file.checkpointed(output)) == 1
    moonsweep("run", job, "-o", output, ranks=2, env=TEAMS)
    assert result_file.differences(expected, output) == []


def test_a_helper_that_is_suspended_delays_nothing_but_the_end(start, long, tmp_path):
    job, expected = long
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, ranks=2, env=TEAMS)
    waiting.until(lambda: result_file.finals(output) == 1, running=sweep)
    helper = processes.ranks_of(sweep)[1 - trainer(output)]
    os.kill(helper, signal.SIGSTOP)
    if trainer(output) == 0:
        waiting.until(lambda: result_file.finals(output) == 2, running=sweep)
    os.kill(helper, signal.SIGCONT)
    processes.end_of(sweep)
    assert result_file.differences(expected, output) == []


def test_a_run_whose_helper_is_killed_is_resumed_with_the_same_bits(start, moonsweep, program, long, tmp_path):
    job, expected = long
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "--checkpoint-seconds", "0.1", ranks=3, env=TEAMS)
    waiting.until(lambda: result_file.finals(output) == 1, running=sweep)
    victim = next(pid for rank, pid in processes.ranks_of(sweep).items() if rank not in (0, trainer(output)))
    os.kill(victim, signal.SIGKILL)
    assert sweep.wait() != 0 or mpi.name_of(program) == mpi.MPICH
    moonsweep("run", job, "-o", output, ranks=2, env=TEAMS)
    assert result_file.differences(expected, output) == []


def test_a_rank_helps_from_the_beginning_where_the_sweep_then_ends_earlier(moonsweep, undisturbed, tmp_path):
    """One trajectory takes ten times as long as each of the seven others, so that one rank can train these meanwhile.
    The samples have four segments, so that three ranks train no faster than two."""
    grids = (
        "[{n_h: 50, activation: tanh, learning_rate: 0.5, iterations: 30000},"
        " {n_h: 3, activation: tanh, learning_rate: {linear: [0.1, 0.7, 7]}, iterations: 30000}]"
    )
    job, expected = undisturbed(samples=2500, whole_grid=grids)
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3, env=TEAMS)
    assert result_file.differences(expected, tmp_path / "out.h5") == []
    with h5py.File(tmp_path / "out.h5") as file:
        has_trained = (file["leases/run"][:] >= 0) & (file["leases/count"][:] > 0)
        assert len(set(file["leases/rank"][has_trained])) == 2
