"""The report has what the file contains, or the most interesting of it, and runs no text of the user."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import base64
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

import moonsweep
import result_file
from moonsweep.command_line import main
from moonsweep.figures import theme
from moonsweep.report import contents, details, make_report
from moonsweep.report.history import MOST_BARS, MOST_LINES, _timeline

EVIL = "</script><script>alert(1)</script><!-- &lt;"


def made(path: Path, *, max_seconds: float | None = None, **criteria: float) -> str:
    with moonsweep.open(path) as sweep:
        return make_report(sweep, moonsweep.Criteria(**criteria), max_seconds)


class Page(HTMLParser):
    """The elements of a page with their attributes, and the texts of those that are scripts or data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Adds an element."""
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Closes the elements up to one of this name."""
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Adds a text."""
        self.texts.append((self.open[-1] if self.open else "", data))

    def text_of(self, tag: str) -> list[str]:
        """The texts in elements of this name."""
        return [text for name, text in self.texts if name == tag]

    def data(self) -> dict[str, object]:
        """What the scripts of the page read."""
        return json.loads(next(text for text in self.text_of("script") if text.startswith("{")))


def array(stored: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(stored["data"]), np.dtype(f"<{stored['type']}"))


def column(stored: dict[str, object]) -> np.ndarray:
    if "labels" not in stored:
        return array(stored)
    return np.array(stored["labels"])[array(stored["codes"])]


def test_the_columns_are_those_of_the_file(finished: Path) -> None:
    result_file.make_pending(finished, 5)
    columns = Page(made(finished)).data()["columns"]
    assert columns["config"]["type"] == "i4"
    with h5py.File(finished) as stored:
        for name in ("n_h", "learning_rate", "iterations", "seed", "init_scale"):
            np.testing.assert_array_equal(column(columns[name]), stored[name][:])
        names = np.array(["tanh", "sigmoid", "relu"])
        np.testing.assert_array_equal(column(columns["activation"]), names[stored["activation"][:]])
        for name in ("train_accuracy", "dev_accuracy", "train_cpu_seconds", "final_cost"):
            wanted = stored[name][:]
            wanted[5] = np.nan
            np.testing.assert_array_equal(column(columns[name]), wanted)
    assert column(columns["status"]).tolist() == ["done"] * 5 + ["pending"] + ["done"] * 18


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_parameters_have_all_their_bits(tmp_path: Path, precision: str) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(precision=precision))
    networks = Page(made(path)).data()["details"]["networks"]
    parameters, start = array(networks["parameters"]), 0
    assert parameters.dtype == precision
    with h5py.File(path) as stored:
        configs = array(networks["configs"])
        assert sorted(configs) == list(range(24))
        for config in configs:
            n_h = stored["n_h"][config]
            parts = [stored[name][config, :n_h].ravel() for name in ("W1", "b1", "W2")]
            wanted = np.concatenate([*parts, stored["b2"][config : config + 1]])
            np.testing.assert_array_equal(parameters[start : start + wanted.size], wanted)
            start += wanted.size
    assert start == parameters.size


def test_each_curve_has_costs_of_its_trajectory(finished: Path) -> None:
    curves = Page(made(finished)).data()["details"]["curves"]
    assert sorted(curve["trajectory"] for curve in curves) == list(range(12))
    with h5py.File(finished) as stored:
        for curve in curves:
            start = stored["cost_start"][curve["trajectory"]]
            costs = stored["cost"][start : start + 400]
            updates = array(curve["updates"]).astype(int)
            assert (updates[0], updates[-1]) == (1, 400)
            np.testing.assert_array_equal(array(curve["costs"]), costs[updates - 1])


def test_a_large_sweep_contains_the_selection_and_then_the_best(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with result_file.changed(finished) as stored:
        stored["train_accuracy"][:] = 90.0
        stored["train_accuracy"][[2, 20]] = 96.0
        stored["dev_accuracy"][:] = np.linspace(70, 89, 24)
        stored["dev_accuracy"][[2, 20]] = 96.0
        stored["train_cpu_seconds"][:] = 1.0
        stored["train_cpu_seconds"][20] = 0.5
    monkeypatch.setattr(contents, "MOST_ROWS", 10)
    monkeypatch.setattr(details, "DETAIL_BYTES", 3 * 400 * 16)
    data = Page(made(finished)).data()
    assert data["configurations"] == 24
    # The selection, then by falling dev accuracy: 23, 22, 21, 19, ...
    assert column(data["columns"]["config"]).tolist() == [2, 15, 16, 17, 18, 19, 20, 21, 22, 23]
    shown = array(data["details"]["configs"]).tolist()
    assert shown[:2] == [20, 2]
    assert 2 <= len(shown) < 10
    monkeypatch.setattr(details, "MOST_DETAILED", 1)
    assert array(Page(made(finished)).data()["details"]["configs"]).tolist() == [20]


def test_texts_of_the_user_stay_texts(finished: Path) -> None:
    with result_file.changed(finished) as stored:
        for name in ("title", "job", "program_version"):
            stored.attrs[name] = f"{name} {EVIL}"
        stored.attrs["feature_names"] = [EVIL, "x2"]
    page = Page(made(finished))
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert [script.get("type") for script in scripts] == ["application/json", None, "module", None]
    assert page.text_of("h1") == [f"title {EVIL}"]
    assert f"job {EVIL}" in page.text_of("pre")[0]
    assert f"program_version {EVIL}" in page.text_of("code")
    assert page.data()["features"] == [EVIL, "x2"]


def test_activations_have_the_colours_of_the_figures(tmp_path: Path) -> None:
    path = result_file.write(tmp_path / "out.h5", result_file.Job(activation=("relu", "tanh")))
    wanted = {name: theme.activation_style(name)["color"] for name in ("relu", "tanh")}
    assert Page(made(path)).data()["colours"] == wanted
    assert len(set(wanted.values())) == 2


def test_the_page_refers_to_nothing_outside_it(finished: Path) -> None:
    page = Page(made(finished))
    for tag, attributes in page.elements:
        assert "src" not in attributes, tag
        assert re.match("#|data:", attributes.get("href") or "#"), attributes
    (policy,) = [a["content"] for tag, a in page.elements if tag == "meta" and "http-equiv" in a]
    assert policy.startswith("default-src 'none';")


def test_the_shares_of_the_axes_are_those_of_the_package_or_have_a_reason(finished: Path) -> None:
    with moonsweep.open(finished) as sweep:
        wanted = moonsweep.importance(sweep)
    shares = Page(made(finished)).data()["importance"]["shares"]
    assert [share["axis"] for share in shares] == list(wanted.index)
    assert [share["alone"] for share in shares] == list(wanted["alone"])
    assert [share["total"] for share in shares] == list(wanted["total"])
    result_file.make_pending(finished, 3)
    reason = Page(made(finished)).data()["importance"]["reason"]
    assert "1 of 24 configurations have no dev_accuracy" in reason


def leases_of(ranks: int, each: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A run in which each rank trains `each` leases of 1 s, with pauses of 0, 1, 2, ... s after them."""
    started = pd.Timestamp("2026-01-02 03:04:05", tz="UTC")
    begin = np.arange(each) + np.cumsum(np.arange(each))
    rows = [(rank, start) for rank in range(ranks) for start in begin]
    rank, start = np.array(rows).T
    worked = pd.DataFrame(
        {
            "run": 0,
            "rank": rank,
            "first_trajectory": range(len(rows)),
            "count": 1,
            "started": started + pd.to_timedelta(start, unit="s"),
            "finished": started + pd.to_timedelta(start + 1, unit="s"),
        }
    )
    end = started + pd.Timedelta(seconds=float(begin[-1] + 1))
    return pd.DataFrame({"started": [started], "ended": [end]}, index=[0]), worked


