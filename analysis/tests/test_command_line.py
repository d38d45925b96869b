"""python -m moonsweep: exit codes and messages."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import moonsweep
from moonsweep.command_line import main
from moonsweep.figures import FIGURES

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "moonsweep", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=3600, check=False, **options)


def test_the_version_is_that_of_the_project() -> None:
    build = (ROOT / "meson.build").read_text()
    (version,) = re.findall(r"^\s*version: '(.+)',$", build, re.MULTILINE)
    assert moonsweep.__version__ == version
    assert run("--version").stdout == f"moonsweep {version}\n"


def test_the_help_has_examples() -> None:
    assert "python -m moonsweep figures out.h5 -o figures" in run("figures", "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["figures"],
        ["figures", "out.h5"],
        ["figures", "out.h5", "-o", ""],
        ["figures", "", "-o", "d"],
        ["figures", "out.h5", "-o", "d", "--min-train", "101"],
        ["figures", "out.h5", "-o", "d", "--max-gap", "nan"],
        ["figures", "out.h5", "-o", "d", "--max-gap", "1x"],
        ["figures", "out.h5", "-o", "d", "--config", "-1"],
        ["figures", "out.h5", "-o", "d", "--config", "1.5"],
        ["figures", "out.h5", "-o", "d", "--config"],
        ["figures", "out.h5", "-o", "d", "--best", "--config", "1"],
        ["figures", "out.h5", "-o", "d", "--format", "gif"],
        ["figures", "out.h5", "-o", "d", "--compare", ""],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_64(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 64
    assert re.fullmatch(r"python -m moonsweep.*: .*; see .* --help\n", done.stderr)


def failure(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    status = main(["figures", *map(str, arguments)])
    output = capsys.readouterr()
    assert output.out == ""
    assert re.fullmatch(r"moonsweep: .+\n", output.err)
    return status, output.err


def test_a_missing_file_ends_with_66(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = failure(capsys, tmp_path / "out.h5", "-o", tmp_path / "figures")
    assert status == 66
    assert output == f"moonsweep: {tmp_path / 'out.h5'}: there is no such file\n"
    assert not (tmp_path / "figures").exists()


def test_control_characters_of_names_are_escaped(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, output = failure(capsys, tmp_path / "a\x1b[31m\n.h5", "-o", tmp_path / "figures")
    assert output == f"moonsweep: {tmp_path}/a\\x1b[31m\\n.h5: there is no such file\n"


def test_a_backend_that_matplotlib_does_not_know_is_not_used(finished: Path) -> None:
    folder = finished.parent / "figures"
    done = run("figures", finished, "-o", folder, env={**os.environ, "MPLBACKEND": "junk"})
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.{suffix}" for name in FIGURES for suffix in ("png", "pdf")
    }


def test_a_file_that_is_not_a_result_ends_with_65(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out.h5").write_text("no")
    assert failure(capsys, tmp_path / "out.h5", "-o", tmp_path / "figures")[0] == 65
    assert not (tmp_path / "figures").exists()


def test_a_folder_that_cannot_be_made_ends_with_73(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = failure(capsys, finished, "-o", finished / "figures")
    assert status == 73
    assert str(finished / "figures") in output


def test_a_file_in_place_of_the_folder_ends_with_73(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = failure(capsys, finished, "-o", finished)
    assert status == 73
    assert output == f"moonsweep: {finished}: this is a file; give the name of a folder\n"


def test_an_error_in_the_other_result_names_it(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other, folder = finished.with_name("other.h5"), finished.with_name("figures")
    status, output = failure(capsys, finished, "-o", folder, "--compare", other)
    assert (status, output) == (66, f"moonsweep: {other}: there is no such file\n")
    other.write_text("no")
    status, output = failure(capsys, finished, "-o", folder, "--compare", other)
    assert status == 65
    assert str(other) in output
    assert not folder.exists()


def test_a_figure_that_cannot_be_written_ends_with_74(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (finished.parent / "figures" / "data.png").mkdir(parents=True)
    status, output = failure(capsys, finished, "-o", finished.parent / "figures")
    assert status == 74
    assert "data.png" in output


def test_a_closed_pipe_causes_no_traceback(finished: Path) -> None:
    command = f"{sys.executable} -m moonsweep figures {finished} -o {finished.parent}/figures | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=3600, check=True)
    assert done.stderr == "" or "Traceback" not in done.stderr


def test_a_configuration_that_does_not_exist_ends_with_64(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = failure(capsys, finished, "-o", finished.parent / "figures", "--config", "3", "24")
    assert status == 64
    assert output == f"moonsweep: {finished}: there is no configuration 24 (there are: 0 to 23)\n"
    assert not (finished.parent / "figures").exists()


def test_figures_have_the_formats_and_the_pick_that_are_asked_for(
    finished: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "moonsweep.figures.FIGURES", {name: FIGURES[name] for name in ("selection", "costs", "boundary")}
    )
    folder = finished.parent / "figures"
    signatures = {"png": b"\x89PNG", "pdf": b"%PDF-", "svg": b"<?xml"}
    written = []
    for _ in range(2):
        options = ["--best", "--format", "svg", "pdf", "png"]
        assert main(["figures", str(finished), "-o", str(folder), *options]) == 0
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 9
    for name, content in written[0].items():
        assert content.startswith(signatures[name.rpartition(".")[2]])
    with moonsweep.open(finished) as sweep:
        best = int(sweep.to_frame()["dev_accuracy"].idxmax())
    assert f"{best}: ".encode() in written[0]["boundary.svg"]
    assert b"the best on the dev set" in written[0]["boundary.svg"]
    assert capsys.readouterr().out.split("\n")[0] == str(folder / "selection.svg")
