#!/usr/bin/env python3
"""Computes every constant of src/core/maths.c and prints the header src/core/maths_constants.h.

    python3 tools/maths_constants.py > src/core/maths_constants.h      # writes the header
    python3 tools/maths_constants.py --check                           # compares with the header in the tree

Needs mpmath (tested with 1.3.0). Polynomials are minimax, computed by Remez' exchange; the error given with each is
that of the polynomial with coefficients rounded to float64, evaluated exactly. docs/numerics.md explains the use of
the constants.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import argparse
import pathlib
import sys

from mpmath import mp, mpf

mp.prec = 300

HEADER = pathlib.Path(__file__).resolve().parent.parent / "src/core/maths_constants.h"

LOG_INTERVALS = 128  # of the mantissa
LOG_FIRST = 0x3FE6A00000000000  # bits of the smallest reduced argument, 0.70703125
LOG_QUANTUM = 42  # ln 2 and the table's logarithms: high parts are multiples of 2^-42
EXP_INTERVALS = 64  # of an octave
EXP_HIGH_BITS = 36  # of ln 2 / 64, so that its product with 17 bits is exact
PI_PART_BITS = 33  # so that its product with 20 bits is exact


def nearest(x):
    """The float64 nearest to x (mpmath rounds to nearest, ties to even)."""
    return float(x)


def to_multiple(x, exponent):
    """x rounded to a multiple of 2^-exponent, as a float64."""
    return float(mp.nint(mp.ldexp(x, exponent)) / mp.ldexp(1, exponent))


def to_bits(x, bits):
    """x > 0 rounded to this many significant bits, as a float64."""
    return to_multiple(x, bits - int(mp.floor(mp.log(x, 2))) - 1)


def float_of_bits(bits):
    """The positive normal float64 with this bit pattern."""
    return mp.ldexp(mpf((bits & (2**52 - 1)) | 2**52), (bits >> 52) - 1075)


def remez(f, weight, low, high, terms):
    """The coefficients of the polynomial p with this many terms that minimises max |weight * (p - f)|.

    f and weight are not evaluated at 0, where they may be undefined.
    """
    grid_size = 400
    grid = [
        (low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * grid_size))
        for i in reversed(range(grid_size))
    ]
    values = [(x, f(x), weight(x)) for x in grid]
    points = [values[round(i * (grid_size - 1) / terms)] for i in range(terms + 1)]
    for _ in range(30):
        system = mp.matrix(terms + 1)
        right = mp.matrix(terms + 1, 1)
        for i, (x, y, w) in enumerate(points):
            for j in range(terms):
                system[i, j] = x**j
            system[i, terms] = (-1) ** i / w
            right[i] = y
        solution = mp.lu_solve(system, right)
        coefficients = [solution[j] for j in range(terms)]
        level = abs(solution[terms])
        errors = [w * (mp.polyval(coefficients[::-1], x) - y) for x, y, w in values]
        points, worst = exchange(values, errors, terms + 1)
        if worst < level * mpf("1.001"):
            break
    return coefficients


def exchange(values, errors, count):
    """The points of largest error, one for each range of equal signs, reduced to `count` of them."""
    extremes = []
    for value, error in zip(values, errors, strict=True):
        if extremes and (error > 0) == (extremes[-1][1] > 0):
            if abs(error) > abs(extremes[-1][1]):
                extremes[-1] = (value, error)
        else:
            extremes.append((value, error))
    while len(extremes) > count:
        extremes.pop(0 if abs(extremes[0][1]) < abs(extremes[-1][1]) else -1)
    if len(extremes) < count:
        sys.exit("remez: too few alternations; use a finer grid")
    return [value for value, _ in extremes], max(abs(error) for _, error in extremes)


def polynomial(f, weight, low, high, terms):
    """Minimax coefficients rounded to float64, and their largest weighted error."""
    rounded = [nearest(c) for c in remez(f, weight, low, high, terms)]
    count = 2000
    worst = mpf(0)
    for i in range(count):
        x = low + (high - low) * (2 * i + 1) / (2 * count)
        worst = max(worst, abs(weight(x) * (mp.polyval([mpf(c) for c in rounded[::-1]], x) - f(x))))
    return rounded, worst


def log_table():
    """(inverse, high, low) of each mantissa interval, and the largest |z * inverse - 1|.

    inverse is a multiple of 2^-8 near 1/z, 1 on both sides of z = 1; high + low = -log(inverse).
    """
    rows, reach = [], mpf(0)
    for i in range(LOG_INTERVALS):
        low = float_of_bits(LOG_FIRST + (i << 45))
        high = float_of_bits(LOG_FIRST + ((i + 1) << 45))
        inverse = mpf(1) if low == 1 or high == 1 else mpf(to_multiple(2 / (low + high), 8))
        logarithm = -mp.log(inverse)
        part = to_multiple(logarithm, LOG_QUANTUM)
        rows.append((float(inverse), part, nearest(logarithm - part)))
        reach = max(reach, abs(low * inverse - 1), abs(high * inverse - 1))
    return rows, reach


def exp_table():
    """(high, low) of 2^(i/64)."""
    rows = []
    for i in range(EXP_INTERVALS):
        power = mpf(2) ** (mpf(i) / EXP_INTERVALS)
        rows.append((nearest(power), nearest(power - nearest(power))))
    return rows


def c_number(x):
    return "0" if x == 0 else float.hex(x)


def c_array(name, values, comment):
    lines = [f"/* {comment} */", f"static const double {name}[{len(values)}] = {{"]
    lines += [f"    {c_number(v)}," for v in values]
    return lines + ["};", ""]


def c_rows(name, fields, rows, comment):
    lines = [f"/* {comment} */", "static const struct {", f"    double {', '.join(fields)};"]
    lines.append(f"}} {name}[{len(rows)}] = {{")
    lines += ["    {" + ", ".join(c_number(v) for v in row) + "}," for row in rows]
    return lines + ["};", ""]


def c_scalar(name, value, comment):
    return [f"/* {comment} */", f"static const double {name} = {c_number(value)};", ""]


def bound(error):
    return f"2^{mp.nstr(mp.log(error, 2), 4)}"


def header():
    ln2 = mp.ln(2)
    lines = [
        "/* Constants of the elementary functions, generated by tools/maths_constants.py: do not edit.",
        " * maths.c and docs/numerics.md explain their use.",
        " *",
        " * SPDX-FileCopyrightText: 2026 The moonsweep authors",
        " * SPDX-License-Identifier: MIT */",
        "#ifndef MOONSWEEP_MATHS_CONSTANTS_H",
        "#define MOONSWEEP_MATHS_CONSTANTS_H",
        "",
        "#include <stdint.h>",
        "",
        "/* clang-format off */",
        "",
    ]

    rows, reach = log_table()
    lines += [
        "/* Bits of the smallest reduced argument of the logarithm. Each interval has 2^45 bit patterns. */",
        f"static const uint64_t log_first = {LOG_FIRST:#018x};",
        "",
    ]
    lines += c_rows(
        "log_table",
        ("inverse", "high", "low"),
        rows,
        f"A number near 1/z, and minus its logarithm in two parts, the high one a multiple of 2^-{LOG_QUANTUM}",
    )
    high = to_multiple(ln2, LOG_QUANTUM)
    lines += c_scalar("log_ln2_high", high, f"ln 2, a multiple of 2^-{LOG_QUANTUM}")
    lines += c_scalar("log_ln2_low", nearest(ln2 - high), "ln 2 - log_ln2_high")
    coefficients, error = polynomial(lambda r: (mp.log1p(r) - r + r * r / 2) / r**3, lambda r: r * r, -reach, reach, 6)
    lines += c_array(
        "log_polynomial",
        coefficients,
        f"(log(1 + r) - r + r^2/2) / r^3, |r| <= {mp.nstr(reach, 6)};"
        f" the logarithm's error relative to r: {bound(error)}",
    )

    step = ln2 / EXP_INTERVALS
    high = to_bits(step, EXP_HIGH_BITS)
    lines += c_rows("exp_table", ("high", "low"), exp_table(), f"2^(i/{EXP_INTERVALS}) in two parts")
    lines += c_scalar("exp_steps", nearest(1 / step), f"{EXP_INTERVALS} / ln 2")
    lines += c_scalar("exp_step_high", high, f"ln 2 / {EXP_INTERVALS}, {EXP_HIGH_BITS} bits")
    lines += c_scalar("exp_step_low", nearest(step - high), f"ln 2 / {EXP_INTERVALS} - exp_step_high")
    reach = step / 2 * (1 + mpf(2) ** -20)
    coefficients, error = polynomial(
        lambda r: (mp.expm1(r) - r - r * r / 2) / r**3, lambda r: abs(r) ** 3, -reach, reach, 4
    )
    lines += c_array(
        "exp_polynomial",
        coefficients,
        f"(e^r - 1 - r - r^2/2) / r^3, |r| <= {mp.nstr(reach, 6)}; error relative to e^r: {bound(error)}",
    )

    half_pi = mp.pi / 2
    first = to_bits(half_pi, PI_PART_BITS)
    second = to_bits(half_pi - first, PI_PART_BITS)
    third = to_bits(half_pi - first - second, PI_PART_BITS)
    fourth = nearest(half_pi - first - second - third)
    lines += c_scalar("turns_of_radian", nearest(1 / half_pi), "2 / pi: quarter turns of a radian")
    lines += c_array(
        "half_pi_parts",
        [first, second, third, fourth],
        f"pi / 2 in four parts, the first three of {PI_PART_BITS} bits; remaining error:"
        f" {bound(abs(half_pi - first - second - third - fourth))}",
    )
    reach = (mp.pi / 4 * (1 + mpf(2) ** -20)) ** 2
    coefficients, error = polynomial(
        lambda z: (mp.sin(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3, lambda z: z, mpf(0), reach, 6
    )
    lines += c_array(
        "sin_polynomial",
        coefficients,
        f"(sin(r) - r) / r^3 in r^2, |r| <= pi/4; the sine's error relative to r: {bound(error)}",
    )
    coefficients, error = polynomial(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, lambda z: z * z, mpf(0), reach, 6
    )
    lines += c_array(
        "cos_polynomial",
        coefficients,
        f"(cos(r) - 1 + r^2/2) / r^4 in r^2, |r| <= pi/4; the cosine's absolute error: {bound(error)}",
    )
    lines += ["/* clang-format on */", "", "#endif", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the header in the tree instead")
    text = header()
    if parser.parse_args().check:
        if HEADER.read_text() != text:
            sys.exit(f"{HEADER} is not the output of this script; generate it again")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
