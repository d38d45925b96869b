"""What a person does at a terminal: closes it, presses Ctrl-C and Ctrl-Z, and resumes what was suspended."""

import os
import shlex
import signal

import h5py
import pytest
from mpi import sweeps
from mpi.terminals import Terminal

# More than any test waits for.
ENDLESS = {"samples": 2000, "n_h": "[20, 18, 2, 1]", "activation": "[tanh]", "iterations": "[100, 10000000]"}

LAUNCH = [sweeps.SOURCE / "tools" / "launch.sh", "2"]
# As jobs/local.sh does: one script more between the terminal and the ranks.
SUPERVISE = ["bash", "-c", '. "$0" && supervise "$@"', sweeps.SOURCE / "tools" / "supervise.sh"]


@pytest.fixture
def sweep(program, tmp_path):
    """The command of a sweep that does not end by itself, and its result."""
    job, output = sweeps.job(tmp_path, **ENDLESS), tmp_path / "out.h5"
    return [program, "run", job, "-o", output], output


@pytest.fixture
def terminal():
    """Opens a terminal with a command in it; closes it after the test, and what is left of the session ends."""
    opened = []

    def open_with(*command):
        opened.append(Terminal(command))
        return opened[0]

    yield open_with
    for one in opened:
        ranks = [*sweeps.descendants(one.process.pid)]
        one.close()
        for pid in [*ranks, one.process.pid]:
            if sweeps.state_of(pid) not in (None, "Z"):
                os.kill(pid, signal.SIGKILL)
        one.process.wait()


@pytest.fixture
def shell(terminal):
    """An interactive shell with job control, which waits for a command."""
    opened = terminal("env", "PS1=ready> ", "bash", "--norc", "--noprofile", "-i")
    opened.until(lambda: b"ready> " in opened.said)
    return opened


def is_under_way(output):
    return sweeps.finals(output) >= 1


def words(command):
    return shlex.join(map(str, command))


def states(pids):
    return {sweeps.state_of(pid) for pid in pids}


def was_stopped_with_checkpoints(output):
    with h5py.File(output) as file:
        assert file["runs/how_ended"][:2].tolist() == [4, 0]
        return len(set(file["checkpoint/trajectory"][:]) - {-1}) > 0


@pytest.mark.parametrize("launcher", ["alone", "launch.sh", "launch.sh, supervised"])
def test_a_terminal_that_is_closed_stops_a_sweep_with_its_checkpoints(terminal, sweep, launcher):
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


def test_a_terminal_that_is_closed_stops_also_a_sweep_in_the_background(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])} &\n")
    shell.until(lambda: is_under_way(output))
    ranks = sweeps.ranks_of(shell.process).values()
    assert len(ranks) == 2
    shell.close()
    sweeps.wait_until(lambda: states(ranks) <= {None, "Z"})
    assert was_stopped_with_checkpoints(output)


@pytest.mark.parametrize("resume", ["fg", "bg"])
@pytest.mark.parametrize("supervised", [False, True])
def test_ctrl_z_suspends_every_rank_until_the_sweep_is_resumed(shell, sweep, resume, supervised):
    command, output = sweep
    before = [*SUPERVISE, command[0], output] if supervised else []
    shell.type(f"{words([*before, *LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = sweeps.ranks_of(shell.process).values()
    assert len(ranks) == 2 and "T" not in states(ranks)
    for _ in range(2):
        shell.type("\x1a")
        shell.until_it_says("ready> ")
        shell.until(lambda: states(ranks) == {"T"})
        used = sum(map(sweeps.cpu_seconds, ranks))
        shell.type(f"{resume}\n")
        shell.until(lambda: "T" not in states(ranks))
        shell.until(lambda used=used: sum(map(sweeps.cpu_seconds, ranks)) > used + 0.2)
        if resume == "bg":
            shell.type("fg\n")
            shell.until_it_says("launch.sh")
    shell.type("\x03")
    shell.until(lambda: states(ranks) <= {None, "Z"})
    assert was_stopped_with_checkpoints(output)
    shell.type("echo status=$?\n")
    shell.until(lambda: b"status=75" in shell.said)


def test_a_second_ctrl_c_ends_ranks_that_do_not_stop(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = sweeps.ranks_of(shell.process)
    os.kill(ranks[1], signal.SIGSTOP)
    # One that comes before the script has heard of the one before is no second one: it is pressed until it works.
    shell.type("\x03")
    while not shell.comes_true(lambda: states(ranks.values()) <= {None, "Z"}, seconds=6):
        shell.type("\x03")


def test_a_sweep_whose_terminal_is_closed_while_it_is_suspended_stops_with_its_checkpoints(shell, sweep):
    command, output = sweep
    shell.type(f"{words([*LAUNCH, *command])}\n")
    shell.until(lambda: is_under_way(output))
    ranks = sweeps.ranks_of(shell.process).values()
    shell.type("\x1a")
    shell.until_it_says("ready> ")
    shell.until(lambda: states(ranks) == {"T"})
    shell.close()
    sweeps.wait_until(lambda: states(ranks) <= {None, "Z"})
    assert was_stopped_with_checkpoints(output)
