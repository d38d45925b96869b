"""tools/setup.sh and tools/venv.sh install only what is missing, and name it if they cannot."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import subprocess

import pytest


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with a few basic tools, without a compiler or package manager."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ["bash", "env", "sed", "grep", "id", "mktemp"]:
        where = subprocess.run(["which", tool], capture_output=True, text=True, check=True).stdout.strip()
        (folder / tool).symlink_to(os.path.realpath(where))
    return folder


def test_checking_a_complete_installation_is_quick_and_silent(source, processor_seconds):
    before = processor_seconds()
    done = subprocess.run([source / "tools" / "setup.sh", "build", "test"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert processor_seconds() - before < 10  # about 1 s on a fast machine, mostly of gcc


def test_without_a_package_manager_the_missing_packages_are_named(source, bare_path):
    # The script adds the daemons' folders to the PATH, which are those of the host.
    command = ["bash", source / "tools" / "setup.sh", "build"]
    done = subprocess.run(command, env={"PATH": str(bare_path)}, capture_output=True, text=True)
    assert done.returncode == 69
    for package in ["gcc", "meson", "libopenmpi-dev", "libhdf5-dev", "libyaml-dev"]:
        assert f"    {package}\n" in done.stderr


@pytest.mark.parametrize("words", [[], ["no-such-purpose"]])
def test_a_purpose_must_be_named_and_known(source, words):
    assert subprocess.run([source / "tools" / "setup.sh", *words], capture_output=True).returncode == 64


def test_an_environment_is_made_again_only_when_its_list_changes(source, tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# nothing\n")
    command = [source / "tools" / "venv.sh", tmp_path / "venv", requirements]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    requirements.write_text("# still nothing\n")
    changed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "making" in made.stderr and again.stderr == "" and "making" in changed.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_a_failed_installation_of_an_environment_is_repeated(source, tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"{tmp_path}/no-such-package.whl\n")
    command = [source / "tools" / "venv.sh", tmp_path / "venv", requirements]
    for _ in range(2):
        assert subprocess.run(command, capture_output=True).returncode == 69
