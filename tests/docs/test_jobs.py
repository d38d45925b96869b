"""Every complete job file in the documents is valid, and is run and compared with scikit-learn and NumPy unless it is
long."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import shutil

import h5py
import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight

from lib import SOURCE, result_file, textbook

LONGEST = 500000  # iterations
COMPARED = 101  # iterations of each trajectory, and with `cost_every: 100` two costs
JOBS = [
    pytest.param(job, id=f"{document}:{text.count(chr(10), 0, match.start()) + 1}")
    for document in ("README.md", "docs/jobs.md")
    for text in [(SOURCE / document).read_text()]
    for match in re.finditer(r"```yaml\n(name: .*?)```", text, re.DOTALL)
    for job in [match[1]]
]


def test_the_documents_have_job_files():
    assert len(JOBS) >= 5


@pytest.mark.parametrize("job", JOBS)
def test_a_documented_job_is_valid_and_runs(moonsweep, tmp_path, job):
    (tmp_path / "job.yaml").write_text(job)
    shutil.copy(SOURCE / "docs" / "examples" / "flowers.csv", tmp_path)
    with h5py.File(tmp_path / "measured.h5", "w") as file:
        file["train/inputs"] = np.random.default_rng(1).normal(size=(40, 3))
        file["train/labels"] = np.arange(40) % 2
    plan = json.loads(moonsweep("plan", "job.yaml", "--format", "json", cwd=tmp_path).stdout)
    if plan["iterations"] <= LONGEST:
        done = moonsweep("run", "job.yaml", "-o", "out.h5", ranks=2, cwd=tmp_path)
        assert "0 pending" in done.stderr
        moonsweep("verify", "out.h5", cwd=tmp_path)
        with h5py.File(tmp_path / "out.h5") as file:
            check_samples(file, job, tmp_path)
            check_costs(file)


def check_samples(file, job, folder):
    """Compares the samples with those of scikit-learn."""
    (dev_fraction,) = re.findall(r"dev_fraction: ([\d.]+)", job)
    (split_seed,) = re.findall(r"split_seed: (\d+)", job)
    parts = train_test_split(*all_samples(job, folder), test_size=float(dev_fraction), random_state=int(split_seed))
    X_train, X_dev, y_train, y_dev = parts
    if "standardize: true" in job:
        scaler = StandardScaler().fit(X_train)
        X_train, X_dev = scaler.transform(X_train), scaler.transform(X_dev)
    for name, expected in [("X_train", X_train), ("X_dev", X_dev), ("y_train", y_train), ("y_dev", y_dev)]:
        assert np.allclose(file[name][:], expected, rtol=1e-11, atol=1e-12), name


def all_samples(job, folder):
    moons = re.search(r"moons: {samples: (\d+), noise: ([\d.]+), seed: (\d+)}", job)
    if moons:
        return make_moons(int(moons[1]), noise=float(moons[2]), random_state=int(moons[3]))
    if "measured.h5" in job:
        with h5py.File(folder / "measured.h5") as file:
            return file["train/inputs"][:], file["train/labels"][:]
    cells = np.loadtxt(folder / "flowers.csv", dtype=str, delimiter=",", skiprows=1)
    return cells[:, :-1].astype(float), (cells[:, -1] == "virginica") * 1


def check_costs(file):
    """Compares the first costs of all trajectories with NumPy's, and the last cost of configurations that end there."""
    X, y = file["X_train"][:], file["y_train"][:]
    weight = (1, 1)
    if file.attrs["class_weight"] == "balanced":
        weight = compute_class_weight("balanced", classes=np.array([0, 1]), y=y)
    for trajectory in range(file["cost_start"].size):
        (configs,) = np.nonzero(file["config_trajectory"][:] == trajectory)
        one = configs[0]
        expected, _ = textbook.train(
            X, y, result_file.activation(file, one), COMPARED, n_h=int(file["n_h"][one]),
            rate=float(file["learning_rate"][one]), seed=int(file["seed"][one]),
            init_scale=float(file["init_scale"][one]), weight=weight,
        )  # fmt: skip
        costs = result_file.costs_of(file, trajectory, COMPARED)
        assert costs.size > 0
        assert costs == pytest.approx(expected[:: file["cost_stride"][trajectory]][: costs.size], rel=1e-9)
        for config in configs:
            done = int(file["iterations_done"][config])
            if 0 < done <= COMPARED and file["status"][config] == 1:
                assert file["final_cost"][config] == pytest.approx(expected[done - 1], rel=1e-9)
