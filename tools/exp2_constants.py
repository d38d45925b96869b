#!/usr/bin/env python3
"""Computes the constants of the kernels' exponential, src/train/exp2_constants.h, and their error.

With t = k + r, k the nearest multiple of 1/n, T = 2^k from a table and w = r*r,

    2^t = T * (A + r*B) / (A - r*B)        A = w + a0,  B = b1*w + b0    (b1 = 0 in float32)

The quotient equals 2^r for B/A = tanh(r*ln(2)/2)/r, an even function of r. In float64 its three coefficients
make the error zero at the seven zeros of a Chebyshev polynomial of r, so nearly the least possible. In float32
they are Pade's [2/2].

    exp2_constants.py           prints the header (clang-format lays it out)
    exp2_constants.py --error   prints the largest error of each quotient over |r| <= 1/(2n), coefficients rounded
    exp2_constants.py --bound   prints what the error of sigmoid and tanh cannot exceed (docs/numerics.md derives it)
"""

import math
import struct
import sys

from mpmath import cos, cosh, log, lu_solve, matrix, mp, mpf, pi, sinh, sqrt

mp.prec = 200
LN2 = log(2)


def bits64(x):
    """The bits of the float64 nearest to x."""
    return struct.unpack("<Q", struct.pack("<d", float(x)))[0]


def bits32(x):
    """The bits of the float32 nearest to x."""
    return struct.unpack("<I", struct.pack("<f", float(x)))[0]


def round32(x):
    """The float32 nearest to x."""
    return struct.unpack("<f", struct.pack("<f", float(x)))[0]


def quotient_coefficients(half_width):
    """a0, b0, b1 with B/A = tanh(r ln2 / 2) / r where the Chebyshev polynomial T7(r / half_width) is zero."""
    nodes = [(half_width * cos((2 * i + 1) * pi / 14)) ** 2 for i in range(3)]
    # b1*w + b0 - f*a0 = f*w, f = tanh(r ln2/2)/r
    rows, right = [], []
    for w in nodes:
        r = sqrt(w)
        f = sinh(r * LN2 / 2) / cosh(r * LN2 / 2) / r
        rows.append([-f, 1, w])
        right.append(f * w)
    a0, b0, b1 = lu_solve(matrix(rows), matrix(right))
    return a0, b0, b1


def quotient_error(a0, b0, b1, half_width):
    """Largest |quotient / 2^r - 1| over 4,001 points."""
    worst = mpf(0)
    for i in range(-2000, 2001):
        r = half_width * i / 2000
        w = r * r
        a, b = w + a0, b1 * w + b0
        worst = max(worst, abs((a + r * b) / (a - r * b) / mpf(2) ** r - 1))
    return worst


def constants():
    """The rounded coefficients of both precisions: (float64's three, float32's two)."""
    wide = [mpf(float(c)) for c in quotient_coefficients(mpf(1) / 16)]
    narrow = [mpf(round32(12 / LN2**2)), mpf(round32(6 / LN2))]
    return wide, narrow


def table(n, bits, place):
    """Bits of 2^(i/n), less i at the exponent's place minus log2(n)."""
    return [bits(mpf(2) ** (mpf(i) / n)) - (i << place) for i in range(n)]


def print_header():
    """The text of src/train/exp2_constants.h."""
    wide, narrow = constants()
    print("/* Constants of the kernels' exponential, made by tools/exp2_constants.py: its text explains them. */")
    print("#ifndef MOONSWEEP_TRAIN_EXP2_CONSTANTS_H\n#define MOONSWEEP_TRAIN_EXP2_CONSTANTS_H\n")
    print("#include <stdint.h>\n")
    print("/* Bits of 2^(i/8) less i << 49: plus k << 49 for k = 8*e + i they are those of 2^(k/8). */")
    print("static const uint64_t exp2_table_f64[8] __attribute__((aligned(64), unused)) = {")
    for x in table(8, bits64, 49):
        print(f"    0x{x:016x},")
    print("};\n")
    print("/* Bits of 2^(i/16) less i << 19, likewise. */")
    print("static const uint32_t exp2_table_f32[16] __attribute__((aligned(64), unused)) = {")
    for x in table(16, bits32, 19):
        print(f"    0x{x:08x},")
    print("};\n")
    print(f"/* |error| <= {float(quotient_error(*wide, mpf(1) / 16)):.1e} for |r| <= 1/16 */")
    for name, value in zip(("A0", "B0", "B1"), wide, strict=True):
        print(f"#define EXP2_{name}_F64 {float(value).hex()}")
    print(f"\n/* |error| <= {float(quotient_error(*narrow, 0, mpf(1) / 32)):.1e} for |r| <= 1/32 */")
    for name, value in zip(("A0", "B0"), narrow, strict=True):
        print(f"#define EXP2_{name}_F32 {float(value).hex()}f")
    print("\n#endif")


