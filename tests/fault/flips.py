"""Chooses single bits of a result file to flip, at the offsets of its variables, which h5py knows."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import hashlib
import itertools
import json
import random
import struct
import sys
from pathlib import Path

import h5py
import numpy as np

from lib import pages

# The variables whose values users read.
SEEN = [
    "n_h", "activation", "learning_rate", "iterations", "seed", "status", "train_accuracy", "dev_accuracy",
    "train_outcomes", "dev_outcomes", "final_cost", "train_cost", "dev_cost", "stop_best",
    "stop_count", "train_seconds", "W1", "b1", "W2", "b2",
    "cost", "cost_start", "cost_count", "X_train", "y_train", "X_dev", "y_dev",
]  # fmt: skip

# Groups of which rows may be unused, with the variable that tells and its value in unused rows.
FREE = {"runs": ("runs/id", 0), "leases": ("leases/run", -1), "checkpoint": ("checkpoint/trajectory", -1)}


def variables(file):
    """The paths of all variables and scales with storage in an h5py.File."""
    found = []

    def look(path, node):
        if isinstance(node, h5py.Dataset) and node.id.get_offset() is not None:
            found.append(path)

    file.visititems(look)
    return found


def used_rows(file, path):
    """The rows of a variable that are in use."""
    if file[path].shape == ():
        return [0]
    group = path.rpartition("/")[0]
    if group in FREE and not file[path].is_scale:
        mark, free = FREE[group]
        return np.flatnonzero(file[mark][...] != free)
    rows = np.arange(len(file[path]))
    if path == "cost":
        return np.concatenate(
            [
                np.arange(start, start + count)
                for start, count in zip(file["cost_start"], file["cost_count"], strict=True)
            ]
        )
    if "config" in file and file[path].shape[0] == len(file["config"]) and path != "config":
        return rows[file["status"][...] != 0]
    return rows


def rows_of(file, path, chosen):
    """The chosen rows of the variable's group, or all that are in use."""
    group = path.rpartition("/")[0]
    return chosen[group] if group in chosen else used_rows(file, path)


def places(file, path, rows, how_many, chance):
    """The file offsets of the first and the last byte of a variable's rows, and of random ones in between."""
    variable = file[path]
    width = variable.id.get_storage_size() // max(1, len(variable) if variable.shape else 1)
    if len(rows) == 0:
        return []
    chosen = [(rows[0], 0), (rows[-1], width - 1)]
    chosen += [(chance.choice(rows), chance.randrange(width)) for _ in range(how_many)]
    return [variable.id.get_offset() + int(row) * width + byte for row, byte in chosen]


def of_variables(path, how_many, seed=0, rows=None):
    """(variable, offset, bit) of flips in every variable of a result file; rows: {group: the rows to flip bits of}."""
    chance = random.Random(seed)
    with h5py.File(path) as file:
        return [
            (name, offset, chance.randrange(8))
            for name in variables(file)
            for offset in places(file, name, rows_of(file, name, rows or {}), how_many, chance)
        ]


def of_text(path, text, how_many, seed=0):
    """(offset, bit) of flips in a text that occurs once in the structure, including its first and last byte."""
    chance = random.Random(seed)
    whole = path.read_bytes()
    structure = whole[: pages.footers(whole)[0].start]  # the second copy comes after it
    assert structure.count(text) == 1
    start = structure.index(text)
    bytes_ = [0, len(text) - 1, *(chance.randrange(len(text)) for _ in range(how_many))]
    return [(start + byte, chance.randrange(8)) for byte in bytes_]


def between_variables(path, how_many, seed=0):
    """(offset, bit) of flips in HDF5's own structures: bytes outside all variables, except unused space."""
    chance = random.Random(seed)
    whole = np.frombuffer(path.read_bytes(), np.uint8)
    own = np.ones(len(whole), bool)
    with h5py.File(path) as file:
        for name in variables(file):
            start = file[name].id.get_offset()
            own[start : start + file[name].id.get_storage_size()] = False
    near = np.convolve(whole != 0, np.ones(17, int), "same") > 0
    candidates = np.flatnonzero(own & near)
    return [(int(chance.choice(candidates)), chance.randrange(8)) for _ in range(how_many)]


def addresses(path):
    """{variable or scale: the offset of its address in HDF5's structure, 8 bytes that its size follows}"""
    data, found = path.read_bytes(), {}
    places = pages.stored(path)
    ends = [0, *(start + count for start, count in sorted(places.values()))]
    starts = [start for start, _ in sorted(places.values())]
    structure = [(end, data[end:start]) for end, start in zip(ends, starts, strict=False)]
    for name, place in places.items():
        stored = struct.pack("<QQ", *place)
        (found[name],) = (first + part.index(stored) for first, part in structure if stored in part)
    return found


class Permanent:
    """The bytes of a result that never change, and how `verify` names them."""

    def __init__(self, path):
        self.data = path.read_bytes()
        self.footer = pages.footers(self.data)[0]
        self.values, written = [], []  # (first byte, end, name, shape, bytes of a value); (first byte, size)
        with h5py.File(path) as file:
            for name in variables(file):
                start, count = file[name].id.get_offset(), file[name].id.get_storage_size()
                if pages.is_written(name):
                    written.append((start, count))
                else:
                    self.values.append((start, start + count, name, file[name].shape, file[name].dtype.itemsize))
        self.pieces = pages.pieces(written, self.footer.start)
        self.pieces.append((self.footer.start, len(self.data)))

    def offsets(self):
        """The offset of every byte."""
        return itertools.chain.from_iterable(range(*piece) for piece in self.pieces)

    def name(self, offset):
        """The place of a byte as verify reports it: "X_train[17,1]", "structure, byte 96"."""
        for start, end, name, shape, width in self.values:
            if start <= offset < end and name == "integrity/pages":
                return f"{name}, byte {offset - start}"
            if start <= offset < end:
                index = np.unravel_index((offset - start) // width, shape)
                return f"{name}[{','.join(map(str, index))}]"
        return f"structure, byte {offset}"


def values(path):
    """{variable: a digest of its values} for those that can be read."""
    found = {}
    with h5py.File(path) as file:
        for name in SEEN:
            try:
                found[name] = hashlib.sha256(repr(np.asarray(file[name]).tolist()).encode()).hexdigest()
            except (KeyError, OSError, RuntimeError):
                continue
    return found


if __name__ == "__main__":
    print(json.dumps(values(Path(sys.argv[1]))))
