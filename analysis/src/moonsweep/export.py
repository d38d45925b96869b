"""Writes a sweep in formats of other programs: Parquet and CSV hold the table, Zarr all variables."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import errno
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from moonsweep.errors import MissingPackageError
from moonsweep.frame import to_frame
from moonsweep.writing import written_whole

#: Zarr's second version, which more programs read than its third.
ZARR_FORMAT: Final = 2


def export(sweep: xr.Dataset, path: str | os.PathLike[str]) -> None:
    """Writes ``sweep`` to ``path``, in the format of its suffix: .parquet, .csv or .zarr.

    .parquet and .csv have the table of moonsweep.to_frame, with ``config`` as its first column; Parquet has
    the attributes of the sweep, too, which pandas reads as ``attrs``. .zarr is a folder with all variables of
    the dataset. Results of pending configurations are missing, and activations have their names.

    An existing file, or folder of Zarr, is replaced when everything is written; an error leaves it unchanged.
    Errors: ValueError for another suffix; MissingPackageError if Parquet or Zarr needs a package; OSError;
    FileExistsError if the folder ``path`` was not written by Zarr; SweepFileError if the sweep is damaged.
    """
    path = Path(path)
    write = _WRITERS.get(path.suffix)
    if write is None:
        message = f"{path}: the suffix must be one of {', '.join(SUFFIXES)}"
        raise ValueError(message)
    write(sweep, path)


def _write_parquet(sweep: xr.Dataset, path: Path) -> None:
    _need("pyarrow", "Parquet")
    table = to_frame(sweep).reset_index()
    table.attrs = {str(name): np.asarray(value).tolist() for name, value in sweep.attrs.items()}
    with written_whole(path) as part:
        table.to_parquet(part, engine="pyarrow", index=False)


def _write_csv(sweep: xr.Dataset, path: Path) -> None:
    table: pd.DataFrame = to_frame(sweep).reset_index()
    with written_whole(path) as part:
        table.to_csv(part, index=False)


def _write_zarr(sweep: xr.Dataset, path: Path) -> None:
    _need("zarr", "Zarr")
    if path.is_dir() and any(path.iterdir()) and not (path / ".zgroup").exists():
        raise FileExistsError(errno.EEXIST, "this folder does not contain a Zarr group", os.fspath(path))
    with written_whole(path) as part:
        sweep.to_zarr(part, mode="w-", zarr_format=ZARR_FORMAT)


def _need(package: str, name: str) -> None:
    """Imports a package that the installation may lack. Errors: MissingPackageError."""
    try:
        importlib.import_module(package)
    except ImportError:
        message = (
            f"{name} needs the package {package}: install it with `analysis/setup.sh --export`,"
            " or elsewhere with `pip install 'path/to/moonsweep/analysis[export]'`"
        )
        raise MissingPackageError(message) from None


_WRITERS: Final[dict[str, Callable[[xr.Dataset, Path], None]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".zarr": _write_zarr,
}

#: Those of the formats.
SUFFIXES: Final = tuple(_WRITERS)
