"""Lazy arrays of several files, one after another."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing


class JoinedArray(BackendArray):
    """Variables one after another along their first axis; shorter ones are padded with NaN along the others.

    Only requested values are read, when they are requested.
    """

    def __init__(self, parts: Sequence[xr.Variable]) -> None:
        self.parts = list(parts)
        self.ends = np.cumsum([part.shape[0] for part in parts])
        rest = tuple(np.max([part.shape[1:] for part in parts], axis=0).astype(int).tolist())
        self.shape = (int(self.ends[-1]), *rest)
        self.dtype = np.result_type(*(part.dtype for part in parts))
        if any(part.shape[1:] != rest for part in parts):
            self.dtype = np.result_type(self.dtype, np.float32)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[Any]:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        """Reads the outer product of the indices in ``key``, one for each axis."""
        rows = np.arange(self.shape[0])[key[0]]
        positions = np.atleast_1d(rows)
        values = np.empty((positions.size, *self.shape[1:]), self.dtype)
        if self.dtype.kind == "f":
            values[:] = np.nan
        for part, end in zip(self.parts, self.ends.tolist(), strict=True):
            first = end - part.shape[0]
            here = np.flatnonzero((positions >= first) & (positions < end))
            if here.size:
                block = part[_shortest(positions[here] - first)].values
                place: tuple[Any, ...] = (here, *(slice(size) for size in block.shape[1:]))
                values[place] = block
        for axis, chosen in reversed(list(enumerate(key[1:], 1))):
            values = values[(slice(None),) * axis + (chosen,)]
        return values.reshape(np.shape(rows) + values.shape[1:])


def _shortest(positions: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """A slice if the positions follow one another, because HDF5 reads single ones slowly."""
    if np.array_equal(positions, np.arange(positions[0], positions[0] + positions.size)):
        return slice(int(positions[0]), int(positions[-1]) + 1)
    return positions


def joined(parts: Sequence[xr.Variable]) -> xr.Variable:
    """The variables one after another, as a lazy variable with the attributes of the first."""
    data = indexing.LazilyIndexedArray(JoinedArray(parts))
    return xr.Variable(parts[0].dims, data, parts[0].attrs)
