"""`meson install` installs everything that other programs need."""

import re
import shlex

import pytest

from lib import processes

USER = """\
#include <moonsweep/reader.h>
#include <moonsweep/version.h>
#include <stdio.h>

int main(void)
{
    struct ms_reader *reader;
    struct ms_error err;

    (void)puts(ms_version);
    return ms_reader_open("no-such-file.h5", &reader, &err) == MS_NO_INPUT ? 0 : 1;
}
"""


def run(*command, **options):
    return processes.run(*command, **options).stdout


@pytest.fixture(scope="session")
def installed(build, tmp_path_factory):
    """The root folder of the installation."""
    root = tmp_path_factory.mktemp("root")
    run("meson", "install", "--quiet", "--no-rebuild", "-C", build, "--destdir", root)
    return root


@pytest.fixture(scope="session")
def environment(installed):
    """Environment variables for pkg-config to find the installation."""
    folder = next(installed.rglob("libmoonsweep.pc")).parent
    return {"PKG_CONFIG_PATH": folder, "PKG_CONFIG_SYSROOT_DIR": ""}


def test_the_installed_program_runs(installed):
    program = next(installed.rglob("bin/moonsweep"))
    assert run(program, "--version").startswith("moonsweep ")


def test_the_manual_page_is_installed(installed):
    page = next(installed.rglob("man1/moonsweep.1*"))
    assert "\n.Dt MOONSWEEP 1\n" in page.read_text()


def test_every_header_is_installed(source, installed):
    ours = {header.name for header in (source / "include" / "moonsweep").glob("*.h")}
    assert {header.name for header in installed.rglob("include/moonsweep/*.h")} == ours


def flags_of(package, installed, environment):
    """The flags of pkg-config, with paths below the root."""
    prefix = run("pkg-config", "--variable=prefix", package, env=environment).strip()
    flags = run("pkg-config", "--cflags", "--libs", package, env=environment)
    return [re.sub(rf"^(-[IL]){prefix}", rf"\1{installed}{prefix}", flag) for flag in shlex.split(flags)]


def test_a_program_compiles_links_and_runs_against_the_library(installed, environment, tmp_path):
    (tmp_path / "user.c").write_text(USER)
    flags = flags_of("libmoonsweep", installed, environment)
    run("cc", "-std=c17", "user.c", "-o", "user", *flags, cwd=tmp_path)
    version = run("pkg-config", "--modversion", "libmoonsweep", env=environment).strip()
    assert run(tmp_path / "user") == version + "\n"


def test_a_program_that_only_reads_links_without_mpi(installed, environment, tmp_path):
    (tmp_path / "user.c").write_text(USER)
    flags = flags_of("libmoonsweep-serial", installed, environment)
    run("cc", "-std=c17", "user.c", "-o", "user", *flags, cwd=tmp_path)
    run(tmp_path / "user")
    assert "libmpi" not in run("ldd", tmp_path / "user")


def test_every_public_symbol_has_our_prefix(installed):
    library = next(installed.rglob("libmoonsweep.a"))
    symbols = [line.split() for line in run("nm", "--extern-only", "--defined-only", library).splitlines()]
    names = {symbol[2] for symbol in symbols if len(symbol) == 3}
    assert names and not [name for name in names if not name.startswith("ms_")]
