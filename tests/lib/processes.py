"""Starts programs, alone or on ranks, looks at the processes below them, and ends them."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from lib import SOURCE

# The exit status of a sweep that was stopped with work left.
STOPPED = 75


# ---- starting ----------------------------------------------------------------------------------------------------


def command(*words, ranks=0, wrapper=()):
    """A command line as texts. ranks: on so many, started by tools/launch.sh; wrapper: words before the program's."""
    launcher = [SOURCE / "tools" / "launch.sh", ranks] if ranks else []
    return [str(word) for word in [*launcher, *wrapper, *words]]


def environment(changes):
    """This process's environment with changes; a variable whose value is None is left out."""
    changed = {**os.environ, **(changes or {})}
    return {name: str(value) for name, value in changed.items() if value is not None}


def run(*words, ranks=0, wrapper=(), status=0, env=None, **options):
    """Runs a command and returns the finished process, its output as text.

    status: the exit status that it must have, None: any. env: changes of the environment. Others: command(), Popen.
    """
    words = command(*words, ranks=ranks, wrapper=wrapper)
    done = subprocess.run(words, **{"capture_output": True, "text": True, "env": environment(env), **options})
    assert status is None or done.returncode == status, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


def start(*words, ranks=0, wrapper=(), env=None, **options):
    """Starts a command in the background and returns its Popen; what it writes is read from pipes, as text."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        command(*words, ranks=ranks, wrapper=wrapper), **{**pipes, "env": environment(env), **options}
    )


# ---- ending ------------------------------------------------------------------------------------------------------


def stop(process, status=STOPPED):
    """Tells a sweep to stop and waits for its end; returns what it wrote to standard error."""
    process.send_signal(signal.SIGUSR1)
    return end_of(process, status)


def end_of(process, status=0):
    """Waits for the end of a process, which must have this exit status (None: any); returns its standard error."""
    _, errors = process.communicate()
    assert status is None or process.returncode == status, errors
    return errors


def kill(pids, number=signal.SIGKILL):
    """Sends a signal to those of the processes that still exist."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kill_ranks(launcher):
    """Kills all ranks below a launcher at once; it ends by itself then, and so does this function."""
    kill(ranks_of(launcher).values())
    launcher.communicate()


def clean_up(process):
    """Ends a process that a test may have left, and all below it, stopped ones too."""
    if process.poll() is None:
        everybody = [process.pid, *descendants(process.pid)]
        process.terminate()
        kill(everybody, signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        kill(pid for pid in everybody if not is_gone(pid))
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


# ---- looking -----------------------------------------------------------------------------------------------------


def descendants(pid):
    """The processes below one."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has ended
            for child in map(int, children.read_text().split()):
                yield child
                yield from descendants(child)


def below(launcher, *names):
    """The processes of these names below a launcher."""
    for pid in descendants(launcher.pid):
        with contextlib.suppress(OSError):  # it has ended
            if Path(f"/proc/{pid}/comm").read_text().strip() in names:
                yield pid


def ranks_of(launcher):
    """The processes of the ranks below a launcher: {rank: pid}."""
    ranks = {}
    for pid in below(launcher, "moonsweep"):
        try:
            words = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            values = dict(pair.partition(b"=")[::2] for pair in words)
            ranks[int(values[b"OMPI_COMM_WORLD_RANK"])] = pid
        except (OSError, KeyError):  # it has ended, or is a single process of someone else
            continue
    return ranks


def mpirun_of(launcher):
    """The process of mpirun below a launcher; None: there is none (yet)."""
    return next(below(launcher, "mpirun", "prterun"), None)


def stopped_rank(launcher):
    """The process of a rank below a launcher that is stopped; None: none is."""
    return next((pid for pid in ranks_of(launcher).values() if is_stopped(pid)), None)


def stat_of(pid):
    """The fields of /proc/PID/stat after the name, which may contain anything; none: the process is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def is_stopped(pid):
    """Whether a process is suspended."""
    return stat_of(pid)[:1] == ["T"]


def is_gone(pid):
    """Whether a process has ended, waited for by its parent or not."""
    return stat_of(pid)[:1] in ([], ["Z"])


def are_gone(pids):
    """Whether none of the processes is there any more."""
    return all(map(is_gone, pids))


def cpu_seconds(pid):
    """The processor time that a process has taken so far."""
    user, system = stat_of(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def messages(errors):
    """The lines of the program's own on standard error; MPI and its launcher may have more to say."""
    return [line for line in errors.splitlines() if line.startswith("moonsweep: ")]
