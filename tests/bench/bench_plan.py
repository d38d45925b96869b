#!/usr/bin/env python3
"""Compares what `moonsweep plan` says of the default sweep with what then happens: docs/benchmarks.md.

    bench_plan.py [--build BUILD] [--ranks N] [--repeats N] [--quick]

Each round asks for the plan and then runs the sweep. The table has a line for each round, and shows how much of the
machine other programs used meanwhile.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import json
import os
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import bench_table
import default_sweep
import machine
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]


class Round(NamedTuple):
    planned_core_s: float
    core_s: float
    planned_wall_s: float
    wall_s: float  # from the first lease to the last commit
    others: float  # cores that other programs used during the sweep


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--ranks", type=int, help="the number of ranks (default: the cores of this machine)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds of the comparison")
    parser.add_argument("--quick", action="store_true", help="few iterations, to try the benchmark itself")
    return parser.parse_args()


def measure(build, folder, iterations, ranks):
    job = whole_sweep.write_job(folder, iterations)
    words = [build / "moonsweep", "plan", job, "--ranks", ranks, "--format", "json"]
    plan = json.loads(whole_sweep.run(words)[0])
    result = folder / "out.h5"
    result.unlink(missing_ok=True)
    before = machine.Use.now()
    command = whole_sweep.launch(ranks, build / "moonsweep", "run", job, "-o", result)
    _, output, elapsed_s = whole_sweep.run(command)
    others = before.others_until(machine.Use.now())
    result.unlink()
    sweep = whole_sweep.summarized(output, elapsed_s, {})
    return Round(plan["core_seconds"], sweep.core_s, plan["wall_seconds"], sweep.sweep_s, others)


def report(rounds, ranks):
    columns = ["core-s planned", "needed", "ratio", "wall s planned", "needed", "ratio", "cores of others"]
    rows = [
        (f"round {i + 1}", [r.planned_core_s, r.core_s, r.planned_core_s / r.core_s,
                            r.planned_wall_s, r.wall_s, r.planned_wall_s / r.wall_s, r.others])
        for i, r in enumerate(rounds)
    ]  # fmt: skip
    title = f"{ranks} ranks" if ranks > 1 else "1 rank"
    print(machine.line(f"{os.cpu_count()} processors"))
    print(*bench_table.table(title, columns, rows), "", sep="\n")
    for name, planned, needed in (("core-seconds", 0, 1), ("wall time", 2, 3)):
        ratio = statistics.median(row[planned] / row[needed] for row in rounds)
        print(f"{name}, planned / needed: {ratio:.3f}")


def main():
    arguments = parse_arguments()
    programs.demand(arguments.build, "moonsweep")
    folder = arguments.build / "tests" / "bench" / "plan"
    folder.mkdir(parents=True, exist_ok=True)
    iterations = default_sweep.QUICK_ITERATIONS if arguments.quick else default_sweep.ITERATIONS
    rounds = []
    try:
        ranks = arguments.ranks or whole_sweep.cores()
        for _ in range(arguments.repeats):
            rounds.append(measure(arguments.build, folder, iterations, ranks))
            print(f"measured round {len(rounds)} of {arguments.repeats}", file=sys.stderr, flush=True)
    except whole_sweep.SweepFailed as failure:
        sys.exit(f"bench_plan: {failure}")
    report(rounds, ranks)


if __name__ == "__main__":
    main()
