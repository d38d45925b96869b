"""Damages a result file at a place, and makes its checksums right again where a test wants a forgery."""

import struct
from pathlib import Path

import h5py
import numpy as np
import xxhash

from lib import checksums, pages


def write_bytes(path, offset, data):
    """Writes bytes at an offset of a file, which keeps its length unless they go beyond it."""
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def flip_bit(path, offset, bit):
    """Turns one bit of a byte of a file over."""
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1 << bit]))


class Flipped:
    """A file with one bit turned over as long as a `with` lasts."""

    def __init__(self, path, offset, bit):
        self.where = path, offset, bit

    def __enter__(self):
        flip_bit(*self.where)
        return self.where[0]

    def __exit__(self, *_):
        flip_bit(*self.where)


def flip_value(path, name, place, mask=1):
    """Turns bits over in the first byte of a variable's value; returns the value before and after."""
    with h5py.File(path, "r+") as file:
        before = file[name][place]
        after = np.array(before)
        after.reshape(-1).view(np.uint8)[0] ^= mask
        file[name][place] = after
        return before, after


def seal(file, config):
    """Makes both checksums of a configuration of an h5py.File right for what is stored."""
    file["checksum"][config], file["times_checksum"][config] = checksums.of_config(file, config)


def seal_record(file, group, row):
    """Makes the checksum of a row of /runs or /leases of an h5py.File right for what is stored."""
    names = {"runs": checksums.RUN, "leases": checksums.LEASE}[group]
    file[group]["checksum"][row] = checksums.digest(file, file[group], names, row)


# ---- what never changes ------------------------------------------------------------------------------------------


def write_text(path, before, after):
    """Replaces a text that stands once in the structure of a file by one of as many bytes. HDF5 is not asked: it would
    move the attribute, and the file would be one that another program has rewritten."""
    data = Path(path).read_bytes()
    structure = data[: pages.footers(data)[0].start]
    assert len(before) == len(after) and structure.count(before) == 1, structure.count(before)
    write_bytes(path, structure.index(before), after)


# The numbers, in the places of the pages, of the variables that runs write: status to cost, cost_count, and all of
# leases, runs and checkpoint. By name they cannot be found where one is missing.
WRITTEN_IDS = {*range(8, 28), 29, *range(46, 81)}


def seal_pages(path, **changes):
    """Makes integrity/pages right for what is stored: a forgery of what never changes. changes: of the footer."""
    data = bytearray(Path(path).read_bytes())
    footer = pages.footers(data)[0]
    (_, places), (at, width) = pages.table(data, footer), footer.tables
    written = [(place.start, place.bytes) for place in places if place.id in WRITTEN_IDS]
    pieces = [bytes(data[start:end]) for start, end in pages.pieces(written, footer.start)]
    final, hashes = b"".join(pieces), [xxhash.xxh3_64_intdigest(piece) for piece in pieces]
    data[footer.start : footer.start + len(final)] = final
    table = struct.pack(f"<{len(hashes)}Q", *hashes) + data[at + 8 * len(hashes) : at + width]
    data[at : at + 2 * width] = 2 * table
    sealed = pages.FOOTER.pack(*footer._replace(table_hash=xxhash.xxh3_64_intdigest(table), **changes))[:-8]
    data[-128:] = 2 * (sealed + struct.pack("<Q", xxhash.xxh3_64_intdigest(sealed)))
    Path(path).write_bytes(data)
