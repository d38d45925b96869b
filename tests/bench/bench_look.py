#!/usr/bin/env python3
"""Measures what looking at a large result costs: docs/benchmarks.md.

    bench_look.py [--build BUILD] [--folder FOLDER] [--rows N] [--ranks N] [--repeats N]

Makes a result of that many rows and one of a hundredth of them, finished and half finished, and measures what each
command that reads them or takes their rows over costs. The commands take turns; the tables show medians.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import json
import math
import os
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import bench_table
import machine
import process_cost
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]
MAY_BE_STOPPED = (0, 75)  # the exit statuses of a sweep that may have been finished before it was stopped

# Rows that take so little time to train that what is done with a row shows.
JOB = """\
name: many rows
data:
  moons: {{samples: 2000, noise: 0.25, seed: 0}}
  dev_fraction: 0.2
  split_seed: 42
grid:
  n_h: [1, 2, 3, 4, 5]
  activation: [tanh]
  learning_rate: [0.5]
  iterations: [1, 10]
  seed: [{seeds}]
"""
ROWS_OF_SEED = 10
SMALLER = 100  # the other result has so many times fewer rows

SHORTEST_LIMIT_S = 0.001  # which is over before a run trains

READ = "one read of the file"
CHOSEN = "best.yaml"  # the job that `best` writes


class Sweep(NamedTuple):
    rows: int
    job: Path
    finished: Path
    unfinished: Path
    halves: list[Path]  # of the even seeds, and of the odd ones
    taken: Path  # into which the rows of the others are taken over
    run: process_cost.Cost


def rows_of(text):
    rows = int(text)
    if rows < SMALLER * ROWS_OF_SEED or rows % (SMALLER * ROWS_OF_SEED) != 0:
        raise argparse.ArgumentTypeError(f"{rows} is not a multiple of {SMALLER * ROWS_OF_SEED}")
    return rows


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--folder", type=Path, help="folder for the results (default: in the build folder)")
    parser.add_argument("--rows", type=rows_of, default=1_000_000, help="of the large result (1,000,000)")
    parser.add_argument("--ranks", type=int, default=2, help="of the sweep that makes it (2)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds of the comparison")
    return parser.parse_args()


def write_job(path, seeds):
    path.write_text(JOB.format(seeds=", ".join(map(str, seeds))), encoding="ascii")
    return path


def results(folder, rows):
    """Where the results are: the finished and the half finished one, those of half of the seeds, and the one into which
    all rows are taken over."""
    return [folder / f"{rows}{what}.h5" for what in ("", "-unfinished", "-even", "-odd", "-taken")]


def remove_results(folder, rows):
    for path in results(folder, rows):
        path.unlink(missing_ok=True)


def sweep(program, ranks, folder, rows):
    """Runs a sweep of that many rows, and another one for half of the time. The rows of the halves are taken over."""
    seeds = range(rows // ROWS_OF_SEED)
    finished, unfinished, *halves, taken = results(folder, rows)
    remove_results(folder, rows)
    job = write_job(folder / f"{rows}.yaml", seeds)
    cost, output = process_cost.measure(whole_sweep.launch(ranks, program, "run", job, "-o", finished))
    half_s = max(whole_sweep.summarized(output, cost.wall_s, {}).sweep_s / 2, SHORTEST_LIMIT_S)
    half = [program, "run", "--quiet", "--time-limit", f"{half_s:.3f}", job, "-o", unfinished]
    process_cost.measure(whole_sweep.launch(ranks, *half), MAY_BE_STOPPED)
    for first, path in enumerate(halves):
        of_half = write_job(folder / "half.yaml", seeds[first::2])
        process_cost.measure([program, "run", "--quiet", of_half, "-o", path, "--from", finished])
    return Sweep(rows, job, finished, unfinished, halves, taken, cost)


def unread(*command):
    """A command whose output is not kept."""
    return ["sh", "-c", 'exec "$@" > /dev/null', "sh", *command]


def looks(program, made):
    """{what is measured: (the command, its statuses)}."""
    run = [program, "run", made.job, "-o"]
    best = ["--job", made.job.with_name(CHOSEN)]
    take = [program, "run", "--quiet", made.job, "-o", made.taken]
    return {
        READ: (["dd", f"if={made.finished}", "of=/dev/null", "bs=1M", "status=none"], (0,)),
        "status": ([program, "status", made.finished], (0,)),
        "status, half finished": ([program, "status", made.unfinished], (0,)),
        "show -n 3": ([program, "show", "-n", 3, made.finished], (0,)),
        "show --format csv": (unread(program, "show", "--format", "csv", made.finished), (0,)),
        "best --top 3": ([program, "best", made.finished, "--top", 3, *best], (0,)),
        "verify": ([program, "verify", made.finished], (0,)),
        "start, half finished": ([*run, made.unfinished, "--quiet", "--time-limit", SHORTEST_LIMIT_S], MAY_BE_STOPPED),
        "run, finished": ([*run, made.finished], (0,)),
        "run --from one file": ([*take, "--from", made.finished], (0,)),
        "run --from two files": ([*take, *(word for half in made.halves for word in ("--from", half))], (0,)),
    }


def median(costs):
    return process_cost.Cost(*map(statistics.median, zip(*costs, strict=True)))


def measure(program, sweeps, repeats):
    """{what is measured: the median Cost of each sweep}, of commands that take turns."""
    costs = {what: [[] for _ in sweeps] for what in looks(program, sweeps[0])}
    for _ in range(repeats):
        for i, made in enumerate(sweeps):
            for what, (command, statuses) in looks(program, made).items():
                for path in (made.job.with_name(CHOSEN), made.taken):
                    path.unlink(missing_ok=True)
                costs[what][i].append(process_cost.measure(command, statuses)[0])
    return {what: [median(of_sweep) for of_sweep in found] for what, found in costs.items()}


def done_share(program, made):
    """How much of the unfinished result is done."""
    found = json.loads(whole_sweep.run([program, "status", "--format", "json", made.unfinished])[0])[0]
    return found["done"] / found["configurations"]


def ratio(cost, reference):
    """Processor times are counted in parts of a second that very short programs may not reach."""
    return cost.core_s / reference.core_s if reference.core_s > 0 else math.nan


def report(program, ranks, sweeps, costs):
    large, small = sweeps
    read = costs[READ][0]
    columns = ["core-s", "wall s", "peak MB", f"/ {small.rows:,} rows", "/ one read"]
    rows = [
        (what, [cost.core_s, cost.wall_s, cost.peak_bytes / 1e6, ratio(cost, of_small), ratio(cost, read)])
        for what, (cost, of_small) in {f"run, {ranks} ranks": [large.run, small.run], **costs}.items()
    ]
    print(machine.line(f"{os.cpu_count()} processors"))
    print(*bench_table.table(f"{large.rows:,} rows", columns, rows), "", sep="\n")
    for made in sweeps:
        size = made.finished.stat().st_size
        print(
            f"{made.rows:,} rows: {size / made.rows:.0f} bytes a row; in {made.run.writes:,} writes the run wrote "
            f"{made.run.written_bytes / size:.2f} and dirtied {made.run.dirtied_bytes / size:.2f} times the size of "
            f"the file; the half finished result is {done_share(program, made):.0%} done"
        )


def main():
    arguments = parse_arguments()
    programs.demand(arguments.build, "moonsweep")
    program = arguments.build.resolve() / "moonsweep"
    folder = (arguments.folder or arguments.build / "tests" / "bench" / "look").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = (arguments.rows, arguments.rows // SMALLER)
    sweeps = []
    try:
        for rows in numbers:
            sweeps.append(sweep(program, arguments.ranks, folder, rows))
            print(f"made the results of {rows:,} rows", file=sys.stderr, flush=True)
        costs = measure(program, sweeps, arguments.repeats)
        report(program, arguments.ranks, sweeps, costs)
    except (process_cost.ProgramFailed, whole_sweep.SweepFailed) as failure:
        sys.exit(f"bench_look: {failure}")
    finally:
        for rows in numbers:
            remove_results(folder, rows)


if __name__ == "__main__":
    main()
