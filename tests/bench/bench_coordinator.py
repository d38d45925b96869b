#!/usr/bin/env python3
"""Measures what the messages of the ranks cost rank 0, and computes its load with many ranks: docs/benchmarks.md.

    bench_coordinator.py [--build BUILD] [--repeats N] [--quick]

The coordinator handles the messages of up to 100,000 ranks, which a program makes up, and receives and answers those
of real ranks on this machine, through shared memory and through TCP. The tables show medians of all rounds.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import bench_table
import machine
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]

MANY = [1000, 10000, 100000]
KINDS = ["first_ask", "ask", "lease", "totals", "left"]
REAL_RANKS = 17
TRANSPORTS = {"shared memory": "vader,self", "TCP": "tcp,self"}

# src/sweep/alive.c, src/core/plan.c
REPORTS_PER_S = 4
MOST_REPORTS_PER_S = 40000
MOST_LEASES_PER_S = 5000
LOOKS_PER_S = 4


class Load(NamedTuple):
    """The share of its core that a dedicated coordinator uses, in percent."""

    idle: float
    totals: float
    leases: float
    looks: float

    @classmethod
    def of(cls, ranks, messages, alone):
        """messages: of real ranks, alone: the nanoseconds of a kind with so many ranks."""
        reports_per_s = min(REPORTS_PER_S * ranks, MOST_REPORTS_PER_S)
        return cls(
            100 * messages["idle"],
            1e-7 * reports_per_s * messages["totals"],
            1e-7 * MOST_LEASES_PER_S * messages["lease"],
            1e-7 * LOOKS_PER_S * alone["look"],
        )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--repeats", type=int, default=5, help="rounds of the measurement")
    parser.add_argument("--quick", action="store_true", help="short phases, to try the benchmark itself")
    return parser.parse_args()


def measure_alone(build, folder, ranks, rounds):
    """{kind: nanoseconds}"""
    output, _, _ = whole_sweep.run([build / "coordinator_alone", folder, ranks, rounds])
    return {kind: float(ns) for kind, ns in map(str.split, output.splitlines())}


def measure_messages(build, folder, transport, seconds):
    """{idle: the share of the core, poll, totals and lease: nanoseconds}"""
    command = ["env", f"OMPI_MCA_btl={transport}", build / "coordinator_messages", folder, seconds]
    output, _, _ = whole_sweep.run(whole_sweep.launch(REAL_RANKS, *command))
    found = {}
    for name, *values in map(str.split, output.splitlines()):
        found[name] = float(values[0] if name == "idle" else values[-1])
    return found


def medians(rounds):
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def report(alone, messages):
    rows = [(f"{ranks:,} ranks", [*(one[kind] for kind in KINDS), 1e-3 * one["look"]]) for ranks, one in alone.items()]
    columns = [*(f"{kind} ns" for kind in KINDS), "look us"]
    print(*bench_table.table("handling alone", columns, rows), "", sep="\n")
    rows = [(name, [one["poll"], 100 * one["idle"], one["totals"], one["lease"]]) for name, one in messages.items()]
    columns = ["poll ns", "idle %", "totals ns", "lease ns"]
    print(*bench_table.table(f"with MPI, {REAL_RANKS} ranks", columns, rows), "", sep="\n")
    rows = []
    for name, one in messages.items():
        for ranks in alone:
            load = Load.of(ranks, one, alone[ranks])
            rows.append((f"{ranks:,} ranks, {name}", [*load, sum(load)]))
    columns = ["idle", "totals", "leases", "looks", "sum"]
    print(*bench_table.table("percent of rank 0's core", columns, rows), "", sep="\n")
    slowest = max(sum(Load.of(10000, one, alone[10000])) for one in messages.values())
    print(f"load of rank 0 with 10,000 ranks: {slowest:.1f}%")


def main():
    arguments = parse_arguments()
    build = arguments.build.resolve() / "tests" / "bench"
    programs.demand(arguments.build, "tests/bench/coordinator_alone", "tests/bench/coordinator_messages")
    alone, messages = {ranks: [] for ranks in MANY}, {name: [] for name in TRANSPORTS}
    with tempfile.TemporaryDirectory(prefix="ms-bench.") as folder:
        try:
            for number in range(arguments.repeats):
                for ranks, found in alone.items():
                    found.append(measure_alone(build, folder, ranks, 1 if arguments.quick else 5))
                for name, found in messages.items():
                    seconds = 0.2 if arguments.quick else 2
                    found.append(measure_messages(build, folder, TRANSPORTS[name], seconds))
                print(f"measured round {number + 1} of {arguments.repeats}", file=sys.stderr, flush=True)
        except whole_sweep.SweepFailed as failure:
            sys.exit(f"bench_coordinator: {failure}")
    print(machine.line("1 core for rank 0"))
    report({ranks: medians(found) for ranks, found in alone.items()},
           {name: medians(found) for name, found in messages.items()})  # fmt: skip


if __name__ == "__main__":
    main()
