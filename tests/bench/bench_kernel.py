#!/usr/bin/env python3
"""Measures the speed of the kernels, and that of their arithmetic alone. docs/benchmarks.md explains the figures.

tests/bench/bench_kernel.py                       everything, in a few minutes (also meson test --benchmark)
tests/bench/bench_kernel.py --quick               the best instruction set in float64, in seconds
tests/bench/bench_kernel.py --isa avx2 --n-h 1 5  a selection
tests/bench/bench_kernel.py --operations          the operations that a kernel executes for a vector of samples
tests/bench/bench_kernel.py --instructions        the time of each of its instructions, alone and in pairs
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import csv
import itertools
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

import programs
from default_sweep import ACTIVATIONS, ITERATIONS_OF_NETWORK, N_H
from machine import processor
from operation_loop import CLOCK_CYCLES, OperationLoop, assembly, clock_loop
from operations import Case, Tracer

SOURCE = Path(__file__).resolve().parents[2]
PRECISIONS = ["float64", "float32"]

SWEEP_SAMPLES, SWEEP_FEATURES = 1600, 2
MANY_FEATURES = 30

COLUMNS = [
    "isa", "precision", "activation", "n_x", "n_h", "m", "us", "us_least", "ns_per_sample_and_unit",
    "bound_us", "bound_us_least", "percent_of_bound", "operations_per_vector",
]  # fmt: skip


@dataclass
class Measured:
    """A case, the seconds per iteration, and those of its operations alone; one value for each round."""

    case: Case
    seconds: list
    bound_seconds: list  # empty if instructions cannot be counted
    operations: float  # per vector of samples

    @property
    def us(self):
        return 1e6 * statistics.median(self.seconds)

    @property
    def bound_us(self):
        return 1e6 * statistics.median(self.bound_seconds)

    @property
    def ns_per_sample_and_unit(self):
        return 1e3 * self.us / (self.case.m * self.case.n_h)

    @property
    def percent(self):
        return 100 * self.bound_us / self.us


class Bench:
    """Runs the programs of a build on one core."""

    def __init__(self, build, rounds, cpu):
        self.programs = Path(build) / "tests" / "bench"
        self.rounds = rounds
        self.tracer = Tracer(build)
        self.counts = platform.machine() == "x86_64"
        self.clock_hz = None
        # Child processes inherit the affinity.
        os.sched_setaffinity(0, {cpu})

    def isas(self):
        """This processor's instruction sets, best first."""
        return subprocess.run(
            [self.programs / "kernel_trace", "--isas"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.split()

    def times(self, lines, functions):
        """Runs kernel_times on lines with a library of functions. Returns the list of rounds of each line."""
        with tempfile.TemporaryDirectory() as folder:
            source, library = Path(folder) / "loops.s", Path(folder) / "loops.so"
            source.write_text(assembly(functions))
            subprocess.run([os.environ.get("CC", "cc"), "-shared", "-nostdlib", "-o", library, source], check=True)
            command = [self.programs / "kernel_times", str(self.rounds), library]
            done = subprocess.run(command, input="\n".join(lines) + "\n", check=True, stdout=subprocess.PIPE, text=True)
        rounds = [[] for _ in lines]
        for line in done.stdout.splitlines():
            number, *seconds = line.split()
            rounds[int(number)].append([float(value) for value in seconds])
        return rounds

    def clocked(self, lines, functions):
        """The same, if instructions can be counted. Also measures the clock frequency."""
        clock, *rounds = self.times([": clock", *lines], [clock_loop("clock"), *functions])
        self.clock_hz = CLOCK_CYCLES / statistics.median(seconds for _, seconds in clock)
        return rounds

    def measure(self, cases):
        if not self.counts:
            rounds = self.times([f"{case}:" for case in cases], [])
            return [Measured(case, [r[0] for r in own], [], 0) for case, own in zip(cases, rounds, strict=True)]
        counts = self.tracer.count(cases)
        loops = [mixes(f"loop_{i}", count, case.precision)
                 for i, (case, count) in enumerate(zip(cases, counts, strict=True))]  # fmt: skip
        lines = [f"{case}: {' '.join(mix.name for mix in own)}" for case, own in zip(cases, loops, strict=True)]
        rounds = self.clocked(lines, [mix.assembly() for own in loops for mix in own])
        return [
            Measured(case, [r[0] for r in own], quicker(mixed, own, case.vectors), count.total())
            for case, count, mixed, own in zip(cases, counts, loops, rounds, strict=True)
        ]

    def cycles(self, sets, precision):
        """The cycles of each set of forms (a Counter) without dependencies."""
        loops = [mixes(f"loop_{i}", forms, precision) for i, forms in enumerate(sets)]
        lines = [f": {' '.join(mix.name for mix in own)}" for own in loops]
        rounds = self.clocked(lines, [mix.assembly() for own in loops for mix in own])
        return [
            self.clock_hz * statistics.median(quicker(mixed, own, 1)) for mixed, own in zip(loops, rounds, strict=True)
        ]


def mixes(name, forms, precision):
    """The same operations in two orders, because one order may happen to be slow on a processor."""
    return [OperationLoop.of(f"{name}_{shuffled:d}", forms, precision, shuffled) for shuffled in (False, True)]


def quicker(loops, rounds, vectors):
    """The seconds that the quicker loop takes for the operations of a number of vectors; one value for each round.

    rounds: [seconds per iteration, seconds per pass of each loop]
    """
    seconds = [[r[1 + i] / loop.vectors * vectors for r in rounds] for i, loop in enumerate(loops)]
    return min(seconds, key=statistics.median)


def print_table(rows):
    """Prints the rows of one instruction set, precision, n_x and m: a line per n_h, a column per activation."""
    first = rows[0].case
    print(f"\n{first.isa} {first.precision}, {first.m:,} samples, n_x = {first.n_x}")
    activations = list(dict.fromkeys(row.case.activation for row in rows))
    print("     " + "".join(f" | {activation:^28}" for activation in activations))
    print(" n_h " + " |       us      ns    bound   %" * len(activations))
    for n_h in dict.fromkeys(row.case.n_h for row in rows):
        print(f"{n_h:4} ", end="")
        for row in (row for row in rows if row.case.n_h == n_h):
            bound = f"{row.bound_us:8.3f} {row.percent:3.0f}" if row.bound_seconds else f"{'-':>8} {'-':>3}"
            print(f" | {row.us:8.3f} {row.ns_per_sample_and_unit:7.4f} {bound}", end="")
        print(flush=True)


def ns_per_sample_and_unit(rows):
    """The time of an iteration of all networks together, divided by the sum of their samples times hidden units."""
    return 1e3 * sum(row.us for row in rows) / sum(row.case.m * row.case.n_h for row in rows)


def print_sweep(rows):
    """Prints the time of the default sweep on this core, if the rows contain all its networks."""
    rows = [row for row in rows
            if row.case.n_h in N_H and (row.case.m, row.case.n_x) == (SWEEP_SAMPLES, SWEEP_FEATURES)]  # fmt: skip
    if len(rows) < len(N_H) * len(ACTIVATIONS):
        return
    seconds = 1e-6 * ITERATIONS_OF_NETWORK * sum(row.us for row in rows)
    print(
        f"default sweep: {seconds:.1f} core-seconds, {ns_per_sample_and_unit(rows):.3f} ns per sample and unit", end=""
    )
    if rows[0].bound_seconds:
        bound = 1e-6 * ITERATIONS_OF_NETWORK * sum(row.bound_us for row in rows)
        worst = min(rows, key=lambda row: row.percent)
        print(f", its operations {bound:.1f}: {100 * bound / seconds:.1f}% of the bound; the worst is "
              f"{worst.case.activation} with n_h = {worst.case.n_h}: {worst.percent:.1f}%", end="")  # fmt: skip
    print(flush=True)


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            figures = [row.us, 1e6 * min(row.seconds), row.ns_per_sample_and_unit]
            if row.bound_seconds:
                figures += [row.bound_us, 1e6 * min(row.bound_seconds), row.percent, row.operations]
            writer.writerow([*astuple(row.case), *(f"{figure:.6g}" for figure in figures)])


def unit_and_output(tracer, case):
    """The operations of one hidden unit, and those of everything else."""
    one, two = tracer.count([case.with_units(1), case.with_units(2)])
    unit = Counter({form: two[form] - one[form] for form in two if two[form] != one[form]})
    return unit, Counter({form: one[form] - unit[form] for form in one if one[form] != unit[form]})


def print_operations(bench, isa, precision, activations, n_x):
    vector = 8 if precision == "float64" else 16
    for activation in activations:
        parts = unit_and_output(bench.tracer, Case(isa, precision, activation, n_x, 1, SWEEP_SAMPLES))
        for name, part in zip((f"a {activation} unit", f"the output of {activation}"), parts, strict=True):
            print(f"\n{isa} {precision}, n_x = {n_x}: {name}, {part.total():g} operations for {vector} samples")
            for form, count in sorted(part.items(), key=lambda item: (-item[1], item[0])):
                print(f"{count:8g}  {form}")


def print_instructions(bench, isa, precision, n_x):
    """Prints the cycles of a kernel's forms, alone and in pairs. Forms that differ only in operand order are one."""
    cases = [Case(isa, precision, activation, n_x, 2, SWEEP_SAMPLES) for activation in ACTIVATIONS]
    forms = sorted({re.sub(r"132|213", "231", form) for count in bench.tracer.count(cases) for form in count})
    pairs = list(itertools.combinations_with_replacement(range(len(forms)), 2))
    cycles = dict(zip(pairs, bench.cycles([Counter([forms[i], forms[j]]) for i, j in pairs], precision), strict=True))
    print(f"\n{isa} {precision}: cycles per instruction and per pair at {bench.clock_hz / 1e9:.2f} GHz")
    print(f"{'':40} alone " + "".join(f"{j + 1:6}" for j in range(len(forms))))
    for i, form in enumerate(forms):
        row = "".join(f"{cycles[j, i]:6.2f}" for j in range(i + 1))
        print(f"{i + 1:3} {form:36} {cycles[i, i] / 2:5.2f} {row}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder (default: build)")
    parser.add_argument("--quick", action="store_true", help="only the best instruction set in float64, few rounds")
    parser.add_argument("--isa", nargs="+", help="instruction sets (default: all of this processor)")
    parser.add_argument("--precision", nargs="+", choices=PRECISIONS, help="precisions (default: both)")
    parser.add_argument(
        "--activation", nargs="+", choices=ACTIVATIONS, default=ACTIVATIONS, help="activations (default: all)"
    )
    parser.add_argument(
        "--n-x", type=int, help=f"features (default: {SWEEP_FEATURES}, for the best set also {MANY_FEATURES})"
    )
    parser.add_argument("--n-h", type=int, nargs="+", help="hidden units (default: the default sweep's and 200)")
    parser.add_argument("--m", type=int, default=SWEEP_SAMPLES, help="samples (default: %(default)s)")
    parser.add_argument("--rounds", type=int, help="number of measurements (default: 15, with --quick 5)")
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)), help="the core (default: the last)")
    parser.add_argument("--csv", type=Path, help="output file (default: tests/bench/kernel.csv in the build)")
    parser.add_argument("--operations", action="store_true", help="print the operations of a unit and of the output")
    parser.add_argument("--instructions", action="store_true", help="measure each instruction, alone and in pairs")
    return parser.parse_args()


