"""`meson install` installs everything that users and other programs need, and all of it works from there."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import shlex
import shutil

import pytest

from lib import job_file, processes, result_file

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


def test_documents_examples_and_the_licence_are_installed(source, installed):
    documents = next(installed.rglob("share/doc/moonsweep"))
    assert (documents / "LICENSE").read_bytes() == (source / "LICENSE").read_bytes()
    for link in re.findall(r"\]\(((?!https?:)[^)#]+\.md)", (documents / "README.md").read_text()):
        if link.startswith("docs/"):
            assert (documents / link).exists(), link
    jobs = next(installed.rglob("share/moonsweep/jobs"))
    program = next(installed.rglob("bin/moonsweep"))
    for job in jobs.glob("*.yaml"):
        run(program, "data", job, "-o", os.devnull)
    assert len(list(jobs.glob("*.yaml"))) == 3


# ---- moonsweep-local ---------------------------------------------------------------------------------------------


@pytest.fixture
def local(installed, tmp_path):
    """The installed moonsweep-local in its own place, by a symbolic link, and as a copy; and an environment without the
    checkout."""
    script = next(installed.rglob("bin/moonsweep-local"))
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "moonsweep-local").symlink_to(script)
    (tmp_path / "copied").mkdir()
    shutil.copy(script, tmp_path / "copied")
    scripts = {"installed": script, **{way: tmp_path / way / "moonsweep-local" for way in ("linked", "copied")}}
    return scripts, {"PATH": f"{script.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize("way", ["installed", "linked", "copied"])
def test_a_sweep_runs_from_any_folder(moonsweep, local, tmp_path, way):
    scripts, environment = local
    job_file.write(tmp_path, n_h="[1, 2]", iterations="[10, 20]")
    (tmp_path / "work").mkdir()
    done = processes.run(scripts[way], "../job.yaml", cwd=tmp_path / "work", env=environment)
    assert "4 of 4 configurations done" in done.stderr
    moonsweep("run", "job.yaml", "-o", "alone.h5", cwd=tmp_path)
    assert result_file.differences(tmp_path / "work" / "job.h5", tmp_path / "alone.h5") == []
    done = processes.run(scripts[way], "../job.yaml", "job.h5", "--quiet", cwd=tmp_path / "work", env=environment)
    assert done.stderr == ""


def test_a_sweep_ends_with_its_report_if_the_package_is_installed(source, local, tmp_path):
    scripts, environment = local
    script = scripts["installed"]
    job_file.write(tmp_path, n_h="[1, 2]", iterations="[10, 20]")
    missing = processes.run(script, "job.yaml", "a.h5", cwd=tmp_path, env=environment)
    assert "there is no report, because the Python package of moonsweep is not installed" in missing.stderr
    assert missing.stdout == ""
    processes.run(source / "analysis" / "setup.sh")
    environment["MOONSWEEP_PYTHON"] = source / "analysis" / ".venv" / "bin" / "python"
    done = processes.run(script, "job.yaml", "a.h5", cwd=tmp_path, env=environment)
    assert done.stdout == "report: a-report.html\n"
    assert "moonsweep report</title>" in (tmp_path / "a-report.html").read_text()
    left_out = processes.run(script, "--no-report", "job.yaml", "b.h5", cwd=tmp_path, env=environment)
    assert left_out.stdout == ""
    assert not (tmp_path / "b-report.html").exists()
    (tmp_path / "a-report.html").unlink()
    (tmp_path / "a-report.html").mkdir()
    failed = processes.run(script, "job.yaml", "a.h5", cwd=tmp_path, env=environment)
    assert "a-report.html: this is a folder" in failed.stderr
    stopped = processes.run(script, "missing.yaml", "c.h5", cwd=tmp_path, env=environment, status=66)
    assert stopped.stdout == ""


def test_wrong_arguments_are_refused(local, tmp_path):
    scripts, environment = local
    script = scripts["installed"]
    assert processes.run(script, "--help").stdout.startswith("Runs a sweep on all cores")
    refused = processes.run(script, "--quiet", "job.yaml", status=64)
    assert refused.stderr.count("\n") == 1 and "job file comes first" in refused.stderr
    refused = processes.run(script, "--no-report", status=64)
    assert "the job file, which is missing" in refused.stderr
    refused = processes.run(script, "job.yaml", "--quiet", status=64)
    assert "follow OUT.h5" in refused.stderr
    refused = processes.run(script, "job.yaml", "-o", "out.h5", status=64, cwd=tmp_path)
    assert refused.stderr.endswith("is named without -o: moonsweep-local JOB.yaml OUT.h5\n")
    assert "missing.yaml" in processes.run(script, "missing.yaml", status=66, cwd=tmp_path).stderr
    refused = processes.run(scripts["copied"], "job.yaml", status=66, env={"PATH": "/usr/bin:/bin"})
    assert "there is no program moonsweep" in refused.stderr


def test_the_scripts_for_slurm_find_the_program_and_each_other(installed, source, tmp_path):
    """submit.sh gets as far as it can without Slurm; tests/slurm tests the rest."""
    folder = next(installed.rglob("share/moonsweep/slurm"))
    job_file.write(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname", "basename", "readlink", "realpath", "sed"):
        (tools / tool).symlink_to(shutil.which(tool))
    for script in (folder / "submit.sh", tmp_path / "linked.sh"):
        if not script.exists():
            script.symlink_to(folder / "submit.sh")
        refused = processes.run(script, "job.yaml", cwd=tmp_path, env={"PATH": tools}, status=69)
        assert "there is no sinfo on the PATH" in refused.stderr
    alone = shutil.copy(folder / "submit.sh", tmp_path)
    refused = processes.run(alone, "job.yaml", cwd=tmp_path, env={"PATH": tools}, status=66)
    assert f"sweep.sbatch is not in {tmp_path}" in refused.stderr
    assert (folder / "report.sbatch").read_bytes() == (source / "slurm" / "report.sbatch").read_bytes()


# ---- completion --------------------------------------------------------------------------------------------------

BASH = """\
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_moonsweep
printf '%s\\n' "${COMPREPLY[@]}"
"""
# Instead of zsh's own functions, these print what they are given.
ZSH = """\
_describe() { print -lr -- ${(@P)2} }
compadd() { print -lr -- ${(@P)2} }
_files() { print files }
file=$1
shift
words=($@) CURRENT=$# PREFIX=$@[-1]
source $file
"""
SHELLS = {
    "bash": ("bash-completion/completions/moonsweep", lambda file, words: ["-c", BASH, "bash", file, *words]),
    "zsh": ("zsh/site-functions/_moonsweep", lambda file, words: ["-f", "-c", ZSH, "zsh", file, *words]),
    "fish": (
        "fish/vendor_completions.d/moonsweep.fish",
        lambda file, words: ["--no-config", "-c", f"source {file}; complete -C '{' '.join(words)}'"],
    ),
}


@pytest.fixture(params=SHELLS)
def complete(request, installed, local, tmp_path):
    """Completes the last of some words in a shell, and returns what it may be."""
    name, arguments = SHELLS[request.param]
    file = next(installed.rglob(name))
    # Fish wants a home.
    environment = {**local[1], "HOME": tmp_path}

    def complete(*words):
        lines = run(request.param, *arguments(file, words), env=environment).split("\n")
        return [re.split("[:\t]", line)[0] for line in lines if line.startswith(words[-1])]

    return complete


def test_shells_complete_commands_and_options(complete, installed):
    assert complete("moonsweep", "st") == ["status", "stop"]
    assert "help" in complete("moonsweep", "h")
    assert {"--checkpoint-seconds", "--coordinator"} <= set(complete("moonsweep", "run", "--c"))
    program = next(installed.rglob("bin/moonsweep"))
    documented = set(re.findall(r" (--[a-z-]+)", run(program, "show", "--help").split("\n\n")[1]))
    assert set(complete("moonsweep", "show", "--")) == documented


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
