"""Checks, summarises and formats the figures of benchmarks.

The times of a peer are {(activation, n_h): microseconds per iteration}.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import math
import statistics

from default_sweep import ACTIVATIONS, ITERATIONS_OF_NETWORK, N_H

AGREEMENT = 1e-8  # largest relative difference of the costs of two programs


class Disagreement(Exception):
    """Two programs computed different results."""


def check_costs(name, what, costs, reference):
    """costs and reference: {learning rate: cost}. Every cost of reference must be in costs and agree."""
    for rate, expected in reference.items():
        cost = costs.get(rate, math.nan)
        if not abs(cost - expected) <= AGREEMENT * expected:
            raise Disagreement(f"{name}, {what}, rate {rate}: the last cost is {cost!r}; moonsweep's is {expected!r}")


def sweep_core_seconds(times):
    """The default sweep's time on one core: every network for the largest iteration count at every learning rate."""
    return sum(times[activation, n_h] for activation in ACTIVATIONS for n_h in N_H) * ITERATIONS_OF_NETWORK * 1e-6


def ratios(times, reference):
    """The times divided by those of the reference."""
    return {case: times[case] / reference[case] for case in times}


def formatted(value):
    """Formats with three significant digits, or without decimals from 100 on."""
    if value >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def table(title, columns, rows):
    """Yields lines of text. rows: (name, values), with one value for each column."""
    texts = [[name, *map(formatted, values)] for name, values in rows]
    head = [title, *map(str, columns)]
    widths = [max(len(row[i]) for row in [head, *texts]) for i in range(len(head))]
    for row in [head, *texts]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        yield "  ".join(cells)


def times_tables(peers):
    """Tables of {name: times}. The others are compared with the first peer."""
    first = next(iter(peers.values()))
    for title, figures in (
        ("microseconds per iteration", peers),
        (f"times {next(iter(peers))}'s", {name: ratios(times, first) for name, times in peers.items()}),
    ):
        for activation in ACTIVATIONS:
            n_h = [n_h for n_h in N_H if (activation, n_h) in first]
            rows = [(name, [times[activation, n] for n in n_h]) for name, times in figures.items()]
            yield from table(f"{title}, {activation}, n_h", n_h, rows)
            yield ""


def spread(values):
    """The median and both quartiles."""
    lower, middle, upper = (
        statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else 3 * list(values)
    )
    return [middle, lower, upper]


def sweep_table(peers):
    """The default sweep extrapolated from the rounds of each peer, {name: [times]}: medians and quartiles of the rounds
    and of their ratios to the first peer's in the same round."""
    seconds = {name: [sweep_core_seconds(times) for times in rounds] for name, rounds in peers.items()}
    first = next(iter(seconds))
    rows = [
        (name, [*spread(own), *spread([a / b for a, b in zip(own, seconds[first], strict=True)])])
        for name, own in seconds.items()
    ]
    columns = ["core-seconds", "quartiles", "", f"times {first}'s", "quartiles", ""]
    return table("the default sweep", columns, rows)
