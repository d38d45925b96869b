"""Lazy arrays that are compared with their checksums, and in which invalid values are missing."""

from collections.abc import Callable, Iterator
from types import EllipsisType

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from moonsweep.result_bytes import ResultBytes

#: Positions along the first axis, none of them negative.
Positions = NDArray[np.int64]

#: Tells which of the positions hold valid values.
Validity = Callable[[Positions], NDArray[np.bool_]]

#: Compares what is stored at the positions with its checksums. Errors: SweepFileError.
Check = Callable[[Positions], None]

#: The index of an array along one axis.
Index = int | slice | NDArray[np.int64]

BLOCK = 1 << 20  # positions that are handled at a time, so that they take little memory


class StoredArray(BackendArray):
    """A lazy array over ``source``, a variable of ``file``.

    check: is called with the positions along the first axis that were read.
    is_valid: values at other positions are NaN. Floating-point types are kept; integers become float64, as
    everywhere in xarray.
    Only requested values are read, when they are requested.
    """

    def __init__(
        self, file: ResultBytes, source: xr.Variable, check: Check | None, is_valid: Validity | None
    ) -> None:
        self.file = file
        self.source = source
        self.check = check
        self.is_valid = is_valid
        self.shape = source.shape
        is_kept = is_valid is None or np.issubdtype(source.dtype, np.floating)
        self.dtype = np.dtype(source.dtype if is_kept else np.float64)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[np.generic]:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Index, ...]) -> NDArray[np.generic]:
        """Reads the outer product of the indices in ``key``, one for each axis."""
        with self.file.explained():
            values = np.require(self.source[key].values, self.dtype, "W")
            for part, positions in _blocks(key[0], self.shape[0]) if key else ():
                if self.check is not None:
                    self.check(positions)
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
    file: ResultBytes, source: xr.Variable, check: Check | None = None, is_valid: Validity | None = None
) -> xr.Variable:
    """``source`` as a lazy variable over a StoredArray."""
    array = StoredArray(file, source, check, is_valid)
    data = indexing.LazilyIndexedArray(array)
    # xarray saves a variable with the type of its encoding. As an integer, NaN would be an arbitrary number.
    encoding = source.encoding if is_valid is None else {**source.encoding, "dtype": array.dtype}
    return xr.Variable(source.dims, data, source.attrs, encoding)
