"""An xarray backend for result files: opens a file, checks its format, and masks values not written yet.

A result file may be read while it is being written. Reading must neither disturb the run nor return an
outdated state, nor anything that is damaged. Hence three rules:

1. HDF5 gets a Python file object, not a path. With a path, HDF5 would lock the file, refuse to open it if it
   is open with other lock settings, and share buffers with other handles in this process, so that a file
   opened later would show what an earlier one had read.
2. ``status`` is read first, and ``cost_count`` next, both only once. Final rows never change, so all values
   that are read later, at any time, belong to the same moment.
3. Everything that is read is compared with the checksums of docs/file-format.md: what never changes with
   those of its pages, as HDF5 reads it; rows and costs with those of the rows. Files that xarray saved have
   no checksums.
"""

import errno
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import h5netcdf
import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendEntrypoint

from moonsweep import schema
from moonsweep.errors import SweepFileError
from moonsweep.masking import Check, Validity, stored_lazily
from moonsweep.pages import PAGE
from moonsweep.result_bytes import ResultBytes
from moonsweep.rows import Rows

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


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
        with ExitStack() as opened:
            file = opened.enter_context(_open_file(path))
            with file.explained():
                root = opened.enter_context(_open_hdf5(path, file))
                _check_format(path, root)
                dataset = _mask(file, _stored(root), has_checksums="integrity" in root)
            if drop_variables is not None:
                dataset = dataset.drop_vars(drop_variables)
            dataset.encoding["source"] = os.fspath(path)
            dataset.set_close(opened.pop_all().close)
        return dataset


def _open_file(path: Path) -> ResultBytes:
    """Opens ``path`` for reading. Errors: OSError with an explanation; SweepFileError."""
    try:
        return ResultBytes(path)
    except FileNotFoundError:
        hint = "there is no such file"
        if path.with_name(path.name + ".part").exists():
            hint = "the run has not finished creating it (its .part file exists); try again"
        raise FileNotFoundError(errno.ENOENT, hint, os.fspath(path)) from None


def _open_hdf5(path: Path, file: ResultBytes) -> h5py.File:
    """Opens the file with HDF5. Errors: SweepFileError if that is not possible.

    It must be closed whatever happens: HDF5 closes what is still open when the process ends, and would then
    call a Python object that no longer exists. HDF5 2.0 itself leaves a file open whose beginning it cannot
    read, so that this is read here first.
    """
    beginning = memoryview(bytearray(min(PAGE, file.state()[0])))
    file.readinto(beginning)
    if not bytes(beginning).startswith(HDF5_SIGNATURE):
        message = f"{path}: not an HDF5 file, or a damaged one (it does not begin with HDF5's signature)"
        raise SweepFileError(message)
    try:
        return h5py.File(file, "r")
    except OSError as error:
        message = f"{path}: not an HDF5 file, or a damaged one ({error})"
        raise SweepFileError(message) from error


def _stored(root: h5py.File) -> xr.Dataset:
    """The variables as they are in the file, each read when it is used."""
    # If xarray opened the file by itself, it would not close it after an error.
    store = xr.backends.H5NetCDFStore(h5netcdf.File(root, "r", decode_vlen_strings=True))
    return xr.open_dataset(store, engine="store", cache=False, decode_timedelta=False)


def _check_format(path: Path, root: h5py.File) -> None:
    """Checks that it is a result file of a known format. Errors: SweepFileError."""
    attributes = {name: root.attrs[name] for name in schema.SIGNATURE if name in root.attrs}
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


def _mask(file: ResultBytes, stored: xr.Dataset, *, has_checksums: bool) -> xr.Dataset:
    """``stored`` in its present state, in which pending results and costs not yet written are missing."""
    required = schema.STATE + (schema.SUMMED if has_checksums else ())
    absent = [name for name in required if name not in stored.variables]
    if absent:
        message = f"{file.path}: a damaged result file: the variable '{absent[0]}' is missing"
        raise SweepFileError(message)
    # In this order: a cost_count that is read after the status counts all costs of each row that is final.
    loaded = {name: stored.variables[name].load() for name in schema.STATE}
    status = loaded["status"].values
    _check_status(file.path, status)
    rows = Rows(file, stored, status) if has_checksums else None
    dataset = stored.assign(loaded | _lazily(file, stored, rows, loaded))
    return dataset.set_coords([name for name in schema.PARAMETERS if name in dataset])


def _lazily(
    file: ResultBytes, stored: xr.Dataset, rows: Rows | None, loaded: dict[str, xr.Variable]
) -> dict[str, xr.Variable]:
    """All variables that are not loaded, masked and to be compared with the checksums of ``rows``, if any."""
    status, start, count = (loaded[name].values for name in ("status", "cost_start", "cost_count"))

    def row_is_valid(positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        return status[positions] != schema.PENDING

    made: dict[str, xr.Variable] = {}
    for name, variable in stored.variables.items():
        check: Check | None = None
        is_valid: Validity | None = None
        if name == "cost":
            check, is_valid = rows and rows.check_costs, _cost_validity(start, count)
        elif variable.dims[:1] == ("config",) and name not in schema.KNOWN_AT_START:
            check = rows and rows.check
            is_valid = row_is_valid if name not in schema.BIT_PATTERNS else None
        if name == "activation":
            made[name] = _named(file.path, name, variable)
        elif name not in loaded and name not in stored.indexes:
            made[str(name)] = stored_lazily(file, variable, check, is_valid)
    return made


def _check_status(path: Path, status: NDArray[np.uint8]) -> None:
    """Checks that each status has a meaning. Errors: SweepFileError."""
    unknown = np.flatnonzero(~np.isin(status, range(len(schema.STATUSES))))
    if unknown.size:
        message = (
            f"{path}: a damaged result file: status[{unknown[0]}] is {status[unknown[0]]};"
            f" it must be from 0 to {len(schema.STATUSES) - 1}"
        )
        raise SweepFileError(message)


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


def _cost_validity(start: NDArray[np.int64], count: NDArray[np.int64]) -> Validity:
    """Which positions of ``cost`` contain a cost, from the ``start`` and ``count`` of the trajectories."""
    order = np.argsort(start, kind="stable")
    starts, ends = start[order], (start + count)[order]

    def is_valid(positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        # Trajectories without stored costs have the same start as the next one, which is last and thus found.
        owner = np.searchsorted(starts, positions, side="right") - 1
        return (owner >= 0) & (positions < ends[owner])

    return is_valid
