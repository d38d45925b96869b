"""Loops of bare operations, as assembly: what a kernel computes without its loads, stores and dependencies.

    loop = OperationLoop.of("loop_0", per_vector, "float64")
    assembly([loop.assembly(), ...])  a library of functions void loop_0(int64_t passes)
    loop.vectors                      vectors of samples whose operations one pass holds

Each form occurs as often as in the kernel, evenly spread. Nothing waits for anything:

- sources are constants, ordinary numbers: no operation meets a special case, or one that is done for nothing;
- what only writes its destination writes to a register that nobody reads;
- what reads its destination as well (fused multiply and add, two-operand forms, merging masks) takes turns on as many
  registers as there are left, more than its latency covers. They start each pass from a constant, by moves that the
  processor does by renaming, and constants that multiply are above and below 1 in turn, so that numbers stay ordinary.
"""

import re
from collections import Counter
from dataclasses import dataclass

# Long enough for the loop's own instructions not to show, short enough for the caches of instructions.
LENGTH_MOST = 4000
VECTORS = [2.0**k for k in range(8, -6, -1)]

REGISTER = re.compile(r"\b([xyz]mm|k)\b")
FUSED = re.compile(r"vfn?m(add|sub)")
READS_DESTINATION = re.compile(r"vfn?m(add|sub)|vfmaddsub|vfmsubadd|vpternlog|vperm[it]2|(?!v)")
FLOATING = re.compile(r"v?(fn?m(add|sub)|add|sub|mul|div|sqrt|max|min)\w*[ps][ds]\b")

CLOCK_CYCLES = 300

# Two ordinary numbers whose product is nearly 1.
CONSTANTS = (1.2345678, 0.8100001)

@dataclass(frozen=True)
class Registers:
    """Who uses which register, by number: sources and the sink are set aside, the rest are destinations that are read,
    numbers apart from bits."""

    sources: tuple
    sink: int
    numbers: range
    bits: range

    @classmethod
    def of(cls, forms):
        """forms: Counter. Without 512-bit vectors and masks only 16 registers can be named in every instruction."""
        room = 32 if any(re.search(r"\bzmm\b|\bk\b", form) for form in forms) else 16
        rotated = Counter()
        for form, count in forms.items():
            if reads_destination(form):
                rotated[is_floating(form)] += count
        free = room - 3
        bits = round(free * rotated[False] / max(1, rotated.total()))
        bits = min(max(bits, 2 if rotated[False] else 0), free if not rotated[True] else free - 2)
        return cls((room - 1, room - 2), room - 3, range(free - bits), range(free - bits, free))


def reads_destination(form):
    return bool(READS_DESTINATION.match(form)) or ("{k}" in form and "{z}" not in form and "blendm" not in form)


def is_floating(form):
    return bool(FLOATING.match(form))


class Operands:
    """Gives each instruction its registers."""

    def __init__(self, registers):
        self.registers = registers
        self.turns = Counter()

    def destination(self, form):
        if not reads_destination(form):
            return self.registers.sink
        pool = self.registers.numbers if is_floating(form) else self.registers.bits
        self.turns[pool] += 1
        return pool[self.turns[pool] % len(pool)]

    def instruction(self, form):
        """The form with registers in it, the first one the destination."""
        self.turns["instruction"] += 1
        destination = self.destination(form)
        # The constants change places each time round the destinations, so that what one multiplies the other undoes.
        swapped = self.turns[self.registers.numbers] // max(1, len(self.registers.numbers))
        written = 0

        def register(found):
            nonlocal written
            written += 1
            kind = found[1]
            if kind == "k":
                return f"k{2 + self.turns['instruction'] % 6}" if written == 1 else "k1"
            if written == 1:
                return f"{kind}{destination}"
            return f"{kind}{self.registers.sources[(written + swapped) % 2]}"

        return REGISTER.sub(register, form)


@dataclass(frozen=True)
class OperationLoop:
    name: str
    forms: list  # in order
    vectors: float
    precision: str

    @classmethod
    def of(cls, name, per_vector, precision):
        """per_vector: Counter, form -> how often for a vector of samples."""
        vectors = next(v for v in VECTORS if per_vector.total() * v <= LENGTH_MOST)
        counts = {form: round(count * vectors) for form, count in per_vector.items()}
        places = [((i + 0.5) / count, form) for form, count in counts.items() for i in range(count)]
        return cls(name, [form for _, form in sorted(places)], vectors, precision)

    def assembly(self):
        registers = Registers.of(Counter(self.forms))
        operands = Operands(registers)
        width = next((width for width in ("zmm", "ymm") if any(width in form for form in self.forms)), "xmm")
        # Without wide vectors the old encoding: mixed with the new one it is slow on some processors.
        v = "" if width == "xmm" else "v"
        load = [f"{v}movups {width}{register}, [rip + constant_{self.precision}_{i}]"
                for i, register in enumerate(registers.sources)]  # fmt: skip
        refresh = [f"{v}movaps {width}{register}, {width}{registers.sources[0]}"
                   for register in [*registers.numbers, *registers.bits]]  # fmt: skip
        mask = ["mov eax, 0x5555", "kmovw k1, eax"] if any("{k}" in form for form in self.forms) else []
        body = [operands.instruction(form) for form in self.forms]
        return function(self.name, [*load, *mask], [*refresh, *body]) + ["vzeroupper"] * bool(v) + ["ret"]


def function(name, before, body):
    """void name(int64_t passes), up to its return."""
    return [f".globl {name}", ".p2align 6", f"{name}:", *before, ".p2align 6", "1:", *body, "dec rdi", "jnz 1b"]


def clock_loop(name):
    """A loop whose pass takes CLOCK_CYCLES cycles: every multiplication waits three for the one before."""
    return function(name, ["mov eax, 3"], ["imul eax, eax"] * (CLOCK_CYCLES // 3)) + ["ret"]


def assembly(functions):
    """The text of a library of functions, lists of lines."""
    constants = []
    for precision, (kind, lanes) in {"float64": ("double", 8), "float32": ("float", 16)}.items():
        for i, value in enumerate(CONSTANTS):
            constants += [f"constant_{precision}_{i}:", f".{kind} " + ", ".join([str(value)] * lanes)]
    lines = [".intel_syntax noprefix", ".text", *(line for one in functions for line in one),
             ".section .rodata", ".p2align 6", *constants,
             '.section .note.GNU-stack, "", @progbits']  # fmt: skip
    return "\n".join(lines) + "\n"
