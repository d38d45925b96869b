"""Two threads are never at the same memory at once, as helgrind sees it: those that share the segments of a pass, and
the one that makes a result durable while its rank trains.

The program trains in one thread: the first is what the kernels promise to a program that has several
(tests/kernel/two_threads.c)."""

import re

import pytest

from lib import SOURCE, processes

RACES = 99
HELGRIND = ["valgrind", "--tool=helgrind", "--quiet", f"--error-exitcode={RACES}"]

# Below, all samples are one segment, and there is nothing to share.
LEAST_SAMPLES = 1024

# And with few units the kernels keep in registers what they would share by mistake.
LEAST_UNITS = 5


@pytest.fixture(scope="module")
def cases(build):
    """{activation and precision: the numbers of the cases that are shared, the smallest first}."""
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
def test_two_threads_are_never_at_the_same_memory(build, cases, activation, isa, count):
    # Valgrind's long double is a double: only float32 can be held to the textbook with it, which comes first.
    for number in cases[f"{activation} float32"][:count]:
        done = processes.run(
            build / "tests/kernel/kernel_harness", "--case", number, "--isa", isa,
            wrapper=HELGRIND,
        )  # fmt: skip
        assert "1 comparisons with portable" in done.stdout


def test_the_thread_that_flushes_and_its_rank_are_never_at_the_same_memory(build):
    """Each test of the unit program is a process of its own, whose end tells of a race."""
    suppressions = f"--suppressions={SOURCE / 'tests' / 'fault' / 'helgrind.supp'}"
    program = build / "tests" / "unit" / "test_flusher"
    done = processes.run(program, wrapper=[*HELGRIND, suppressions], env={"CK_DEFAULT_TIMEOUT": 600})
    assert done.stdout.count("\nok ") >= 10 and "not ok" not in done.stdout
