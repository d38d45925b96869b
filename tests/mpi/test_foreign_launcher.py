"""Processes of a launcher that the program's MPI does not know: each would run the whole sweep, so all are refused."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import job_file, processes
from lib.folder import names

TASKS = 4


@pytest.mark.parametrize("is_there", [False, True])
def test_processes_that_do_not_know_each_other_are_refused_once_and_touch_no_file(start, moonsweep, tmp_path, is_there):
    """The variables are those that the mpiexec of MPICH sets for each process."""
    job, output = job_file.write(tmp_path), tmp_path / "out.h5"
    if is_there:
        moonsweep("run", job, "-o", output, "-q")
    before = output.read_bytes() if is_there else None
    tasks = [
        start("run", job, "-o", output, "--force", env={"PMI_SIZE": TASKS, "PMI_RANK": rank, "MPI_LOCALNRANKS": TASKS})
        for rank in range(TASKS)
    ]
    errors = [processes.end_of(task, 76) for task in tasks]
    assert processes.messages("".join(errors)) == processes.messages(errors[0])
    (message,) = processes.messages(errors[0])
    assert message.startswith("moonsweep: the launcher started 4 tasks (PMI_SIZE), but MPI sees 1; use ")
    assert names(tmp_path) == ["job.yaml", *(["out.h5"] if is_there else [])]
    if is_there:
        assert output.read_bytes() == before
