"""The examples of docs/file-format.md work."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import shutil
import subprocess
import sys

import pytest
import xarray

from lib import job_file, processes
from store import figures


@pytest.fixture
def example(source, finished, tmp_path):
    """Writes the document's example in a language to a folder with a finished out.h5, and returns its path."""

    def write(language):
        text = (source / "docs" / "file-format.md").read_text()
        code = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL).group(1)
        assert len([line for line in code.splitlines() if line]) == 3
        (tmp_path / "out.h5").symlink_to(finished)
        path = tmp_path / f"example.{language}"
        path.write_text(code)
        return path

    return write


def has_rhdf5():
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(rhdf5)"], capture_output=True).returncode == 0


def best():
    """The configuration with the highest dev accuracy among those that are done."""
    rows = [figures.row(config) for config in range(figures.CONFIGS)]
    done = [config for config, row in enumerate(rows) if row["status"] == figures.DONE]
    return max(done, key=lambda config: rows[config]["dev_accuracy"])


def output(*command, cwd):
    return processes.run(*command, cwd=cwd, env={"LC_ALL": "C"}).stdout


def test_the_python_example_names_the_best(example):
    script = example("python")
    assert output(sys.executable, script, cwd=script.parent).splitlines()[1].split()[0] == str(best())


@pytest.mark.parametrize(("more", "stride"), [("", 1), ("cost_every: 7\n", 7), ("costs: none\n", 0)])
def test_the_python_example_of_costs_has_those_that_are_stored(moonsweep, source, tmp_path, more, stride):
    text = (source / "docs" / "file-format.md").read_text()
    code = re.search(
        r"```python\n(.*?def cost_curve.*?)```", text.split("### The costs of a configuration")[1], re.DOTALL
    )
    names = {}
    exec(code[1], names)
    grid = {"n_h": [1, 3], "iterations": [20, 100]}
    for name, costs in (("all", ""), ("out", more)):
        moonsweep("run", job_file.write(tmp_path, name, **grid, more=costs), "-o", tmp_path / f"{name}.h5")
    with (
        xarray.open_dataset(tmp_path / "all.h5", engine="h5netcdf") as every,
        xarray.open_dataset(tmp_path / "out.h5", engine="h5netcdf") as sweep,
    ):
        for config in range(4):
            curve = names["cost_curve"](sweep, config)
            expected = every.cost.values[100 * (config // 2) :][: int(every.iterations[config])]
            expected = expected[::stride] if stride else expected[:0]
            assert curve.values.tolist() == expected.tolist()
            assert curve.iteration.values.tolist() == [stride * i for i in range(len(expected))]


@pytest.mark.skipif(not has_rhdf5(), reason="R's rhdf5 is not installed")
def test_the_r_example_names_the_best(example):
    script = example("r")
    assert output("Rscript", script, cwd=script.parent).split()[-1] == str(best())


@pytest.mark.skipif(not has_rhdf5(), reason="R's rhdf5 is not installed")
def test_r_reads_seeds_beyond_32_bits_by_the_documented_conversion(finished):
    script = (
        'library(rhdf5); f <- commandArgs(TRUE); seed <- h5read(f, "seed", bit64conversion = "double");'
        'count <- h5read(f, "iterations", bit64conversion = "double");'
        'cat(max(seed), anyNA(seed), max(count), dim(h5read(f, "W1")), "\\n")'
    )
    printed = output("Rscript", "-e", script, str(finished), cwd=finished.parent)
    assert printed.split() == ["3e+09", "FALSE", "5000", "2", "3", "108"]


@pytest.mark.skipif(not has_rhdf5(), reason="R's rhdf5 is not installed")
def test_r_lists_every_group_and_names_activations_by_their_flags(finished):
    script = (
        'library(rhdf5); f <- commandArgs(TRUE); cat(sort(unique(h5ls(f)$group)), "\\n");'
        'names <- strsplit(h5readAttributes(f, "activation")$flag_meanings, " ")[[1]];'
        'cat(table(names[as.integer(h5read(f, "activation")) + 1]), names, "\\n")'
    )
    printed = output("Rscript", "-e", script, str(finished), cwd=finished.parent).splitlines()
    assert printed[0].split() == ["/", "/checkpoint", "/integrity", "/leases", "/runs"]
    assert printed[1].split() == ["36", "36", "36", "tanh", "sigmoid", "relu"]


@pytest.mark.skipif(shutil.which("julia") is None, reason="Julia is not installed")
def test_the_julia_example_names_the_best(example):
    script = example("julia")
    assert output("julia", script, cwd=script.parent).split()[-1] == str(best())
