"""A benchmark whose programs have not been built says what to build, and creates no files."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys

import pytest

FIRST_PROGRAM = {
    "bench_flush.py": "moonsweep",
    "bench_kernel.py": "tests/bench/kernel_trace",
    "bench_look.py": "moonsweep",
    "bench_peers.py": "moonsweep",
    "bench_plan.py": "moonsweep",
    "bench_report.py": "moonsweep",
    "bench_slurm.py": "moonsweep",
    "bench_sweep.py": "moonsweep",
}


@pytest.mark.parametrize("benchmark", FIRST_PROGRAM)
@pytest.mark.parametrize(
    ("existing", "configure"),
    [
        ([], "meson setup -Dtests=enabled FOLDER && "),
        (["build.ninja"], "meson configure -Dtests=enabled FOLDER && "),
        (["build.ninja", "tests/bench/"], ""),
    ],
    ids=["no build", "a build without tests", "a build"],
)
def test_a_benchmark_says_what_to_build(source, tmp_path, benchmark, existing, configure):
    build = tmp_path / "a build"
    for name in existing:
        path = build / name
        path.mkdir(parents=True) if name.endswith("/") else (path.parent.mkdir(), path.touch())
    before = list(tmp_path.rglob("*"))
    command = [sys.executable, source / "tests" / "bench" / benchmark, "--build", build]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (
        f"{benchmark}: {build / FIRST_PROGRAM[benchmark]} has not been built; build it with: "
        f"{configure}ninja -C FOLDER\n".replace("FOLDER", f"'{build}'")
    )
    assert list(tmp_path.rglob("*")) == before
