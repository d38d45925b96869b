"""Reads result files with h5py. See also checksums.py, pages.py and damage.py."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
from pathlib import Path

import h5py
import numpy as np

# Variables that differ between runs: by whom and when a configuration was trained, and for how long.
MAY_DIFFER = {"train_seconds", "train_cpu_seconds", "rank", "run", "times_checksum"}

# The flags of runs/how_ended. A run that was killed stays marked as running.
HOW_ENDED = {1: "running", 2: "finished", 4: "stopped", 8: "failed"}

# The flag of runs/how_ended in rows that name a run on an older file, from which rows were taken over.
TAKEN_OVER = 16


# ---- creating ----------------------------------------------------------------------------------------------------


def create(output, run):
    """Creates a result in which nothing is trained. run: runs the sweep with further options, here a time limit, which
    must stop it. A run whose start takes longer than ten seconds and its limit creates none, and is repeated with a
    longer one."""
    limit_s = 0.001
    while not output.exists():
        run("--time-limit", f"{limit_s:g}s")
        limit_s *= 20


# ---- the same bits -----------------------------------------------------------------------------------------------


def contents(path):
    """The bytes of every variable that depends only on the job."""
    with h5py.File(path) as file:
        return {
            name: np.asarray(variable).tobytes()
            for name, variable in file.items()
            if isinstance(variable, h5py.Dataset) and name not in MAY_DIFFER
        }


def differences(one, other):
    """The names of the variables in which two result files differ."""
    one, other = contents(one), contents(other)
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]


# ---- progress ----------------------------------------------------------------------------------------------------


def finals(path):
    """The number of final configurations; 0 if there is no file yet."""
    if not Path(path).exists():
        return 0
    with h5py.File(path) as file:
        return int((file["status"][:] != 0).sum())


def checkpointed(path):
    """The trajectories that have a checkpoint. While a run is writing, this is approximate."""
    with contextlib.suppress(OSError), h5py.File(path) as file:
        return set(map(int, file["checkpoint/trajectory"][:])) - {-1}
    return set()


def is_under_way(path):
    """Whether a sweep has committed a configuration and written a checkpoint of a trajectory."""
    return finals(path) > 0 and len(checkpointed(path)) > 0


# ---- runs --------------------------------------------------------------------------------------------------------


def runs(path):
    """The number of runs that a result file records."""
    with h5py.File(path) as file:
        return int((file["runs/id"][:] != 0).sum())


def how_ended(path):
    """How each run on the file ended, as names of HOW_ENDED."""
    with h5py.File(path) as file:
        flags = map(int, file["runs/how_ended"][:])
        return [HOW_ENDED[one] for one in flags if one != 0 and not one & TAKEN_OVER]


def was_stopped_with_checkpoints(path):
    """Whether the only run on a file was stopped and left checkpoints of unfinished trajectories."""
    return how_ended(path) == ["stopped"] and len(checkpointed(path)) > 0


def begun_at(path, run):
    """The iterations from which a run trained its leases: {first trajectory of a lease: iteration}. If a trajectory was
    trained in several leases, it is that of the first one."""
    found = {}
    with h5py.File(path) as file:
        own = file["leases/run"][:] == run
        for trajectory, iteration in zip(file["leases/first_trajectory"][own], file["leases/from_iteration"][own]):
            found.setdefault(int(trajectory), int(iteration))
    return found


def instruction_set(path):
    """The instruction set of the newest run."""
    with h5py.File(path) as file:
        newest = np.flatnonzero(file["runs/id"][:])[-1]
        return file["runs/isa"][newest].tobytes().rstrip(b"\0").decode()


# ---- values ------------------------------------------------------------------------------------------------------


def activation(file, config):
    """The name of a configuration's activation in an h5py.File."""
    return flag_names(file["activation"])[int(file["activation"][config])]


def flag_names(variable):
    """The names of a variable's values, from the CF attributes flag_values and flag_meanings: {value: name}."""
    return dict(zip(variable.attrs["flag_values"].tolist(), variable.attrs["flag_meanings"].split(), strict=True))


def costs_of(file, trajectory, iterations):
    """The stored costs of a trajectory's first iterations in an h5py.File."""
    start, count = int(file["cost_start"][trajectory]), int(file["cost_count"][trajectory])
    return file["cost"][start : start + min(count, entries_of(file, trajectory, iterations))]


def entries_of(file, trajectory, iterations):
    """How many costs of a trajectory's first iterations are stored in an h5py.File that has all of them."""
    stride = int(file["cost_stride"][trajectory])
    return -(-iterations // stride) if stride else 0


def place_of(file, name, row=0):
    """The position in the file of a variable's row in an h5py.File: (offset, bytes)."""
    variable = file[name]
    width = variable.id.get_storage_size() // (len(variable) if variable.shape else 1)
    return variable.id.get_offset() + row * width, width
