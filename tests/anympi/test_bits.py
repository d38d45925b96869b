"""The results under every MPI have the bits of the build with Debian's Open MPI 4.1, trained on one rank."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import SOURCE, job_file, result_file

PLAIN = SOURCE / "build-test" / "gcc" / "moonsweep"

JOBS = {
    "every activation": {"n_h": "[3, 9]", "activation": "[tanh, sigmoid, relu]", "iterations": "[10, 300]"},
    "float32": {"n_h": "[3, 9]", "activation": "[tanh, relu]", "precision": "float32", "iterations": "[10, 300]"},
    "diverging": job_file.DIVERGING,
    "halving": {
        "seed": "[0, 1, 2, 3, 4, 5]",
        "iterations": "[10, 50, 200]",
        "more": "halving: {keep: 1/3, by: dev_accuracy}\n",
    },
}

MARKS = {"every activation": pytest.mark.other_mpis, "float32": pytest.mark.other_mpis}


@pytest.mark.parametrize("job", [pytest.param(job, marks=MARKS.get(job, pytest.mark.long)) for job in JOBS])
@pytest.mark.parametrize("writers", ["rank", pytest.param("node", marks=pytest.mark.long)])
def test_the_result_of_three_ranks_has_the_bits_of_one_rank_under_open_mpi_4(moonsweep, tmp_path, job, writers):
    path = job_file.write(tmp_path, **JOBS[job])
    moonsweep("run", path, "-o", tmp_path / "plain.h5", of=PLAIN)
    moonsweep("run", path, "-o", tmp_path / "out.h5", "--writers", writers, ranks=3)
    assert result_file.differences(tmp_path / "out.h5", tmp_path / "plain.h5") == []
