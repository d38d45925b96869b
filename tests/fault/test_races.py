"""Helgrind finds no data race between threads that share the segments of a pass, and between the thread that flushes a
result and its rank, which trains meanwhile.

The program itself trains in one thread per rank. That the kernels may run in several threads is tested for other
programs (tests/kernel/two_threads.c)."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re

import pytest

from lib import SOURCE, processes

RACES = 99
HELGRIND = ["valgrind", "--tool=helgrind", "--quiet", f"--error-exitcode={RACES}"]

# Fewer samples are one segment, which threads cannot share.
LEAST_SAMPLES = 1024

# With fewer units, the kernels keep values in registers that they might share by mistake.
LEAST_UNITS = 5


@pytest.fixture(scope="module")
def cases(build):
    """{activation and precision: the numbers of the cases with several segments, the smallest first}."""
    listed = processes.run(build / "tests/kernel/kernel_harness", "--list")
    found = {}
    for number, kind, samples, n_x, n_h, iterations in re.findall(
        r"^ *(\d+) (\w+ \w+) m (\d+) n_x (\d+) n_h (\d+) .* iterations (\d+)", listed.stdout, re.MULTILINE
    ):
        if int(samples) >= LEAST_SAMPLES and int(n_h) >= LEAST_UNITS and int(iterations) > 0:
            work = int(samples) * int(n_x) * int(n_h) * int(iterations)
            found.setdefault(kind, []).append((work, number))
    return {kind: [number for _, number in sorted(numbers)] for kind, numbers in found.items()}


@pytest.mark.parametrize("count", [1, pytest.param(10, marks=pytest.mark.long)])
@pytest.mark.parametrize("isa", ["avx2", pytest.param("portable", marks=pytest.mark.long)])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_two_threads_of_a_kernel_do_not_race(build, cases, activation, isa, count):
    # The harness first compares with a reference in long double, which is only a double under Valgrind: enough for
    # float32 only.
    for number in cases[f"{activation} float32"][:count]:
        done = processes.run(
            build / "tests/kernel/kernel_harness", "--case", number, "--isa", isa,
            wrapper=HELGRIND,
        )  # fmt: skip
        assert "1 comparisons with portable" in done.stdout


def test_the_flushing_thread_and_its_rank_do_not_race(build):
    """Each test of the unit program is a separate process, which fails if there is a race."""
    suppressions = f"--suppressions={SOURCE / 'tests' / 'fault' / 'helgrind.supp'}"
    program = build / "tests" / "unit" / "test_flusher"
    done = processes.run(program, wrapper=[*HELGRIND, suppressions], env={"CK_DEFAULT_TIMEOUT": 600})
    assert done.stdout.count("\nok ") >= 10 and "not ok" not in done.stdout
