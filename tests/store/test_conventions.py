"""A result has the attributes of the conventions CF and ACDD: the checker of that community, compliance-checker, misses
nothing that such a result could have."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from lib import job_file
from lib.result_file import runs

METADATA = {
    "summary": "What the networks are for",
    "keywords": "moons, sweep",
    "creator_name": "Ada Lovelace",
    "creator_email": "ada@example.org",
    "creator_url": "https://example.org/ada",
    "institution": "An institute",
    "project": "A project",
    "references": "A book",
    "acknowledgement": "Thanks",
    "license": "CC-BY-4.0",
    "comment": "None",
}

# What ACDD asks of measurements of the earth, of publishers, and of identifiers that an archive gives.
NOT_OURS = re.compile(
    "geospatial|time_coverage|publisher|naming_authority|id not|processing_level|standard_name|coverage_content_type"
)


@pytest.fixture(scope="module")
def described(undisturbed):
    """A result whose job has all metadata: (job.yaml, out.h5)."""
    more = "metadata:\n" + "".join(f"  {name}: {text}\n" for name, text in METADATA.items())
    return undisturbed(more=more)


@pytest.fixture(scope="module")
def plain(undisturbed):
    """A result whose job has none."""
    return undisturbed()[1]


def complaints(path, convention, folder):
    """What the checker says of a result by a convention: [(priority, sentence)], priority 3 being the highest."""
    netcdf, report = folder / "result.nc", folder / "report.json"
    shutil.copy(path, netcdf)  # the checker goes by the suffix
    checker = Path(sys.executable).with_name("compliance-checker")
    command = [checker, "--test", convention, "--criteria", "strict", "--format", "json", "-o", report, netcdf]
    subprocess.run(command, check=False, capture_output=True)
    (result,) = json.loads(report.read_text()).values()
    assert result["possible_points"] > 10, "it has checked something"
    found = [(issue["weight"], text) for issue in result["all_priorities"] for text in issue["msgs"]]
    found += [
        (child["weight"], text)
        for issue in result["all_priorities"]
        for child in issue["children"]
        for text in child["msgs"]
    ]
    return found


def test_the_checker_of_cf_has_nothing_to_complain_of(plain, tmp_path):
    assert complaints(plain, "cf:1.9", tmp_path) == []


def test_the_checker_of_acdd_misses_only_what_is_not_ours(described, tmp_path):
    missed = [text for weight, text in complaints(described[1], "acdd:1.3", tmp_path) if weight > 1]
    assert [text for text in missed if not NOT_OURS.search(text)] == []


def test_the_checker_notices_a_missing_attribute(plain, tmp_path):
    path = tmp_path / "out.h5"
    shutil.copy(plain, path)
    with h5py.File(path, "r+") as file:
        del file.attrs["Conventions"]
        file["dev_accuracy"].attrs["units"] = "furlongs per fortnight squared apples"
    found = " ".join(text for _, text in complaints(path, "cf:1.9", tmp_path))
    assert "Conventions" in found
    assert "dev_accuracy" in found


def test_the_metadata_of_the_job_are_root_attributes(described):
    with h5py.File(described[1]) as file:
        assert {name: file.attrs[name] for name in METADATA} == METADATA


def test_without_metadata_the_result_describes_itself(plain):
    with h5py.File(plain) as file:
        attributes = dict(file.attrs)
    assert attributes["Conventions"] == "CF-1.9, ACDD-1.3"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", attributes["date_created"])
    assert attributes["history"] == f"{attributes['date_created']}: {attributes['command']}"
    assert attributes["source"].startswith(f"moonsweep {attributes['program_version']}: ")
    assert all(attributes[name] for name in ("title", "summary", "keywords", "references"))
    assert not {"creator_name", "institution", "license", "comment"} & attributes.keys()


def test_a_later_run_with_other_metadata_continues_and_keeps_the_first(moonsweep, described, tmp_path):
    job, path = described
    out = tmp_path / "out.h5"
    shutil.copy(path, out)
    other = tmp_path / "other.yaml"
    other.write_text(job.read_text().replace("An institute", "Another one").replace("name: job", "name: other"))
    assert "Another one" in other.read_text()
    with h5py.File(path) as file:
        before = {name: str(value) for name, value in file.attrs.items()}
    moonsweep("run", other, "-o", out)
    moonsweep("run", job, "-o", out, "--set", "metadata.license=none")
    with h5py.File(out) as file:
        assert {name: str(value) for name, value in file.attrs.items()} == before
    assert runs(out) == 1, "there was nothing to train"


def test_metadata_can_be_set_on_the_command_line(moonsweep, tmp_path):
    out = tmp_path / "out.h5"
    moonsweep("run", job_file.write(tmp_path), "-o", out, "--set", "metadata.institution='An institute: here'")
    with h5py.File(out) as file:
        assert file.attrs["institution"] == "An institute: here"


@pytest.mark.parametrize("name", ["Conventions", "history", "source", "institution", "date_created"])
def test_a_corrupt_attribute_is_found_and_repaired(moonsweep, described, tmp_path, name):
    job, path = described
    out = tmp_path / "out.h5"
    shutil.copy(path, out)
    with h5py.File(out) as file:
        text = file.attrs[name].encode()
    data = bytearray(out.read_bytes())
    data[data.index(text)] ^= 1
    out.write_bytes(data)
    moonsweep("verify", out, status=65)
    assert "1 corrupt byte was repaired" in moonsweep("run", job, "-o", out).stderr
    assert text in out.read_bytes()
    moonsweep("verify", out)
