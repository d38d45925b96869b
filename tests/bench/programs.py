"""Checks that the programs that a benchmark starts have been built."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shlex
import sys
from pathlib import Path


def demand(build, *names):
    """Exits with instructions if a program is missing in the build folder; names are relative paths."""
    missing = [name for name in names if not (Path(build) / name).is_file()]
    if not missing:
        return
    folder = shlex.quote(str(build))
    has_tests = (Path(build) / "tests" / "bench").is_dir()
    if not (Path(build) / "build.ninja").is_file():
        configure = f"meson setup -Dtests=enabled {folder} && "
    else:
        configure = "" if has_tests else f"meson configure -Dtests=enabled {folder} && "
    sys.exit(
        f"{Path(sys.argv[0]).name}: {Path(build) / missing[0]} has not been built; build it with: "
        f"{configure}ninja -C {folder}"
    )
