"""``python -m moonsweep``."""

import sys

from moonsweep.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
