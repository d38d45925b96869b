#!/usr/bin/env python3
"""Measures how slow flushes affect a sweep of many short configurations and rank 0's answers: docs/benchmarks.md.

    bench_flush.py [--build BUILD] [--folder FOLDER] [--repeats N] [--quick]

Sweeps on three ranks are run alternately with each fdatasync as fast as the disk and 300 ms slower. The table shows
medians. All ranks are on this machine.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import collections
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import bench_table
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]
RANKS = 3
DELAY_MS = 300

# 100,000 rows in 20,000 trajectories, each of them less than a millisecond of work.
JOB = """\
name: many short ones
data:
  moons: {{samples: 200, noise: 0.2, seed: 0}}
  dev_fraction: 0.2
  split_seed: 42
grid:
  n_h: [4]
  activation: [tanh]
  learning_rate: [0.5, 0.1]
  iterations: [50, 100, 200, 300, 600]
  seed: [{seeds}]
"""
SEEDS, QUICK_SEEDS = 10000, 300


class Run(NamedTuple):
    sweep_s: float  # from the program's summary
    answer_ms: float  # until rank 0 received an ASK: the ninth decile


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--folder", type=Path, help="folder for the results (default: in the build folder)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds of the comparison")
    parser.add_argument("--quick", action="store_true", help="few rows, to try the benchmark itself")
    return parser.parse_args()


def answer_ms(lines):
    """The ninth decile of the times from sending to receiving an ASK, from the lines of ask_times.c."""
    sent, waited = collections.defaultdict(collections.deque), []
    for what, rank, moment in map(str.split, lines):
        if what == "sent":
            sent[rank].append(float(moment))
        else:
            waited.append(float(moment) - sent[rank].popleft())
    return 1e3 * statistics.quantiles(waited, n=10)[-1]


def run(build, folder, job, delay_ms):
    result, times = folder / "out.h5", folder / "times"
    for path in (result, times):
        path.unlink(missing_ok=True)
    libraries = [build / "tests" / "bench" / "libask_times.so", build / "tests" / "fault" / "libslow_sync.so"]
    settings = {
        "LD_PRELOAD": " ".join(map(str, libraries)), "ASK_TIMES": times, "MOONSWEEP_FAULT_FILE": result,
        "SLOW_SYNC_MS": delay_ms,
    }  # fmt: skip
    wrapper = ["env", *(f"{name}={value}" for name, value in settings.items())]
    command = whole_sweep.launch(RANKS, *wrapper, build / "moonsweep", "run", "--no-cycle-detection", job, "-o", result)
    _, output, wall_s = whole_sweep.run(command)
    sweep_s = whole_sweep.summarized(output, wall_s, {}).sweep_s
    # Lines that are appended at nearly the same time may be out of order.
    lines = sorted(times.read_text().splitlines(), key=lambda line: float(line.split()[2]))
    return Run(sweep_s, answer_ms(lines))


def main():
    arguments = parse_arguments()
    programs.demand(arguments.build, "moonsweep", "tests/bench/libask_times.so", "tests/fault/libslow_sync.so")
    folder = (arguments.folder or arguments.build / "tests" / "bench" / "flush").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    job = folder / "job.yaml"
    job.write_text(JOB.format(seeds=", ".join(map(str, range(QUICK_SEEDS if arguments.quick else SEEDS)))))
    runs = {0: [], DELAY_MS: []}
    try:
        for _ in range(arguments.repeats):
            for delay_ms, found in runs.items():
                found.append(run(arguments.build.resolve(), folder, job, delay_ms))
                print(f"{delay_ms:4d} ms: {found[-1].sweep_s:.1f} s, {found[-1].answer_ms:.2f} ms", file=sys.stderr)
    except whole_sweep.SweepFailed as failure:
        sys.exit(f"bench_flush: {failure}")
    finally:
        (folder / "out.h5").unlink(missing_ok=True)
    medians = {delay: Run(*(statistics.median(column) for column in zip(*found))) for delay, found in runs.items()}
    rows = [(f"+ {delay_ms} ms per flush", list(found)) for delay_ms, found in medians.items()]
    print(*bench_table.table(f"{RANKS} ranks", ["sweep s", "answer ms (p90)"], rows), "", sep="\n")
    fast, slow = medians.values()
    print(f"sweep time, slow flushes / fast flushes: {slow.sweep_s / fast.sweep_s:.3f}")
    print(f"answer time, slow flushes / fast flushes: {slow.answer_ms / fast.answer_ms:.3f}")


if __name__ == "__main__":
    main()
