"""``python -m moonsweep``."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys

from moonsweep.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
