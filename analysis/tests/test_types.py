"""The types of the package fit together, and programs that use it are checked against them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import subprocess
import sys
from pathlib import Path

import pytest

ANALYSIS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("types")


def check(cache: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Runs the type checker, with the settings of pyproject.toml."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", cache, *words]
    return subprocess.run(list(map(str, command)), cwd=ANALYSIS, capture_output=True, text=True, check=False)


def test_the_type_checker_finds_nothing(cache: Path) -> None:
    done = check(cache)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_finds_what_is_wrong_in_a_program_that_uses_the_package(cache: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text('import moonsweep\n\nmoonsweep.open("out.h5").cost_of("126")\n')
    done = check(cache, program)
    assert done.returncode == 1
    expected = 'program.py:3: error: Argument 1 to "cost_of" of "Sweep" has incompatible type "str"'
    assert expected in done.stdout
