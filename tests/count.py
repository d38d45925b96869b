#!/usr/bin/env python3
"""Counts tests in a JUnit file, as pytest and meson write it.

    count.py RESULTS.xml

Prints "PASSED FAILED SKIPPED" and, on standard error, what failed with its output and why others were
skipped. A file that is missing or cut off counts nothing.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree


def name_of(case):
    """The sentence the test proves; Check's TAP lines carry its place and its verdict around it."""
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
            trouble = [child for child in case if child.tag in ("failure", "error")]
            skipped = case.find("skipped")
            if trouble:
                counts["failed"] += 1
                print(
                    f"FAILED {name_of(case)}",
                    *(child.text or child.get("message", "") for child in trouble),
                    sep="\n",
                    file=sys.stderr,
                )
            elif skipped is not None:
                counts["skipped"] += 1
                print(f"skipped {name_of(case)}: {skipped.get('message', '')}", file=sys.stderr)
            else:
                counts["passed"] += 1
        # A program that broke off reports no failed case, only itself.
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
