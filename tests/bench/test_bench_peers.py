"""The comparison with other programs: with straightforward C alone, which needs no packages, and on loaded machines."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import subprocess
import sys
from types import SimpleNamespace

import bench_peers
import machine
import pytest

ONLY_C = ["--quick", "--iterations", "20", "--pool-iterations", "0", "--only", "c,c-avx2"]


@pytest.fixture
def benchmark(source, build):
    """Runs the benchmark and returns the finished process."""

    def run(*options, status=0):
        command = [sys.executable, source / "tests" / "bench" / "bench_peers.py", "--build", build, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


def test_programs_for_the_same_instruction_set_are_compared(benchmark, build):
    output = benchmark(*ONLY_C).stdout
    figures = json.loads((build / "tests" / "bench" / "peers.json").read_text())
    names = [peer["name"] for peer in figures["peers"]]
    assert names[:2] == ["moonsweep", "straightforward C"]
    assert "cores of other programs: " in output and set(figures["cores_of_others"]) == {"before", "meanwhile", "after"}
    if machine.has_avx2():
        assert names[2:] == ["moonsweep, AVX2 alone", "straightforward C, AVX2 alone"]
        assert "times moonsweep, AVX2 alone's, tanh" in output
        described = {peer["name"]: peer["description"] for peer in figures["peers"]}
        assert described["moonsweep, AVX2 alone"] == "moonsweep, avx2"
        assert "-march=x86-64-v3" in described["straightforward C, AVX2 alone"]
        assert "-march=native" in described["straightforward C"]


def test_fewer_rounds_are_refused(benchmark):
    assert "must be at least 15" in benchmark("--repeats", "14", status=2).stderr


@pytest.mark.parametrize(("quick", "others", "ends"), [(False, 0.2, True), (True, 0.2, False), (False, 0.05, False)])
def test_no_comparison_is_made_on_a_loaded_machine(quick, others, ends):
    arguments = SimpleNamespace(quick=quick)
    if not ends:
        bench_peers.demand_quiet(arguments, "before it began", others)
        return
    with pytest.raises(SystemExit, match="other programs used 0.20 cores of this machine before it began"):
        bench_peers.demand_quiet(arguments, "before it began", others)


def test_rounds_have_the_times_of_all_networks():
    samples = {("tanh", 1): [1e-6, 2e-6], ("relu", 5): [3e-6, 4e-6]}
    first, second = bench_peers.rounds_of(samples)
    assert first == {("tanh", 1): pytest.approx(1), ("relu", 5): pytest.approx(3)}
    assert second == {("tanh", 1): pytest.approx(2), ("relu", 5): pytest.approx(4)}
