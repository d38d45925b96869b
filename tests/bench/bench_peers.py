#!/usr/bin/env python3
"""How long an iteration takes here and in other programs that train the same networks: docs/benchmarks.md.

    bench_peers.py --build BUILD [--repeats N] [--iterations N] [--only PEER,...] [--clock wall|processor] [--quick]

Every program is a process of its own on the same single core. For each network they train in turns, several rounds of
them; what is shown are medians. Costs must agree with moonsweep's, or the benchmark fails. At the end a whole set of
networks is trained on all cores by moonsweep and by NumPy under mpi4py's MPIPoolExecutor.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import bench_table
import default_sweep
import whole_sweep
from peer_process import PeerFailed, PeerProcess
from whole_sweep import SweepFailed

SOURCE = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).resolve().parent / "peers"

LEAST_S = 0.05  # a turn takes at least so long: short runs are repeated
RATE = 0.1  # at which programs that train one network at a time are timed

# One thread each, whatever would start more; no compiling beside it.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}
# They would force the matrix products of OpenBLAS to another processor's code.
NOT_WANTED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# The C library keeps what is freed; else it gives arrays over 128 kB back at every operation, and each costs page
# faults. PyTorch's tuning guide advises an allocator that keeps memory; here it is for everybody.
KEEPING_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 28), "MALLOC_TRIM_THRESHOLD_": str(1 << 28)}
# XLA prefers 256 bits otherwise.
WIDE_VECTORS = {"XLA_FLAGS": "--xla_cpu_prefer_vector_width=512"}


class Peer(NamedTuple):
    key: str
    title: str
    program: str  # in C, of the build, or in Python, of peers/
    options: tuple = ()
    at_once: bool = False  # trains all learning rates at once
    compared: bool = True  # computes the same: its costs must agree
    environment: dict = KEEPING_MEMORY


TABLE = [
    Peer("moonsweep", "moonsweep", "peer_moonsweep"),
    Peer("c", "straightforward C", "peer_straightforward"),
    Peer("numpy", "NumPy, the article's way", "peer_numpy.py", environment={}),
    Peer("numpy-kept", "NumPy, memory kept", "peer_numpy.py"),
    Peer("torch", "PyTorch, hand-derived, eager", "peer_torch.py"),
    Peer("torch-compile", "PyTorch, hand-derived, compiled", "peer_torch.py", ("--compile",)),
    Peer("jax", "JAX, value_and_grad", "peer_jax.py"),
    Peer("jax-hand", "JAX, hand-derived", "peer_jax.py", ("--hand-derived",)),
    Peer("jax-vmap", "JAX, value_and_grad, vmap", "peer_jax.py", ("--vmap",), at_once=True),
    Peer("jax-hand-vmap", "JAX, hand-derived, vmap", "peer_jax.py", ("--hand-derived", "--vmap"), at_once=True),
    Peer(
        "jax-wide", "JAX, hand-derived, vmap, 512 bits", "peer_jax.py", ("--hand-derived", "--vmap"),
        at_once=True, environment={**KEEPING_MEMORY, **WIDE_VECTORS},
    ),
    Peer("sklearn", "scikit-learn, MLPClassifier", "peer_sklearn.py"),
    Peer("fann", "FANN, batch", "peer_fann.py", compared=False),
]  # fmt: skip


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, help="the build folder")
    parser.add_argument("--repeats", type=int, default=7, help="rounds of turns")
    parser.add_argument("--iterations", type=int, default=1000, help="a run's iterations")
    parser.add_argument("--pool-iterations", type=int, default=5000, help="iterations on all cores; 0: leave it out")
    parser.add_argument("--only", help="peers, separated by commas: " + ", ".join(peer.key for peer in TABLE))
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall",
                        help="processor: on a machine where others work too")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="one round, few networks: to try the benchmark itself")
    arguments = parser.parse_args()
    arguments.n_h = default_sweep.N_H
    if arguments.quick:
        arguments.repeats, arguments.n_h, arguments.pool_iterations = 1, (1, 10), min(arguments.pool_iterations, 200)
    known = {peer.key: peer for peer in TABLE}
    chosen = arguments.only.split(",") if arguments.only else list(known)
    if unknown := [key for key in chosen if key not in known]:
        parser.error(f"there is no peer {unknown[0]}")
    # moonsweep is what the others are compared with.
    arguments.peers = [peer for peer in TABLE if peer.key in {"moonsweep", *chosen}]
    return arguments


def environment(peer, folder):
    kept = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
    cache = {"TORCHINDUCTOR_CACHE_DIR": str(folder / "torch-cache")}
    return {**kept, **ENVIRONMENT, **cache, **peer.environment}


def command(peer, arguments, python, job, data):
    if peer.program.endswith(".py"):
        return [python, PEERS / peer.program, data, *peer.options]
    return [arguments.build / "tests" / "bench" / peer.program, job]


def check(peer, answer, what, moonsweep):
    if peer.compared:
        steady = {rate: cost for rate, cost in moonsweep.items() if rate in answer.costs}
        bench_table.check_costs(peer.title, what, answer.costs, steady)


def measure(arguments, running):
    """Trains every network in turns: {peer's title: {(activation, n_h): [seconds an iteration]}}."""
    samples = {peer.title: {} for peer in arguments.peers}
    for activation in default_sweep.ACTIVATIONS:
        for n_h in arguments.n_h:
            what = f"{activation} n_h {n_h}"
            costs = {}  # moonsweep's, at the rates where they can be compared
            for rate in default_sweep.STEADY_RATES:
                costs |= running["moonsweep"].train(activation, n_h, [rate], arguments.iterations, 0).costs
            for turn in range(arguments.repeats + 1):
                for peer in arguments.peers:
                    rates = default_sweep.RATES if peer.at_once else [RATE]
                    # In the first round, which does not count, programs compile.
                    least_s = LEAST_S if turn > 0 else 0
                    answer = running[peer.key].train(activation, n_h, rates, arguments.iterations, least_s)
                    check(peer, answer, what, costs)
                    seconds = answer.seconds if arguments.clock == "wall" else answer.processor_seconds
                    if turn > 0:
                        found = samples[peer.title].setdefault((activation, n_h), [])
                        found.append(seconds / (arguments.iterations * len(rates)))
            print(f"measured {what}", file=sys.stderr, flush=True)
    return samples


def medians(samples):
    """{peer's title: {(activation, n_h): microseconds an iteration}}"""
    return {
        title: {case: statistics.median(found) * 1e6 for case, found in cases.items()}
        for title, cases in samples.items()
    }


def measure_pool(arguments, python, data, folder):
    """The same networks on all cores: wall seconds of moonsweep and of NumPy's pool, medians of three turns."""
    cores = int(whole_sweep.run([SOURCE / "tools" / "cores.sh"])[0])
    walls = {"moonsweep, mpirun": [], "NumPy, MPIPoolExecutor": []}
    numpy = next(peer for peer in TABLE if peer.key == "numpy-kept")
    for _ in range(min(arguments.repeats, 3)):
        ours = whole_sweep.moonsweep(arguments.build, folder, [arguments.pool_iterations], cores)
        wall_s, costs = whole_sweep.pool(
            python, environment(numpy, folder), data, arguments.pool_iterations, cores
        )
        whole_sweep.check("NumPy, MPIPoolExecutor", costs, ours.costs)
        for found, seconds in zip(walls.values(), (ours.wall_s, wall_s)):
            found.append(seconds)
    return cores, {name: statistics.median(found) for name, found in walls.items()}


def processor_name():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")


def report(arguments, descriptions, samples, pool):
    """Prints the tables, and writes everything that was measured as JSON."""
    times = medians(samples)
    for title, description in descriptions.items():
        print(f"{title}: {description}")
    print(f"on {processor_name()}, {arguments.repeats} rounds of {arguments.iterations} iterations, "
          f"{arguments.clock} clock\n")  # fmt: skip
    print("\n".join(bench_table.times_tables(times)))
    complete = arguments.n_h == default_sweep.N_H
    if complete:
        print("\n".join(bench_table.sweep_table(times)))
    if pool:
        cores, walls = pool
        first = next(iter(walls.values()))
        title = f"105 networks, {arguments.pool_iterations} iterations, {cores} cores"
        rows = [(name, [wall_s, wall_s / first]) for name, wall_s in walls.items()]
        print("", *bench_table.table(title, ["wall seconds", "times moonsweep's"], rows), sep="\n")
    figures = {
        "processor": processor_name(),
        "python": platform.python_version(),
        "clock": arguments.clock,
        "iterations": arguments.iterations,
        "peers": [
            {
                "name": title,
                "description": descriptions[title],
                "default_sweep_core_seconds": bench_table.sweep_core_seconds(times[title]) if complete else None,
                "networks": [
                    {"activation": activation, "n_h": n_h, "microseconds": times[title][activation, n_h],
                     "seconds_an_iteration": found}
                    for (activation, n_h), found in samples[title].items()
                ],
            }
            for title in times
        ],
        "pool": {"cores": pool[0], "iterations": arguments.pool_iterations, "wall_seconds": pool[1]} if pool else None,
    }  # fmt: skip
    path = arguments.build / "tests" / "bench" / "peers.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"\nall figures: {path}")


def measured(arguments):
    """Sets everything up and measures: descriptions, samples, pool."""
    folder = arguments.build / "tests" / "bench" / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    print("making sure that all peers are there", file=sys.stderr, flush=True)
    whole_sweep.run([SOURCE / "tools" / "setup.sh", "bench"])
    whole_sweep.run([SOURCE / "tools" / "venv.sh", folder / "venv", Path(__file__).with_name("peers-requirements.txt")])
    python = folder / "venv" / "bin" / "python"
    job, data = whole_sweep.write_job(folder, default_sweep.ITERATIONS), folder / "data.csv"
    whole_sweep.run([arguments.build / "moonsweep", "data", job, "-o", data])

    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(all_cores)})  # for every process started from here on
    with contextlib.ExitStack() as stack:
        running = {
            peer.key: stack.enter_context(
                PeerProcess(peer.title, command(peer, arguments, python, job, data), environment(peer, folder),
                            folder / f"{peer.key}.log")
            )
            for peer in arguments.peers
        }  # fmt: skip
        samples = measure(arguments, running)
        descriptions = {process.name: process.description for process in running.values()}
    os.sched_setaffinity(0, all_cores)
    pool = measure_pool(arguments, python, data, folder) if arguments.pool_iterations else None
    return descriptions, samples, pool


def main():
    arguments = parse_arguments()
    try:
        report(arguments, *measured(arguments))
    except (PeerFailed, SweepFailed, bench_table.Disagreement) as failure:
        sys.exit(f"bench_peers: {failure}")


if __name__ == "__main__":
    main()