def test_the_timeline_has_every_lease_of_a_small_sweep() -> None:
    timeline = _timeline(*leases_of(2, 3))
    bars = {name: array(stored).tolist() for name, stored in timeline["bars"].items()}
    assert bars["rank"] == [0, 0, 0, 1, 1, 1]
    assert bars["from"] == [0, 2, 5] * 2
    assert bars["to"] == [1, 3, 6] * 2
    assert (timeline["lines"], timeline["lines_shown"]) == (2, 2)


def test_the_timeline_of_many_leases_joins_those_with_the_shortest_pauses() -> None:
    timeline = _timeline(*leases_of(100, 500))
    assert (timeline["lines"], timeline["lines_shown"], timeline["leases"]) == (
        100,
        MOST_LINES,
        MOST_LINES * 500,
    )
    bars = {name: array(stored) for name, stored in timeline["bars"].items()}
    assert timeline["bars_shown"] == len(bars["from"]) <= MOST_BARS
    assert bars["count"].sum() == MOST_LINES * 500
    for rank in np.unique(bars["rank"]):
        chosen = bars["rank"] == rank
        pauses = bars["from"][chosen][1:] - bars["to"][chosen][:-1]
        # All pauses that are drawn are longer than those that are not.
        assert pauses.min() == 500 - len(pauses)


def test_a_lease_that_was_not_finished_ends_with_its_run() -> None:
    ran, worked = leases_of(1, 2)
    worked.loc[1, "finished"] = pd.NaT
    bars = {name: array(stored).tolist() for name, stored in _timeline(ran, worked)["bars"].items()}
    assert (bars["to"], bars["is_finished"]) == ([1, 3], [1, 0])


