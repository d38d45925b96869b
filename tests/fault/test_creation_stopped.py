"""A signal that comes while the file of a sweep is created ends the run, and nothing is left of the file."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal

import pytest

from fault import stop_at
from fault.write_log import File, Kind
from lib import job_file, processes, result_file, waiting
from lib.folder import names


@pytest.fixture
def errors_of_run(start, build):
    """Runs a job that is suspended at a call and gets the signal then. Returns its standard error."""

    def run(job, output, call):
        sweep = start("run", job, "-o", output, env=stop_at.environment(build, output, call))
        waiting.until(lambda: processes.is_stopped(sweep.pid), pause=0.01, running=sweep)
        os.kill(sweep.pid, signal.SIGUSR1)
        os.kill(sweep.pid, signal.SIGCONT)
        return processes.end_of(sweep, 75)

    return run


@pytest.mark.parametrize("nth", [2, 40])
def test_a_signal_while_the_file_is_created_leaves_nothing(errors_of_run, tmp_path, nth):
    """There are more than a hundred writes."""
    job, output = job_file.write(tmp_path, samples=2_000_000, iterations="[1]"), tmp_path / "out.h5"
    errors = errors_of_run(job, output, stop_at.call(Kind.WRITE, nth, file=File.PART))
    assert f"{job}: stopped by a signal while the file was created, nothing was written" in errors
    assert names(tmp_path) == [job.name]


def test_a_signal_after_the_file_was_created_is_noticed_by_the_sweep(errors_of_run, moonsweep, tmp_path):
    job, output = job_file.write(tmp_path, samples=2000, iterations="[1000000]"), tmp_path / "out.h5"
    errors = errors_of_run(job, output, stop_at.call(Kind.RENAME, file=File.PART))
    assert "stopped by a signal, " in errors and "run the same command again to resume" in errors
    assert result_file.runs(output) == 1
    moonsweep("verify", output)
