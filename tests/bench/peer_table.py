"""The programs that moonsweep is compared with: how each is started, and under which settings. What each is:
docs/benchmarks.md."""

import os
from pathlib import Path
from typing import NamedTuple

PEERS = Path(__file__).resolve().parent / "peers"

# One thread each, whatever would start more; no compiling beside it.
ONE_THREAD = {
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
    settings: dict = KEEPING_MEMORY

    def command(self, build, python, job, data):
        """How it is started: python is the environment's, job a job file, data what `moonsweep data` makes of it."""
        if self.program.endswith(".py"):
            return [python, PEERS / self.program, data, *self.options]
        return [build / "tests" / "bench" / self.program, job]

    def environment(self, cache):
        """Its environment variables; what is compiled stays in the folder cache."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
        return {**kept, **ONE_THREAD, "TORCHINDUCTOR_CACHE_DIR": str(cache), **self.settings}


# moonsweep is what the others are compared with.
TABLE = [
    Peer("moonsweep", "moonsweep", "peer_moonsweep"),
    Peer("c", "straightforward C", "peer_straightforward"),
    Peer("numpy", "NumPy, the article's way", "peer_numpy.py", settings={}),
    Peer("numpy-kept", "NumPy, memory kept", "peer_numpy.py"),
    Peer("torch", "PyTorch, hand-derived, eager", "peer_torch.py"),
    Peer("torch-compile", "PyTorch, hand-derived, compiled", "peer_torch.py", ("--compile",)),
    Peer("jax", "JAX, value_and_grad", "peer_jax.py"),
    Peer("jax-hand", "JAX, hand-derived", "peer_jax.py", ("--hand-derived",)),
    Peer("jax-vmap", "JAX, value_and_grad, vmap", "peer_jax.py", ("--vmap",), at_once=True),
    Peer("jax-hand-vmap", "JAX, hand-derived, vmap", "peer_jax.py", ("--hand-derived", "--vmap"), at_once=True),
    Peer("jax-wide", "JAX, hand-derived, vmap, 512 bits", "peer_jax.py", ("--hand-derived", "--vmap"), at_once=True,
         settings={**KEEPING_MEMORY, **WIDE_VECTORS}),
    Peer("sklearn", "scikit-learn, MLPClassifier", "peer_sklearn.py"),
    Peer("fann", "FANN, batch", "peer_fann.py", compared=False),
]  # fmt: skip
BY_KEY = {peer.key: peer for peer in TABLE}
