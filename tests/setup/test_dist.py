"""`meson dist` makes an archive of the sources that builds and passes its tests where there is no git checkout."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil
import sys

import pytest

from lib import SOURCE, processes, result_file, sources

# Tests that read the sources, and take a second.
QUICK = ["tests/lint/test_beginnings.py", "tests/lint/test_modules.py", "tests/docs/test_paths.py"]
QUICK += ["tests/docs/test_commands.py::test_every_document_is_read"]


def run(*command, **options):
    return processes.run(*command, **options).stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An archive made from a repository that contains the files of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    repository, build = folder / "repository", folder / "build"
    for path in sources.matching("*"):
        (repository / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / path, repository / path)
    run("git", "init", "--quiet", repository)
    run("git", "add", ".", cwd=repository)
    run(
        "git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "x", cwd=repository
    )
    run("meson", "setup", "-Dtests=disabled", build, repository)
    run("meson", "dist", "--no-tests", "--formats", "gztar", "-C", build)
    (made,) = (build / "meson-dist").glob("*.tar.gz")
    return made


@pytest.fixture
def unpacked(archive, tmp_path, monkeypatch):
    """The folder of the unpacked archive, above which git finds no repository."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    run("tar", "xf", archive, cwd=tmp_path)
    return tmp_path / archive.name.removesuffix(".tar.gz")


def test_the_program_and_its_tests_can_be_built_from_the_archive(unpacked):
    # By this path, compiler and options, ccache has what the build to be tested has compiled.
    build, job = unpacked / "build-test" / "gcc", unpacked / "jobs" / "smoke.yaml"
    run("meson", "setup", "-Dtests=enabled", "--werror", build, unpacked, env={"CC": "ccache gcc"})
    run("ninja", "-C", build, "moonsweep", "tests/unit/test_store")
    version = unpacked.name.removeprefix("moonsweep-")
    assert run(build / "moonsweep", "--version").startswith(f"moonsweep {version} (unknown)\n")
    run(build / "moonsweep", "run", job, "-o", unpacked / "out.h5")
    assert result_file.finals(unpacked / "out.h5") > 0
    run("meson", "test", "-C", build, "--no-rebuild", "store")


def test_tests_that_read_the_sources_pass_in_the_archive(unpacked):
    done = run(sys.executable, "-m", "pytest", "-c", "tests/pytest.ini", "--quiet", *QUICK, cwd=unpacked)
    assert " passed" in done and "skipped" not in done


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_all_tests_pass_in_the_archive(unpacked):
    assert run(unpacked / "tests" / "run.sh").splitlines()[-1].endswith(" passed, 0 failed")
