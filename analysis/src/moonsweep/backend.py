"""An xarray backend for result files: opens a file, checks its format, and masks values not written yet.

A result file may be read while it is being written. Reading must neither disturb the run nor return an
outdated state. Hence two rules:

1. HDF5 gets a Python file object, not a path. With a path, HDF5 would lock the file, refuse to open it if it
   is open with other lock settings, and share buffers with other handles in this process, so that a file
   opened later would show what an earlier one had read.
2. ``status`` is read first, and ``cost_count`` next, both only once. Final rows never change, so all values
   that are read later, at any time, belong to the same moment.
"""

import errno
import io
import os
from collections.abc import Iterable
from pathlib import Path

import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendEntrypoint

from moonsweep import schema
from moonsweep.errors import SweepFileError
from moonsweep.masking import Validity, masked


class MoonsweepBackend(BackendEntrypoint):
    """``xarray.open_dataset(path, engine="moonsweep")``."""

    description = "Result files of moonsweep, with pending results masked"
    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(
        self,
        filename_or_obj: str | os.PathLike[str],
        *,
        drop_variables: str | Iterable[str] | None = None,
    ) -> xr.Dataset:
        """Opens the result file at a path; moonsweep.open describes the result and the errors."""
        path = Path(filename_or_obj)
        file = _open_file(path)
        try:
            _check_format(path, file)
            stored = xr.open_dataset(file, engine="h5netcdf", cache=False, decode_timedelta=False)
        except BaseException:
            file.close()
            raise

        def close() -> None:
            stored.close()
            file.close()

        try:
            dataset = _mask(path, stored)
        except BaseException:
            close()
            raise
        if drop_variables is not None:
            dataset = dataset.drop_vars(drop_variables)
        dataset.encoding["source"] = os.fspath(path)
        dataset.set_close(close)
        return dataset


def _open_file(path: Path) -> io.FileIO:
    """Opens ``path`` for reading, unbuffered. Errors: OSError with an explanation."""
    try:
        return io.FileIO(path, "r")
    except FileNotFoundError:
        hint = "there is no such file"
        if path.with_name(path.name + ".part").exists():
            hint = "the run has not finished creating it (its .part file exists); try again"
        raise FileNotFoundError(errno.ENOENT, hint, os.fspath(path)) from None


def _check_format(path: Path, file: io.FileIO) -> None:
    """Checks that it is a result file of a known format. Errors: SweepFileError."""
    try:
        with h5py.File(file, "r") as root:
            attributes = {name: root.attrs[name] for name in schema.SIGNATURE if name in root.attrs}
    except OSError as error:
        message = f"{path}: not an HDF5 file, or a damaged one ({error})"
        raise SweepFileError(message) from error
    absent = [name for name in schema.SIGNATURE if name not in attributes]
    if absent:
        message = f"{path}: not a result of moonsweep: it has no attribute {absent[0]}"
        raise SweepFileError(message)
    version = _whole_number(attributes["format_version"])
    if version is None:
        message = f"{path}: a damaged result file: its format_version is {attributes['format_version']!r}"
        raise SweepFileError(message)
    if not 1 <= version <= schema.FORMAT_VERSION:
        message = (
            f"{path}: format version {version}; this package reads versions 1 to"
            f" {schema.FORMAT_VERSION}: install the one that came with the program"
        )
        raise SweepFileError(message)


def _whole_number(attribute: object) -> int | None:
    """The integer in an attribute, or None if it is not an integer.

    It may be a list with one element, because files saved by xarray (netCDF) have no scalar attributes.
    """
    values = np.asarray(attribute)
    return int(values.item()) if values.size == 1 and values.dtype.kind in "iu" else None


def _mask(path: Path, stored: xr.Dataset) -> xr.Dataset:
    """``stored`` in its present state, in which pending results and costs not yet written are missing."""
    try:
        status = stored.variables["status"].load()
        cost_count = stored.variables["cost_count"].load()
        cost_start = stored.variables["cost_start"].load()
    except KeyError as error:
        message = f"{path}: a damaged result file: the variable {error} is missing"
        raise SweepFileError(message) from error

    def row_is_valid(rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        return status.values[rows] != schema.PENDING

    cost_is_valid = _cost_validity(cost_start.values, cost_count.values)
    variables = {"status": status, "cost_count": cost_count, "cost_start": cost_start}
    if "activation" in stored.variables:
        variables["activation"] = _named(path, "activation", stored.variables["activation"])
    for name, variable in stored.variables.items():
        if name == "cost":
            variables[name] = masked(variable, cost_is_valid)
        elif _is_result(str(name), variable):
            variables[name] = masked(variable, row_is_valid)
    dataset = stored.assign(variables)
    return dataset.set_coords([name for name in schema.PARAMETERS if name in dataset])


def _named(path: Path, name: str, variable: xr.Variable) -> xr.Variable:
    """A flag variable with names instead of numbers. A file saved by xarray already has names.

    Errors: SweepFileError if a number has no name.
    """
    if not np.issubdtype(variable.dtype, np.integer):
        return variable
    values = variable.values
    attributes = dict(variable.attrs)
    numbers = np.atleast_1d(attributes.pop("flag_values", [])).tolist()
    names = dict(zip(numbers, str(attributes.pop("flag_meanings", "")).split(), strict=False))
    nameless = ~np.isin(values, list(names))
    if nameless.any():
        row = int(np.flatnonzero(nameless)[0])
        message = (
            f"{path}: a damaged result file: {name}[{row}] is {values[row]},"
            " which its flag_values do not name"
        )
        raise SweepFileError(message)
    table = np.array([names.get(number, "") for number in range(max(names, default=0) + 1)])
    return xr.Variable(variable.dims, table[values], attributes)


def _is_result(name: str, variable: xr.Variable) -> bool:
    """Whether the variable is a result of training, which is missing until its row is final."""
    return (
        variable.dims[:1] == ("config",)
        and name not in schema.KNOWN_AT_START
        and name not in schema.BIT_PATTERNS
    )


def _cost_validity(start: NDArray[np.int64], count: NDArray[np.int64]) -> Validity:
    """Which positions of ``cost`` contain a cost, from the ``start`` and ``count`` of the trajectories."""
    order = np.argsort(start, kind="stable")
    starts, ends = start[order], (start + count)[order]

    def is_valid(positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        # Trajectories without stored costs have the same start as the next one, which is last and thus found.
        owner = np.searchsorted(starts, positions, side="right") - 1
        return (owner >= 0) & (positions < ends[owner])

    return is_valid
