#!/usr/bin/env python3
"""Compares the time per iteration with other programs that train the same networks: docs/benchmarks.md.

    bench_peers.py [--build BUILD] [--repeats N] [--iterations N] [--only PEER,...] [--clock wall|processor] [--quick]

All programs run as separate processes on the same core. For each network they train in turns, for several rounds, and
the tables show medians of processor times. The benchmark fails if costs differ from moonsweep's, and prints no tables
if other programs use the machine meanwhile. At the end, a whole set of networks is trained on all cores by moonsweep
and by NumPy with mpi4py's MPIPoolExecutor.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import json
import os
import platform
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import bench_table
import default_sweep
import machine
import programs
import whole_sweep
from peer_process import PeerFailed, PeerProcess
from peer_table import BY_KEY, TABLE

SOURCE = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).resolve().parent / "peers-requirements.txt"

LEAST_ROUNDS = 15  # with fewer, medians of two comparisons may differ by several percent
QUIET = 0.1  # other programs may use so many cores, on average
LEAST_S = 0.05  # the shortest turn: shorter runs are repeated
RATE = 0.1  # used to time programs that train one network at a time
POOL_TURNS = 3


class Inputs(NamedTuple):
    """The files that are created before anything is measured."""

    folder: Path
    python: Path  # interpreter of the environment for the Python peers
    job: Path
    data: Path


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=SOURCE / "build", help="the build folder")
    parser.add_argument(
        "--repeats", type=int, default=LEAST_ROUNDS, help="rounds of the comparison (at least %(default)s)"
    )
    parser.add_argument("--iterations", type=int, default=1000, help="iterations per run")
    parser.add_argument("--pool-iterations", type=int, default=5000, help="iterations on all cores; 0 skips this part")
    parser.add_argument("--only", help="peers, separated by commas: " + ", ".join(BY_KEY))
    parser.add_argument("--clock", choices=["wall", "processor"], default="processor",
                        help="the time that is compared (%(default)s)")  # fmt: skip
    parser.add_argument("--quick", action="store_true",
                        help="one round, few networks, on any machine, to try the benchmark itself")  # fmt: skip
    arguments = parser.parse_args()
    arguments.n_h = default_sweep.N_H
    if arguments.repeats < LEAST_ROUNDS and not arguments.quick:
        parser.error(f"--repeats is {arguments.repeats}; it must be at least {LEAST_ROUNDS}, or use --quick")
    if arguments.quick:
        arguments.repeats, arguments.n_h, arguments.pool_iterations = 1, (1, 10), min(arguments.pool_iterations, 200)
    chosen = arguments.only.split(",") if arguments.only else list(BY_KEY)
    if unknown := [key for key in chosen if key not in BY_KEY]:
        parser.error(f"there is no peer {unknown[0]}")
    wanted = {"moonsweep", *chosen, *(BY_KEY[key].reference for key in chosen)}
    arguments.peers = [peer for peer in TABLE if peer.key in wanted and (machine.has_avx2() or "avx2" not in peer.key)]
    return arguments


def demand_quiet(arguments, when, others):
    """Ends the benchmark if other programs use so many cores that figures would not say anything."""
    if others > QUIET and not arguments.quick:
        sys.exit(
            f"bench_peers: other programs used {others:.2f} cores of this machine {when}, so that no comparison is "
            "made; run it on a quiet machine (--quick tries the benchmark itself)"
        )


def make_inputs(arguments):
    folder = arguments.build / "tests" / "bench" / "peers"
    inputs = Inputs(folder, folder / "venv" / "bin" / "python", folder / "job.yaml", folder / "data.csv")
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.pool_iterations or any(peer.is_python for peer in arguments.peers):
        print("installing missing peers", file=sys.stderr, flush=True)
        whole_sweep.run([SOURCE / "tools" / "setup.sh", "bench"])
        whole_sweep.run([SOURCE / "tools" / "venv.sh", folder / "venv", REQUIREMENTS])
    inputs.job.write_text(default_sweep.job(), encoding="ascii")
    whole_sweep.run([arguments.build / "moonsweep", "data", inputs.job, "-o", inputs.data])
    return inputs


def start_peers(arguments, inputs, stack):
    """Starts the peers: {key: PeerProcess}. They end with the stack."""
    return {
        peer.key: stack.enter_context(
            PeerProcess(
                peer.title,
                peer.command(arguments.build, inputs.python, inputs.job, inputs.data),
                peer.environment(inputs.folder / "torch-cache"),
                inputs.folder / f"{peer.key}.log",
            )
        )
        for peer in arguments.peers
    }


def steady_costs(moonsweep, activation, n_h, iterations):
    """moonsweep's last costs at the learning rates at which costs can be compared."""
    costs = {}
    for rate in default_sweep.STEADY_RATES:
        costs |= moonsweep.train(activation, n_h, [rate], iterations, 0).costs
    return costs


