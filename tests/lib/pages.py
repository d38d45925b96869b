"""The dataset integrity/pages of a result file, read as src/store/file/pages.h describes it, without HDF5."""

import struct
from typing import NamedTuple

import h5py

PAGE = 4096
FOOTER = struct.Struct("<8sII6Q")
PLACE = struct.Struct("<3Q")

# What runs write; everything else of a file never changes.
WRITTEN = {
    "status", "iterations_done", "train_accuracy", "dev_accuracy", "train_outcomes", "dev_outcomes", "final_cost",
    "train_cost", "dev_cost", "train_seconds", "train_cpu_seconds", "rank", "run", "W1", "b1", "W2", "b2", "checksum",
    "times_checksum", "cost", "cost_count",
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
        """Where the first table begins in the file, and how long each of the two is."""
        return self.start + self.final, 8 * self.pieces + PLACE.size * self.places


class Place(NamedTuple):
    """Where a variable or a scale is."""

    start: int
    bytes: int
    id: int


def footers(data):
    """Both footers of a file's bytes."""
    return [Footer(*FOOTER.unpack(data[at : at + FOOTER.size])) for at in (len(data) - 128, len(data) - 64)]


def table(data, footer, number=0):
    """(hashes, places) of a table of a file's bytes."""
    at, width = footer.tables
    at += number * width
    hashes = struct.unpack_from(f"<{footer.pieces}Q", data, at)
    raw = data[at + 8 * footer.pieces : at + width]
    return list(hashes), [Place(*values) for values in PLACE.iter_unpack(raw)]


def is_written(name):
    """Whether runs write a variable ("status", "runs/id"), which scales are not."""
    group = name.rpartition("/")[0]
    return name in WRITTEN or (group in WRITTEN_GROUPS and name not in {"runs/run", "leases/lease", "checkpoint/slot"})


def stored(path):
    """{name: (offset, bytes)} of every dataset that has bytes in the file, scales included."""
    found = {}

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.id.get_offset() is not None:
            found[name] = node.id.get_offset(), node.id.get_storage_size()

    with h5py.File(path) as file:
        file.visititems(look)
    return found


def pieces(written, end):
    """The pieces of a file up to an offset, [start, end): what is not in one of the written places, cut at pages."""
    found, at = [], 0
    for start, count in [*sorted(written), (end, 0)]:
        while at < start:
            cut = min(start, (at // PAGE + 1) * PAGE)
            found.append((at, cut))
            at = cut
        at = max(at, start + count)
    return found


def place_in_copy(path, offset):
    """Where a byte of the file that never changes is in the copy of all such bytes."""
    data = path.read_bytes()
    written = [place for name, place in stored(path).items() if is_written(name)]
    before = 0
    for start, end in pieces(written, footers(data)[0].start):
        if start <= offset < end:
            return before + offset - start
        before += end - start
    raise ValueError(f"byte {offset} is written by runs")
