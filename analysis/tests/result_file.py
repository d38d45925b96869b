"""Makes result files in Python: format version 1 with h5py, networks trained with NumPy.

The package can thus be tested without the program, and in states that are hard to obtain from a real run.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from lib import damage

PENDING, DONE, DIVERGED, STOPPED = 0, 1, 2, 3

#: The names of the values of ``activation``, by the attributes of CF.
ACTIVATIONS = ("tanh", "sigmoid", "relu")

#: The variables that identify a configuration: the attribute ``coordinates`` of CF.
COORDINATES = "n_h activation learning_rate iterations seed init_scale"


@dataclass
class Job:
    """The job and the properties of a file."""

    n_h: tuple[int, ...] = (1, 3)
    activation: tuple[str, ...] = ("tanh", "sigmoid", "relu")
    learning_rate: tuple[float, ...] = (0.5, 2.0)
    iterations: tuple[int, ...] = (10, 400)
    samples: int = 200
    dev_samples: int = 50
    n_x: int = 2
    precision: str = "float64"
    stride: int = 1
    title: str = "tiny"
    format_version: int = 1


@dataclass
class Network:
    """The parameters of a network, with forward propagation and training."""

    W1: NDArray[np.float64]
    b1: NDArray[np.float64]
    W2: NDArray[np.float64]
    b2: float
    activation: str

    def forward(self, X: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A1 (m, n_h) and Z2 (m,). A2 is the sigmoid of Z2."""
        Z1 = X @ self.W1.T + self.b1
        A1 = {
            "tanh": np.tanh(Z1),
            "sigmoid": 1 / (1 + np.exp(-Z1)),
            "relu": np.where(Z1 > 0, Z1, 0),
        }[self.activation]
        return A1, A1 @ self.W2 + self.b2

    def update(self, X: NDArray[np.float64], y: NDArray[np.float64], rate: float) -> float:
        """Makes one step of gradient descent and returns the cost before it."""
        A1, Z2 = self.forward(X)
        dZ2 = (1 / (1 + np.exp(-Z2)) - y) / len(y)
        slope = {"tanh": 1 - A1**2, "sigmoid": A1 * (1 - A1), "relu": (A1 > 0).astype(float)}
        dZ1 = np.outer(dZ2, self.W2) * slope[self.activation]
        self.W1 = self.W1 - rate * dZ1.T @ X
        self.b1 = self.b1 - rate * dZ1.sum(axis=0)
        self.W2 = self.W2 - rate * A1.T @ dZ2
        self.b2 = self.b2 - rate * dZ2.sum()
        return cost(Z2, y)


