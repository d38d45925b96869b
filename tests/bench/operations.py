"""Counts the operations that a kernel executes for a vector of samples, by form.

    per_vector = Tracer(build).count([Case("avx512", "float64", "tanh", 2, 5, 1600)])[0]
    per_vector["vfmadd231pd zmm, zmm, zmm"]                  50.0

kernel_trace prints the addresses of the executed instructions and how often each was executed; the disassembly shows
the instructions. A form is an instruction in which each operand is replaced by the kind of register; a memory operand
counts as a register. Instructions that only move data are not operations: loads, stores, moves between registers,
broadcasts, gathers, inserts and extracts, setting a register to zeros or ones, addresses, counters, branches. A masked
move selects between two values and is an operation.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import re
import subprocess
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

MOVE = re.compile(r"v?mov(?!msk)|v?p?broadcast|v?p?(insert|insr|extr)|v?p?(gather|scatter)|v?p?maskmov|v?lddqu|kmov")
MASKED = re.compile(r"\{k\d\}")
VECTOR = re.compile(r"\b([xyz]mm)\d+")
MASK_REGISTER = re.compile(r"\bk\d\b")
GENERAL = re.compile(r"\b(r(?:[a-d]x|[sd]i|[sb]p|\d+)|e(?:[a-d]x|[sd]i|[sb]p)|r\d+d)\b")
MEMORY = re.compile(r"(\w+) (PTR|BCST) (\w\w:)?\[[^]]*\]|\w\w:0x\w+")
WIDTHS = ["xmm", "ymm", "zmm"]
# Instructions that combine a register with itself to get zeros or ones.
IDIOM = re.compile(r"v?p?xor|v?p?andn|v?psub|v?pcmpeq|vpternlog")

# From 10 units on, every unit takes the same operations, so those of any number follow from those of 10 and 18.
UNITS_TRACED, UNITS_MORE = 10, 18


@dataclass(frozen=True)
class Case:
    """A case, with its fields in the order of bench_case.h."""

    isa: str
    precision: str
    activation: str
    n_x: int
    n_h: int
    m: int

    def __str__(self):
        return " ".join(map(str, astuple(self)))

    def with_units(self, n_h):
        return Case(self.isa, self.precision, self.activation, self.n_x, n_h, self.m)

    @property
    def vectors(self):
        """The number of virtual vectors that the samples fill."""
        return self.m / (8 if self.precision == "float64" else 16)


def operand_form(operand, widest):
    """An operand without its register number. Memory counts as a register of its size, or the widest if broadcast."""
    memory = MEMORY.search(operand)
    if memory:
        size = memory[1]
        known = size in ("XMMWORD", "YMMWORD", "ZMMWORD") and memory[2] == "PTR" and "1to" not in operand
        register = size[0].lower() + "mm" if known else widest if "1to" in operand or memory[2] == "BCST" else "xmm"
        operand = register + "".join(MASKED.findall(operand))
    operand = GENERAL.sub(lambda found: "eax" if found[1][0] == "e" or found[1][-1] == "d" else "rax", operand)
    return MASK_REGISTER.sub("k", VECTOR.sub(r"\1", operand))


def form_of(instruction):
    """The form of a disassembled instruction, or None if it is not an operation on vectors."""
    mnemonic, _, text = instruction.partition(" ")
    text = text.split("#")[0].split("<")[0].strip()
    registers = VECTOR.findall(text)
    if not registers and not MASK_REGISTER.search(text):
        return None
    operands = [operand.strip() for operand in re.split(r",(?![^\[]*\])", text)]
    chooses = MASKED.search(operands[0]) and VECTOR.match(operands[0])
    if MOVE.match(mnemonic) and not (chooses and mnemonic.startswith("vmov")):
        return None
    sources = [operand for operand in operands if not operand.startswith("0x")][-2:]
    if IDIOM.match(mnemonic) and sources[0] == sources[1]:
        return None
    widest = max(registers, key=WIDTHS.index, default="xmm")
    return f"{mnemonic} " + ", ".join(operand_form(operand, widest) for operand in operands)


class Disassembly:
    """The instructions of an object file by address."""

    LINE = re.compile(r"^\s+([0-9a-f]+):\t(.*)$", re.MULTILINE)

    def __init__(self, path):
        command = ["objdump", "--disassemble", "--no-show-raw-insn", "--wide", "-M", "intel", path]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        self.path = path
        self.instructions = {int(address, 16): text.strip() for address, text in self.LINE.findall(output)}

    def form(self, address):
        if address not in self.instructions:
            raise LookupError(
                f"{self.path}: an instruction was executed at {address:#x}, where the disassembly has none"
            )
        return form_of(self.instructions[address])


class Tracer:
    """Counts operations with a build's kernel_trace."""

    def __init__(self, build):
        self.program = Path(build) / "tests" / "bench" / "kernel_trace"
        self.disassemblies = {}

    def disassembly(self, path):
        if path == "/proc/self/exe":
            path = str(self.program)
        if path not in self.disassemblies:
            self.disassemblies[path] = Disassembly(path)
        return self.disassemblies[path]

    def trace(self, cases):
        """A Counter for each case: form -> executions per virtual vector of samples."""
        lines = "".join(f"{case}\n" for case in cases)
        output = subprocess.run([self.program], input=lines, check=True, stdout=subprocess.PIPE, text=True).stdout
        counts = []
        for line in output.splitlines():
            if line.startswith("case "):
                counts.append(Counter())
                vectors = int(line.split()[1])
                continue
            executed, address, path = line.split(maxsplit=2)
            form = self.disassembly(path).form(int(address, 16))
            if form:
                counts[-1][form] += int(executed) / vectors
        return counts

    def count(self, cases):
        """The same, but cases with many units are not traced: they are extrapolated from 10 and 18 units."""
        few = [case for case in cases if case.n_h <= UNITS_TRACED]
        many = {case.with_units(n_h) for case in cases if case.n_h > UNITS_TRACED for n_h in (UNITS_TRACED, UNITS_MORE)}
        traced = list(dict.fromkeys([*few, *sorted(many, key=str)]))
        known = dict(zip(traced, self.trace(traced), strict=True))
        return [known[case] if case in known else self.extrapolated(case, known) for case in cases]

    @staticmethod
    def extrapolated(case, known):
        less, more = known[case.with_units(UNITS_TRACED)], known[case.with_units(UNITS_MORE)]
        units = (case.n_h - UNITS_TRACED) / (UNITS_MORE - UNITS_TRACED)
        grown = Counter({form: less[form] + (more[form] - less[form]) * units for form in less | more})
        return Counter({form: count for form, count in grown.items() if count > 0})
