"""Compares the operations that bench_kernel counts with counts by hand, since its bound depends on them."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import itertools
import re
import subprocess
from collections import Counter

import pytest

from bench.bench_kernel import Measured, ns_per_sample_and_unit
from bench.operation_loop import OperationLoop, assembly
from bench.operations import Case, Disassembly, Tracer, form_of
from lib import SOURCE

# The number of reals that an instruction computes, by its register and the end of its name.
LANES = {("zmm", "pd"): 8, ("ymm", "pd"): 4, ("xmm", "pd"): 2, ("xmm", "sd"): 1}
LANES |= {("zmm", "ps"): 16, ("ymm", "ps"): 8, ("xmm", "ps"): 4, ("xmm", "ss"): 1}
VECTOR = {"float64": 8, "float32": 16}

INSTRUCTIONS = {
    "vfmadd231pd zmm3,zmm5,zmm7": "vfmadd231pd zmm, zmm, zmm",
    "vfmadd231pd zmm3,zmm5,ZMMWORD PTR [rsi+rax*8+0x40]": "vfmadd231pd zmm, zmm, zmm",
    "vfmadd213pd zmm3,zmm5,QWORD BCST [rip+0x1234]        # 5678 <table+0x8>": "vfmadd213pd zmm, zmm, zmm",
    "vmulsd xmm0,xmm1,QWORD PTR [rsp-0x8]": "vmulsd xmm, xmm, xmm",
    "vcmpgt_oqpd k1,zmm0,zmm3": "vcmpgt_oqpd k, zmm, zmm",
    "vmovapd zmm1{k1}{z},zmm2": "vmovapd zmm{k}{z}, zmm",
    "vmovapd zmm1{k1}{z},ZMMWORD PTR [rdi]": "vmovapd zmm{k}{z}, zmm",
    "vpsllq ymm1,ymm2,0x31": "vpsllq ymm, ymm, 0x31",
    "vcvtsi2sd xmm1,xmm2,r12": "vcvtsi2sd xmm, xmm, rax",
    "vxorpd zmm1,zmm1,ZMMWORD PTR [rdi]": "vxorpd zmm, zmm, zmm",
    "mulsd xmm1,xmm1": "mulsd xmm, xmm",
    # Not operations.
    "vxorps xmm1,xmm1,xmm1": None,
    "pcmpeqd xmm1,xmm1": None,
    "vpternlogd zmm1,zmm1,zmm1,0xff": None,
    "vmovapd zmm1,ZMMWORD PTR [rdi]": None,
    "vmovapd ZMMWORD PTR [rdi],zmm1": None,
    "vmovapd ZMMWORD PTR [rdi]{k1},zmm1": None,
    "vbroadcastsd zmm1,QWORD PTR [rdi]": None,
    "vextractf64x4 ymm1,zmm2,0x1": None,
    "movhpd xmm1,QWORD PTR [rdi]": None,
    "kmovb eax,k1": None,
    "add rax,0x40": None,
    "jne 1140 <accumulate+0x20>": None,
    "vzeroupper": None,
}


@pytest.mark.parametrize("text", INSTRUCTIONS)
def test_an_instruction_has_the_right_form_or_none(text):
    assert form_of(text) == INSTRUCTIONS[text]


@pytest.fixture(scope="module")
def tracer(build):
    return Tracer(build)


@pytest.fixture(scope="module")
def vectorized(tracer):
    """This processor's kernels with vector operations, best first. Compilers may vectorize others in their own ways."""
    done = subprocess.run([tracer.program, "--isas"], check=True, capture_output=True, text=True)
    isas = [isa for isa in done.stdout.split() if not isa.startswith("portable")]
    if not isas:
        pytest.skip("this processor has no kernel with vector operations")
    return isas


def computed(counts, pattern, precision):
    """The number of reals per sample that the operations with a matching name compute."""
    reals = 0
    for form, count in counts.items():
        name, first = form.split()[0], re.search("[xyz]mm", form)[0]
        if re.match(pattern, name):
            reals += count * LANES[first, name[-2:]]
    return reals / VECTOR[precision]