def take_turn(arguments, peer, process, case, least_s, steady):
    """Checks the costs of one network and returns the seconds per iteration."""
    rates = default_sweep.RATES if peer.at_once else [RATE]
    answer = process.train(*case, rates, arguments.iterations, least_s)
    if peer.compared:
        expected = {rate: cost for rate, cost in steady.items() if rate in rates}
        bench_table.check_costs(peer.title, f"{case[0]} n_h {case[1]}", answer.costs, expected)
    seconds = answer.seconds if arguments.clock == "wall" else answer.processor_seconds
    return seconds / (arguments.iterations * len(rates))


def measure(arguments, running):
    """Trains every network in turns: {peer's title: {(activation, n_h): [seconds per iteration]}}."""
    samples = {peer.title: {} for peer in arguments.peers}
    for case in [(activation, n_h) for activation in default_sweep.ACTIVATIONS for n_h in arguments.n_h]:
        steady = steady_costs(running["moonsweep"], *case, arguments.iterations)
        for turn in range(1 + arguments.repeats):
            for peer in arguments.peers:
                # Programs compile in the first round, which does not count.
                seconds = take_turn(arguments, peer, running[peer.key], case, LEAST_S if turn else 0, steady)
                if turn:
                    samples[peer.title].setdefault(case, []).append(seconds)
        print("measured {} n_h {}".format(*case), file=sys.stderr, flush=True)
    return samples


def measure_pool(arguments, inputs):
    """Trains the same networks on all cores. Returns the number of cores and {program: [wall seconds]}."""
    cores = whole_sweep.cores()
    iterations = arguments.pool_iterations
    environment = BY_KEY["numpy-kept"].environment(inputs.folder)
    walls = {"moonsweep, mpirun": [], "NumPy, MPIPoolExecutor": []}
    for _ in range(min(arguments.repeats, POOL_TURNS)):
        ours = whole_sweep.moonsweep(arguments.build, inputs.folder, [iterations], cores)
        wall_s, costs = whole_sweep.pool(inputs.python, environment, inputs.data, iterations, cores)
        whole_sweep.check("NumPy, MPIPoolExecutor", costs, ours.costs)
        for found, seconds in zip(walls.values(), (ours.wall_s, wall_s)):
            found.append(seconds)
    return cores, walls


def medians(samples):
    """{peer's title: {(activation, n_h): microseconds per iteration}}"""
    return {
        title: {case: statistics.median(found) * 1e6 for case, found in cases.items()}
        for title, cases in samples.items()
    }


def rounds_of(cases):
    """The microseconds per iteration of a peer in each round: [{(activation, n_h): microseconds}]"""
    return [
        dict(zip(cases, (seconds * 1e6 for seconds in one_round), strict=True))
        for one_round in zip(*cases.values(), strict=True)
    ]


def compared_with(arguments, reference):
    """The titles of the peers that are compared with one, which is the first of them."""
    others = [peer.title for peer in arguments.peers if peer.reference == reference and peer.key != reference]
    return [BY_KEY[reference].title, *others]


