#!/usr/bin/env python3
"""Measures the whole default sweep on all cores, on one core, and in straightforward C: docs/benchmarks.md.

    bench_sweep.py [--build BUILD] [--repeats N] [--quick]

The three are run in turns, for several rounds, and the table shows medians. All of them compute every iteration. A
fourth sweep in each round is an ordinary run, which does not compute iterations whose results are known because the
parameters recur; it is compared with moonsweep only. The benchmark fails if the costs differ.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import json
import statistics
import sys
from pathlib import Path

import bench_table
import default_sweep
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--repeats", type=int, default=3, help="rounds of the comparison")
    parser.add_argument("--quick", action="store_true", help="few iterations, to try the benchmark itself")
    return parser.parse_args()


def measure(arguments, folder, iterations, cores):
    """{program: [Sweep]}"""
    several, one, other = f"moonsweep, {cores} cores", "moonsweep, 1 core", f"straightforward C, {cores} cores"
    ordinary = f"moonsweep, {cores} cores, ordinary run"
    sweeps = {several: [], one: [], other: [], ordinary: []}
    for turn in range(arguments.repeats):
        sweeps[several].append(whole_sweep.moonsweep(arguments.build, folder, iterations, cores))
        sweeps[one].append(whole_sweep.moonsweep(arguments.build, folder, iterations, 1))
        sweeps[other].append(whole_sweep.straightforward(arguments.build, folder, iterations, cores))
        sweeps[ordinary].append(whole_sweep.moonsweep(arguments.build, folder, iterations, cores, detects_cycles=True))
        for name in (one, other, ordinary):
            whole_sweep.check(name, sweeps[name][-1].costs, sweeps[several][-1].costs)
        print(f"measured round {turn + 1} of {arguments.repeats}", file=sys.stderr, flush=True)
    return sweeps


def median(sweeps, field):
    return statistics.median(getattr(sweep, field) for sweep in sweeps)


def report(arguments, sweeps, iterations):
    """Prints the table, and writes all measurements as JSON."""
    columns = ["wall s", "first to last s", "core-seconds", "trained %"]
    fields = ["wall_s", "sweep_s", "core_s", "share"]
    rows = [(name, [median(found, field) for field in fields]) for name, found in sweeps.items()]
    print(*bench_table.table(f"105 networks, {max(iterations)} iterations", columns, rows), "", sep="\n")

    several, one, other, ordinary = sweeps.values()
    ratios = {
        "core-seconds, straightforward C / moonsweep": median(other, "core_s") / median(several, "core_s"),
        "wall time, straightforward C / moonsweep": median(other, "wall_s") / median(several, "wall_s"),
        "wall time, moonsweep on all cores / on one core": median(several, "wall_s") / median(one, "wall_s"),
        "the same, from the first to the last training": median(several, "sweep_s") / median(one, "sweep_s"),
    }
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.3f}")
    saved = 1 - median(ordinary, "core_s") / median(several, "core_s")
    print(f"core-seconds that an ordinary run saves by detecting cycles, which the others do not: {saved:.1%}")

    figures = {
        "iterations": iterations,
        "sweeps": {name: [dict(zip(fields, sweep)) for sweep in found] for name, found in sweeps.items()},
        "ratios": ratios,
        "saved_by_cycle_detection": saved,
    }
    path = arguments.build / "tests" / "bench" / "sweep.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"\nall figures: {path}")


def main():
    arguments = parse_arguments()
    iterations = default_sweep.QUICK_ITERATIONS if arguments.quick else default_sweep.ITERATIONS
    programs.demand(arguments.build, "moonsweep", "tests/bench/straightforward_sweep")
    folder = arguments.build / "tests" / "bench" / "sweep"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        cores = whole_sweep.cores()
        sweeps = measure(arguments, folder, iterations, cores)
    except (whole_sweep.SweepFailed, bench_table.Disagreement) as failure:
        sys.exit(f"bench_sweep: {failure}")
    report(arguments, sweeps, iterations)


if __name__ == "__main__":
    main()
