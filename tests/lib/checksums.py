"""Computes the checksums of a result file as docs/file-format.md defines them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import struct
from typing import NamedTuple

import numpy as np
import xxhash

from lib.result_file import costs_of, entries_of

# The variables that each checksum covers, in their order.
COVERED = [
    "n_h", "activation", "learning_rate", "iterations", "seed", "init_scale", "config_trajectory",
    "config_dataset", "status", "iterations_done", "ended_by", "train_accuracy", "dev_accuracy", "train_outcomes",
    "dev_outcomes", "final_cost", "train_cost", "dev_cost", "stop_best", "stop_count", "W1", "b1", "W2", "b2",
]  # fmt: skip
TIMES = ["train_seconds", "train_cpu_seconds", "rank", "run"]
SLOT = [
    "trajectory", "iteration", "seconds", "cpu_seconds", "W1", "b1", "W2", "b2", "cost_hash",
    "final_cost", "stop_best", "stop_count",
]  # fmt: skip
RUN = [
    "id", "started", "ended", "ranks", "core_seconds", "how_ended", "hosts", "version", "isa",
    "kernels", "command", "batch_job",
]  # fmt: skip
LEASE = ["run", "rank", "first_trajectory", "count", "from_iteration", "to_iteration", "started", "finished"]


class Checkpoint(NamedTuple):
    """The contents of a slot that is not free, and whether it matches its checksum and its costs."""

    slot: int
    trajectory: int
    iteration: int
    is_valid: bool


def cost_hash(costs):
    """The chained hash of a history, in blocks of 4096 costs."""
    h = 0
    for first in range(0, len(costs), 4096):
        h = xxhash.xxh3_64_intdigest(costs[first : first + 4096].tobytes(), seed=h)
    return h


def value_bytes(variable, row):
    """The bytes of a row's value that a checksum covers, in little-endian order."""
    return np.asarray(variable[row], dtype=variable.dtype.newbyteorder("<")).tobytes()


def digest(file, group, names, row, seed=0):
    """XXH3-64 of the job hash, a row's number and its values."""
    head = struct.pack("<Qq", int(file.attrs["job_hash"], 16), row)
    return xxhash.xxh3_64_intdigest(head + b"".join(value_bytes(group[name], row) for name in names), seed=seed)


def of_text(text):
    """The checksum of a text in hexadecimal digits, as in an attribute."""
    return f"{xxhash.xxh3_64_intdigest(text.encode()):016x}"


def of_config(file, config):
    """Computes (checksum, times_checksum) of a configuration of an h5py.File from the stored values."""
    costs = costs_of(file, int(file["config_trajectory"][config]), int(file["iterations"][config]))
    return digest(file, file, COVERED, config, seed=cost_hash(costs)), digest(file, file, TIMES, config)


def match(file, config):
    """Whether a configuration matches its two checksums."""
    return of_config(file, config) == (int(file["checksum"][config]), int(file["times_checksum"][config]))


def checkpoints(file):
    """A Checkpoint for each slot of an h5py.File that is not free."""
    found, slots = [], file["checkpoint"]
    for slot in map(int, np.flatnonzero(slots["trajectory"][...] != -1)):
        trajectory, iteration = int(slots["trajectory"][slot]), int(slots["iteration"][slot])
        is_valid = (
            digest(file, slots, SLOT, slot) == int(slots["checksum"][slot])
            and 0 <= trajectory < len(file["trajectory"])
            and len(costs := costs_of(file, trajectory, iteration)) == entries_of(file, trajectory, iteration)
            and cost_hash(costs) == int(slots["cost_hash"][slot])
        )
        found.append(Checkpoint(slot, trajectory, iteration, is_valid))
    return found
