"""moonsweep kernels, and the choice of kernels when a run begins. No test depends on which kernel is the quickest."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import os
import re
from pathlib import Path

import h5py
import pytest

from lib import job_file
from lib.result_file import differences, instruction_set

HEADER = ["precision", "activation", "n_h", "work", "kernel", "ns", "chosen"]

# More than a few seconds of work, so that a run measures its kernels; the tests stop it at once.
LONG = {"samples": 2000, "n_h": "[3, 50]", "activation": "[tanh, relu]", "iterations": "[10000000]"}


@pytest.fixture(scope="module")
def supported(moonsweep):
    """The names of the kernels that this processor supports, best first."""
    refused = moonsweep("kernels", env={"MOONSWEEP_ISA": "none"}, status=64).stderr
    return re.search(r"this processor supports: (.*)\n", refused)[1].split(", ")


@pytest.fixture
def long_job(tmp_path):
    return job_file.write(tmp_path, **LONG)


@pytest.fixture(scope="module")
def table(moonsweep, rows, tmp_path_factory):
    """The rows that the command writes for the long job."""
    job = job_file.write(tmp_path_factory.mktemp("table"), **LONG)
    return rows(moonsweep("kernels", job, "--format", "csv").stdout)


def text_of_first_run(path, name):
    with h5py.File(path) as file:
        return file[f"runs/{name}"][0].tobytes().rstrip(b"\0").decode()


def measured_text(path):
    """What the only run on a file says of its kernels."""
    return text_of_first_run(path, "kernels")


def by_size(table):
    """The rows of a table of kernels: {size: [row]}"""
    sizes = {}
    for row in table:
        sizes.setdefault((row["precision"], row["activation"], int(row["n_h"])), []).append(row)
    return sizes


# ---- the command -------------------------------------------------------------------------------------------------


def test_every_kernel_is_measured_for_usual_sizes_in_both_precisions(moonsweep, rows, supported):
    sizes = by_size(rows(moonsweep("kernels", "--format", "csv").stdout))
    assert {size[0] for size in sizes} == {"float64", "float32"}
    assert {size[1] for size in sizes} == {"tanh", "sigmoid", "relu"}
    for of_size in sizes.values():
        assert [row["kernel"] for row in of_size] == supported
        assert {row["work"] for row in of_size} == {""}
        assert all(float(row["ns"]) > 0 for row in of_size)


def test_the_quickest_kernel_of_each_size_of_a_job_is_chosen(table):
    sizes = by_size(table)
    assert set(sizes) == {("float64", activation, n_h) for activation in ("tanh", "relu") for n_h in (3, 50)}
    for of_size in sizes.values():
        (chosen,) = (row for row in of_size if row["chosen"] == "1")
        assert float(chosen["ns"]) <= 1.03 * min(float(row["ns"]) for row in of_size)


def test_sizes_are_ordered_by_their_share_of_the_work(table):
    shares = [float(of_size[0]["work"]) for of_size in by_size(table).values()]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert next(iter(by_size(table))) == ("float64", "tanh", 50)


def test_all_formats_have_the_same_rows(moonsweep, table, long_job):
    text = moonsweep("kernels", long_job).stdout.splitlines()
    listed = json.loads(moonsweep("kernels", long_job, "--format", "json").stdout)
    assert text[0].split() == list(table[0]) == list(listed[0]) == HEADER
    key = ("precision", "activation", "n_h", "kernel")
    assert [tuple(str(row[name]) for name in key) for row in listed] == [
        tuple(row[name] for name in key) for row in table
    ]
    assert [line.split()[:3] for line in text[1:]] == [[row[name] for name in key[:3]] for row in table]
    assert {type(row["chosen"]) for row in listed} == {bool}


def test_settings_change_what_is_measured(moonsweep, rows, long_job):
    changed = ("--set", "grid.n_h=7", "--set", "precision=float32")
    table = rows(moonsweep("kernels", long_job, *changed, "--format", "csv").stdout)
    assert {(row["precision"], row["n_h"]) for row in table} == {("float32", "7")}


def test_a_kernel_that_is_forced_is_the_only_one(moonsweep, rows, long_job):
    forced = moonsweep("kernels", long_job, "-f", "csv", env={"MOONSWEEP_ISA": "portable"})
    assert {(row["kernel"], row["chosen"]) for row in rows(forced.stdout)} == {("portable", "1")}


def test_two_ranks_on_one_core_are_measured_where_there_are_hyperthreads(moonsweep, rows, job):
    """Elsewhere, and where only one of each core may be used, the reason is said."""
    pairs = {core for core in hyperthreads_of_cores() if len(core) > 1 and len(core & os.sched_getaffinity(0)) > 1}
    done = moonsweep("kernels", job(), "--pairs", "--format", "csv", status=None)
    if not pairs:
        assert done.returncode == 69 and done.stdout == ""
        assert re.search("shows no hyperthreads|only one hyperthread of each core", done.stderr)
    elif done.returncode == 69:
        assert "control groups" in done.stderr
    else:
        table = rows(done.stdout)
        assert list(table[0]) == [*HEADER[:6], "ns_both", "gain"]
        assert all(float(row["ns"]) > 0 and float(row["ns_both"]) > 0 for row in table)
        assert re.search(r"two ranks on the processors \d+ and \d+ of one core train .*MOONSWEEP_THREADS", done.stderr)


def hyperthreads_of_cores():
    """The processors of each core of this machine, as far as it says so."""
    for path in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list"):
        ranges = [part.partition("-") for part in path.read_text().strip().split(",")]
        yield frozenset(number for first, _, last in ranges for number in range(int(first), int(last or first) + 1))


def test_plan_refuses_a_wrong_number_of_threads_per_core(moonsweep, job):
    refused = moonsweep("plan", job(), env={"MOONSWEEP_THREADS_PER_CORE": "4"}, status=64)
    assert refused.stderr == "moonsweep: MOONSWEEP_THREADS_PER_CORE is '4'; it must be 1 or 2\n"


def test_wrong_arguments_are_refused(refused, tmp_path):
    refused(64, "kernels", "--set", "grid.n_h=7", words=["job file"])
    refused(64, "kernels", "--format", "xml", words=["xml", "csv"])
    refused(66, "kernels", tmp_path / "missing.yaml", words=["missing.yaml"])


# ---- the choice of a run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_long_run_says_and_stores_what_it_has_measured(moonsweep, long_job, tmp_path, supported, ranks):
    output = tmp_path / "out.h5"
    done = moonsweep("run", long_job, "-o", output, "--time-limit", "1", status=75, ranks=ranks)
    with_vectors = [name for name in supported if not name.startswith("portable")]
    names = instruction_set(output).split(", ")
    assert f"{output}: kernels: {', '.join(names)}" in done.stderr.splitlines()[0]
    if len(with_vectors) < 2:
        assert names == supported[:1] and measured_text(output) == ""
        return
    assert set(names) <= set(with_vectors)
    entry = r"(?:tanh|relu) (?:3|50): (?:[\w-]+ [\d.]+)(?:, [\w-]+ [\d.]+)*"
    assert re.fullmatch(f"{entry}(?:; {entry})*", measured_text(output))
    assert measured_text(output).startswith("tanh 50: ")
    assert {re.search(rf" {name} ", measured_text(output)) is not None for name in with_vectors} == {True}


def test_a_short_run_takes_the_first_kernel_without_measuring(moonsweep, job, tmp_path, supported):
    done = moonsweep("run", job(), "-o", tmp_path / "out.h5")
    assert f"{tmp_path / 'out.h5'}: kernels: {supported[0]}\n" in done.stderr
    assert instruction_set(tmp_path / "out.h5") == supported[0]
    assert measured_text(tmp_path / "out.h5") == ""


def test_a_long_run_with_a_forced_kernel_measures_nothing(moonsweep, long_job, tmp_path, supported):
    for name in supported[-2:]:
        output = tmp_path / f"{name}.h5"
        moonsweep("run", long_job, "-o", output, "--isa", name, "--time-limit", "0.2", status=75)
        assert instruction_set(output) == name
        assert measured_text(output) == ""


def test_another_kernel_continues_with_the_same_bits(moonsweep, old, new, tmp_path):
    larger, whole = new
    moonsweep("run", larger, "-o", tmp_path / "out.h5", "--from", old[1], "--isa", "portable")
    assert text_of_first_run(tmp_path / "out.h5", "isa") == "portable"
    assert differences(tmp_path / "out.h5", whole) == []
