"""A run without a launcher: MPI starts a helper in a separate folder, and may hang until it is stopped."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import signal
import socket

import pytest

from lib import job_file, mpi, processes, result_file, waiting
from lib.folder import names

LONG = {"iterations": "[20, 3000000]"}


@pytest.fixture
def temporary(tmp_path):
    """The folder for temporary files, in the environment of a run."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def test_it_does_not_use_the_folder_that_all_programs_of_a_user_share(moonsweep, temporary, tmp_path):
    """When a program ends, its helper removes that folder: a run that starts at the same time fails. Here a file has
    its name, so that it can never be used."""
    host = socket.gethostname()
    shared = sorted({f"ompi.{name}.{os.getuid()}" for name in (host, host.partition(".")[0])})
    for name in shared:
        (temporary / name).touch()
    moonsweep("run", job_file.write(tmp_path), "-o", tmp_path / "out.h5", env={"TMPDIR": temporary})
    assert names(temporary) == shared


def test_it_leaves_no_temporary_files_even_if_it_is_killed(start, temporary, tmp_path):
    output = tmp_path / "out.h5"
    sweep = start("run", job_file.write(tmp_path, **LONG), "-o", output, env={"TMPDIR": temporary})
    waiting.until(lambda: result_file.finals(output) > 0, running=sweep)
    helper = list(processes.descendants(sweep.pid))
    assert names(temporary) == []
    sweep.kill()
    sweep.communicate()
    waiting.until(lambda: processes.are_gone(helper), "the helper did not end")
    assert names(temporary) == []


def test_it_starts_where_no_temporary_folder_can_be_made(moonsweep, temporary, tmp_path):
    temporary.rmdir()
    moonsweep("run", job_file.write(tmp_path), "-o", tmp_path / "out.h5", env={"TMPDIR": temporary})


@pytest.fixture
def hanging_helper(tmp_path):
    """Changes of the environment for which the helper of MPI hangs, and a file that exists as soon as it does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    started = tmp_path / "started"
    helper = folder / "orted"
    helper.write_text(f"#!/bin/sh\ntouch '{started}'\nexec >/dev/null 2>&1\nwhile kill -0 $PPID; do sleep 0.1; done\n")
    helper.chmod(0o755)
    return {"OPAL_BINDIR": folder, "TMPDIR": tmp_path / "tmp"}, started


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGTERM", "SIGINT", "SIGHUP", "SIGXCPU"])
@pytest.mark.only_on(mpi.OPEN_MPI_4)
def test_a_signal_ends_it_while_the_start_of_mpi_hangs(start, hanging_helper, temporary, tmp_path, name):
    env, started = hanging_helper
    job = job_file.write(tmp_path)
    sweep = start("run", job, "-o", tmp_path / "out.h5", env=env)
    waiting.until(started.exists, "MPI did not start the helper", running=sweep)
    sweep.send_signal(getattr(signal, name))
    errors = processes.end_of(sweep, 75)
    assert processes.messages(errors) == [
        "moonsweep: stopped by a signal before MPI had started, nothing was written; run the same command again"
    ]
    assert names(tmp_path) == ["bin", "job.yaml", "started", "tmp"]
