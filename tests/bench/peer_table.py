"""The programs that moonsweep is compared with, and how each is started. docs/benchmarks.md describes them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
from pathlib import Path
from typing import NamedTuple

PEERS = Path(__file__).resolve().parent / "peers"

# One thread each, also for libraries that start several by default, and no compilation in parallel.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}
# These would force the matrix products of OpenBLAS to use the code for another processor.
REMOVED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# The C library keeps freed memory. By default it returns arrays over 128 kB to the system after every operation, and
# each new one causes page faults. PyTorch's tuning guide recommends an allocator that keeps memory; here all peers do.
KEEPING_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 28), "MALLOC_TRIM_THRESHOLD_": str(1 << 28)}
# AVX2 alone, as on processors without AVX-512.
ONLY_AVX2 = {"MOONSWEEP_ISA": "avx2"}
# By default, XLA prefers 256 bits.
WIDE_VECTORS = {"XLA_FLAGS": "--xla_cpu_prefer_vector_width=512"}


class Peer(NamedTuple):
    key: str
    title: str
    program: str  # a C program of the build, or a Python program of peers/
    options: tuple = ()
    at_once: bool = False  # trains all learning rates at once
    compared: bool = True  # its costs must agree with moonsweep's
    settings: dict = KEEPING_MEMORY
    reference: str = "moonsweep"  # the key of the peer with which it is compared

    @property
    def is_python(self):
        return self.program.endswith(".py")

    def command(self, build, python, job, data):
        """The command to start it. python: the interpreter; job: a job file; data: its output of `moonsweep data`."""
        if self.is_python:
            return [python, PEERS / self.program, data, *self.options]
        return [build / "tests" / "bench" / self.program, job]

    def environment(self, cache):
        """Its environment variables. Compiled code is stored in the folder cache."""
        kept = {name: value for name, value in os.environ.items() if name not in REMOVED}
        return {**kept, **ONE_THREAD, "TORCHINDUCTOR_CACHE_DIR": str(cache), **self.settings}


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
    Peer("moonsweep-avx2", "moonsweep, AVX2 alone", "peer_moonsweep", settings={**KEEPING_MEMORY, **ONLY_AVX2},
         reference="moonsweep-avx2"),
    Peer("c-avx2", "straightforward C, AVX2 alone", "peer_straightforward_avx2", reference="moonsweep-avx2"),
]  # fmt: skip
BY_KEY = {peer.key: peer for peer in TABLE}
