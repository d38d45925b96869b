"""The files that describe the project for catalogues agree with each other and with meson.build."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import json
import re

from docs import documents


def test_all_files_name_the_same_version():
    source = documents.SOURCE
    meson = re.search(r"version: '([^']+)'", (source / "meson.build").read_text())[1]
    citation = re.search(r"(?m)^version: (.+)$", (source / "CITATION.cff").read_text())[1]
    catalogue = json.loads((source / "codemeta.json").read_text())
    package = re.search(
        r'__version__ = "(.+)"', (source / "analysis" / "src" / "moonsweep" / "__init__.py").read_text()
    )[1]
    assert {citation, catalogue["version"], package} == {meson}


def test_the_documents_of_the_catalogue_exist():
    catalogue = json.loads((documents.SOURCE / "codemeta.json").read_text())
    assert catalogue["license"].endswith("/MIT")
    assert all((documents.SOURCE / catalogue[name]).exists() for name in ("readme", "softwareHelp"))
