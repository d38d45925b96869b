"""The programs of docs/examples work."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np

from lib import processes

JOB = """\
name: example
data: {moons: {samples: 200, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}
grid: {n_h: [1, 2], activation: [tanh], learning_rate: [0.5], iterations: [10, 100]}
"""


def test_one_network_is_trained(build):
    """A network of the article: its dev accuracy is published, and its cost is in tests/data/accuracy-sample.csv."""
    trained = processes.run(build / "docs" / "examples" / "train_network")
    assert trained.stdout == "cost 0.128739, dev accuracy 94.25%\n"


def test_a_sweep_runs_and_can_be_run_again(build, moonsweep, tmp_path):
    (tmp_path / "job.yaml").write_text(JOB)
    for _ in range(2):
        swept = moonsweep("job.yaml", "out.h5", ranks=2, cwd=tmp_path, of=build / "docs" / "examples" / "run_sweep")
        assert "4 configurations done, 0 diverged" in swept.stdout
    moonsweep("run", "job.yaml", "-o", "ordinary.h5", cwd=tmp_path)
    moonsweep("verify", "out.h5", cwd=tmp_path)
    with h5py.File(tmp_path / "out.h5") as ours, h5py.File(tmp_path / "ordinary.h5") as ordinary:
        assert np.array_equal(ours["checksum"][:], ordinary["checksum"][:])
