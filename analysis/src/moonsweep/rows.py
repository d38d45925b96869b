"""Compares the rows and costs of a result file with their checksums when they are read."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from itertools import groupby

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
BLOCK_BYTES = 4 << 20  # of rows that are read at a time


class Rows:
    """The final rows of an open file with their checksums.

    A row is compared when something of it is read for the first time, and again when something of it is read
    after the file has changed. The hash of its costs, which is part of its checksum, is only computed again
    when these costs are read.
    """

    def __init__(self, file: ResultBytes, stored: xr.Dataset, status: NDArray[np.uint8]) -> None:
        """status: as it was read first; ``stored``: the variables as they are in the file.

        Errors: SweepFileError if the costs of a trajectory do not lie in its own part of ``cost``.
        """
        self._file = file
        self._state = file.state()
        self._stored = stored.variables
        self._job_hash = int(str(stored.attrs["job_hash"]), 16)
        self._is_final = status != schema.PENDING
        self._is_checked = np.zeros(status.size, np.bool_)
        self._trajectory = self._values("config_trajectory").astype(np.int64)
        self._iterations = self._values("iterations")
        self._start, self._count, self._stride = (
            self._values(name) for name in ("cost_start", "cost_count", "cost_stride")
        )
        self._order = np.argsort(self._start, kind="stable")
        self._cost_hash: dict[int, int] = {}
        self._stale_costs: set[int] = set()
        self._window: tuple[int, NDArray[np.generic]] = (0, np.empty(0))
        row_bytes = sum(self._width(name) for name in (*schema.COVERED, *schema.COVERED_TIMES))
        self._block = max(1, BLOCK_BYTES // row_bytes)
        self._check_places()

    def check(self, positions: Positions) -> None:
        """Compares the final rows at these positions. Errors: SweepFileError with the first that differs."""
        self._notice_change()
        rows = np.unique(positions)
        self._check_rows(rows[self._is_final[rows] & ~self._is_checked[rows]])

    def check_costs(self, positions: Positions) -> None:
        """Compares the costs at these positions, and the rows they belong to. Errors: SweepFileError."""
        self._notice_change()
        owner = np.searchsorted(self._start[self._order], np.atleast_1d(positions), side="right") - 1
        is_read = np.zeros(self._order.size, np.bool_)
        is_read[self._order[owner]] = True
        rows = np.flatnonzero(self._is_final & is_read[self._trajectory])
        for row in self._stale_costs.intersection(rows.tolist()):
            self._stale_costs.remove(row)
            self._cost_hash.pop(row, None)
            self._is_checked[row] = False
        self._check_rows(rows[~self._is_checked[rows]])

    def _notice_change(self) -> None:
        """Marks everything as to be compared again if the file has changed."""
        state = self._file.state()
        if state != self._state:
            self._state = state
            self._is_checked[:] = False
            self._stale_costs.update(self._cost_hash)

    def _check_rows(self, rows: NDArray[np.int64]) -> None:
        self._hash_costs([row for row in rows.tolist() if row not in self._cost_hash])
        for block in np.unique(rows // self._block).tolist():
            first = block * self._block
            part = slice(first, first + self._block)
            results, times = (self._records(names, part) for names in (schema.COVERED, schema.COVERED_TIMES))
            checksums, times_checksums = self._values("checksum", part), self._values("times_checksum", part)
            for row in rows[rows // self._block == block].tolist():
                at, seed = row - first, self._cost_hash[row]
                if (
                    xxhash.xxh3_64_intdigest(results[at], seed=seed) != checksums[at]
                    or xxhash.xxh3_64_intdigest(times[at]) != times_checksums[at]
                ):
                    self._fail(f"configuration {row} or its costs do not match their checksum")
                self._is_checked[row] = True

    def _records(self, names: tuple[str, ...], rows: slice) -> NDArray[np.uint8]:
        """The bytes that a checksum covers, for each row: the job hash, the row's number, its values."""
        parts = [self._values(name, rows) for name in names]
        count = len(parts[0])
        head = np.empty((count, 2), "<u8")
        head[:, 0], head[:, 1] = self._job_hash, np.arange(rows.start, rows.start + count)
        return np.concatenate([_bytes(part).reshape(count, -1) for part in (head, *parts)], axis=1)

    def _hash_costs(self, rows: list[int]) -> None:
        """Computes the hash of the costs of each of these rows."""
        ordered = sorted(rows, key=lambda row: (self._trajectory[row], self._iterations[row]))
        for trajectory, members in groupby(ordered, key=lambda row: self._trajectory[row]):
            start, done, chained = int(self._start[trajectory]), 0, 0
            for row in members:
                # Shorter ones are prefixes of longer ones, but for the block that they end in.
                count = self._cost_count(row)
                while done + schema.COST_BLOCK <= count:
                    chained = self._chain(start + done, schema.COST_BLOCK, chained)
                    done += schema.COST_BLOCK
                rest = count - done
                self._cost_hash[row] = self._chain(start + done, rest, chained) if rest > 0 else chained
        self._window = (0, np.empty(0))

    def _cost_count(self, row: int) -> int:
        """The number of the configuration's costs."""
        trajectory = self._trajectory[row]
        stride = int(self._stride[trajectory])
        wanted = -(-int(self._iterations[row]) // stride) if stride > 0 else 0
        return min(int(self._count[trajectory]), wanted)

    def _chain(self, start: int, count: int, seed: int) -> int:
        """The hash of ``count`` costs after those with the hash ``seed``."""
        first, costs = self._window
        if not first <= start <= start + count <= first + len(costs):
            first, costs = start, self._values("cost", slice(start, start + max(WINDOW, count)))
            self._window = first, costs
        return xxhash.xxh3_64_intdigest(_bytes(costs[start - first : start - first + count]), seed=seed)

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

    def _values(self, name: str, rows: slice = slice(None)) -> NDArray[np.generic]:
        return self._stored[name][rows].values

    def _width(self, name: str) -> int:
        variable = self._stored[name]
        return variable.dtype.itemsize * int(np.prod(variable.shape[1:], dtype=np.int64))


def _bytes(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The bytes of values in little-endian order."""
    return np.ascontiguousarray(values, values.dtype.newbyteorder("<")).view(np.uint8)
