"""What the tests of whole sweeps share: jobs, results without what may differ, and the ranks' processes."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np

SOURCE = Path(__file__).resolve().parents[2]

HANGING_S = 1800  # within the limit of tests/pytest.ini

# Differ from run to run: who trained when, and for how long.
MAY_DIFFER = {"train_seconds", "rank", "run", "times_checksum"}


def job(folder, name="job", samples=200, noise=0.2, precision="float64", **grid):
    """Writes a job file; an axis is given as the text of its list."""
    axes = {"n_h": "[2]", "activation": "[tanh]", "learning_rate": "[0.5]", "iterations": "[20]", **grid}
    path = folder / f"{name}.yaml"
    path.write_text(
        f"name: {name}\n"
        f"data: {{moons: {{samples: {samples}, noise: {noise}, seed: 0}}, dev_fraction: 0.2, split_seed: 42}}\n"
        "grid: {" + ", ".join(f"{axis}: {values}" for axis, values in axes.items()) + "}\n"
        f"precision: {precision}\n"
    )
    return path


def results(path):
    """Every variable of a result file that is a function of the job alone, as bytes."""
    with h5py.File(path) as file:
        return {
            name: np.asarray(variable).tobytes()
            for name, variable in file.items()
            if isinstance(variable, h5py.Dataset) and name not in MAY_DIFFER and variable.dtype.kind != "O"
        }


def differences(one, other):
    """The names of the variables in which two result files differ."""
    one, other = results(one), results(other)
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]


def start(program, job, output, ranks, *options, wrapper=(), **popen):
    """Starts a sweep on so many ranks; gives the process of tools/launch.sh."""
    command = [SOURCE / "tools" / "launch.sh", ranks, *wrapper, program, "run", job, "-o", output, *options]
    return subprocess.Popen([str(word) for word in command], text=True, **popen)


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
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            values = dict(pair.partition(b"=")[::2] for pair in environment)
            ranks[int(values[b"OMPI_COMM_WORLD_RANK"])] = pid
        except (OSError, KeyError):  # it has ended, or is a single process of someone else
            continue
    return ranks


def mpirun_of(launcher):
    """The process of mpirun below a launcher; None: there is none (yet)."""
    return next(below(launcher, "mpirun", "prterun"), None)


def state_of(pid):
    """A process's state as the system has it: R, S, D, T (stopped), Z; None: it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return None


def stopped_rank(launcher):
    """The process of a rank below a launcher that is stopped; None: none is."""
    return next((pid for pid in ranks_of(launcher).values() if state_of(pid) == "T"), None)


def wait_until(condition, otherwise="waited in vain", pause=0.05):
    """Waits for a condition to become true, and gives its value. The limit is for what hangs: machines may be slow."""
    end = time.monotonic() + HANGING_S
    while not (value := condition()):
        assert time.monotonic() < end, otherwise
        time.sleep(pause)
    return value


def finals(path):
    """How many configurations of a result file are final; 0 while there is no file."""
    if not Path(path).exists():
        return 0
    with h5py.File(path) as file:
        return int((file["status"][:] != 0).sum())


def runs(path):
    """How many runs of the program a result file tells of."""
    with h5py.File(path) as file:
        return int((file["runs/id"][:] != 0).sum())


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stop(launcher):
    """Ends a sweep in good order; gives its status and what it had to say."""
    launcher.send_signal(signal.SIGUSR1)
    output, errors = launcher.communicate()
    return launcher.returncode, output, errors
