"""Wrong command lines are refused with one sentence, and help texts have examples."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import subprocess

import pytest

COMMANDS = ["run", "show", "status", "stop", "verify", "predict", "data", "plan", "best", "kernels"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_every_command_has_examples_and_ends_with_0(moonsweep, command, option):
    done = moonsweep(command, option)
    assert done.stdout.startswith(f"Usage: moonsweep {command} ")
    examples = re.split(r"^Examples?:$", done.stdout, flags=re.MULTILINE)[1]
    assert f"moonsweep {command} " in examples
    # No example is broken into two lines, which could not be copied to a shell.
    assert all(line.startswith("  ") for line in examples.splitlines() if line)
    assert done.stderr == ""


def test_help_names_every_command(moonsweep):
    _, _, listed = moonsweep("--help").stdout.partition("Commands:\n")
    assert sorted(re.findall(r"^  ([a-z]+)  +[a-z]", listed.partition("`moonsweep")[0], re.MULTILINE)) == sorted(
        [*COMMANDS, "help"]
    )


def test_the_command_help_shows_the_same_help(moonsweep):
    assert moonsweep("help").stdout == moonsweep("--help").stdout == moonsweep("help", "help").stdout
    for command in COMMANDS:
        assert moonsweep("help", command).stdout == moonsweep(command, "--help").stdout


@pytest.mark.parametrize("value", ["rmargin=1", "rmargin=0", "short-opt-col=300,rmargin=200", "opt-doc-col=80", "junk"])
def test_help_does_not_depend_on_the_variable_of_argp(moonsweep, value):
    for words in [["--help"], ["run", "--usage"]]:
        assert moonsweep(*words, env={"ARGP_HELP_FMT": value}).stdout == moonsweep(*words).stdout


def test_version_has_what_a_bug_report_needs(moonsweep):
    lines = moonsweep("--version").stdout.splitlines()
    assert re.fullmatch(r"moonsweep \d+\.\d+\.\d+ \(([0-9a-f]{12}(-dirty)?|unknown)\)", lines[0])
    assert re.fullmatch(r"numerics \d+", lines[1])
    assert lines[2].startswith("MPI ")
    assert re.fullmatch(r"HDF5 \d+\.\d+\.\d+", lines[3])


@pytest.mark.parametrize(
    "words, sentence",
    [
        ([], "a command is needed"),
        ([""], "the command is empty; moonsweep --help lists them"),
        (["shwo"], "there is no command shwo; did you mean show?"),
        (["Status"], "there is no command Status; did you mean status?"),
        (["hepl"], "there is no command hepl; did you mean help?"),
        (["frobnicate"], "moonsweep --help lists them"),
        (["--verison"], "there is no option --verison; did you mean --version?"),
        (["show"], "show needs a result file"),
        (["show", ""], "empty"),
        (["show", "a.h5", "--min-trian", "9"], "did you mean --min-train?"),
        (["show", "a.h5", "--format", "jsno"], "did you mean json?"),
        (["show", "a.h5", "--sort", "dev_acuracy"], "did you mean dev_accuracy?"),
        (["show", "a.h5", "--sort", "velocity"], "train_seconds"),
        (["show", "a.h5", "--limit", "0"], "--limit is 0"),
        (["show", "a.h5", "--max-gap", "-1"], "--max-gap is -1"),
        (["show", "a.h5", "--min-train", "nan"], "--min-train is nan"),
        (["show", "a.h5", "--limit"], "--limit needs a value"),
        (["status"], "status needs a result file"),
        (["status", "a.h5", ""], "status: the name of the result file is empty"),
        (["status", "--watch=0", "a.h5"], "--watch is 0"),
        (["predict", "a.h5", "--moons", "5,0,0"], "--config INDEX"),
        (["predict", "a.h5", "--config", "0"], "--moons"),
        (["predict", "a.h5", "--config", "0", "--moons", "5,0,0", "--data", "x.csv"], "not both"),
        (["predict", "a.h5", "--config", "-3", "--moons", "5,0,0"], "--config is -3"),
        (["predict", "a.h5", "--config", "bets", "--moons", "5,0,0"], "an integer of at least 0, or best"),
        (["predict", "a.h5", "--config", "0", "--moons", "5,0"], "5,0"),
        (["predict", "a.h5", "--config", "0", "--moons", "0,0,0"], "0"),
        (
            ["predict", "a.h5", "--config", "0", "--data", ""],
            "--data is empty; it must be the name of a CSV or HDF5 file",
        ),
        (["predict", "a.h5", "--config", "0", "--moons", "5,0,0", "-o", ""], "--output is empty"),
        (["data", "job.yaml", "-o", ""], "--output is empty; it must be the name of a file, or - for standard output"),
        (["run", "job.yaml", "-o", ""], "--output is empty; it must be the name of the result file"),
        (["run", "job.yaml", "-o", "-"], "a result cannot be written to standard output; name a file"),
        (["help", "shwo"], "there is no command shwo; did you mean show?"),
        (["help", "show", "run"], "help: only one command is accepted; run is unexpected"),
        (["\x1b[31mred\n\x7f"], r"there is no command \x1b[31mred\x0a\x7f; moonsweep --help lists them"),
        (["show", "a.h5", "--\x9bx"], r"there is no option --\xc2\x9bx; "),
        (
            ["verify", "a.h5", os.fsdecode(b"caf\xe9\r.h5")],
            r"verify: only one result file is accepted; caf\xe9\x0d.h5 is unexpected",
        ),
        (["data", "job.yaml"], "-o DATA.csv"),
        (["data"], "job file"),
        (["run"], "job file"),
        (["run", "job.yaml"], "-o OUT.h5"),
        (["run", "job.yaml", "-o", "a.h5", "--coordinator", "asleep"], "train, dedicated"),
        (["run", "job.yaml", "-o", "a.h5", "--forse"], "did you mean --force?"),
        (["run", "job.yaml", "-o", "a.h5", "--force=yes"], "--force takes no value"),
        (["run", "job.yaml", "-o", "a.h5", "--rank-timeout", "-1"], "--rank-timeout is -1; it must be a number from 0"),
        (["run", "job.yaml", "-o", "a.h5", "--rank-timeout", "0.5"], "is 0.5; it must be 0 (never) or at least 1"),
        (["run", "job.yaml", "-o", "a.h5", "--rank-timeout", "10m"], "--rank-timeout is 10m; it must be a number"),
        (["run", "job.yaml", "-o", "a.h5", "--rank-timeout", ""], "--rank-timeout is empty"),
    ],
)
def test_a_wrong_command_line_is_refused_with_one_sentence_and_64(refused, tmp_path, words, sentence):
    refused(64, *words, words=[sentence], cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_command_line_on_several_ranks_is_refused_with_one_sentence(refused, tmp_path):
    refused(64, "run", "job.yaml", ranks=3, words=["-o OUT.h5"], cwd=tmp_path)


def test_standard_output_on_a_full_disk_is_an_error_with_74(program, sweep):
    with open("/dev/full", "w") as full:
        for words in [["--help"], ["show", sweep], ["status", sweep]]:
            done = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, text=True)
            assert done.returncode == 74
            assert done.stderr == "moonsweep: cannot write to standard output: No space left on device\n"


def test_a_reader_that_closes_the_pipe_gives_74_without_a_message(program, sweep):
    """`moonsweep show ... | head` must not print an error."""
    words = [program, "show", sweep, "--format", "csv"]
    show = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    show.stdout.close()
    assert show.stderr.read() == b""
    show.stderr.close()
    assert show.wait() == 74


def test_numbers_have_a_decimal_point_in_every_locale(moonsweep, sweep):
    german = {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    assert moonsweep("show", sweep, env=german).stdout == moonsweep("show", sweep).stdout
