"""`run --writers node`: one rank of each machine writes for the others, and the result is the same."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import h5py
import numpy as np
import pytest

from fault.write_log import File, Kind, Log
from lib import job_file

GRID = {"n_h": "[1, 2, 3]", "activation": "[tanh, relu]", "seed": "[0, 1, 2, 3]", "iterations": "[10, 100, 1000]"}


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory, moonsweep):
    """The folder of a job file and its result from an ordinary run of one process."""
    folder = tmp_path_factory.mktemp("ordinary")
    job_file.write(folder, "job", **GRID)
    moonsweep("run", "job.yaml", "-o", "out.h5", "-q", cwd=folder)
    return folder


def checksums(path):
    with h5py.File(path) as file:
        assert np.all(file["status"][:] > 0)
        return file["checksum"][:]


@pytest.mark.parametrize("ranks", [1, 2, 4])
@pytest.mark.parametrize("options", [[], ["--coordinator", "dedicated"]], ids=["trains", "dedicated"])
def test_one_rank_writes_for_all_and_the_bits_are_the_same(ordinary, moonsweep, tmp_path, ranks, options):
    out = tmp_path / "out.h5"
    moonsweep("run", ordinary / "job.yaml", "-o", out, "--writers", "node", *options, ranks=ranks)
    assert np.array_equal(checksums(out), checksums(ordinary / "out.h5"))
    moonsweep("verify", out)


def writing_processes(log):
    """The processes that wrote to the result, according to the log of tests/fault/write_log.c."""
    return {call.process for call in Log([log]).calls if call.kind == Kind.WRITE and call.file == File.RESULT}


@pytest.mark.parametrize("who", ["rank", "node"])
def test_with_writers_node_only_one_process_writes_to_the_file(ordinary, build, moonsweep, tmp_path, who):
    out, log = tmp_path / "out.h5", tmp_path / "log"
    environment = {
        "LD_PRELOAD": str(build / "tests" / "fault" / "libwrite_log.so"),
        "MOONSWEEP_FAULT_FILE": str(out),
        "WRITE_LOG": str(log),
    }
    moonsweep("run", ordinary / "job.yaml", "-o", out, "--writers", who, ranks=3, env=environment)
    with h5py.File(out) as file:
        assert len(set(file["rank"][:].tolist())) == 3
    assert len(writing_processes(log)) == (3 if who == "rank" else 1)


def test_a_sweep_that_was_stopped_is_resumed(ordinary, moonsweep, tmp_path):
    out = tmp_path / "out.h5"
    moonsweep(
        "run", ordinary / "job.yaml", "-o", out, "--writers", "node", "--time-limit", "0.05s", ranks=3, status=None
    )
    moonsweep("run", ordinary / "job.yaml", "-o", out, "--writers", "node", ranks=2)
    assert np.array_equal(checksums(out), checksums(ordinary / "out.h5"))


def test_an_unknown_value_is_refused(ordinary, moonsweep, tmp_path):
    refused = moonsweep("run", ordinary / "job.yaml", "-o", tmp_path / "out.h5", "--writers", "nodes", status=64)
    assert refused.stderr == "moonsweep: --writers is nodes; did you mean node?\n"
