"""Sweeps at a terminal: it is closed, Ctrl-C and Ctrl-Z are pressed, and suspended sweeps are resumed."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import shlex
import signal

import pytest

from lib import SOURCE, job_file, processes, result_file, waiting
from lib.result_file import was_stopped_with_checkpoints
from lib.terminal import Terminal

# More than any test waits for.
ENDLESS = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 10000000]"}

LAUNCH = [SOURCE / "tools" / "launch.sh", "2"]
# Like jobs/local.sh, this adds a script between the terminal and the ranks.
SUPERVISE = ["bash", "-c", '. "$0" && supervise "$@"', SOURCE / "tools" / "supervise.sh"]


@pytest.fixture
def sweep(program, tmp_path):
    """(command, result) of a sweep that does not end by itself."""
    job, output = job_file.write(tmp_path, **ENDLESS), tmp_path / "out.h5"
    return [program, "run", job, "-o", output], output


@pytest.fixture
def terminal():
    """Opens a terminal with a command. After the test, closes it and ends what is left of its session."""
    opened = []

    def open_with(*command):
        opened.append(Terminal(command))
        return opened[0]

    yield open_with
    for terminal in opened:
        pids = [*processes.descendants(terminal.process.pid), terminal.process.pid]
        terminal.close()
        processes.kill(pid for pid in pids if not processes.is_gone(pid))
        terminal.process.wait()


@pytest.fixture
def shell(terminal):
    """An interactive shell with job control, ready for a command."""
    opened = terminal("env", "PS1=ready> ", "bash", "--norc", "--noprofile", "-i")
    opened.until(lambda: b"ready> " in opened.said)
    return opened


def is_under_way(output):
    return result_file.finals(output) >= 1


def words(command):
    return shlex.join(map(str, command))


@pytest.mark.parametrize("launcher", ["alone", "launch.sh", "launch.sh, supervised"])
def test_closing_the_terminal_stops_a_sweep_with_its_checkpoints(terminal, sweep, launcher):
    command, output = sweep
    before = {
        "alone": [],
        "launch.sh": LAUNCH,
        "launch.sh, supervised": [*SUPERVISE, command[0], output, *LAUNCH],
    }[launcher]
    opened = terminal(*before, *command)
    opened.until(lambda: is_under_way(output) or opened.process.poll() is not None)
    opened.close()
    assert opened.process.wait() == 75
    assert was_stopped_with_checkpoints(output)


def test_closing_the_terminal_also_stops_a_sweep_in_the_background(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])} &\n")
    shell.until(lambda: is_under_way(output))
    ranks = processes.ranks_of(shell.process).values()
    assert len(ranks) == 2
    shell.close()
    waiting.until(lambda: processes.are_gone(ranks))
    assert was_stopped_with_checkpoints(output)


@pytest.mark.parametrize("resume", ["fg", "bg"])
@pytest.mark.parametrize("supervised", [False, True])
def test_ctrl_z_suspends_every_rank_until_the_sweep_is_resumed(shell, sweep, resume, supervised):
    command, output = sweep
    before = [*SUPERVISE, command[0], output] if supervised else []
    shell.type(f"{words([*before, *LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = processes.ranks_of(shell.process).values()
    assert len(ranks) == 2 and not any(map(processes.is_stopped, ranks))
    group = shell.foreground()
    for _ in range(2):
        shell.type("\x1a")
        shell.until_it_says("ready> ")
        shell.until(lambda: all(map(processes.is_stopped, ranks)))
        used = sum(map(processes.cpu_seconds, ranks))
        shell.type(f"{resume}\n")
        shell.until(lambda: not any(map(processes.is_stopped, ranks)))
        shell.until(lambda used=used: sum(map(processes.cpu_seconds, ranks)) > used + 0.2)
        if resume == "bg":
            shell.type("fg\n")
            shell.until(lambda: shell.foreground() == group)
    shell.type("\x03")
    shell.until(lambda: processes.are_gone(ranks))
    assert was_stopped_with_checkpoints(output)
    shell.type("echo status=$?\n")
    shell.until(lambda: b"status=75" in shell.said)


def test_a_second_ctrl_c_ends_ranks_that_do_not_stop(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = processes.ranks_of(shell.process)
    os.kill(ranks[1], signal.SIGSTOP)
    # A Ctrl-C that arrives before the script has handled the previous one does not count, so it is repeated.
    shell.type("\x03")
    while not shell.comes_true(lambda: processes.are_gone(ranks.values()), seconds=6):
        shell.type("\x03")


def test_closing_the_terminal_of_a_suspended_sweep_stops_it_with_its_checkpoints(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = processes.ranks_of(shell.process).values()
    shell.type("\x1a")
    shell.until_it_says("ready> ")
    shell.until(lambda: all(map(processes.is_stopped, ranks)))
    shell.close()
    waiting.until(lambda: processes.are_gone(ranks))
    assert was_stopped_with_checkpoints(output)
