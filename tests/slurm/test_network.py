"""A cluster whose nodes have separate networks, so that ranks on different nodes communicate by TCP.

Its tests are skipped, with the reason, where the machine does not permit network namespaces.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import tempfile

import pytest

from lib import processes, result_file, waiting
from slurm import hosts
from slurm.cluster import NODES, Cluster
from slurm.conftest import LONG


@pytest.fixture(scope="module")
def slurm():
    reason = hosts.why_not_networked(NODES)
    if reason:
        pytest.skip(f"this machine does not permit network namespaces: {reason}")
    with Cluster(tempfile.mkdtemp(prefix="ms-net.", dir="/tmp"), hosts.Networked(NODES)) as started:
        yield started


def ranks_on(slurm, node):
    return [pid for pid in slurm.processes_on(node) if processes.name_of(pid) == "moonsweep"]


def peers_of(slurm, node):
    """The addresses of the nodes to which a rank on a node is connected."""
    pid = ranks_on(slurm, node)[0]
    shown = processes.run(*slurm.hosts.enter(node), "ss", "--tcp", "--numeric", "--processes", "--no-header").stdout
    lines = [line.split() for line in shown.splitlines() if f"pid={pid}," in line]
    return {line[4].rpartition(":")[0] for line in lines}


def test_the_ranks_of_different_nodes_communicate_by_tcp(slurm, sweep):
    sweep.submit("--nodes=3", "--exclusive")
    sweep.wait_until_under_way()
    assert slurm.hosts.address("n1") in peers_of(slurm, "n2")
    assert slurm.hosts.address("n1") in peers_of(slurm, "n3")
    sweep.has_the_right_result()


@pytest.mark.long
@pytest.mark.parametrize("node", ["n3", "n1"])
def test_the_sweep_of_a_node_that_was_cut_off_is_resumed_on_the_others(slurm, sweep, undisturbed, moonsweep, node):
    """The ranks of that node live on: they must not change what those of the next attempt write. Every rank trains, so
    that those find out when they write. On n1 there are rank 0, which holds the lock, and the batch script."""
    sweep.job_file, sweep.undisturbed = undisturbed(**{**LONG, "n_h": "[50, 49, 48, 47, 46, 45]"})
    job = sweep.submit("--nodes=2-3", "--exclusive")
    sweep.wait_until_under_way()
    cut_off = ranks_on(slurm, node)
    slurm.hosts.connect(node, connected=False)
    slurm.run("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=cut")
    waiting.until(lambda: slurm.show(job)["Restarts"] == "1", "the job was not requeued")
    assert not all(map(processes.is_gone, cut_off))
    sweep.has_the_right_result()
    assert slurm.show(job)["NodeList"] == {"n3": "n[1-2]", "n1": "n[2-3]"}[node]
    assert ("its lock was taken over from an earlier attempt" in sweep.log()) == (node == "n1")
    # As soon as Slurm sees the node again, it ends what still runs there.
    slurm.hosts.connect(node)
    waiting.until(lambda: processes.are_gone(cut_off), "the ranks of the node did not end")
    assert result_file.differences(sweep.result, sweep.undisturbed) == []
    moonsweep("verify", sweep.result)
