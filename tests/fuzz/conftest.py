"""Fixtures for the tests of the fuzz targets: the build with sanitizers and libFuzzer, which tests/run.sh makes."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import pytest

from lib import processes


@pytest.fixture(scope="session")
def fuzz_build(source):
    """The folder with the programs replay_<target> and fuzz_<target>."""
    return source / "build-test" / "fuzz" / "tests" / "fuzz"


@pytest.fixture
def replay(fuzz_build, tmp_path):
    """Replays a folder of cases (tests/fuzz/replay.c). Each must end as its line in cases.txt says."""

    def run(target, folder):
        done = processes.run(fuzz_build / f"replay_{target}", folder, status=None, env={"TMPDIR": tmp_path})
        assert done.returncode == 0, done.stdout[-500:] + done.stderr[-5000:]

    return run
