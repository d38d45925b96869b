"""The effect of the precision on the default sweep is as docs/numerics.md states."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys

import pytest

from lib import SOURCE, processes

JOB = SOURCE / "jobs" / "moons420.yaml"
RECURRING = re.compile(r"^(\d+) more iterations were not computed", re.MULTILINE)


@pytest.fixture(scope="module")
def sweeps(program, tmp_path_factory):
    """{precision: (the result, what the run printed)}"""
    folder, cores = tmp_path_factory.mktemp("precision"), processes.run(SOURCE / "tools" / "cores.sh").stdout.strip()
    made = {}
    for precision in ("float64", "float32"):
        output, setting = folder / f"{precision}.h5", f"precision={precision}"
        made[precision] = output, processes.run(program, "run", JOB, "-o", output, "--set", setting, ranks=cores).stderr
    return made


@pytest.mark.long
def test_accuracies_and_costs_in_float32_differ_as_the_document_states(sweeps):
    results = [output for output, _ in sweeps.values()]
    printed = processes.run(sys.executable, SOURCE / "tools" / "compare_precision.py", *results).stdout
    document = (SOURCE / "docs" / "numerics.md").read_text()
    rows = re.findall(r"^\| (?:steady|oscillating) .*$", printed, re.MULTILINE)
    assert len(rows) == 2
    assert [row for row in rows if row not in document] == []
    steady = re.findall(r"^\| (\d+) .*\|  \| ([\d.]+) \| ([\d.]+) \| ", printed, re.MULTILINE)
    assert len(steady) == 3
    for index, wide, narrow in steady:
        assert re.search(rf"\b{index} \([^)]*:\s{wide} and {narrow}\)", document)


@pytest.mark.long
def test_as_many_iterations_recur_as_the_document_states(sweeps):
    recurring = int(RECURRING.search(sweeps["float64"][1])[1])
    document = " ".join((SOURCE / "docs" / "benchmarks.md").read_text().split())
    assert (
        f"{recurring:,} of the 10,500,000 iterations ({recurring / 10_500_000:.1%}) are then not computed" in document
    )
