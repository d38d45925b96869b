"""Starts programs, alone or on several ranks, inspects their child processes, and ends them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

from lib import SOURCE, waiting

# The exit status of a sweep that was stopped before it was complete.
STOPPED = 75


# ---- starting ----------------------------------------------------------------------------------------------------


def command(*words, ranks=0, wrapper=()):
    """A command line as a list of texts. ranks: how many tools/launch.sh starts; wrapper: words before the program."""
    launcher = [SOURCE / "tools" / "launch.sh", ranks] if ranks else []
    return [str(word) for word in [*launcher, *wrapper, *words]]


def environment(changes):
    """The environment of this process with changes. A variable with the value None is removed."""
    changed = {**os.environ, **(changes or {})}
    return {name: str(value) for name, value in changed.items() if value is not None}


def run(*words, ranks=0, wrapper=(), status=0, env=None, **options):
    """Runs a command and returns the finished process, its output as text.

    status: the exit status that it must have; None allows any. env: changes of the environment. The other arguments are
    those of command() and Popen.
    """
    words = command(*words, ranks=ranks, wrapper=wrapper)
    done = subprocess.run(words, **{"capture_output": True, "text": True, "env": environment(env), **options})
    assert status is None or done.returncode == status, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


def start(*words, ranks=0, wrapper=(), env=None, **options):
    """Starts a command in the background and returns its Popen. Its output goes to pipes, as text."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        command(*words, ranks=ranks, wrapper=wrapper), **{**pipes, "env": environment(env), **options}
    )


# ---- ending ------------------------------------------------------------------------------------------------------


def stop(process, status=STOPPED):
    """Tells a sweep to stop, waits for its end, and returns its standard error."""
    process.send_signal(signal.SIGUSR1)
    return end_of(process, status)


def stop_suspended(process, suspended):
    """The same for a sweep one of whose ranks is suspended. It is resumed when the launcher has passed the signal on to
    it: before that, the sweep could come to its end."""
    process.send_signal(signal.SIGUSR1)
    waiting.until(lambda: is_pending(suspended, signal.SIGUSR1), running=process)
    os.kill(suspended, signal.SIGCONT)
    return end_of(process, STOPPED)


def is_pending(pid, number):
    """Whether a signal has been sent to a suspended process."""
    status = Path(f"/proc/{pid}/status").read_text()
    masks = re.findall(r"^(?:SigPnd|ShdPnd):\s+(\w+)$", status, re.MULTILINE)
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def end_of(process, status=0):
    """Waits for the end of a process, checks its exit status unless None, and returns its standard error."""
    _, errors = process.communicate()
    assert status is None or process.returncode == status, errors
    return errors


def interrupt(process):
    """Sends SIGINT until a process has ended, and returns its standard error. A signal that arrives before a shell has
    handled the previous one does not count."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
    return end_of(process, None)


def kill(pids, number=signal.SIGKILL):
    """Sends a signal to those of the processes that still exist."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kill_ranks(launcher):
    """Kills all ranks of a launcher at once, and waits for the launcher, which then ends by itself."""
    kill(ranks_of(launcher).values())
    launcher.communicate()


def clean_up(process):
    """Ends a process that a test may have left running, and all its descendants, even suspended ones."""
    if process.poll() is None:
        pids = [process.pid, *descendants(process.pid)]
        process.terminate()
        kill(pids, signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        kill(pid for pid in pids if not is_gone(pid))
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


# ---- inspecting --------------------------------------------------------------------------------------------------


def descendants(pid):
    """The descendants of a process."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has ended
            for child in map(int, children.read_text().split()):
                yield child
                yield from descendants(child)


def below(launcher, *names):
    """The descendants of a launcher with one of these names."""
    return (pid for pid in descendants(launcher.pid) if name_of(pid) in names)


# The variable that tells a process its rank: Open MPI's, and MPICH's.
RANK_VARIABLES = (b"OMPI_COMM_WORLD_RANK", b"PMI_RANK")


def ranks_of(launcher):
    """The processes of a launcher's ranks: {rank: pid}."""
    ranks = {}
    for pid in below(launcher, "moonsweep"):
        try:
            words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            values = dict(pair.partition(b"=")[::2] for pair in words)
            ranks[int(next(values[name] for name in RANK_VARIABLES if name in values))] = pid
        except (OSError, StopIteration):  # it has ended, or is not a rank
            continue
    return ranks


# The names of the process that starts the ranks: of Open MPI 4, Open MPI 5, and MPICH on Debian and elsewhere.
MPIRUNS = ("mpirun", "prterun", "mpiexec.mpich", "mpiexec")


def mpirun_of(launcher):
    """The mpirun process of a launcher, or None if there is none (yet)."""
    return next(below(launcher, *MPIRUNS), None)


def stopped_rank(launcher):
    """The process of a suspended rank of a launcher, or None."""
    return next((pid for pid in ranks_of(launcher).values() if is_stopped(pid)), None)


def stat_of(pid):
    """The fields of /proc/PID/stat after the name, which may contain anything; empty if the process is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def name_of(pid):
    """The name of a process's program; empty if the process is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def is_stopped(pid):
    """Whether a process is suspended."""
    return stat_of(pid)[:1] == ["T"]


def is_gone(pid):
    """Whether a process has ended, even if its parent has not waited for it."""
    return stat_of(pid)[:1] in ([], ["Z"])


def are_gone(pids):
    """Whether all processes have ended."""
    return all(map(is_gone, pids))


def cpu_seconds(pid):
    """The processor time that a process has used so far."""
    user, system = stat_of(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def messages(errors):
    """The lines of standard error that the program wrote, without those of MPI and its launcher."""
    return [line for line in errors.splitlines() if line.startswith("moonsweep: ")]