def test_the_runs_are_those_of_the_file(swept: Path) -> None:
    history = Page(made(swept)).data()["history"]
    with h5py.File(swept) as stored:
        (run,) = history["runs"]
        seconds = stored["runs/ended"][0] - stored["runs/started"][0]
        assert run["seconds"] == pytest.approx(seconds, abs=1e-6)
        assert run["efficiency"] == pytest.approx(stored["runs/core_seconds"][0] / seconds, rel=1e-4)
        assert run["hosts"].encode() == stored["runs/hosts"][0].tobytes().rstrip(b"\0")
        assert (run["ranks"], run["how_ended"]) == (1, "finished")
        leases = np.flatnonzero(stored["leases/run"][:] == 0)
        assert len(array(history["timeline"]["bars"]["from"])) == leases.size


# ---- the command line ------------------------------------------------------------------------------------


def test_the_command_writes_the_report_and_prints_its_path(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = finished.parent / "a report #1.html"
    options = ["--min-train", "80", "--max-gap", "5", "--max-seconds", "2.5"]
    assert main(["report", str(finished), "-o", str(report), *options]) == 0
    assert capsys.readouterr().out == f"{report}\n"
    data = Page(report.read_text()).data()
    assert data["thresholds"] == {"min_train": 80.0, "max_gap": 5.0, "max_seconds": 2.5}
    assert sorted(os.listdir(finished.parent)) == ["a report #1.html", "out.h5"]
    assert report.stat().st_mode & 0o777 == 0o666 & ~os.umask(os.umask(0o22))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    status = main(["report", *map(str, arguments)])
    output = capsys.readouterr()
    assert output.out == ""
    assert re.fullmatch(r"moonsweep: .+\n", output.err)
    return status, output.err


@pytest.mark.parametrize("other_name", [False, True])
def test_the_result_is_not_replaced(
    finished: Path, capsys: pytest.CaptureFixture[str], *, other_name: bool
) -> None:
    output = finished
    if other_name:
        output = finished.with_name("report.html")
        output.symlink_to(finished)
    before = finished.read_bytes()
    status, error = refused(capsys, finished, "-o", output)
    assert (status, "this is the result itself" in error) == (64, True)
    assert finished.read_bytes() == before


@pytest.mark.parametrize("older", [b"name: job\n", b"\x89HDF\r\n\x1a\n", b"<svg/>"])
def test_a_file_that_is_no_report_is_not_replaced(
    finished: Path, capsys: pytest.CaptureFixture[str], older: bytes
) -> None:
    """Such as a job file or another result, whose name was given by mistake."""
    output = finished.with_name("other")
    output.write_bytes(older)
    status, error = refused(capsys, finished, "-o", output)
    assert (status, f"{output}: it exists and is not a report" in error) == (73, True)
    assert output.read_bytes() == older


def test_an_older_report_and_an_empty_file_are_replaced(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = finished.with_name("report.html")
    output.touch()
    for _ in range(2):
        assert main(["report", str(finished), "-o", str(output)]) == 0
        assert output.read_text().startswith("<!DOCTYPE html")
    assert capsys.readouterr().out == 2 * f"{output}\n"


def test_a_full_device_is_named(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, error = refused(capsys, finished, "-o", "/dev/full")
    assert (status, error) == (73, "moonsweep: /dev/full: No space left on device\n")


def test_what_cannot_be_written_ends_with_73_and_leaves_nothing(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, finished, "-o", finished.parent)[0] == 73
    status, error = refused(capsys, finished, "-o", finished.parent / "missing" / "report.html")
    assert (status, str(finished.parent / "missing" / "report.html") in error) == (73, True)
    assert os.listdir(finished.parent) == ["out.h5"]


def test_a_file_that_is_no_result_ends_with_65_and_a_missing_one_with_66(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    report.write_text("an older report")
    assert refused(capsys, tmp_path / "out.h5", "-o", report)[0] == 66
    (tmp_path / "out.h5").write_text("no")
    assert refused(capsys, tmp_path / "out.h5", "-o", report)[0] == 65
    assert report.read_text() == "an older report"


def test_a_report_that_cannot_be_completed_leaves_the_older_one(
    finished: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = finished.with_name("report.html")
    report.write_text("<!doctype html>an older report")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert refused(capsys, finished, "-o", report) == (73, f"moonsweep: {report}: No space left on device\n")
    assert report.read_text() == "<!doctype html>an older report"
    assert sorted(os.listdir(finished.parent)) == ["out.h5", "report.html"]
