#!/usr/bin/env python3
"""Counts the tests in a JUnit file of pytest or meson.

    count.py RESULTS.xml

Prints "PASSED FAILED SKIPPED" and, on standard error, the failed tests with their output, and why tests were skipped.
A missing or truncated file counts as no tests.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import sys
import xml.etree.ElementTree as ElementTree


def name_of(case):
    """The name of a test. Check's TAP lines also contain its position and result."""
    tap = re.match(r"\d+ - .*:(?P<suite>[^:]*):(?P<test>\w+): (?P<message>.*)", case.get("name"), re.DOTALL)
    if tap:
        return f"{case.get('classname')}: {tap['test']}: {tap['message']}"
    return f"{case.get('classname')}: {case.get('name')}"


def main(path):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        print(0, 0, 0)
        return
    for suite in root.iter("testsuite"):
        failed_before = counts["failed"]
        for case in suite.iter("testcase"):
            problems = [child for child in case if child.tag in ("failure", "error")]
            skipped = case.find("skipped")
            if problems:
                counts["failed"] += 1
                print(
                    f"FAILED {name_of(case)}",
                    *(child.text or child.get("message", "") for child in problems),
                    sep="\n",
                    file=sys.stderr,
                )
            elif skipped is not None:
                counts["skipped"] += 1
                print(f"skipped {name_of(case)}: {skipped.get('message', '')}", file=sys.stderr)
            else:
                counts["passed"] += 1
        # For a program that crashed, only the suite has an error, and none of its cases.
        broken = int(suite.get("errors", 0)) + int(suite.get("failures", 0)) > 0
        if broken and counts["failed"] == failed_before:
            counts["failed"] += 1
            print(
                f"FAILED {suite.get('name')}",
                suite.findtext("system-out", ""),
                suite.findtext("system-err", ""),
                sep="\n",
                file=sys.stderr,
            )
    print(*counts.values())


if __name__ == "__main__":
    main(sys.argv[1])
