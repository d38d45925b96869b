"""Every way to stop a sweep keeps what was trained, and the same command resumes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
import subprocess

import h5py
import pytest

from lib import SOURCE, checksums, job_file, processes, result_file, waiting
from lib.terminal import Terminal

# Two trajectories of almost a second each, during which the sweep is stopped, and two short ones that come after them.
LONG = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 80000]"}
# A part of that, for sweeps that nothing stops; and more than any test waits for.
SHORT = {**LONG, "iterations": "[100, 15000]"}
ENDLESS = {**LONG, "iterations": "[100, 2000000]"}


@pytest.fixture(scope="module")
def alone(undisturbed):
    return undisturbed(**LONG)


@pytest.fixture(scope="module")
def short(undisturbed):
    return undisturbed(**SHORT)


def to_rank(rank, number):
    return lambda sweep, moonsweep, output: os.kill(processes.ranks_of(sweep)[rank], number)


def ask_to_stop(sweep, moonsweep, output):
    """The ranks are suspended meanwhile, so that they do not get to the end while a program starts."""
    ranks = processes.ranks_of(sweep).values()
    processes.kill(ranks, signal.SIGSTOP)
    moonsweep("stop", output)
    processes.kill(ranks, signal.SIGCONT)


WAYS = {
    "USR1 to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGUSR1), "by a signal"),
    "INT to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGINT), "by a signal"),
    "USR1 to rank 0": (to_rank(0, signal.SIGUSR1), "by a signal"),
    "USR1 to rank 1": (to_rank(1, signal.SIGUSR1), "by a signal"),
    "TERM to rank 0": (to_rank(0, signal.SIGTERM), "by a signal"),
    "TERM to rank 1": (to_rank(1, signal.SIGTERM), "by a signal"),
    "INT to rank 1": (to_rank(1, signal.SIGINT), "by a signal"),
    "HUP to rank 1": (to_rank(1, signal.SIGHUP), "by a signal"),
    "XCPU to rank 0": (to_rank(0, signal.SIGXCPU), "by a signal"),
    "XCPU to the launcher": (lambda sweep, moonsweep, output: sweep.send_signal(signal.SIGXCPU), "by a signal"),
    "moonsweep stop": (ask_to_stop, "on request"),
}


def stop_in(way, sweep, moonsweep, output):
    """Stops a sweep on two ranks while each trains a long trajectory, and returns these. Both are kept."""
    stop, reason = WAYS[way]
    waiting.until(lambda: result_file.finals(output) >= 2, running=sweep)
    stop(sweep, moonsweep, output)
    errors = processes.end_of(sweep, 75)
    assert (
        f"stopped {reason}, {8 - result_file.finals(output)} configurations left; run the same command again to resume"
        in errors
    )
    # These were written by the stop itself, because less than the ten seconds between checkpoints had passed.
    under_way = result_file.checkpointed(output)
    assert len(under_way) == 2
    return under_way


@pytest.mark.parametrize("way", WAYS)
def test_a_stopped_sweep_keeps_its_progress(start, moonsweep, tmp_path, way):
    output = tmp_path / "out.h5"
    sweep = start("run", job_file.write(tmp_path, **ENDLESS), "-o", output, ranks=2)
    under_way = stop_in(way, sweep, moonsweep, output)
    with h5py.File(output) as file:
        kept = {one.trajectory: one.iteration for one in checksums.checkpoints(file) if one.is_valid}
    assert kept.keys() == under_way and min(kept.values()) > 100
    assert result_file.how_ended(output) == ["stopped"]


@pytest.mark.parametrize("way", ["USR1 to the launcher", "TERM to rank 1", "moonsweep stop"])
def test_a_stopped_sweep_goes_on_from_its_checkpoints_to_the_same_bits(start, moonsweep, alone, tmp_path, way):
    job, expected = alone
    output = tmp_path / "out.h5"
    under_way = stop_in(way, start("run", job, "-o", output, ranks=2), moonsweep, output)
    moonsweep("run", job, "-o", output, ranks=3)
    assert result_file.differences(output, expected) == []
    begun = result_file.begun_at(output, run=1)
    assert all(begun[trajectory] > 100 for trajectory in under_way)
    assert result_file.how_ended(output) == ["stopped", "finished"]


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU])
def test_a_signal_that_was_ignored_at_the_start_stays_ignored(start, short, tmp_path, number):
    job, expected = short
    output = tmp_path / "out.h5"
    # nohup starts a command with an ignored signal, and so does a script that starts one in the background.
    starter = ["sh", "-c", f"trap '' {number.name.removeprefix('SIG')}; exec \"$@\"", "sh"]
    sweep = start("run", job, "-o", output, "--quiet", wrapper=starter)
    waiting.until(lambda: result_file.finals(output) >= 1, running=sweep)
    sweep.send_signal(number)
    assert sweep.wait() == 0
    assert result_file.differences(output, expected) == []


def test_a_sweep_under_nohup_outlives_its_terminal(program, short, tmp_path):
    job, expected = short
    output = tmp_path / "out.h5"
    terminal = Terminal(["nohup", program, "run", job, "-o", output], cwd=tmp_path)
    terminal.until(lambda: result_file.finals(output) >= 1 or terminal.process.poll() is not None)
    terminal.close()
    assert terminal.process.wait() == 0
    assert result_file.differences(output, expected) == []


def test_the_soft_limit_of_processor_time_stops_a_sweep_with_its_checkpoints(moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    limited = ["sh", "-c", 'ulimit -S -t 1 && exec "$@"', "sh"]
    status, stopped = 75, 0
    while status == 75:
        # Each run has another second of processor time, and resumes from the checkpoints of the previous one.
        done = moonsweep("run", job, "-o", output, wrapper=limited, status=None)
        status = done.returncode
        stopped += "stopped by a signal" in done.stderr
    assert status == 0, done.stderr
    assert stopped > 0
    assert result_file.differences(output, expected) == []


def test_a_time_limit_stops_a_sweep_repeatedly_until_it_is_complete(moonsweep, alone, tmp_path):
    job, expected = alone
    output = tmp_path / "out.h5"
    limit_s, status, stopped = 0.5, 75, 0
    while status == 75:
        done = moonsweep("run", job, "-o", output, "--time-limit", f"{limit_s}s", ranks=2, status=None)
        status = done.returncode
        if status == 75:
            assert "stopped by its time limit" in done.stderr
            stopped += 1
        limit_s *= 2  # so that the test ends on a busy machine too
    assert status == 0, done.stderr
    assert stopped > 0
    assert result_file.differences(output, expected) == []


def test_a_time_limit_that_expires_before_training_trains_nothing(moonsweep, alone, tmp_path):
    job, _ = alone
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", "--time-limit", "0.001", status=75)
    assert "8 configurations left" in done.stderr
    with h5py.File(tmp_path / "out.h5") as file:
        assert (file["cost_count"][:] == 0).all()


@pytest.mark.parametrize("coordinator", ["train", "dedicated"])
def test_every_coordinator_obeys_a_request_to_stop(start, moonsweep, tmp_path, coordinator):
    job = job_file.write(tmp_path, **ENDLESS)
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, "--coordinator", coordinator, ranks=2)
    waiting.until(lambda: result_file.finals(output) >= 1, running=sweep)
    asked = moonsweep("stop", output)
    assert "was asked to stop" in asked.stderr
    errors = processes.end_of(sweep, 75)
    assert "stopped on request" in errors
    again = moonsweep("stop", output, status=69)
    assert "no sweep is running on it" in again.stderr


@pytest.mark.parametrize("layers", [0, 1])
def test_a_second_interrupt_ends_ranks_that_do_not_stop_and_loses_nothing(program, moonsweep, alone, tmp_path, layers):
    job, expected = alone
    output = tmp_path / "out.h5"
    command = processes.command(program, "run", job, "-o", output, "--checkpoint-seconds", 0.1, ranks=2)
    # jobs/local.sh adds another launcher between the terminal and the ranks.
    layer = ["bash", "-c", '. "$0" && forward "$@"', SOURCE / "tools" / "forward.sh"] if layers else []
    sweep = processes.start(*layer, *command)
    waiting.until(lambda: result_file.is_under_way(output), running=sweep)
    ranks = processes.ranks_of(sweep)
    os.kill(ranks[1], signal.SIGSTOP)
    sweep.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        sweep.wait(3)  # the suspended rank keeps the sweep running
    processes.interrupt(sweep)
    assert sweep.returncode not in (0, 75)
    waiting.until(lambda: processes.are_gone(ranks.values()), "a rank is still running")
    kept = result_file.checkpointed(output)
    moonsweep("run", job, "-o", output, ranks=2)
    assert kept and result_file.differences(output, expected) == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM])
def test_every_rank_ends_after_a_signal_to_one(start, tmp_path, number):
    job = job_file.write(tmp_path, **ENDLESS)
    output = tmp_path / "out.h5"
    sweep = start("run", job, "-o", output, ranks=2)
    waiting.until(lambda: result_file.finals(output) >= 2)
    ranks = processes.ranks_of(sweep)
    os.kill(ranks[1], number)
    waiting.until(lambda: processes.are_gone(ranks.values()), "a rank is still running")
    sweep.communicate()
    assert sweep.returncode == 75
