#!/usr/bin/env python3
"""Measures what it costs that a sweep chooses its kernels by measuring them when it begins: docs/benchmarks.md.

    bench_choice.py [--build BUILD] [--iterations N...] [--rounds N]

Runs sweeps of one network on one rank, in turns with the choice and with the kernel forced that was chosen, so that
they differ by the measurements alone. The table shows medians and quartiles of the ratios of their processor times.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import bench_table
import machine
import process_cost
import programs

SOURCE = Path(__file__).resolve().parents[2]

JOB = """\
name: choice
data:
  moons: {{samples: 2000, noise: 0.25, seed: 0}}
  dev_fraction: 0.2
  split_seed: 42
grid: {{n_h: 50, activation: tanh, learning_rate: 0.5, iterations: {iterations}}}
"""

# The first line of a run names the kernels, and says in parentheses what was measured, if anything was.
FIRST_LINE = re.compile(r": kernels: (?P<kernel>[\w-]+)(?P<measured> \()?")


class Turn(NamedTuple):
    measured: bool  # whether the run with the choice measured anything
    chosen: process_cost.Cost
    forced: process_cost.Cost


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument(
        "--iterations", type=int, nargs="+", default=[10_000, 50_000, 150_000], help="of the sweeps, one line for each"
    )
    parser.add_argument("--rounds", type=int, default=11, help="turns of each sweep")
    return parser.parse_args()


def sweep(program, folder, iterations, *options):
    """Runs one sweep: (its first line, its Cost)."""
    job, result = folder / f"{iterations}.yaml", folder / "out.h5"
    job.write_text(JOB.format(iterations=iterations), encoding="ascii")
    result.unlink(missing_ok=True)
    cost, output = process_cost.measure([program, "run", job, "-o", result, *options])
    return FIRST_LINE.search(output), cost


def turn(program, folder, iterations, forced_first):
    """One run with the choice and one that forces what it has chosen. forced_first: a kernel that is tried before."""
    if forced_first:
        forced = sweep(program, folder, iterations, "--isa", forced_first)[1]
    line, chosen = sweep(program, folder, iterations)
    if forced_first != line["kernel"]:
        forced = sweep(program, folder, iterations, "--isa", line["kernel"])[1]
    return line["kernel"], Turn(line["measured"] is not None, chosen, forced)


def turns(program, folder, iterations, rounds):
    """The turns of one sweep, every second one with the forced kernel first."""
    found, kernel = [], None
    for round in range(rounds):
        kernel, done = turn(program, folder, iterations, kernel if round % 2 else None)
        found.append(done)
    return found


def row(found):
    """The values of a line: seconds, and how much more the choice took, in percent: the median and both quartiles."""
    percent = [100 * (done.chosen.core_s / done.forced.core_s - 1) for done in found]
    seconds = statistics.median(done.forced.core_s for done in found)
    return [
        sum(done.measured for done in found),
        seconds,
        statistics.median(done.forced.wall_s for done in found),
        1000 * statistics.median(done.chosen.core_s - done.forced.core_s for done in found),
        *bench_table.spread(percent),
    ]


def main():
    arguments = parse_arguments()
    programs.demand(arguments.build, "moonsweep")
    program = arguments.build.resolve() / "moonsweep"
    print(machine.line("one rank"))
    rows = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for iterations in arguments.iterations:
                rows.append((f"{iterations:,}", row(turns(program, Path(folder), iterations, arguments.rounds))))
    except process_cost.ProgramFailed as failure:
        sys.exit(f"bench_choice: {failure}")
    columns = ["measured", "core-s", "wall s", "more ms", "more %", "quartiles", ""]
    print(*bench_table.table("iterations", columns, rows), sep="\n")


if __name__ == "__main__":
    main()
