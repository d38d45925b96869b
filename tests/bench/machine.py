"""The description of the machine on which a benchmark ran."""

import platform
import re
from pathlib import Path


def processor():
    """The processor's name, or its architecture if the name is unknown."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return model[1] if model else platform.machine()
