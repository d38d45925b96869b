"""Generates assembly loops with the operations of a kernel, but without its loads, stores and dependencies.

    loop = OperationLoop.of("loop_0", per_vector, "float64", shuffled=False)
    assembly([loop.assembly(), ...])  a library of functions void loop_0(int64_t passes)
    loop.vectors                      vectors of samples whose operations are in one pass

Each form occurs as often as in the kernel, evenly distributed or at random. No instruction waits for another:

- Sources are constants with ordinary values, so that no operation is a special or trivial case.
- An instruction that only writes its destination writes to a register that is never read.
- Instructions that also read their destination (fused multiply-add, two-operand forms, merging masks) use all remaining
  registers in turn, more than their latency requires. These registers are set to a constant at the start of each pass,
  by moves that the processor eliminates by renaming. The constants that multiply are alternately above and below 1, so
  that values stay ordinary.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools
import math
import random
import re
from collections import Counter
from dataclasses import dataclass

# Long enough for the instructions of the loop itself to be negligible, short enough for the caches of decoded
# instructions: on Zen 5 a loop of 4,200 took up to 2.3 times as long.
LENGTH_MOST = 2000

REGISTER = re.compile(r"\b([xyz]mm|k)\b")
READS_DESTINATION = re.compile(r"vfn?m(add|sub)|vpternlog|vperm[it]2|(?!v)")
FLOATING = re.compile(r"v?(fn?m(add|sub)|add|sub|mul|div|sqrt|max|min)\w*[ps][ds]\b")

CLOCK_CYCLES = 300

# Two ordinary numbers whose product is nearly 1.
CONSTANTS = (1.2345678, 0.8100001)


def reads_destination(form):
    return bool(READS_DESTINATION.match(form)) or ("{k}" in form and "{z}" not in form and "blendm" not in form)


def is_floating(form):
    return bool(FLOATING.match(form))


@dataclass(frozen=True)
class Registers:
    """The use of the vector registers, by number."""

    sources: tuple  # the constants
    sink: int  # written, never read
    numbers: range  # destinations that floating-point arithmetic also reads
    bits: range  # destinations that other operations also read; they may leave any bits

    @classmethod
    def of(cls, forms):
        """forms: a list. Without 512-bit vectors and masks, there are only 16 registers."""
        count = 32 if any(re.search(r"\bzmm\b|\bk\b", form) for form in forms) else 16
        free = count - 3
        kinds = Counter(is_floating(form) for form in forms if reads_destination(form))
        bits = 0
        if kinds[False]:
            bits = max(2, round(free * kinds[False] / kinds.total()))
        if kinds[True]:
            bits = min(bits, free - 2)
        return cls((count - 1, count - 2), count - 3, range(free - bits), range(free - bits, free))


class Operands:
    """Replaces the kinds of registers in forms with registers, for one instruction after another."""

    def __init__(self, registers):
        self.registers = registers
        self.instructions = self.number_turns = self.bit_turns = 0

    def destination(self, form):
        numbers, bits = self.registers.numbers, self.registers.bits
        if not reads_destination(form):
            return self.registers.sink
        if is_floating(form):
            self.number_turns += 1
            return numbers[self.number_turns % len(numbers)]
        self.bit_turns += 1
        return bits[self.bit_turns % len(bits)]

    def instruction(self, form):
        """The form with registers: the first is the destination, the others are the constants in turn. The constants
        are swapped after each cycle through the destinations, so that their products cancel."""
        self.instructions += 1
        swapped = self.number_turns // max(1, len(self.registers.numbers))
        vectors = itertools.cycle(self.registers.sources[:: (-1) ** swapped])
        masks = itertools.repeat(1)
        if form.split()[1][0] == "k":
            masks = itertools.chain([2 + self.instructions % 6], masks)
        else:
            vectors = itertools.chain([self.destination(form)], vectors)
        return REGISTER.sub(lambda kind: f"{kind[0]}{next(masks if kind[0] == 'k' else vectors)}", form)


@dataclass(frozen=True)
class OperationLoop:
    name: str
    forms: list  # in order
    vectors: float
    precision: str

    @classmethod
    def of(cls, name, per_vector, precision, shuffled):
        """per_vector: Counter of the forms for one vector of samples."""
        vectors = 2.0 ** math.floor(math.log2(LENGTH_MOST / per_vector.total()))
        counts = {form: round(count * vectors) for form, count in per_vector.items()}
        places = [((i + 0.5) / count, form) for form, count in counts.items() for i in range(count)]
        forms = [form for _, form in sorted(places)]
        if shuffled:
            random.Random(0).shuffle(forms)
        return cls(name, forms, vectors, precision)

    def assembly(self):
        registers = Registers.of(self.forms)
        operands = Operands(registers)
        width = next((width for width in ("zmm", "ymm") if any(width in form for form in self.forms)), "xmm")
        # Without wide vectors, use the legacy encoding: mixing it with the VEX encoding is slow on some processors.
        v = "" if width == "xmm" else "v"
        load = [f"{v}movups {width}{register}, [rip + constant_{self.precision}_{i}]"
                for i, register in enumerate(registers.sources)]  # fmt: skip
        mask = ["mov eax, 0x5555", "kmovw k1, eax"] if any("{k}" in form for form in self.forms) else []
        start = [f"{v}movaps {width}{register}, {width}{registers.sources[0]}"
                 for register in [*registers.numbers, *registers.bits]]  # fmt: skip
        body = [operands.instruction(form) for form in self.forms]
        return function(self.name, [*load, *mask], [*start, *body], ["vzeroupper"] if v else [])


def function(name, before, body, after):
    """void name(int64_t passes)."""
    return [f".globl {name}", ".p2align 6", f"{name}:", *before,
            ".p2align 6", "1:", *body, "dec rdi", "jnz 1b", *after, "ret"]  # fmt: skip


def clock_loop(name):
    """A loop whose pass takes CLOCK_CYCLES cycles: every multiplication waits three cycles for the previous one."""
    return function(name, ["mov eax, 3"], ["imul eax, eax"] * (CLOCK_CYCLES // 3), [])


def assembly(functions):
    """The assembly text of a library. functions: lists of lines."""
    constants = []
    for precision, (kind, lanes) in {"float64": ("double", 8), "float32": ("float", 16)}.items():
        for i, value in enumerate(CONSTANTS):
            constants += [f"constant_{precision}_{i}:", f".{kind} " + ", ".join([str(value)] * lanes)]
    lines = [".intel_syntax noprefix", ".text", *(line for one in functions for line in one),
             ".section .rodata", ".p2align 6", *constants,
             '.section .note.GNU-stack, "", @progbits']  # fmt: skip
    return "\n".join(lines) + "\n"
