"""The runs on a result file, and their leases: which rank trained what, when."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import warnings
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
import pandas as pd
import xarray as xr
import xxhash
from numpy.typing import NDArray

from moonsweep.errors import SweepFileError
from moonsweep.open_result import check_format, open_bytes, open_hdf5

#: The variables of each group that the checksum of a row covers, in the order of the format.
RUN: Final = (
    *("id", "started", "ended", "ranks", "core_seconds", "how_ended"),
    *("hosts", "version", "isa", "kernels", "command", "batch_job"),
)
LEASE: Final = (
    *("run", "rank", "first_trajectory", "count", "from_iteration", "to_iteration", "started", "finished"),
)


def runs(sweep: xr.Dataset) -> pd.DataFrame:
    """The runs on the file of ``sweep`` as they are now, a row for each: those of docs/file-format.md.

    ``started`` and ``ended`` are times in UTC; ``ended`` is missing (NaT) if the run goes on or was killed.
    ``how_ended`` has the names of its flags, such as "finished".

    Errors: ValueError if ``sweep`` has not one file, or its file was saved by xarray; otherwise as
    moonsweep.open.
    """
    return _table(sweep, "runs", RUN)


def leases(sweep: xr.Dataset) -> pd.DataFrame:
    """The leases of all runs on the file of ``sweep`` as they are now, a row for each.

    A lease is a piece of work that a rank was given: ``count`` trajectories from ``first_trajectory`` on,
    from ``started`` to ``finished`` (UTC; missing if it goes on, or its run was killed). If ``count`` is 0,
    the rank had nothing left to train and helped others. If ``first_trajectory`` is -1, the row stands for
    several leases, and ``count`` is the sum of theirs.

    Errors: as of ``runs``.
    """
    return _table(sweep, "leases", LEASE)


def _table(sweep: xr.Dataset, group: str, names: tuple[str, ...]) -> pd.DataFrame:
    source = sweep.encoding.get("source")
    if source is None:
        message = f"this dataset has no single file with {group}: use the one that moonsweep.open returned"
        raise ValueError(message)
    path = Path(os.fspath(source))
    with open_bytes(path) as file, file.explained(), open_hdf5(path, file) as root:
        check_format(path, root)
        if group in root:
            return _rows(path, root, group, names)
    message = f"{source}: it has no {group}, as every file that xarray saved"
    raise ValueError(message)


def _rows(path: Path, root: h5py.File, group: str, names: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a group that are in use. Errors: SweepFileError if a variable is missing."""
    absent = [name for name in (*names, "checksum") if name not in root[group]]
    if absent:
        message = f"{path}: a damaged result file: the variable '{group}/{absent[0]}' is missing"
        raise SweepFileError(message)
    checksums = root[group]["checksum"][...]
    used = np.flatnonzero(checksums)
    columns = {name: root[group][name][...][used] for name in names}
    job_hash = int(str(np.ravel(root.attrs["job_hash"])[0]), 16)
    is_whole = _digests(job_hash, used, columns) == checksums[used]
    if not is_whole.all():
        count = np.sum(~is_whole)
        message = (
            f"{path}: {count} of {used.size} rows of {group} do not match their checksum and are left out"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=5)
    units = {name: root[group][name].attrs for name in names}
    shown = {name: _readable(values[is_whole], units[name]) for name, values in columns.items()}
    return pd.DataFrame(shown, index=pd.Index(used[is_whole], name=group[:-1]))


def _digests(job_hash: int, rows: NDArray[np.int64], columns: dict[str, NDArray[Any]]) -> NDArray[np.uint64]:
    """The checksum of each row: of the job hash, its number, and its values in little-endian order."""
    head = np.empty((rows.size, 2), "<u8")
    head[:, 0], head[:, 1] = job_hash, rows
    parts = [head, *(np.ascontiguousarray(values) for values in columns.values())]
    raw = np.concatenate([part.view(np.uint8).reshape(rows.size, -1) for part in parts], axis=1)
    return np.array([xxhash.xxh3_64_intdigest(row.tobytes()) for row in raw], np.uint64)


def _readable(values: NDArray[Any], attributes: h5py.AttributeManager) -> object:
    """Texts instead of characters, times instead of seconds since 1970, names instead of flags."""
    if values.dtype.kind == "S":
        return [row.tobytes().rstrip(b"\0").decode(errors="replace") for row in values]
    if "since" in str(attributes.get("units", "")):
        return pd.to_datetime(values, unit="s", utc=True)
    if "flag_masks" in attributes:
        masks = np.atleast_1d(attributes["flag_masks"]).tolist()
        names = str(attributes["flag_meanings"]).split()
        flags = dict(zip(masks, names, strict=False))
        return [", ".join(name for mask, name in flags.items() if value & mask) for value in values.tolist()]
    return values
