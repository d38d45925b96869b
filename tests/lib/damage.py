"""Damages result files, and sets matching checksums afterwards for tests with forged values."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import struct
from pathlib import Path

import h5py
import numpy as np
import xxhash

from lib import checksums, pages


def write_bytes(path, offset, data):
    """Writes bytes at an offset of a file, without truncating it."""
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def flip_bit(path, offset, bit):
    """Flips one bit of a byte of a file."""
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1 << bit]))


class Flipped:
    """A context manager in which one bit of a file is flipped."""

    def __init__(self, path, offset, bit):
        self.where = path, offset, bit

    def __enter__(self):
        flip_bit(*self.where)
        return self.where[0]

    def __exit__(self, *_):
        flip_bit(*self.where)


def flip_value(path, name, place, mask=1):
    """Flips bits in the first byte of a variable's value. Returns the value before and after."""
    with h5py.File(path, "r+") as file:
        before = file[name][place]
        after = np.array(before)
        after.reshape(-1).view(np.uint8)[0] ^= mask
        file[name][place] = after
        return before, after


def set_checksums(file, config):
    """Sets both checksums of a configuration of an h5py.File to match the stored values."""
    file["checksum"][config], file["times_checksum"][config] = checksums.of_config(file, config)


def set_record_checksum(file, group, row):
    """Sets the checksum of a row of /runs or /leases of an h5py.File to match the stored values."""
    names = {"runs": checksums.RUN, "leases": checksums.LEASE}[group]
    file[group]["checksum"][row] = checksums.digest(file, file[group], names, row)


# ---- bytes that never change -------------------------------------------------------------------------------------


def write_text(path, before, after):
    """Replaces a text that occurs once in the structure of a file by one of the same length, without HDF5, which would
    move the attribute, as when another program has rewritten the file."""
    data = Path(path).read_bytes()
    structure = data[: pages.footers(data)[0].start]
    assert len(before) == len(after) and structure.count(before) == 1, structure.count(before)
    write_bytes(path, structure.index(before), after)


# The ids, in the places of integrity/pages, of the variables that runs write: status to cost, cost_count, and all of
# leases, runs and checkpoint. They are listed here because names cannot be resolved in a file where one is missing.
WRITTEN_IDS = {*range(8, 31), 32, *range(49, 86)}


def set_page_hashes(path, places=None, **changes):
    """Sets integrity/pages to match the stored bytes, for forged bytes that never change. places: [pages.Place] to list
    instead of the stored ones. changes: footer fields."""
    data = bytearray(Path(path).read_bytes())
    footer = pages.footers(data)[0]
    places = sorted(places or pages.table(data, footer)[1])
    written = [(place.start, place.bytes) for place in places if place.id in WRITTEN_IDS]
    pieces = [bytes(data[start:end]) for start, end in pages.pieces(written, footer.start)]
    final, hashes = b"".join(pieces), [xxhash.xxh3_64_intdigest(piece) for piece in pieces]
    table = struct.pack(f"<{len(hashes)}Q", *hashes) + b"".join(pages.PLACE.pack(*place) for place in places)
    footer = footer._replace(places=len(places), final=len(final), pieces=len(hashes))
    footer = footer._replace(table_hash=xxhash.xxh3_64_intdigest(table), **changes)
    body = pages.FOOTER.pack(*footer)[:-8]
    content = final + 2 * table
    end = 2 * (body + struct.pack("<Q", xxhash.xxh3_64_intdigest(body)))
    assert len(content) + len(end) <= footer.bytes
    data[footer.start :] = content.ljust(footer.bytes - len(end), b"\0") + end
    Path(path).write_bytes(data)
