"""Every complete job file in the documents is valid, and is run unless it is long."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import shutil

import h5py
import numpy as np
import pytest

from lib import SOURCE

LONGEST = 500000  # iterations
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
