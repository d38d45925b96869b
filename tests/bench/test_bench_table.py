"""The benchmarks' tables: sums, ratios and layout of example times, costs that disagree, and peers that fail."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import sys

import bench_table
import pytest
from default_sweep import ACTIVATIONS, N_H, job
from peer_process import PeerFailed, PeerProcess

EVERY = [(activation, n_h) for activation in ACTIVATIONS for n_h in N_H]


def test_the_default_sweep_is_half_a_million_iterations_of_every_network():
    assert bench_table.sweep_core_seconds(dict.fromkeys(EVERY, 2.0)) == pytest.approx(21 * 500_000 * 2e-6)
    times = {case: 0.0 for case in EVERY} | {("relu", 10): 3.0, ("tanh", 1): 1.0}
    assert bench_table.sweep_core_seconds(times) == pytest.approx(2.0)


def test_tables_show_times_and_their_ratios_to_the_first_peer():
    peers = {"ours": dict.fromkeys(EVERY, 2.0), "theirs": {case: 24.0 * case[1] for case in EVERY}}
    lines = list(bench_table.times_tables(peers))
    assert len(lines) == 2 * 3 * 4
    assert lines[0].split() == ["microseconds", "per", "iteration,", "tanh,", "n_h", *map(str, N_H)]
    assert lines[2].split() == ["theirs", "24.0", "48.0", "72.0", "96.0", "120", "240", "1,200"]
    assert lines[14].split() == ["theirs", "12.0", "24.0", "36.0", "48.0", "60.0", "120", "600"]
    assert len({len(line) for line in lines[:3]}) == 1


def test_the_default_sweep_has_medians_and_quartiles_of_rounds_and_of_their_ratios():
    ours = [dict.fromkeys(EVERY, us) for us in (2.0, 4.0, 1.0, 3.0, 5.0)]
    theirs = [dict.fromkeys(EVERY, us) for us in (20.0, 80.0, 15.0, 30.0, 60.0)]
    _, first, second = bench_table.sweep_table({"ours": ours, "theirs": theirs})
    assert first.split() == ["ours", "31.5", "21.0", "42.0", "1.00", "1.00", "1.00"]
    assert second.split() == ["theirs", "315", "210", "630", "12.0", "10.0", "15.0"]  # ratios: 10, 20, 15, 10, 12


def test_one_round_has_no_spread():
    assert bench_table.spread([3.0]) == [3.0, 3.0, 3.0]


@pytest.mark.parametrize("found", [{0.1: 0.5 * (1 + 2e-8)}, {0.1: float("nan")}, {}, {0.01: 0.5}])
def test_costs_that_disagree_or_are_missing_are_errors(found):
    with pytest.raises(bench_table.Disagreement, match="theirs, tanh n_h 3, rate 0.1: .*0.5"):
        bench_table.check_costs("theirs", "tanh n_h 3", found, {0.1: 0.5})


def test_costs_that_agree_are_accepted():
    bench_table.check_costs("theirs", "tanh n_h 3", {0.1: 0.5 * (1 + 5e-9), 1.2: 7.0}, {0.1: 0.5})


def test_a_peer_that_cannot_start_is_reported_with_its_error(tmp_path):
    with pytest.raises(PeerFailed, match="the peer theirs ended; .*theirs.log says:\n.*no such library"):
        PeerProcess(
            "theirs", [sys.executable, "-c", "raise SystemExit('no such library')"], None, tmp_path / "theirs.log"
        )


def test_a_peer_that_ends_at_a_request_is_reported(tmp_path):
    peer = PeerProcess("theirs", [sys.executable, "-c", "print('ready')"], None, tmp_path / "theirs.log")
    with peer, pytest.raises(PeerFailed, match="theirs ended"):
        peer.train("tanh", 3, [0.1], 10, 0)


def test_the_benchmarks_job_is_the_default_sweep(source):
    """Every line except the title is in jobs/moons420.yaml, where the data has several lines."""

    def lines(text):
        return [line.split("#")[0].strip() for line in text.splitlines() if line.split("#")[0].strip()]

    shipped = lines((source / "jobs" / "moons420.yaml").read_text())
    ours = [line for line in lines(job()) if not line.startswith(("name:", "moons:"))]
    assert len(ours) == 8
    assert not [line for line in ours if line not in shipped]
    assert "moons: {samples: 2000, noise: 0.25, seed: 0}" in lines(job())
    assert [line for line in shipped if line in ("samples: 2000", "noise: 0.25", "seed: 0")]
