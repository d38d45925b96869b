"""An open result file, whose variables are read when they are used, and which can be pickled."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import errno
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import h5netcdf
import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from moonsweep import schema
from moonsweep.errors import SweepFileError
from moonsweep.pages import PAGE
from moonsweep.result_bytes import ResultBytes
from moonsweep.rows import Rows

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class OpenResult:
    """A result file that is open, and the state in which it is seen.

    stored: the variables as they are in the file; status: the state of the configurations, read first.
    A pickle has the path and the status: whoever loads it opens the file again and sees the same state.
    """

    def __init__(self, path: Path, status: NDArray[np.uint8] | None = None) -> None:
        """status: the state of an earlier moment in which the file is to be seen, by default that of now.

        Errors: OSError with an explanation; SweepFileError.
        """
        self.path = path
        with ExitStack() as opened:
            self.file = opened.enter_context(open_bytes(path))
            with self.file.explained():
                self.root = opened.enter_context(open_hdf5(path, self.file))
                check_format(path, self.root)
                self.stored = _stored(self.root)
                self._has_checksums = "integrity" in self.root
                self._check_variables()
                self.status = self._load(status)
                self._rows = (
                    Rows(self.file, self.root, self.stored, self.status) if self._has_checksums else None
                )
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Closes the file. It can be called again."""
        self._opened.close()

    def check(self, what: Literal["rows", "costs"], positions: NDArray[np.int64]) -> None:
        """Compares rows, or costs, at these positions with their checksums. Errors: SweepFileError."""
        if self._rows is not None:
            (self._rows.check if what == "rows" else self._rows.check_costs)(positions)

    def __reduce__(self) -> tuple[object, ...]:
        return _open_again, (self.path.absolute(), str(self.stored.attrs["job_hash"]), self.status)

    def _check_variables(self) -> None:
        required = schema.STATE + (schema.SUMMED if self._has_checksums else ())
        absent = [name for name in required if name not in self.stored.variables]
        if absent:
            message = f"{self.path}: a damaged result file: the variable '{absent[0]}' is missing"
            raise SweepFileError(message)

    def _load(self, wanted: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
        """Loads what belongs to the state of the file, and returns the status of each configuration."""
        # In this order: a cost_count that is read after the status counts all costs of each final row.
        for name in schema.STATE:
            self.stored.variables[name].load()
        status = _checked_status(self.path, self.stored.variables["status"].values)
        if wanted is None:
            return status
        if status.shape != wanted.shape or np.any((wanted != schema.PENDING) & (status != wanted)):
            message = f"{self.path}: it was computed again since the sweep was pickled; open it anew"
            raise SweepFileError(message)
        return wanted


def _open_again(path: Path, job_hash: str, status: NDArray[np.uint8]) -> OpenResult:
    """Opens the file of a pickled sweep. Errors: as OpenResult; SweepFileError if it is another one now."""
    result = OpenResult(path, status)
    if str(result.stored.attrs["job_hash"]) != job_hash:
        result.close()
        message = f"{path}: it is the result of another job than when the sweep was pickled"
        raise SweepFileError(message)
    return result


def open_bytes(path: Path) -> ResultBytes:
    """Opens ``path`` for reading. Errors: OSError with an explanation; SweepFileError."""
    try:
        return ResultBytes(path)
    except FileNotFoundError:
        hint = "there is no such file"
        if path.with_name(path.name + ".part").exists():
            hint = "the run has not finished creating it (its .part file exists); try again"
        raise FileNotFoundError(errno.ENOENT, hint, os.fspath(path)) from None


def open_hdf5(path: Path, file: ResultBytes) -> h5py.File:
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


def check_format(path: Path, root: h5py.File) -> None:
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


def _checked_status(path: Path, stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The status of each configuration. Errors: SweepFileError if one has no meaning.

    A dataset that was masked by xarray before it was saved has NaN for pending configurations.
    """
    status = np.nan_to_num(stored, nan=schema.PENDING)
    unknown = np.flatnonzero(~np.isin(status, range(len(schema.STATUSES))))
    if unknown.size:
        message = (
            f"{path}: a damaged result file: status[{unknown[0]}] is {status[unknown[0]]};"
            f" it must be from 0 to {len(schema.STATUSES) - 1}"
        )
        raise SweepFileError(message)
    return status.astype(np.uint8)
