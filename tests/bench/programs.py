"""The programs of a build that benchmarks start."""

import shlex
import sys
from pathlib import Path


def demand(build, *names):
    """Ends this program with what to do if one of the programs is not in the build folder; names are paths in it."""
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
