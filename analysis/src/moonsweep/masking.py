"""Arrays that read lazily and show what is not valid as missing."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

#: Tells which of the given positions along the first axis hold valid values.
Validity = Callable[[NDArray[np.int64]], NDArray[np.bool_]]


class MaskedArray(BackendArray):
    """A lazy array over ``source`` with NaN wherever its position along the first axis is not valid.

    Floating-point types stay as they are; integers become float64, as everywhere in xarray.
    Nothing is read before it is asked for, and then only what was asked for.
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
        """Reads the outer product of the indices in ``key``, one an axis."""
        values = self.source[key].values.astype(self.dtype, copy=True)
        values[~self.is_valid(_positions(key[0], self.shape[0]))] = np.nan
        return values


def _positions(index: int | slice | NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The positions that ``index`` takes of an axis of ``size``; of no dimension for an integer."""
    if isinstance(index, slice):
        return np.arange(*index.indices(size))
    positions = np.asarray(index, dtype=np.int64)
    return np.where(positions < 0, positions + size, positions)


def masked(source: xr.Variable, is_valid: Validity) -> xr.Variable:
    """``source`` as a lazy variable with NaN where ``is_valid`` says no."""
    array = MaskedArray(source, is_valid)
    data = indexing.LazilyIndexedArray(array)
    # xarray saves a variable as its encoding says; cast to integers, NaN would become an arbitrary number.
    encoding = {**source.encoding, "dtype": array.dtype}
    return xr.Variable(source.dims, data, source.attrs, encoding)
