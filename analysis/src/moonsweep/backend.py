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

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr
from xarray.backends import BackendEntrypoint

from moonsweep import schema
from moonsweep.errors import SweepFileError
from moonsweep.masking import CostValidity, RowValidity, Validity, stored_lazily
from moonsweep.open_result import OpenResult
from moonsweep.parameter_index import ParameterIndex


class MoonsweepBackend(BackendEntrypoint):
    """``xarray.open_dataset(path, engine="moonsweep")``."""

    description = "Result files of moonsweep, with pending results masked"
    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(  # type: ignore[override]  # paths are all that it opens
        self,
        filename_or_obj: str | os.PathLike[str],
        *,
        drop_variables: str | Iterable[str] | None = None,
    ) -> xr.Dataset:
        """Opens the result file at a path; moonsweep.open describes the result and the errors."""
        path = Path(filename_or_obj)
        result = OpenResult(path)
        try:
            with result.file.explained():
                dataset = _mask(result)
            if drop_variables is not None:
                dataset = dataset.drop_vars(drop_variables)
            dataset.encoding["source"] = os.fspath(path)
        except BaseException:
            result.close()
            raise
        dataset.set_close(result.close)
        return dataset


def _mask(result: OpenResult) -> xr.Dataset:
    """The variables of a result in its state: pending results and costs not yet written are missing."""
    dataset = result.stored.assign(_variables(result))
    if "outcome" in dataset.indexes and dataset.sizes["outcome"] == len(schema.OUTCOMES):
        dataset = dataset.assign_coords(outcome=np.array(schema.OUTCOMES))
    parameters = [name for name in schema.PARAMETERS if name in dataset]
    for variable in dataset.variables.values():
        variable.encoding = {}  # where xarray masks more, NaN would be saved as an arbitrary integer
    return dataset.set_coords(parameters).set_xindex(parameters, ParameterIndex)


def _variables(result: OpenResult) -> dict[str, xr.Variable]:
    """All variables but the scales, masked and to be compared with their checksums when they are read."""
    stored = result.stored
    status = xr.Variable("config", result.status, stored["status"].attrs)
    loaded = {name: stored.variables[name] for name in schema.STATE} | {"status": status}
    row_validity = RowValidity(result.status)
    made: dict[str, xr.Variable] = dict(loaded)
    for name, variable in stored.variables.items():
        check: Literal["rows", "costs"] | None = None
        is_valid: Validity | None = None
        if name == "cost":
            start, count = (loaded[part].values for part in ("cost_start", "cost_count"))
            check, is_valid = "costs", CostValidity.of(start, count)
        elif variable.dims[:1] == ("config",) and name not in schema.KNOWN_AT_START:
            check = "rows"
            is_valid = row_validity if name not in schema.BIT_PATTERNS else None
        if name == "activation":
            made[name] = _named(result.path, name, variable)
        elif name not in loaded and name not in stored.indexes:
            made[str(name)] = stored_lazily(result, str(name), check, is_valid)
    return made


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