def print_errors():
    """One line a precision."""
    wide, narrow = constants()
    print(f"float64: {float(quotient_error(*wide, mpf(1) / 16)):.3e} over |r| <= 1/16")
    print(f"float32: {float(quotient_error(*narrow, 0, mpf(1) / 32)):.3e} over |r| <= 1/32")


def half_place(x, digits):
    """Half a unit in the last place of x: what rounding to so many binary digits can be off by."""
    return math.ldexp(1, math.floor(math.log2(abs(x))) - digits) if x else 0.0


def quotient_bound(coefficients, r, digits):
    """A - r B, and what its and (A + r B)'s roundings do to the ratio of the two, relatively."""
    a0, b0, b1 = map(float, coefficients)
    w = r * r
    a, b = w + a0, b1 * w + b0
    below, above = a - r * b, a + r * b
    of_a = half_place(w, digits) + half_place(a, digits)  # moves both alike
    of_rb = half_place(r * b, digits)  # moves them apart, as do those of B
    if b1:
        of_rb += abs(r) * (half_place(b, digits) + b1 * half_place(w, digits))
    apart = of_a * abs(1 / below - 1 / above) + of_rb * (1 / below + 1 / above)
    return below, apart + half_place(below, digits) / below + half_place(above, digits) / above


def logistic_bounds(coefficients, n, nearest, digits):
    """Bounds on the errors of s = 1/(1 + 2^t) in units of its last place, and of 1 - 2 s in units of 2^-digits.

    Evaluated over r, the table's entries and exponents of 2^t; beyond 2^+-60 nothing changes.
    """
    sigmoid = tanh = 0.0
    for i in range(n):
        power = mpf(2) ** (mpf(i) / n)
        of_table = nearest(power) / power - 1
        for j in range(-64, 65):
            r = j / (128 * n)
            w = mpf(r) ** 2
            a, b = w + coefficients[0], coefficients[2] * w + coefficients[1]
            of_power = abs(float(of_table + (a + r * b) / (a - r * b) / mpf(2) ** r - 1))
            below, of_ratio = quotient_bound(coefficients, r, digits)
            for exponent in range(-60, 61):
                s = 1 / (1 + 2 ** (exponent + i / n + r))
                sum_ = below / s
                relative = (1 - s) * (of_ratio + of_power) + half_place(sum_, digits) / sum_
                error = s * relative + half_place(s, digits)
                sigmoid = max(sigmoid, error / (2 * half_place(s, digits)))
                tanh = max(tanh, 2 * error * 2**digits)
    return sigmoid, tanh


def print_bounds():
    """One line a precision."""
    wide, narrow = constants()
    for name, *how in (
        ("float64", wide, 8, lambda x: mpf(float(x)), 53),
        ("float32", [*narrow, mpf(0)], 16, lambda x: mpf(round32(x)), 24),
    ):
        sigmoid, tanh = logistic_bounds(*how)
        print(f"{name}: sigmoid {sigmoid:.2f} ulp, tanh {tanh:.2f} * 2^-{how[-1]}")


if __name__ == "__main__":
    if "--error" in sys.argv[1:]:
        print_errors()
    elif "--bound" in sys.argv[1:]:
        print_bounds()
    else:
        print_header()
