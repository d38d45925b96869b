#!/usr/bin/env python3
"""Makes the kept result of the present format and numerics, which the tests read: tests/data/results/.

    build-test/venv/bin/python tools/keep_result.py [PROGRAM]

PROGRAM is build-test/gcc/moonsweep by default. It runs tests/data/results/job.yaml, and the compressed result is
written to format-F-numerics-N.h5.xz with the numbers of its format version and of its numerics. It contains neither the
host nor the user nor paths. Results of other numbers stay: remove those that no release of the program has written, and
keep the others for ever. It needs h5py.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py

SOURCE = Path(__file__).resolve().parents[1]
FOLDER = SOURCE / "tests" / "data" / "results"


def main():
    if len(sys.argv) > 2 or sys.argv[-1].startswith("-"):
        sys.exit(__doc__)
    program = Path(sys.argv[1] if len(sys.argv) > 1 else SOURCE / "build-test" / "gcc" / "moonsweep")
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.h5")
        command = [program.resolve(), "run", "--quiet", "--anonymous", FOLDER / "job.yaml", "-o", result]
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit(f"keep_result.py: {program} failed")
        with h5py.File(result) as file:
            version, numerics = file.attrs["format_version"], file.attrs["numerics"]
        kept = FOLDER / f"format-{version}-numerics-{numerics}.h5.xz"
        kept.write_bytes(lzma.compress(result.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{kept.relative_to(SOURCE)}: {kept.stat().st_size} bytes")
    for other in sorted(FOLDER.glob("format-*.h5.xz")):
        if other != kept:
            print(f"{other.relative_to(SOURCE)}: remove it unless a release has written such results")


if __name__ == "__main__":
    main()
