"""Fixtures: result files made in Python, and the program if there is one."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import result_file


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of the other kinds of tests."""
    parser.addoption("--long", action="store_true", help="also run the long tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects the long tests without --long."""
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if not item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)


@pytest.fixture(scope="session")
def _finished_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of the finished default file, which is made once."""
    return result_file.write(tmp_path_factory.mktemp("finished") / "out.h5").read_bytes()


@pytest.fixture
def finished(tmp_path: Path, _finished_bytes: bytes) -> Path:
    """A finished result of 24 configurations, copied for each test."""
    path = tmp_path / "out.h5"
    path.write_bytes(_finished_bytes)
    return path


@pytest.fixture(scope="session")
def program() -> str:
    """The program $MOONSWEEP_PROGRAM. Tests are skipped if it is not set."""
    named = os.environ.get("MOONSWEEP_PROGRAM")
    if named is None:
        pytest.skip("MOONSWEEP_PROGRAM is not set: files written by the program are not tested")
    return named


@pytest.fixture(scope="session")
def run_program(program: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program, which must succeed."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = [program, *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=3600, check=False)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture(scope="session", params=["float64", "float32"])
def swept(
    request: pytest.FixtureRequest,
    run_program: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A file written by the program, with a configuration that diverges, in both precisions."""
    folder = tmp_path_factory.mktemp("swept")
    job = folder / "job.yaml"
    job.write_text(
        "name: tiny\n"
        "data: {moons: {samples: 200, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n"
        "grid:\n"
        "  n_h: [1, 3]\n"
        "  activation: [tanh, sigmoid, relu]\n"
        "  learning_rate: [0.5, 1.0e+6]\n"
        "  iterations: [20, 300]\n"
        f"precision: {request.param}\n"
    )
    run_program("run", job, "-o", folder / "out.h5")
    return folder / "out.h5"


@pytest.fixture
def result_of(
    run_program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[[str], Path]:
    """Runs the program on a job, given as YAML, and returns tmp_path/out.h5."""

    def make(job: str) -> Path:
        (tmp_path / "job.yaml").write_text(job)
        run_program("run", tmp_path / "job.yaml", "-o", tmp_path / "out.h5", "-q")
        return tmp_path / "out.h5"

    return make


@pytest.fixture
def sweep_of(result_of: Callable[[str], Path]) -> Callable[[str], Path]:
    """The same for a grid, given as YAML, with 60 samples."""

    def make(grid: str) -> Path:
        return result_of(
            "name: small\n"
            "data: {moons: {samples: 60, noise: 0.2, seed: 0}, dev_fraction: 0.25, split_seed: 1}\n"
            f"grid: {grid}\n"
        )

    return make
