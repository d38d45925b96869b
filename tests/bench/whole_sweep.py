"""Runs whole sweeps on several cores: moonsweep, straightforward C, and NumPy with mpi4py's MPIPoolExecutor.

Each trains the default sweep for some iteration counts and returns a Sweep. Costs are {(activation, n_h, learning
rate, iterations): the cost before the last update}.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import csv
import io
import re
import struct
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import bench_table
import default_sweep

SOURCE = Path(__file__).resolve().parents[2]
SUMMARY = re.compile(
    r"^(?P<sweep>[\d.]+) s on \d+ \w+: (?P<iterations>\d+) iterations, (?P<core>[\d.]+) core-seconds of training, "
    r"the cores trained (?P<share>[\d.]+)% of the time$",
    re.MULTILINE,
)


class SweepFailed(Exception):
    """A program ended with an error, or did not print its summary."""


class Sweep(NamedTuple):
    wall_s: float  # of the whole command
    sweep_s: float  # from the first to the last training, as the program reports
    core_s: float  # seconds of training, over all cores
    share: float  # percent of the cores' time in which they trained
    costs: dict


def run(command, **options):
    """Runs a program that must succeed. Returns its standard output, its standard error and the wall seconds."""
    command = [str(word) for word in command]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        raise SweepFailed(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout, done.stderr, elapsed


def cores():
    """The number of cores to train on."""
    return int(run([SOURCE / "tools" / "cores.sh"])[0])


def launch(ranks, *command):
    return [SOURCE / "tools" / "launch.sh", ranks, *command]


def summarized(output, wall_s, costs):
    """The Sweep of a program that printed the summary of `moonsweep run`."""
    found = SUMMARY.search(output)
    if not found:
        raise SweepFailed(f"the program printed no summary:\n{output}")
    return Sweep(wall_s, float(found["sweep"]), float(found["core"]), float(found["share"]), costs)


def write_job(folder, iterations):
    path = folder / "job.yaml"
    path.write_text(default_sweep.job(iterations), encoding="ascii")
    return path


def moonsweep(build, folder, iterations, ranks, detects_cycles=False):
    """detects_cycles: as in an ordinary run, iterations whose results are known are not computed."""
    job, result = write_job(folder, iterations), folder / "out.h5"
    result.unlink(missing_ok=True)
    options = [] if detects_cycles else ["--no-cycle-detection"]
    _, output, wall_s = run(launch(ranks, build / "moonsweep", "run", *options, job, "-o", result))
    listed, _, _ = run([build / "moonsweep", "show", result, "--format", "csv"])
    costs = {}
    for row in csv.DictReader(io.StringIO(listed)):
        case = row["activation"], int(row["n_h"]), float(row["learning_rate"]), int(row["iterations"])
        costs[case] = float(row["final_cost"])
    return summarized(output, wall_s, costs)


def straightforward(build, folder, iterations, processes):
    job, result = write_job(folder, iterations), folder / "out.f64"
    command = [build / "tests" / "bench" / "straightforward_sweep", job, result, processes]
    _, output, wall_s = run(command)
    return summarized(output, wall_s, straightforward_costs(result, iterations))


def straightforward_costs(path, iterations):
    """Reads the costs from a file of straightforward_sweep, whose layout straightforward_sweep.c describes."""
    costs, history = {}, max(iterations)
    with open(path, "rb") as file:
        for n_h in default_sweep.N_H:
            for activation in default_sweep.ACTIVATIONS:
                for rate in default_sweep.RATES:
                    values = struct.unpack(f"={history}d", file.read(8 * history))
                    file.seek(8 * len(iterations) * (4 * n_h + 1), 1)
                    costs |= {(activation, n_h, rate, count): values[count - 1] for count in iterations}
    return costs


def pool(python, environment, data, iterations, processes):
    """Wall seconds and costs of NumPy's networks on a number of training processes; one more distributes the tasks."""
    script = Path(__file__).resolve().parent / "peers" / "pool_numpy.py"
    command = launch(processes + 1, python, "-m", "mpi4py.futures", script, data, iterations)
    output, _, wall_s = run(command, env=environment)
    costs = {}
    for line in output.splitlines():
        activation, n_h, rate, cost = line.split()
        costs[activation, int(n_h), float(rate), iterations] = float(cost)
    return wall_s, costs


def check(name, costs, moonsweep_costs):
    """Checks costs against moonsweep's at the rates where rounding does not matter (default_sweep.STEADY_RATES)."""
    for (activation, n_h, rate, iterations), expected in moonsweep_costs.items():
        if rate in default_sweep.STEADY_RATES:
            cost = costs.get((activation, n_h, rate, iterations))
            what = f"{activation} n_h {n_h} after {iterations} iterations"
            bench_table.check_costs(name, what, {} if cost is None else {rate: cost}, {rate: expected})
