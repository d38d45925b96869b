#!/usr/bin/env python3
"""Measures how much of the time of all cores granted to a Slurm job is training: docs/benchmarks.md.

    bench_slurm.py [--build BUILD] [--repeats N] [--quick]

The default sweep is submitted by slurm/sweep.sbatch to a Slurm cluster that this program starts on this machine, as the
tests do. The job gets one node, whose cores are all cores of this machine. The time is from the first lease to the last
commit.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import bench_table
import default_sweep
import machine
import programs
import whole_sweep

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests"))

from slurm import cluster  # noqa: E402


class Round(NamedTuple):
    sweep_s: float  # from the first lease to the last commit
    core_s: float  # processor seconds of training, of all ranks
    trained: float  # percent of the cores' time

    @classmethod
    def of(cls, sweep, cores):
        return cls(sweep.sweep_s, sweep.core_s, 100 * sweep.core_s / (cores * sweep.sweep_s))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument("--repeats", type=int, default=3, help="number of jobs")
    parser.add_argument("--quick", action="store_true", help="few iterations, to try the benchmark itself")
    return parser.parse_args()


def measure(slurm, folder, iterations, cores):
    job = whole_sweep.write_job(folder, iterations)
    (folder / "out.h5").unlink(missing_ok=True)
    options = ["--nodes=1", f"--ntasks={cores}"]
    number = slurm.submit(SOURCE / "slurm" / "sweep.sbatch", job, "out.h5", options=options, cwd=folder)
    # Asking Slurm without pause, as the tests do, would take time from the sweep.
    while (state := slurm.show(number)["JobState"]) in cluster.NOT_ENDED:
        time.sleep(2)
    log = cluster.log_of(folder, number)
    if state != "COMPLETED":
        raise whole_sweep.SweepFailed(f"the job ended with the state {state}:\n{log}")
    return Round.of(whole_sweep.summarized(log, 0, {}), cores)


def report(rounds, cores):
    columns = ["wall s", "core-s of training", "trained %"]
    rows = [(f"job {i + 1}", list(one)) for i, one in enumerate(rounds)]
    print(machine.line(f"{cores} cores"))
    print(*bench_table.table("default sweep under Slurm", columns, rows), "", sep="\n")
    print(f"training, of the time of all granted cores: {statistics.median(one.trained for one in rounds):.1f}%")


def main():
    arguments = parse_arguments()
    programs.demand(arguments.build, "moonsweep")
    iterations = default_sweep.QUICK_ITERATIONS if arguments.quick else default_sweep.ITERATIONS
    cores = whole_sweep.cores()
    rounds = []
    with (
        tempfile.TemporaryDirectory(prefix="ms-bench.") as folder,
        cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp"), cores=cores) as slurm,
    ):
        slurm.environment["MOONSWEEP_PROGRAM"] = str(arguments.build.resolve() / "moonsweep")
        try:
            for _ in range(arguments.repeats):
                rounds.append(measure(slurm, Path(folder), iterations, cores))
                print(f"measured job {len(rounds)} of {arguments.repeats}", file=sys.stderr, flush=True)
        except whole_sweep.SweepFailed as failure:
            sys.exit(f"bench_slurm: {failure}")
    report(rounds, cores)


if __name__ == "__main__":
    main()
