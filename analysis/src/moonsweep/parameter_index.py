"""The index of the configurations by their parameters: ``sweep.sel(n_h=50, activation="tanh")``.

xarray selects by one index for each dimension only, and a multi-index would replace the numbers of the
configurations. Hence this index: it lies over all parameters together, beside that of ``config``.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from xarray.core.indexing import IndexSelResult

MOST_NAMED = 10  # values of a parameter in a message


class ParameterIndex(xr.Index):
    """Finds the configurations with given values; the result always keeps the dimension ``config``.

    A parameter is given as a value, a list of values, or a slice (both ends are included); with
    ``method="nearest"`` the nearest values of numbers are taken. Errors: KeyError if no configuration has
    these values, with those that there are.
    """

    def __init__(self, dim: Hashable, values: dict[Hashable, NDArray[Any]]) -> None:
        self._dim = dim
        self._values = values

    @classmethod
    def from_variables(cls, variables: Mapping[Any, xr.Variable], *, options: Mapping[str, Any]) -> Self:
        """The index over coordinates of one common dimension."""
        dims = {variable.dims for variable in variables.values()}
        if options or len(dims) != 1 or len(next(iter(dims))) != 1:
            message = f"an index of parameters needs coordinates over one dimension, not {sorted(dims)}"
            raise ValueError(message)
        (dim,) = dims.pop()
        return cls(dim, {name: variable.values for name, variable in variables.items()})

    def create_variables(
        self, variables: Mapping[Any, xr.Variable] | None = None
    ) -> dict[Hashable, xr.Variable]:
        """The coordinates, with the attributes of ``variables``."""
        attributes = {name: variable.attrs for name, variable in (variables or {}).items()}
        return {
            name: xr.Variable(self._dim, values, attributes.get(name))
            for name, values in self._values.items()
        }

    def isel(self, indexers: Mapping[Any, Any]) -> Self | None:
        """The index of some rows; none if these are not a new axis of the same name."""
        chosen = indexers.get(self._dim, slice(None))
        if isinstance(chosen, xr.Variable):
            if chosen.dims != (self._dim,):
                return None
            chosen = chosen.values
        if not isinstance(chosen, slice) and np.ndim(chosen) != 1:
            return None
        return type(self)(self._dim, {name: values[chosen] for name, values in self._values.items()})

    def sel(
        self, labels: dict[Any, Any], method: str | None = None, tolerance: float | None = None
    ) -> IndexSelResult:
        """The positions of the rows that have all these values."""
        if method not in (None, "nearest") or tolerance is not None:
            given = f"method={method!r}, tolerance={tolerance!r}"
            message = f"parameters cannot be selected with {given}; only method='nearest' is possible"
            raise ValueError(message)
        found = np.ones(len(next(iter(self._values.values()))), np.bool_)
        for name, label in labels.items():
            is_wanted = _matches(self._values[name], label, nearest=method == "nearest")
            if not is_wanted.any():
                message = (
                    f"no configuration has {name}={_text(label)} ({name} is {_known(self._values[name])})"
                )
                raise KeyError(message)
            found &= is_wanted
        if not found.any():
            wanted = ", ".join(f"{name}={_text(label)}" for name, label in labels.items())
            message = f"no configuration has {wanted} together, though some have each of these"
            raise KeyError(message)
        return IndexSelResult({self._dim: np.flatnonzero(found)})

    def equals(self, other: xr.Index, **_: object) -> bool:
        """Whether the other index has the same values in the same order."""
        return (
            isinstance(other, ParameterIndex)
            and self._dim == other._dim
            and self._values.keys() == other._values.keys()
            and all(np.array_equal(values, other._values[name]) for name, values in self._values.items())
        )

    @classmethod
    def concat(
        cls,
        indexes: Sequence[Self],
        dim: Hashable,
        positions: Iterable[Iterable[int]] | None = None,
    ) -> Self:
        """The rows of all indexes, one after another, or at the given positions."""
        joined = {
            name: np.concatenate([index._values[name] for index in indexes]) for name in indexes[0]._values
        }
        if positions is not None:
            order = np.argsort(np.concatenate([np.asarray(part) for part in positions]))
            joined = {name: values[order] for name, values in joined.items()}
        return cls(dim, joined)

    def join(self, other: Self, how: str = "inner") -> Self:  # noqa: ARG002 (as xarray calls it)
        """Not possible: xarray calls it for two datasets that have different configurations."""
        message = (
            "the datasets have different configurations; select the same ones in both, for example with"
            " isel, or drop this index with drop_indexes"
        )
        raise ValueError(message)

    def to_pandas_index(self) -> pd.MultiIndex:
        """The parameters as a multi-index, as in the indexes of the dataset."""
        return pd.MultiIndex.from_arrays(list(self._values.values()), names=list(self._values))

    def __repr__(self) -> str:
        return f"ParameterIndex({', '.join(map(str, self._values))})"

    def rename(self, name_dict: Mapping[Any, Hashable], dims_dict: Mapping[Any, Hashable]) -> Self:
        """The index with other names of its coordinates or its dimension."""
        values = {name_dict.get(name, name): values for name, values in self._values.items()}
        return type(self)(dims_dict.get(self._dim, self._dim), values)


def _matches(values: NDArray[Any], label: object, *, nearest: bool) -> NDArray[np.bool_]:
    """Which of the values are wanted by a label."""
    if isinstance(label, slice):
        if label.step is not None:
            message = f"a slice of a parameter cannot have the step {label.step!r}"
            raise ValueError(message)
        is_wanted = np.ones(values.shape, np.bool_)
        if label.start is not None:
            is_wanted &= values >= label.start
        if label.stop is not None:
            is_wanted &= values <= label.stop
        return is_wanted
    numbers = label.values if isinstance(label, (xr.DataArray, xr.Variable)) else label
    wanted = np.atleast_1d(np.asarray(numbers))
    if nearest and values.dtype.kind in "iuf" and values.size > 0:
        wanted = np.array([values[np.abs(values - number).argmin()] for number in wanted])
    if wanted.size and (wanted.dtype.kind in "iufb") != (values.dtype.kind in "iufb"):
        return np.zeros(values.shape, np.bool_)  # a number is no text
    return np.isin(values, wanted)


def _text(label: object) -> str:
    if isinstance(label, slice):
        return f"{label.start!r} to {label.stop!r}"
    values = np.asarray(label)
    return repr(values.item() if values.ndim == 0 else values.tolist())


def _known(values: NDArray[Any]) -> str:
    """The different values in their order, as far as they fit into a message."""
    different = list(dict.fromkeys(values.tolist()))
    named = ", ".join(repr(value) for value in different[:MOST_NAMED])
    return f"{named} or {len(different) - MOST_NAMED} others" if len(different) > MOST_NAMED else named