def tables(options, isas, precisions):
    """Yields (isa, precision, n_x) of each table."""
    best = isas[0]
    for isa, precision in itertools.product(isas, precisions):
        yield isa, precision, options.n_x or SWEEP_FEATURES
    if not options.n_x and not options.quick and not options.instructions:
        for precision in precisions:
            yield best, precision, MANY_FEATURES


def main():
    options = arguments()
    programs.demand(options.build, "tests/bench/kernel_trace", "tests/bench/kernel_times")
    bench = Bench(options.build, options.rounds or (5 if options.quick else 15), options.cpu)
    isas = options.isa or (bench.isas()[:1] if options.quick else bench.isas())
    precisions = options.precision or (PRECISIONS[:1] if options.quick else PRECISIONS)
    n_h = options.n_h or (N_H if options.quick else [*N_H, 200])
    print(f"{processor()}, core {options.cpu}")
    if not bench.counts:
        print(f"no bounds: instructions can be counted only on x86-64, and this is {platform.machine()}")
    measured = []
    for isa, precision, n_x in tables(options, isas, precisions):
        if options.operations:
            print_operations(bench, isa, precision, options.activation, n_x)
        elif options.instructions:
            print_instructions(bench, isa, precision, n_x)
        else:
            cases = [Case(isa, precision, activation, n_x, n, options.m)
                     for n, activation in itertools.product(n_h, options.activation)]  # fmt: skip
            rows = bench.measure(cases)
            print_table(rows)
            print_sweep(rows)
            measured += rows
    if measured:
        write_csv(options.csv or options.build / "tests" / "bench" / "kernel.csv", measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
