"""What benchmarks say of the machine that they ran on."""

import platform
import re
from pathlib import Path


def processor():
    """The processor's name, or its family where it tells none."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return model[1] if model else platform.machine()
