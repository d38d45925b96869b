"""Lazy arrays that are compared with their checksums, and in which invalid values are missing."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import EllipsisType
from typing import Literal, Self

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from moonsweep import schema
from moonsweep.open_result import OpenResult
from moonsweep.rows import Positions

#: Tells which of the positions hold valid values.
Validity = Callable[[Positions], NDArray[np.bool_]]

#: The index of an array along one axis.
Index = int | slice | NDArray[np.int64]

BLOCK = 1 << 20  # positions that are handled at a time, so that they take little memory


@dataclass(frozen=True)
class RowValidity:
    """Results are valid where the configuration is final."""

    status: NDArray[np.uint8]

    def __call__(self, positions: Positions) -> NDArray[np.bool_]:
        """Which of the configurations are final."""
        return self.status[positions] != schema.PENDING


@dataclass(frozen=True)
class CostValidity:
    """Costs are valid from the start to the end of each trajectory, in the order of the starts."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, start: NDArray[np.int64], count: NDArray[np.int64]) -> Self:
        """That of the trajectories with these starts and numbers of costs."""
        order = np.argsort(start, kind="stable")
        return cls(start[order], (start + count)[order])

    def __call__(self, positions: Positions) -> NDArray[np.bool_]:
        """Which of the positions contain a cost."""
        # Trajectories without stored costs have the same start as the next one, which is last and thus found.
        owner = np.searchsorted(self.starts, positions, side="right") - 1
        return (owner >= 0) & (positions < self.ends[owner])


class StoredArray(BackendArray):
    """A lazy array over the variable ``name`` of ``result``.

    check: what the positions along the first axis that were read are compared with.
    is_valid: values at other positions are NaN. Floating-point types are kept; integers become float64, as
    everywhere in xarray.
    Only requested values are read, when they are requested.
    """

    def __init__(
        self,
        result: OpenResult,
        name: str,
        check: Literal["rows", "costs"] | None,
        is_valid: Validity | None,
    ) -> None:
        self.result = result
        self.name = name
        self.check = check
        self.is_valid = is_valid
        source = result.stored.variables[name]
        self.shape = source.shape
        is_kept = is_valid is None or np.issubdtype(source.dtype, np.floating)
        self.dtype = np.dtype(source.dtype if is_kept else np.float64)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[np.generic]:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Index, ...]) -> NDArray[np.generic]:
        """Reads the outer product of the indices in ``key``, one for each axis."""
        with self.result.file.explained():
            values = np.require(self.result.stored.variables[self.name][key].values, self.dtype, "W")
            for part, positions in _blocks(key[0], self.shape[0]) if key else ():
                if self.check is not None:
                    self.result.check(self.check, positions)
                if self.is_valid is not None:
                    values[part][~self.is_valid(positions)] = np.nan
        return values


def _blocks(index: Index, size: int) -> Iterator[tuple[slice | EllipsisType, Positions]]:
    """The positions that ``index`` selects on an axis of ``size``, and where they are among those selected.

    They are 0-dimensional for an integer.
    """
    if not isinstance(index, slice):
        positions = np.asarray(index, dtype=np.int64)
        yield ..., np.where(positions < 0, positions + size, positions)
        return
    selected = range(*index.indices(size))
    for first in range(0, len(selected), BLOCK):
        block = selected[first : first + BLOCK]
        yield slice(first, first + len(block)), np.arange(block.start, block.stop, block.step)


def stored_lazily(
    result: OpenResult,
    name: str,
    check: Literal["rows", "costs"] | None = None,
    is_valid: Validity | None = None,
) -> xr.Variable:
    """A variable of ``result`` as a lazy variable over a StoredArray."""
    source = result.stored.variables[name]
    data = indexing.LazilyIndexedArray(StoredArray(result, name, check, is_valid))
    return xr.Variable(source.dims, data, source.attrs)
