"""The ranks of a machine share one copy of the samples, and have their own copies where that is not possible: the
results have the same bits."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from lib import job_file, mpi, processes, result_file, waiting

SMALL = {"samples": 3000, "n_h": "[2, 5]", "activation": "[tanh, relu]", "iterations": "[20, 50]"}
# Configurations that train until they are killed, one for each rank.
ENDLESS = {"n_h": "[2, 3, 4, 5]", "activation": "[tanh]", "iterations": "[100000000]"}
FEW, MANY = 2_000, 1_000_000
FEATURES = 30


def own_bytes(pid):
    """The memory of a process that no other process shares."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", text, re.MULTILINE))


def memory_of_the_second_rank(start, folder, samples, precision):
    """What rank 1 has for itself while it trains."""
    folder.mkdir()
    job = job_file.write(folder, samples=samples, precision=precision, **ENDLESS)
    sweep = start("run", job, "-o", folder / "out.h5", ranks=2)
    waiting.until(lambda: (folder / "out.h5").exists() and result_file.runs(folder / "out.h5") == 1, running=sweep)
    pid = processes.ranks_of(sweep)[1]
    before = processes.cpu_seconds(pid)
    waiting.until(lambda: processes.cpu_seconds(pid) > before + 0.3, running=sweep)
    taken = own_bytes(pid)
    processes.kill_ranks(sweep)
    return taken


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_memory_of_the_second_rank_does_not_grow_with_the_samples(start, tmp_path, precision):
    few = memory_of_the_second_rank(start, tmp_path / "few", FEW, precision)
    many = memory_of_the_second_rank(start, tmp_path / "many", MANY, precision)
    of_samples = MANY * 3 * (8 if precision == "float64" else 4)
    assert many < few + of_samples / 3


def proportional_bytes(pid):
    """The memory of a process, in which what several processes share is divided among them. Files are left out, since
    programs that run beside it share libraries with it, and so change its part of them."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * sum(int(size) for size in re.findall(r"^Pss_(?:Anon|Shmem): +(\d+) kB", text, re.MULTILINE))


def memory_of_all_ranks(start, folder, samples):
    """What three ranks have together while all of them train on samples of 30 features, and what rank 0 had at most."""
    folder.mkdir()
    random = np.random.default_rng(1)
    with h5py.File(folder / "points.h5", "w") as file:
        file["X"] = random.normal(size=(samples, FEATURES))
        file["y"] = random.integers(0, 2, samples)
    grid = "{n_h: [2, 3, 4, 5], activation: tanh, learning_rate: 0.5, iterations: 100000000}"
    job = folder / "job.yaml"
    data = "{file: points.h5, dev_fraction: 0.25, split_seed: 7}"
    job.write_text(f"name: own\ndata: {data}\ngrid: {grid}\n")
    sweep = start("run", job, "-o", folder / "out.h5", ranks=3)
    waiting.until(lambda: (folder / "out.h5").exists() and result_file.runs(folder / "out.h5") == 1, running=sweep)
    pids = list(processes.ranks_of(sweep).values())
    before = {pid: processes.cpu_seconds(pid) for pid in pids}
    waiting.until(lambda: all(processes.cpu_seconds(pid) > before[pid] + 0.3 for pid in pids), running=sweep)
    taken = sum(map(proportional_bytes, pids))
    status = Path(f"/proc/{processes.ranks_of(sweep)[0]}/status").read_text()
    processes.kill_ranks(sweep)
    return taken, 1024 * int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1])


@pytest.mark.parametrize("many", [200_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_all_ranks_of_a_machine_have_the_samples_once(start, tmp_path, many):
    few, peak_of_few = memory_of_all_ranks(start, tmp_path / "few", FEW)
    taken, peak = memory_of_all_ranks(start, tmp_path / "many", many)
    # The features and the sign of the label of each, its label, and what remains of the pages of reading.
    of_samples = (many - FEW) * (8 * (FEATURES + 1) + 1)
    assert 0.95 * of_samples < taken - few < 1.25 * of_samples
    # Rank 0 reads the samples and divides them, and lays those out in the memory that is shared.
    assert 1.9 * of_samples < peak - peak_of_few < 2.3 * of_samples


def contents(path):
    """What training gives: all variables but times, ranks and runs."""
    names = ["W1", "b1", "W2", "b2", "cost", "train_accuracy", "dev_accuracy", "dev_cost", "checksum"]
    with h5py.File(path) as file:
        return {name: file[name][:].tobytes() for name in names}


@pytest.fixture(scope="module")
def alone(moonsweep, tmp_path_factory):
    """The result of one rank."""
    folder = tmp_path_factory.mktemp("alone")
    moonsweep("run", job_file.write(folder, **SMALL), "-o", folder / "out.h5", ranks=1)
    return contents(folder / "out.h5")


@pytest.mark.parametrize("wish, failures", [("reserve", 2), ("map", 2)])
def test_ranks_that_cannot_share_have_copies(moonsweep, build, alone, tmp_path, mpi_name, wish, failures):
    log = tmp_path / "log"
    library = build / "tests" / "fault" / "libno_shared_memory.so"
    wrapper = ["env", f"LD_PRELOAD={library}", f"NO_SHARED_MEMORY={wish}", f"NO_SHARED_MEMORY_LOG={log}"]
    job = job_file.write(tmp_path, **SMALL)
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3, wrapper=wrapper)
    failed = log.read_text().count("failed\n")  # once for each of the two sets; UCX opens memory of others, too
    assert failed == failures or (mpi_name == mpi.MPICH and wish == "map" and failed > failures)
    assert contents(tmp_path / "out.h5") == alone


@pytest.mark.other_mpis
def test_ranks_that_share_have_the_same_results(moonsweep, alone, tmp_path):
    job = job_file.write(tmp_path, **SMALL)
    moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=3)
    assert contents(tmp_path / "out.h5") == alone
    moonsweep("verify", tmp_path / "out.h5", "--retrain", 2)


@pytest.mark.only_on(mpi.OPEN_MPI_4, mpi.OPEN_MPI_5)  # MPI_Init of MPICH prints its own error
def test_a_limit_of_the_size_of_files_is_no_reason_to_be_killed(moonsweep, tmp_path):
    """The shared memory counts as a file. The result cannot be created either, which is what is reported."""
    job = job_file.write(tmp_path, samples=200_000, n_h="[2]", iterations="[1]")
    wrapper = ["bash", "-c", 'ulimit -f 1000; exec "$@"', "bash"]
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2, wrapper=wrapper, status=73)
    assert "out.h5 needs " in done.stderr and "the file size is limited to" in done.stderr


def test_weights_of_classes_are_shared(moonsweep, tmp_path):
    results = []
    for ranks in (1, 2):
        (tmp_path / str(ranks)).mkdir()
        job = job_file.write(tmp_path / str(ranks), **SMALL)
        job.write_text(job.read_text() + "class_weight: [1, 3]\n")
        moonsweep("run", job, "-o", tmp_path / str(ranks) / "out.h5", ranks=ranks)
        results.append(contents(tmp_path / str(ranks) / "out.h5"))
    assert results[0] == results[1]