def print_tables(arguments, descriptions, samples, pool):
    for title, description in descriptions.items():
        print(f"{title}: {description}")
    rounds = f"{arguments.repeats} rounds of {arguments.iterations} iterations"
    print(f"on {machine.processor()}, {rounds}, {arguments.clock} clock\n")
    times = medians(samples)
    for reference in dict.fromkeys(peer.reference for peer in arguments.peers):
        titles = compared_with(arguments, reference)
        print(*bench_table.times_tables({title: times[title] for title in titles}), sep="\n")
        if arguments.n_h == default_sweep.N_H:
            print(*bench_table.sweep_table({title: rounds_of(samples[title]) for title in titles}), "", sep="\n")
    if pool:
        cores, walls = pool
        seconds = {name: statistics.median(found) for name, found in walls.items()}
        ours = next(iter(seconds.values()))
        title = f"105 networks, {arguments.pool_iterations} iterations, {cores} cores"
        rows = [(name, [wall_s, wall_s / ours]) for name, wall_s in seconds.items()]
        print("", *bench_table.table(title, ["wall seconds", "times moonsweep's"], rows), sep="\n")


def write_figures(arguments, descriptions, samples, pool, others):
    """Writes all measurements as JSON and returns the path. others: cores that other programs used before, while and
    after programs were compared."""
    figures = {
        "processor": machine.processor(),
        "cores_of_others": dict(zip(("before", "meanwhile", "after"), others, strict=True)),
        "python": platform.python_version(),
        "clock": arguments.clock,
        "iterations": arguments.iterations,
        "peers": [
            {
                "name": title,
                "description": descriptions[title],
                "networks": [
                    {"activation": activation, "n_h": n_h, "seconds_per_iteration": found}
                    for (activation, n_h), found in cases.items()
                ],
            }
            for title, cases in samples.items()
        ],
    }
    if pool:
        cores, walls = pool
        figures["pool"] = {"cores": cores, "iterations": arguments.pool_iterations, "wall_seconds": walls}
    path = arguments.build / "tests" / "bench" / "peers.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return path


def train_in_turns(arguments, inputs):
    """Returns {peer's title: description}, the samples of measure(), and the cores that others used meanwhile."""
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(processors)})  # inherited by every process started below
    with ExitStack() as stack:
        running = start_peers(arguments, inputs, stack)
        before, own_s = machine.Use.now(), sum(process.processor_seconds() for process in running.values())
        samples = measure(arguments, running)
        own_s = sum(process.processor_seconds() for process in running.values()) - own_s
        others = before.others_until(machine.Use.now(), own_s)
        descriptions = {process.name: process.description for process in running.values()}
    os.sched_setaffinity(0, processors)
    return descriptions, samples, others


def compare(arguments):
    names = sorted({peer.program for peer in arguments.peers if not peer.is_python})
    programs.demand(arguments.build, "moonsweep", *(f"tests/bench/{name}" for name in names))
    before = machine.others()
    demand_quiet(arguments, "before it began", before)
    inputs = make_inputs(arguments)
    descriptions, samples, meanwhile = train_in_turns(arguments, inputs)
    after = machine.others()
    pool = measure_pool(arguments, inputs) if arguments.pool_iterations else None
    path = write_figures(arguments, descriptions, samples, pool, (before, meanwhile, after))
    demand_quiet(arguments, f"meanwhile (all figures: {path})", max(meanwhile, after))
    print_tables(arguments, descriptions, samples, pool)
    print(f"\ncores of other programs: {before:.2f} before, {meanwhile:.2f} meanwhile, {after:.2f} after")
    print(f"all figures: {path}")


def main():
    try:
        compare(parse_arguments())
    except (PeerFailed, whole_sweep.SweepFailed, bench_table.Disagreement) as failure:
        sys.exit(f"bench_peers: {failure}")


if __name__ == "__main__":
    main()
