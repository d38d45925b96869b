"""Compares the rows and costs of a result file with their checksums when they are read."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Iterable, Iterator
from typing import Any

import h5py
import numpy as np
import xarray as xr
import xxhash
from numpy.typing import NDArray

from moonsweep import schema
from moonsweep.errors import SweepFileError
from moonsweep.result_bytes import ResultBytes

#: Positions along the first axis of a variable, none of them negative.
Positions = NDArray[np.int64]

WINDOW = 1 << 20  # costs that are read at a time
NO_WINDOW = (0, 0, memoryview(b""))  # the first of them, the one after the last, and their bytes
BLOCK_BYTES = 4 << 20  # of rows that are read at a time


class Rows:
    """The final rows of an open file with their checksums.

    A row is compared when something of it is read for the first time, and again when something of it is read
    after the file has changed. The hash of its costs, which is part of its checksum, is only computed again
    when these costs are read.
    """

    def __init__(
        self, file: ResultBytes, root: h5py.File, stored: xr.Dataset, status: NDArray[np.uint8]
    ) -> None:
        """status: as it was read first; ``stored``: the variables as they are in the file, which is ``root``.

        Errors: SweepFileError if the costs of a trajectory do not lie in its own part of ``cost``.
        """
        self._file = file
        self._state = file.state()
        # Those of the state were read once; h5py reads the others more quickly than xarray.
        self._stored: dict[str, h5py.Dataset | NDArray[Any]] = {name: root[name] for name in schema.SUMMED}
        self._stored |= {name: stored.variables[name].values for name in schema.STATE}
        self._job_hash = int(str(stored.attrs["job_hash"]), 16)
        self._is_final = status != schema.PENDING
        self._is_checked = np.zeros(status.size, np.bool_)
        self._trajectory = self._values("config_trajectory").astype(np.int64)
        self._iterations = self._values("iterations")
        self._start, self._count, self._stride = (
            self._values(name) for name in ("cost_start", "cost_count", "cost_stride")
        )
        self._order = np.argsort(self._start, kind="stable")
        self._cost_hash = np.zeros(status.size, np.uint64)
        self._has_cost_hash, self._has_stale_costs = np.zeros((2, status.size), np.bool_)
        self._cost_bytes = self._width("cost")
        self._window = NO_WINDOW
        row_bytes = sum(self._width(name) for name in (*schema.COVERED, *schema.COVERED_TIMES))
        self._block = max(1, BLOCK_BYTES // row_bytes)
        self._check_places()

    def check(self, positions: Positions) -> None:
        """Compares the final rows at these positions. Errors: SweepFileError with the first that differs."""
        self._notice_change()
        is_read = np.zeros(self._is_final.size, np.bool_)
        is_read[positions] = True
        self._check_rows(np.flatnonzero(is_read & self._is_final & ~self._is_checked))

    def check_costs(self, positions: Positions) -> None:
        """Compares the costs at these positions, and the rows they belong to. Errors: SweepFileError."""
        self._notice_change()
        owner = np.searchsorted(self._start[self._order], np.atleast_1d(positions), side="right") - 1
        is_read = np.zeros(self._order.size, np.bool_)
        is_read[self._order[owner]] = True
        rows = np.flatnonzero(self._is_final & is_read[self._trajectory])
        stale = rows[self._has_stale_costs[rows]]
        for of_rows in (self._has_stale_costs, self._has_cost_hash, self._is_checked):
            of_rows[stale] = False
        self._check_rows(rows[~self._is_checked[rows]])

    def _notice_change(self) -> None:
        """Marks everything as to be compared again if the file has changed."""
        state = self._file.state()
        if state != self._state:
            self._state = state
            self._is_checked[:] = False
            self._has_stale_costs |= self._has_cost_hash

    def _check_rows(self, rows: NDArray[np.int64]) -> None:
        """Compares these rows, which are in ascending order."""
        self._hash_costs(rows[~self._has_cost_hash[rows]])
        for of_block in _split(rows, rows // self._block):
            first = int(of_block[0]) // self._block * self._block
            part, at = slice(first, first + self._block), of_block - first
            checksums, times_checksums = (self._values(name, part)[at] for name in schema.BIT_PATTERNS)
            results, times = (
                _row_bytes(self._records(names, part)[at]) for names in (schema.COVERED, schema.COVERED_TIMES)
            )
            is_wrong = _hashes(results, self._cost_hash[of_block].tolist()) != checksums
            is_wrong |= _hashes(times) != times_checksums
            if is_wrong.any():
                row = of_block[np.argmax(is_wrong)]
                self._fail(f"configuration {row} or its costs do not match their checksum")
            self._is_checked[of_block] = True

    def _records(self, names: tuple[str, ...], rows: slice) -> NDArray[np.uint8]:
        """The bytes that a checksum covers, for each row: the job hash, the row's number, its values."""
        parts = [self._values(name, rows) for name in names]
        count = len(parts[0])
        head = np.empty((count, 2), "<u8")
        head[:, 0], head[:, 1] = self._job_hash, np.arange(rows.start, rows.start + count)
        return np.concatenate([_bytes(part).reshape(count, -1) for part in (head, *parts)], axis=1)

    def _hash_costs(self, rows: NDArray[np.int64]) -> None:
        """Computes the hash of the costs of each of these rows."""
        owners = self._trajectory[rows]
        starts, counts = self._start[owners], self._cost_counts(owners, self._iterations[rows])
        # In the order of the file, those of the same trajectory with the fewest costs first.
        order = np.lexsort((counts, starts))
        rows, starts, counts = rows[order], starts[order], counts[order]
        is_short = counts <= schema.COST_BLOCK
        self._hash_short(rows[is_short], starts[is_short], counts[is_short])
        self._hash_long(rows[~is_short], starts[~is_short], counts[~is_short])
        self._has_cost_hash[rows] = True

    def _cost_counts(self, owners: NDArray[np.int64], iterations: NDArray[Any]) -> NDArray[np.int64]:
        """The numbers of costs of configurations with so many iterations, of these trajectories."""
        stride = self._stride[owners]
        wanted = np.where(stride > 0, -(-iterations // np.maximum(stride, 1)), 0)
        return np.minimum(self._count[owners], wanted)

    def _hash_short(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> None:
        """Computes the hash of the costs of rows whose costs are one block or none."""
        ends = starts + counts
        for part in _split(np.arange(rows.size), starts // WINDOW):
            first = int(starts[part[0]])
            stored = _bytes(self._values("cost", slice(first, int(ends[part].max())))).data
            edges = (((of_rows[part] - first) * self._cost_bytes).tolist() for of_rows in (starts, ends))
            hashes = _hashes(map(stored.__getitem__, map(slice, *edges)))
            self._cost_hash[rows[part]] = np.where(counts[part] > 0, hashes, np.uint64(0))

    def _hash_long(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> None:
        """Computes the hash of the costs of rows with more than one block of them."""
        before = -1
        for row, start, count in zip(rows.tolist(), starts.tolist(), counts.tolist(), strict=True):
            # Shorter ones are prefixes of longer ones, but for the block that they end in.
            if start != before:
                before, done, chained = start, 0, 0
            while done + schema.COST_BLOCK <= count:
                chained = self._chain(start + done, schema.COST_BLOCK, chained)
                done += schema.COST_BLOCK
            rest = count - done
            self._cost_hash[row] = self._chain(start + done, rest, chained) if rest > 0 else chained
        self._window = NO_WINDOW

    def _chain(self, start: int, count: int, seed: int) -> int:
        """The hash of ``count`` costs after those with the hash ``seed``."""
        first, end, stored = self._window
        if not first <= start <= start + count <= end:
            costs = self._values("cost", slice(start, start + max(WINDOW, count)))
            first, end, stored = start, start + len(costs), _bytes(costs).data
            self._window = first, end, stored
        begin = (start - first) * self._cost_bytes
        return xxhash.xxh3_64_intdigest(stored[begin : begin + count * self._cost_bytes], seed=seed)

    def _check_places(self) -> None:
        ends = np.append(self._start[self._order][1:], self._stored["cost"].size)
        room = np.empty_like(ends)
        room[self._order] = ends - self._start[self._order]
        wrong = np.flatnonzero((self._count < 0) | (self._count > room) | (self._start < 0))
        if wrong.size:
            count = self._count[wrong[0]]
            self._fail(f"cost_count[{wrong[0]}] is {count}, and there is no space for so many costs")

    def _fail(self, what: str) -> None:
        message = (
            f"{self._file.path}: a damaged result file: {what}; `moonsweep verify` names what is corrupt"
        )
        raise SweepFileError(message)

    def _values(self, name: str, rows: slice = slice(None)) -> NDArray[Any]:
        return self._stored[name][rows]

    def _width(self, name: str) -> int:
        variable = self._stored[name]
        return variable.dtype.itemsize * int(np.prod(variable.shape[1:], dtype=np.int64))


def _bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """The bytes of values in little-endian order."""
    return np.ascontiguousarray(values, values.dtype.newbyteorder("<")).view(np.uint8)


def _row_bytes(records: NDArray[np.uint8]) -> list[bytes]:
    """The bytes of each record."""
    return np.ascontiguousarray(records).view(f"V{records.shape[1]}")[:, 0].tolist()


def _hashes(contents: Iterable[bytes | memoryview], *seeds: list[int]) -> NDArray[np.uint64]:
    """The hash of each of the contents, with the seeds in the list, or else with 0."""
    return np.fromiter(map(xxhash.xxh3_64_intdigest, contents, *seeds), np.uint64)


def _split(values: NDArray[np.int64], group: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The values in parts, each of those that follow one another with the same ``group``."""
    if values.size:
        yield from np.split(values, np.flatnonzero(np.diff(group)) + 1)
