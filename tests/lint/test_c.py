"""The C sources: warnings, format, static analysis, and headers that compile alone."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import os
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib import MODULES, SOURCE, processes

C_FILES = sorted(
    file.relative_to(SOURCE) for folder in ("include", "src", "tests") for file in (SOURCE / folder).rglob("*.[ch]")
)
HEADERS = [file for file in C_FILES if file.suffix == ".h"]
CORES = len(os.sched_getaffinity(0))
PUBLIC = SOURCE / "include" / "moonsweep"

# Options for clang to compile the vector headers of other processors. Of the C library they include only types, whose
# headers clang has itself.
PROCESSORS = {
    "vec_avx512_": ["--target=x86_64-linux-gnu", "-march=x86-64-v4"],
    "vec_avx2_": ["--target=x86_64-linux-gnu", "-march=x86-64-v3"],
    "vec_neon_": ["--target=aarch64-linux-gnu"],
}


def run(*command, cwd=SOURCE):
    return processes.run(*command, cwd=cwd, status=None)


def configured(compiler):
    """Returns the compiler's build folder, in which warnings are errors.

    gcc finds some warnings only while it optimizes, so its folder is the one with the program that is tested. clang
    finds all of them before.
    """
    folder, options = {"gcc": ("gcc", []), "clang": ("clang-O0", ["--buildtype=plain", "-Doptimization=0"])}[compiler]
    folder = SOURCE / "build-test" / folder
    if not (folder / "build.ninja").exists():
        processes.run("meson", "setup", "--werror", "-Dtests=enabled", *options, folder, SOURCE, env={"CC": compiler})
    return folder


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_everything_builds_without_a_warning(compiler):
    built = run("ninja", "-k", "0", "-j", CORES, "-C", configured(compiler))
    messages = [line for line in built.stdout.splitlines() if re.search("(error|warning): ", line)]
    assert built.returncode == 0, "\n".join(messages) or built.stdout


@pytest.fixture(scope="session")
def compilations():
    """How clang compiles the sources. What only gcc compiles needs a library of gcc, whose header is in its folder."""
    by_clang, by_gcc = (
        json.loads((configured(compiler) / "compile_commands.json").read_text()) for compiler in ("clang", "gcc")
    )
    known = {entry["file"] for entry in by_clang}
    option = f" -idirafter {run('gcc', '-print-file-name=include').stdout.strip()}"
    only_by_gcc = [entry for entry in by_gcc if entry["file"] not in known]
    return by_clang + [{**entry, "command": entry["command"] + option} for entry in only_by_gcc]


def source_of(entry):
    """The source file of a compilation, relative to the project's folder."""
    return (Path(entry["directory"]) / entry["file"]).resolve().relative_to(SOURCE)


@pytest.fixture(scope="session")
def commands(compilations):
    """The commands of each source: {source: [arguments]}. A template is compiled several times."""
    known = {}
    for entry in compilations:
        known.setdefault(source_of(entry), []).append(shlex.split(entry["command"]))
    return known


@pytest.mark.parametrize("file", C_FILES, ids=str)
def test_clang_format_would_change_nothing(file):
    import clang_format

    formatter = Path(clang_format.__file__).parent / "data" / "bin" / "clang-format"
    checked = run(formatter, "--dry-run", "--Werror", file)
    assert checked.returncode == 0, checked.stderr


def different(compilations):
    """The first of the compilations of each file with the same headers.

    Templates are compiled with other names, block sizes and options for the processor, and some files for many
    programs. All of that contains the same code, except for the headers that a template gets by -DNAME_HEADER="...".
    """
    known = {}
    for entry in compilations:
        headers = re.findall(r"-D\w+_HEADER=\S+", entry["command"])
        known.setdefault((entry["file"], *headers), entry)
    return list(known.values())


# What clang-tidy's analyzer is allowed without --long: a fifth of the states of a function that it examines by default,
# which takes a third of the time.
FEWER_STATES = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "max-nodes=40000")]


