"""Several result files as one sweep."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import xarray as xr
import xxhash

from moonsweep import schema
from moonsweep.joined import joined
from moonsweep.names import feature_names
from moonsweep.parameter_index import ParameterIndex
from moonsweep.samples import PARTS, samples_of
from moonsweep.sweep import Sweep, open_sweep

#: Variables that count positions along another axis, and that axis.
POSITIONS: Final = {
    "config_trajectory": "trajectory",
    "cost_start": "cost_sample",
    "train_start": "train_sample",
    "dev_start": "dev_sample",
}

#: The axes along which files follow one another.
AXES: Final = ("config", "trajectory", "dataset", "cost_sample", "train_sample", "dev_sample")


#: The first axes of variables that a file without a new data set does not add to.
OF_DATASETS: Final = (("dataset",), ("train_sample",), ("dev_sample",))


@dataclass
class _Opened:
    """An open file with the data sets that it adds, and the number of each of its data sets in the result."""

    path: str
    sweep: Sweep
    new_datasets: list[int]
    dataset_numbers: list[int]


def open_many(paths: Iterable[str | os.PathLike[str]]) -> Sweep:
    """Opens several result files as one sweep: seeds, iteration counts or other parts of a large question.

    The configurations of all files follow one another and are numbered from 0. The coordinates ``file`` and
    ``file_config`` have the path of the file of each, and its number there. Data sets with the same samples
    are one data set, so that ``grid`` has no axis for them. Of the attributes, those that are equal in all
    files remain. Every file is seen as by ``moonsweep.open``, in its state at this moment; variables are read
    when they are used. Closing the result closes all files.

    Errors: as moonsweep.open; ValueError if there is no path, or the files have other features or labels.
    """
    names = [os.fspath(path) for path in paths] if not isinstance(paths, (str, os.PathLike)) else None
    if not names:
        given = repr(paths) if names is None else "no path"
        message = f"open_many needs a list of paths, not {given}"
        raise ValueError(message)
    with ExitStack() as files:
        sweeps = [files.enter_context(open_sweep(name)) for name in names]
        for name, sweep in zip(names, sweeps, strict=True):
            _check_same_data(names[0], sweeps[0], name, sweep)
        result = _join(_compared(names, sweeps))
        result.set_close(files.pop_all().close)
    return result


def _check_same_data(first_name: str, first: Sweep, name: str, sweep: Sweep) -> None:
    """Checks that features and labels are the same. Errors: ValueError."""
    texts = []
    for each in (first, sweep):
        labels = ", ".join(map(str, np.atleast_1d(each.attrs.get("label_values", ["0", "1"]))))
        texts.append(f"the features {', '.join(feature_names(each))} and the labels {labels}")
    if texts[0] != texts[1]:
        message = f"{name} has {texts[1]}, but {first_name} has {texts[0]}: they cannot be joined"
        raise ValueError(message)


def _compared(names: list[str], sweeps: list[Sweep]) -> list[_Opened]:
    """The files with their data sets, of which those with the same content are one."""
    found: dict[bytes, int] = {}
    opened = []
    for name, sweep in zip(names, sweeps, strict=True):
        new, numbers = [], []
        for dataset in range(sweep.sizes["dataset"]):
            content = _digest(sweep, dataset)
            if content not in found:
                found[content] = len(found)
                new.append(dataset)
            numbers.append(found[content])
        opened.append(_Opened(name, sweep, new, numbers))
    return opened


def _digest(sweep: Sweep, dataset: int) -> bytes:
    """A hash of the samples of a data set, and of what they were standardized by."""
    digest = xxhash.xxh3_128()
    for part in PARTS:
        samples = samples_of(sweep, part, dataset)
        digest.update(np.array(samples.X.shape, np.int64).tobytes())
        digest.update(np.ascontiguousarray(samples.X).tobytes() + samples.y.tobytes())
    for name in ("feature_mean", "feature_scale"):
        if name in sweep:
            digest.update(sweep[name].values[dataset].tobytes())
    return digest.digest()


def _join(files: list[_Opened]) -> Sweep:
    """One sweep of all files."""
    common = [
        name for name in files[0].sweep.variables if all(name in file.sweep.variables for file in files)
    ]
    made: dict[str, xr.Variable] = {}
    for name in map(str, common):
        parts = _parts(files, name)
        dims = parts[0].dims
        if name in dims:
            continue
        if not dims or dims[0] not in AXES:
            made[name] = parts[0]
        elif parts[0].dtype.kind in "UTO" or name in POSITIONS or name in schema.KNOWN_AT_START:
            made[name] = xr.Variable.concat(parts, dims[0])
        else:
            made[name] = joined(parts)
    scales = {
        name: _scale(files, name) for name in map(str, files[0].sweep.indexes) if name in files[0].sweep.dims
    }
    paths = np.repeat([file.path for file in files], [file.sweep.sizes["config"] for file in files])
    numbers = np.concatenate([file.sweep["config"].values for file in files])
    made |= {"file": xr.Variable("config", paths), "file_config": xr.Variable("config", numbers)}
    dataset = xr.Dataset(made, coords=scales, attrs=_common_attributes(files))
    dataset = dataset.set_coords(["file", "file_config", *schema.PARAMETERS])
    dataset = dataset.set_xindex(list(schema.PARAMETERS), ParameterIndex)
    return Sweep(dataset.data_vars, dataset.coords, dataset.attrs)


def _parts(files: list[_Opened], name: str) -> list[xr.Variable]:
    """A variable of each file, with positions along other axes as they are in the joined sweep."""
    parts, offset = [], 0
    for file in files:
        variable = file.sweep.variables[name]
        if variable.dims[:1] in OF_DATASETS and not file.new_datasets:
            continue
        if name == "config_dataset":
            variable = variable.copy(data=np.array(file.dataset_numbers)[variable.values])
        if name in POSITIONS:
            variable = variable.copy(data=variable.values.astype(np.int64) + offset)
            offset += file.sweep.sizes[POSITIONS[name]]
        if variable.dims[:1] == ("dataset",):
            variable = variable[np.array(file.new_datasets, np.int64)]
        parts.append(variable)
    return parts


def _scale(files: list[_Opened], name: str) -> xr.Variable:
    """The labels of an axis: names as they are, and numbers from 0 to its size in the joined sweep."""
    scale = files[0].sweep.variables[name]
    if name == "outcome":
        return xr.Variable(name, scale.values, scale.attrs)
    sizes = [file.sweep.sizes[name] for file in files]
    if name == "dataset":
        size = sum(len(file.new_datasets) for file in files)
    else:
        size = sum(sizes) if name in AXES else max(sizes)
    return xr.Variable(name, np.arange(size), scale.attrs)


def _common_attributes(files: list[_Opened]) -> dict[str, Any]:
    """The attributes that are equal in all files, and the titles of all."""
    first = files[0].sweep.attrs
    kept = {
        name: value
        for name, value in first.items()
        if all(name in file.sweep.attrs and np.array_equal(file.sweep.attrs[name], value) for file in files)
    }
    titles = dict.fromkeys(str(file.sweep.attrs.get("title", "sweep")) for file in files)
    return kept | {"title": " + ".join(titles)}
