"""A rank that hangs ends its attempt, and the job is requeued."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal

from lib import processes, result_file, waiting
from slurm.cluster import log_of


def test_a_sweep_whose_rank_is_suspended_is_requeued(slurm, sweep, script, tmp_path):
    arguments = [sweep.job_file, "out.h5", "--", "--checkpoint-seconds", "0.3", "--rank-timeout", "5"]
    sweep.job = job = slurm.submit(script, *arguments, options=["--ntasks=3", "--nodes=2"], cwd=tmp_path)
    sweep.wait_until_under_way()
    ranks = [pid for pid in slurm.processes_on("n2") if processes.name_of(pid) == "moonsweep"]
    os.kill(ranks[0], signal.SIGSTOP)
    waiting.until(lambda: slurm.show(job)["Restarts"] == "1", "the job was not requeued")
    assert processes.is_gone(ranks[0])
    sweep.has_the_right_result()
    assert result_file.how_ended(sweep.result) == ["failed", "finished"]
    assert "moonsweep: rank 2 on n2 has given no sign of life for 5 s, the limit" in log_of(tmp_path, job)