@pytest.fixture(scope="session")
def tidied(commands, compilations, amount, tmp_path_factory):
    """Runs clang-tidy on every source, in parallel on all cores, the most expensive first: {source: [future]}.

    Without --long the analyzer, which takes most of the time, examines what is installed only, and a template with one
    set of headers only.
    """
    entries, options = amount(different(compilations), compilations), amount(FEWER_STATES, [])
    firsts = {entry["file"]: entry for entry in reversed(entries) if source_of(entry).parts[0] == "src"}
    analyzed = amount(list(firsts.values()), entries)
    others = [entry for entry in entries if entry not in analyzed]
    found = {}
    with ThreadPoolExecutor(CORES) as pool:
        for part, more in ((analyzed, options), (others, ["--checks=-clang-analyzer-*"])):
            folder = tmp_path_factory.mktemp("tidied")
            (folder / "compile_commands.json").write_text(json.dumps(part))
            files = {source_of(entry) for entry in part}
            for file in sorted(files, key=lambda file: -len(commands[file])):
                command = ["clang-tidy", "--quiet", *more, "-p", folder, file]
                found.setdefault(file, []).append(pool.submit(run, *command))
        yield found


@pytest.mark.parametrize("file", [file for file in C_FILES if file.suffix == ".c"], ids=str)
def test_clang_tidy_finds_nothing(file, commands, tidied):
    if file not in commands:
        pytest.fail("no build compiles this file")
    for checked in tidied[file]:
        assert checked.result().returncode == 0, checked.result().stdout + checked.result().stderr


def test_cppcheck_finds_nothing(tmp_path):
    checked = run(
        "cppcheck", "--quiet", "--error-exitcode=1", "-j", CORES, "--std=c11", "--inline-suppr",
        "--enable=warning,performance,portability", "--library=posix",
        f"--suppressions-list={SOURCE / 'tests' / 'lint' / 'cppcheck-suppressions.txt'}",
        f"--cppcheck-build-dir={tmp_path}", f"--project={configured('gcc') / 'compile_commands.json'}",
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


@pytest.fixture(scope="session")
def users(commands):
    """The compilations that include each header: {header: [arguments]}, in the order of the modules."""
    folder = configured("clang")
    built = run("ninja", "-k", "0", "-j", CORES, "-C", folder)
    assert built.returncode == 0, "the build by clang fails"
    objects = {}
    for arguments_of_file in commands.values():
        for arguments in arguments_of_file:
            objects[arguments[arguments.index("-o") + 1]] = arguments
    known = {}
    for block in run("ninja", "-C", folder, "-t", "deps").stdout.split("\n\n"):
        target, *dependencies = block.strip().splitlines() or [""]
        arguments = objects.get(target.split(":")[0])
        for dependency in dependencies if arguments else []:
            path = (folder / dependency.strip()).resolve()
            if path.is_relative_to(SOURCE):
                known.setdefault(path.relative_to(SOURCE), []).append(arguments)

    def module_order(arguments):
        parts = Path(arguments[-1]).parts
        return next((i for i, module in enumerate(MODULES) if module in parts and "src" in parts), len(MODULES))

    return {header: sorted(found, key=module_order) for header, found in known.items()}


def how_to_compile(header, users):
    """The command of the first source that includes the header; without one, a command for the header's processor."""
    if header in users:
        arguments = users[header][0]
        return arguments[: arguments.index("-o")]
    processor = next((kind for kind in PROCESSORS if header.name.startswith(kind)), None)
    assert processor, "no source includes this header"
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow"]
    return ["clang", *PROCESSORS[processor], "-ffreestanding", "-std=c17", *warnings]


@pytest.mark.parametrize("header", HEADERS, ids=str)
def test_a_header_compiles_alone_with_what_its_first_user_may_include(header, users, tmp_path):
    alone = tmp_path / "alone.c"
    alone.write_text(f'#include "{SOURCE / header}"\n#include "{SOURCE / header}"\nextern int alone;\n')
    options = [*how_to_compile(header, users), "-Werror", "-fsyntax-only", "-Wno-unused-function"]
    compiled = run(*options, alone, cwd=configured("clang"))
    assert compiled.returncode == 0, compiled.stderr


def test_the_public_headers_can_be_used_from_cxx(tmp_path):
    """All of them and those of MPI in one source, since each of those of MPI takes long."""
    source = tmp_path / "all.cc"
    source.write_text("".join(f'#include "moonsweep/{header.name}"\n' for header in sorted(PUBLIC.glob("*.h"))))
    mpi = run("pkg-config", "--cflags", "ompi-c").stdout.split()
    options = ["-x", "c++", "-std=c++17", "-Wall", "-Werror", "-Wno-unused-function", "-fsyntax-only"]
    compiled = run("clang", *options, f"-I{PUBLIC.parent}", *mpi, source)
    assert compiled.returncode == 0, compiled.stderr
