"""Reads the dataset integrity/pages of a result file as src/store/file/pages.h describes it, without HDF5."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import struct
from typing import NamedTuple

import h5py

PAGE = 4096
FOOTER = struct.Struct("<8sII6Q")
PLACE = struct.Struct("<3Q")

# The variables that runs write. Everything else in a file never changes.
WRITTEN = {
    "status", "iterations_done", "ended_by", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes",
    "final_cost", "train_cost", "dev_cost", "stop_best", "stop_count", "train_seconds", "train_cpu_seconds", "rank",
    "run", "W1", "b1", "W2", "b2", "checksum", "times_checksum", "cost", "cost_count",
}  # fmt: skip
WRITTEN_GROUPS = {"leases", "runs", "checkpoint"}


class Footer(NamedTuple):
    """The last 64 bytes of the file, and the 64 before them."""

    magic: bytes
    format_version: int
    places: int
    start: int  # of the dataset in the file
    bytes: int
    final: int  # bytes that never change
    pieces: int
    table_hash: int
    hash: int

    @property
    def tables(self):
        """The offset of the first table in the file, and the size of each of the two."""
        return self.start + self.final, 8 * self.pieces + PLACE.size * self.places


class Place(NamedTuple):
    """The position of a variable or dimension scale in the file."""

    start: int
    bytes: int
    id: int


def footers(data):
    """Both footers in the bytes of a file."""
    return [Footer(*FOOTER.unpack(data[at : at + FOOTER.size])) for at in (len(data) - 128, len(data) - 64)]


def table(data, footer, number=0):
    """(hashes, places) of a table in the bytes of a file."""
    at, width = footer.tables
    at += number * width
    hashes = struct.unpack_from(f"<{footer.pieces}Q", data, at)
    raw = data[at + 8 * footer.pieces : at + width]
    return list(hashes), [Place(*values) for values in PLACE.iter_unpack(raw)]


def is_written(name):
    """Whether runs write a variable ("status", "runs/id"). They do not write scales."""
    group = name.rpartition("/")[0]
    return name in WRITTEN or (group in WRITTEN_GROUPS and name not in {"runs/run", "leases/lease", "checkpoint/slot"})


def stored(path):
    """{name: (offset, bytes)} of every dataset with storage in the file, including scales."""
    found = {}

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.id.get_offset() is not None:
            found[name] = node.id.get_offset(), node.id.get_storage_size()

    with h5py.File(path) as file:
        file.visititems(look)
    return found


def pieces(written, end):
    """The pieces [start, end) of a file up to an offset that are not in written places, divided at page boundaries."""
    found, at = [], 0
    for start, count in [*sorted(written), (end, 0)]:
        while at < start:
            cut = min(start, (at // PAGE + 1) * PAGE)
            found.append((at, cut))
            at = cut
        at = max(at, start + count)
    return found


def place_in_copy(path, offset):
    """The position of a byte that never changes in the copy of all such bytes."""
    data = path.read_bytes()
    written = [place for name, place in stored(path).items() if is_written(name)]
    before = 0
    for start, end in pieces(written, footers(data)[0].start):
        if start <= offset < end:
            return before + offset - start
        before += end - start
    raise ValueError(f"byte {offset} is written by runs")