def cost(Z2: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """The mean cross-entropy of the samples, finite even if A2 is saturated."""
    return float(np.mean(np.logaddexp(0, Z2) - y * Z2))


def outcomes(Z2: NDArray[np.float64], y: NDArray[np.float64]) -> list[int]:
    """True negatives, false positives, false negatives, true positives."""
    predicted = Z2 > 0
    return [int(np.sum((predicted == p) & (y == t))) for t, p in ((0, 0), (0, 1), (1, 0), (1, 1))]


def half_moons(samples: int, n_x: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Two noisy half circles in the first two features, noise in the others."""
    rng = np.random.default_rng(seed)
    y = (np.arange(samples) % 2).astype(np.uint8)
    angle = rng.uniform(0, np.pi, samples)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)
    X = np.zeros((samples, n_x))
    X[:, : min(n_x, 2)] = points[:, : min(n_x, 2)]
    return X + rng.normal(0, 0.15, X.shape), y


def write(path: Path, job: Job | None = None) -> Path:
    """Writes the finished result of ``job`` to ``path``."""
    job = job or Job()
    with h5py.File(path, "w", libver=("earliest", "v110")) as root:
        _Layout(root, job).write()
        _set_checksums(root)
    return path


def _set_checksums(root: h5py.File) -> None:
    for config in np.flatnonzero(root["status"]):
        damage.set_checksums(root, config)


@contextmanager
def changed(path: Path) -> Iterator[h5py.File]:
    """Opens a file in order to change it. Afterwards final rows match their checksums again."""
    with h5py.File(path, "r+") as root:
        yield root
        _set_checksums(root)


def edit(path: Path, variable: str, row: int, value: object) -> None:
    """Overwrites ``variable[row]``. Final rows match their checksums afterwards."""
    with changed(path) as root:
        root[variable][row] = value


def make_pending(path: Path, config: int) -> None:
    """Makes a configuration pending, with the data of its row written but not committed."""
    edit(path, "status", config, PENDING)


class _Layout:
    """Writes one file, part by part."""

    def __init__(self, root: h5py.File, job: Job) -> None:
        self.root = root
        self.job = job
        self.float = np.dtype(job.precision)
        self.configs = list(product(job.n_h, job.activation, job.learning_rate, job.iterations))

    def write(self) -> None:
        job = self.job
        self.attributes()
        trajectories = len(self.configs) // len(job.iterations)
        for name, size in {
            "config": len(self.configs),
            "trajectory": trajectories,
            "dataset": 1,
            "unit": max(job.n_h),
            "feature": job.n_x,
            "outcome": 4,
        }.items():
            self.scale(name, np.arange(size, dtype="i4"))
        samples = trajectories * -(-max(job.iterations) // job.stride)
        self.bare_scale("cost_sample", samples)
        self.bare_scale("train_sample", job.samples)
        self.bare_scale("dev_sample", job.dev_samples)
        self.data()
        self.parameters()
        self.results()
        self.root.create_group("integrity")  # without pages, as in a file that another program has rewritten

    def attributes(self) -> None:
        job = self.job
        self.root.attrs.update(
            {
                "format_version": np.int32(job.format_version),
                "numerics": np.int32(1),
                "title": job.title,
                "job": "name: tiny\n",
                "job_hash": "0123456789abcdef",
                "precision": job.precision,
                "class_weight": "none",
                "program_version": "0.1.0",
                "feature_names": [f"x{i + 1}" for i in range(job.n_x)],
                "label_values": ["0", "1"],
            }
        )

    def scale(self, name: str, values: NDArray[np.int32]) -> None:
        self.root[name] = values
        self.root[name].make_scale(name)

    def bare_scale(self, name: str, size: int) -> None:
        """A netCDF dimension without a variable."""
        scale = self.root.create_dataset(name, (size,), "f4")
        scale.make_scale(f"This is a netCDF dimension but not a netCDF variable.{size:10d}")

    def put(self, name: str, dims: tuple[str, ...], values: object, units: str = "1") -> None:
        text = np.asarray(values).dtype.kind == "U"
        values = np.asarray(values, dtype=h5py.string_dtype() if text else None)
        dataset = self.root.create_dataset(name, data=values)
        for axis, dim in enumerate(dims):
            dataset.dims[axis].attach_scale(self.root[dim])
        dataset.attrs["long_name"] = name.replace("_", " ")
        dataset.attrs["units"] = units

    def data(self) -> None:
        job = self.job
        self.X, self.y = half_moons(job.samples, job.n_x, 1)
        self.X_dev, self.y_dev = half_moons(job.dev_samples, job.n_x, 2)
        self.put("X_train", ("train_sample", "feature"), self.X)
        self.put("y_train", ("train_sample",), self.y)
        self.put("X_dev", ("dev_sample", "feature"), self.X_dev)
        self.put("y_dev", ("dev_sample",), self.y_dev)
        of_dataset = {
            "train_start": 0,
            "train_count": job.samples,
            "dev_start": 0,
            "dev_count": job.dev_samples,
            "data_seed": 1,
            "split_seed": -1,
            "fold": -1,
            "noise": 0.15,
        }
        for name, value in of_dataset.items():
            self.put(name, ("dataset",), [value])
        self.put("feature_mean", ("dataset", "feature"), np.zeros((1, job.n_x)))
        self.put("feature_scale", ("dataset", "feature"), np.ones((1, job.n_x)))

    def parameters(self) -> None:
        n_h, activation, rate, iterations = zip(*self.configs, strict=True)
        rows = len(self.configs)
        self.put("n_h", ("config",), np.array(n_h, "i4"))
        self.put("activation", ("config",), np.array([ACTIVATIONS.index(name) for name in activation], "u1"))
        self.root["activation"].attrs["flag_values"] = np.arange(len(ACTIVATIONS), dtype="u1")
        self.root["activation"].attrs["flag_meanings"] = " ".join(ACTIVATIONS)
        self.put("learning_rate", ("config",), np.array(rate))
        self.put("iterations", ("config",), np.array(iterations, "i8"))
        self.put("seed", ("config",), np.zeros(rows, "i8"))
        self.put("init_scale", ("config",), np.full(rows, 0.5))
        per_trajectory = len(self.job.iterations)
        trajectory = np.arange(rows, dtype="i4") // per_trajectory
        self.put("config_trajectory", ("config",), trajectory)
        self.put("config_dataset", ("config",), np.zeros(rows, "i4"))

    def results(self) -> None:
        rows, job = len(self.configs), self.job
        wide, features = max(job.n_h), job.n_x
        table: dict[str, NDArray[np.generic]] = {
            "status": np.full(rows, DONE, "u1"),
            "iterations_done": np.array([c[3] for c in self.configs], "i8"),
            "ended_by": np.zeros(rows, "u1"),
            "rank": np.arange(rows, dtype="i4") % 2,
            "run": np.zeros(rows, "i4"),
            "checksum": np.zeros(rows, "u8"),
            "times_checksum": np.zeros(rows, "u8"),
            "stop_best": np.full(rows, np.nan),
            "stop_count": np.zeros(rows, "i8"),
            "train_seconds": np.zeros(rows),
            "train_cpu_seconds": np.zeros(rows),
            "b2": np.zeros(rows, self.float),
        }
        for name in ("train_accuracy", "dev_accuracy", "final_cost", "train_cost", "dev_cost"):
            table[name] = np.full(rows, np.nan)
        matrices: dict[str, tuple[tuple[str, ...], NDArray[np.generic]]] = {
            "train_outcomes": (("outcome",), np.zeros((rows, 4), "i4")),
            "dev_outcomes": (("outcome",), np.zeros((rows, 4), "i4")),
            "W1": (("unit", "feature"), np.full((rows, wide, features), np.nan, self.float)),
            "b1": (("unit",), np.full((rows, wide), np.nan, self.float)),
            "W2": (("unit",), np.full((rows, wide), np.nan, self.float)),
        }
        costs: list[list[float]] = []
        for row, (n_h, activation, rate, iterations) in enumerate(self.configs):
            if row % len(job.iterations) == 0:
                network = self.start(n_h, activation)
                costs.append([])
            while len(costs[-1]) < iterations:
                costs[-1].append(network.update(self.X, self.y.astype(float), rate))
            for part, X, y in (("train", self.X, self.y), ("dev", self.X_dev, self.y_dev)):
                _, Z2 = network.forward(X)
                counts = outcomes(Z2, y)
                matrices[f"{part}_outcomes"][1][row] = counts
                table[f"{part}_accuracy"][row] = 100.0 * (counts[0] + counts[3]) / len(y)
                table[f"{part}_cost"][row] = cost(Z2, y.astype(float))
            table["final_cost"][row] = costs[-1][-1]
            table["train_cpu_seconds"][row] = 1e-6 * iterations * n_h * (1 + row / rows)
            # As on busy cores, wall times differ from processor times, and decrease with the row.
            table["train_seconds"][row] = table["train_cpu_seconds"][row] * (1 + rows - row)
            table["b2"][row] = network.b2
            for name in ("W1", "b1", "W2"):
                matrices[name][1][row, :n_h] = getattr(network, name)
        units = {
            "train_seconds": "s",
            "train_cpu_seconds": "s",
            "train_accuracy": "percent",
            "dev_accuracy": "percent",
        }
        for name, values in table.items():
            self.put(name, ("config",), values, units.get(name, "1"))
            self.root[name].attrs["coordinates"] = COORDINATES
        for name, (dims, values) in matrices.items():
            self.put(name, ("config", *dims), values)
            self.root[name].attrs["coordinates"] = COORDINATES
        self.costs(np.array(costs))

    def start(self, n_h: int, activation: str) -> Network:
        rng = np.random.RandomState(0)
        W1 = rng.randn(n_h, self.job.n_x) * 0.5
        W2 = rng.randn(n_h) * 0.5
        return Network(W1, np.zeros(n_h), W2, 0.0, activation)

    def costs(self, costs: NDArray[np.float64]) -> None:
        stored = costs[:, :: self.job.stride]
        count = np.full(len(stored), stored.shape[1], "i8")
        self.put("cost", ("cost_sample",), stored.ravel().astype(self.float))
        self.put("cost_start", ("trajectory",), np.cumsum(count) - count)
        self.put("cost_count", ("trajectory",), count)
        self.put("cost_stride", ("trajectory",), np.full(len(stored), self.job.stride, "i8"))
