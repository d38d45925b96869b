"""Lazy arrays in which invalid values are missing."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

#: Tells which of the given positions along the first axis hold valid values.
Validity = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


class MaskedArray(BackendArray):
    """A lazy array over ``source`` with NaN at positions along the first axis that are not valid.

    Floating-point types are kept; integers become float64, as everywhere in xarray.
    Only requested values are read, when they are requested.
    """

    def __init__(self, source: xr.Variable, is_valid: Validity) -> None:
        self.source = source
        self.is_valid = is_valid
        self.shape = source.shape
        is_float = np.issubdtype(source.dtype, np.floating)
        self.dtype = np.dtype(source.dtype if is_float else np.float64)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[np.floating]:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[int | slice | NDArray[np.int64], ...]) -> NDArray[np.floating]:
        """Reads the outer product of the indices in ``key``, one for each axis."""
        values = self.source[key].values.astype(self.dtype, copy=True)
        values[~self.is_valid(_positions(key[0], self.shape[0]))] = np.nan
        return values


def _positions(index: int | slice | NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The positions that ``index`` selects on an axis of ``size``; 0-dimensional for an integer."""
    if isinstance(index, slice):
        return np.arange(*index.indices(size))
    positions = np.asarray(index, dtype=np.int64)
    return np.where(positions < 0, positions + size, positions)


def masked(source: xr.Variable, is_valid: Validity) -> xr.Variable:
    """``source`` as a lazy variable with NaN where ``is_valid`` is false."""
    array = MaskedArray(source, is_valid)
    data = indexing.LazilyIndexedArray(array)
    # xarray saves a variable with the type of its encoding. As an integer, NaN would be an arbitrary number.
    encoding = {**source.encoding, "dtype": array.dtype}
    return xr.Variable(source.dims, data, source.attrs, encoding)
