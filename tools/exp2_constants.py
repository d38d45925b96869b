#!/usr/bin/env python3
"""Computes the constants of the kernels' exponential, src/train/exp2_constants.h, and their error.

With t = k + r, k the nearest multiple of 1/n, T = 2^k from a table and w = r*r,

    2^t = T * (A + r) / (A - r)        A = a0 + w*(a1 + w*a2)    (a2 = 0 in float32)

The quotient equals 2^r for A = r*coth(r*ln(2)/2), an even function of r. The polynomial takes its values where r is
a zero of the Chebyshev polynomial of twice the coefficients' number plus one, so its error is nearly the least
possible.

    exp2_constants.py           prints the header (clang-format lays it out)
    exp2_constants.py --error   prints the largest error of each quotient over |r| <= 1/(2n), coefficients rounded
    exp2_constants.py --bound   prints what the error of sigmoid and tanh cannot exceed (docs/numerics.md derives it)
"""

import math
import struct
import sys

from mpmath import cos, cosh, log, lu_solve, matrix, mp, mpf, pi, sinh

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


def quotient_coefficients(count, half_width):
    """a0, a1, ... of A = r coth(r ln2 / 2) where the Chebyshev polynomial T(r / half_width) of 2 count + 1 is zero."""
    nodes = [half_width * cos((2 * i + 1) * pi / (4 * count + 2)) for i in range(count)]
    powers = [[r ** (2 * k) for k in range(count)] for r in nodes]
    return list(lu_solve(matrix(powers), matrix([r * cosh(r * LN2 / 2) / sinh(r * LN2 / 2) for r in nodes])))


def value_of_A(coefficients, r):
    """A at r."""
    return sum(a * r ** (2 * k) for k, a in enumerate(coefficients))


def quotient_error(coefficients, half_width):
    """Largest |quotient / 2^r - 1| over 4,001 points."""
    worst = mpf(0)
    for i in range(-2000, 2001):
        r = half_width * i / 2000
        A = value_of_A(coefficients, r)
        worst = max(worst, abs((A + r) / (A - r) / mpf(2) ** r - 1))
    return worst


def constants():
    """The rounded coefficients of both precisions: (float64's three, float32's two)."""
    wide = [mpf(float(c)) for c in quotient_coefficients(3, mpf(1) / 16)]
    narrow = [mpf(round32(c)) for c in quotient_coefficients(2, mpf(1) / 32)]
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
    print(f"/* |error| <= {float(quotient_error(wide, mpf(1) / 16)):.1e} for |r| <= 1/16 */")
    for i, value in enumerate(wide):
        print(f"#define EXP2_A{i}_F64 {float(value).hex()}")
    print(f"\n/* |error| <= {float(quotient_error(narrow, mpf(1) / 32)):.1e} for |r| <= 1/32 */")
    for i, value in enumerate(narrow):
        print(f"#define EXP2_A{i}_F32 {float(value).hex()}f")
    print("\n#endif")


def print_errors():
    """One line a precision."""
    wide, narrow = constants()
    print(f"float64: {float(quotient_error(wide, mpf(1) / 16)):.3e} over |r| <= 1/16")
    print(f"float32: {float(quotient_error(narrow, mpf(1) / 32)):.3e} over |r| <= 1/32")


def half_place(x, digits):
    """Half a unit in the last place of x: what rounding to so many binary digits can be off by."""
    return math.ldexp(1, math.floor(math.log2(abs(x))) - digits) if x else 0.0


def quotient_bound(coefficients, r, digits):
    """A - r, and what its and (A + r)'s roundings do to the ratio of the two, relatively."""
    w = r * r
    A = inner = float(coefficients[-1])
    of_A = 0.0  # moves both alike
    for a in map(float, coefficients[-2::-1]):
        inner, A = A, a + w * A
        of_A = w * of_A + abs(inner) * half_place(w, digits) + half_place(A, digits)
    below, above = A - r, A + r
    apart = of_A * abs(1 / below - 1 / above)
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
            A = value_of_A(coefficients, mpf(r))
            of_power = abs(float(of_table + (A + r) / (A - r) / mpf(2) ** r - 1))
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
        ("float32", narrow, 16, lambda x: mpf(round32(x)), 24),
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