@pytest.mark.parametrize("n_x", [2, 3])
@pytest.mark.parametrize("precision", VECTOR)
def test_a_relu_unit_takes_as_many_multiplications_as_its_formula(tracer, vectorized, precision, n_x):
    """Forward n_x products with W1 and one with W2, backward n_x with x, no division; the bias is an addition."""
    cases = [Case(isa, precision, "relu", n_x, n_h, 1600) for isa in vectorized for n_h in (1, 2)]
    counts = tracer.count(cases)
    for isa, one, two in zip(vectorized, counts[::2], counts[1::2], strict=True):
        two.subtract(one)
        assert computed(two, "vf[n]?m(add|sub)", precision) == 2 * n_x + 1, isa
        assert computed(two, "vmul", precision) == 0, isa
        assert computed(two, "vadd", precision) == 1, isa
        assert computed(two, "vdiv", precision) == 0, isa


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_logistic_unit_and_the_output_divide_once_each(tracer, vectorized, activation):
    one, two = tracer.count([Case(vectorized[0], "float64", activation, 2, n_h, 1600) for n_h in (1, 2)])
    assert computed(one, "vdiv", "float64") == 2
    assert computed(two, "vdiv", "float64") == 3


@pytest.mark.parametrize("precision", VECTOR)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_extrapolated_counts_equal_traced_ones(tracer, vectorized, activation, precision):
    """50 units are the most in the default sweep."""
    case = Case(vectorized[0], precision, activation, 2, 50, 1600)
    assert tracer.count([case]) == tracer.trace([case])


@pytest.fixture
def loop_instructions(tmp_path):
    """Assembles a loop and returns the instructions of one pass."""

    def of(loop):
        source, library = tmp_path / "loop.s", tmp_path / "loop.so"
        source.write_text(assembly([loop.assembly()]))
        subprocess.run(["cc", "-shared", "-nostdlib", "-o", library, source], check=True)
        instructions = list(Disassembly(library).instructions.values())
        last = next(i for i, text in enumerate(instructions) if text.startswith("dec"))
        first = max(i for i, text in enumerate(instructions[:last]) if "movups" in text or "kmov" in text)
        return [text for text in instructions[first + 1 : last] if not text.startswith(("nop", "data16", "cs nop"))]

    return of


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_loop_contains_the_counted_operations_without_dependencies(
    tracer, vectorized, loop_instructions, activation, shuffled
):
    for isa in vectorized:
        (count,) = tracer.count([Case(isa, "float64", activation, 2, 4, 1600)])
        loop = OperationLoop.of("loop", count, "float64", shuffled)
        body = loop_instructions(loop)
        held = Counter(form for form in map(form_of, body) if form)
        assert held == {form: round(count[form] * loop.vectors) for form in count}
        body = [text for text in body if form_of(text)]
        operands = [re.findall(r"(?<!\w)(?:[xyz]mm\d+|k\d)", text) for text in body]
        written = {registers[0] for registers in operands}
        for text, registers in zip(body, operands, strict=True):
            assert not written & set(registers[1:]), text
        # Fused operations also read their destination, so the next eight must have others (4 cycles, 2 per cycle).
        destinations = [registers[0] for text, registers in zip(body, operands, strict=True) if text.startswith("vf")]
        for i, j in itertools.combinations(range(9), 2):
            assert all(a != b for a, b in zip(destinations[i:], destinations[j:], strict=False))


def test_the_time_per_sample_and_unit_weighs_networks_by_their_work():
    """One network of 2 units takes 3 us, one of 6 units 5 us: 8,000 ns for 800 times samples and units."""
    cases = [Case("avx2", "float64", "tanh", 2, n_h, 100) for n_h in (2, 6)]
    rows = [Measured(case, [seconds], [], 0) for case, seconds in zip(cases, (3e-6, 5e-6), strict=True)]
    assert ns_per_sample_and_unit(rows) == pytest.approx(10)


def test_the_documented_times_per_sample_and_unit_are_those_of_the_documented_sweep():
    """The work of the default sweep, from its article: 1,600 samples, 75 units in 7 sizes, 3 activations, 5 rates."""
    text = (SOURCE / "docs" / "benchmarks.md").read_text()
    rows = re.findall(r"^\| `\w+` float\d\d \| ([\d.]+) \|.*\| (0\.\d+) \|$", text, re.MULTILINE)
    assert len(rows) == 4
    for core_seconds, stated in rows:
        assert f"{float(core_seconds) / (1600 * 75 * 3 * 5 * 100_000) * 1e9:.2f}" == stated
