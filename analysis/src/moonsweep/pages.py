"""The checksums of everything in a result file that never changes: `integrity/pages` of docs/file-format.md.

They are found and compared by plain reads, so that damage to HDF5's structure is reported and never followed.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from moonsweep import schema
from moonsweep.errors import SweepFileError

PAGE: Final = 4096
MAGIC: Final = b"ms pages"
FOOTER: Final = struct.Struct("<8sII6Q")
PLACE: Final = np.dtype([("start", "<u8"), ("bytes", "<u8"), ("id", "<u8")])


class Footer(NamedTuple):
    """The last 64 bytes of the file, and the 64 before them."""

    magic: bytes
    format_version: int
    places: int
    start: int
    bytes: int
    final: int
    pieces: int
    table_hash: int
    hash: int


@dataclass(frozen=True)
class Pages:
    """The pieces of the file that never change, in its order, and their hashes."""

    path: Path
    descriptor: int
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    hashes: NDArray[np.uint64]

    @classmethod
    def of(cls, path: Path, descriptor: int) -> "Pages | None":
        """Those of an open file; None if it has none: it was cut off, or written by another program.

        Errors: OSError; SweepFileError if they are damaged themselves.
        """
        footer = _footer(descriptor)
        if footer is None:
            return None
        width = 8 * footer.pieces + PLACE.itemsize * footer.places
        for number in range(2):
            table = os.pread(descriptor, width, footer.start + footer.final + number * width)
            if xxhash.xxh3_64_intdigest(table) == footer.table_hash:
                hashes = np.frombuffer(table, "<u8", footer.pieces)
                places = np.frombuffer(table, PLACE, footer.places, 8 * footer.pieces)
                return cls(path, descriptor, *_pieces(places, footer.start), hashes)
        message = f"{path}: a damaged result file: both tables of the checksums of its pages are corrupt"
        raise SweepFileError(message)

    def check(self, offset: int, content: memoryview) -> None:
        """Compares the pieces that ``content``, read at ``offset``, touches with their hashes.

        A piece that is only partly in ``content`` is read again, as a whole, and this part is taken from it.
        Errors: SweepFileError with the place of the damage.
        """
        end = offset + len(content)
        chosen = slice(
            np.searchsorted(self.ends, offset, side="right"), np.searchsorted(self.starts, end, side="left")
        )
        columns = (column[chosen].tolist() for column in (self.starts, self.ends, self.hashes))
        for first, last, expected in zip(*columns, strict=True):
            is_whole = offset <= first and last <= end
            piece = (
                content[first - offset : last - offset]
                if is_whole
                else os.pread(self.descriptor, last - first, first)
            )
            if xxhash.xxh3_64_intdigest(piece) != expected:
                message = (
                    f"{self.path}: a damaged result file: its bytes {first} to {last - 1} do not match their"
                    " checksum; `moonsweep verify` names what is corrupt"
                )
                raise SweepFileError(message)
            if not is_whole:
                low, high = max(first, offset), min(last, end)
                content[low - offset : high - offset] = piece[low - first : high - first]


def _footer(descriptor: int) -> Footer | None:
    """The first of the two footers that is valid."""
    size = os.fstat(descriptor).st_size
    for at in (size - FOOTER.size, size - 2 * FOOTER.size):
        raw = os.pread(descriptor, FOOTER.size, at) if at >= 0 else b""
        if len(raw) == FOOTER.size and raw.startswith(MAGIC):
            footer = Footer(*FOOTER.unpack(raw))
            is_intact = xxhash.xxh3_64_intdigest(raw[:-8]) == footer.hash
            if is_intact and footer.start + footer.bytes == size:
                return footer
    return None


def _pieces(places: NDArray[np.void], end: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Where the pieces before ``end`` start and end.

    They lie between the variables that runs write, and are divided at the multiples of PAGE.
    """
    written = places[np.isin(places["id"], list(schema.WRITTEN_NUMBERS))]
    edges = [(int(place["start"]), int(place["bytes"])) for place in written]
    starts, ends, at = [], [], 0
    for start, count in [*edges, (end, 0)]:
        if at < start:
            cuts = np.arange((at // PAGE + 1) * PAGE, start, PAGE, dtype=np.uint64)
            starts.append(np.concatenate([np.array([at], np.uint64), cuts]))
            ends.append(np.concatenate([cuts, np.array([start], np.uint64)]))
        at = max(at, start + count)
    return np.concatenate(starts), np.concatenate(ends)
