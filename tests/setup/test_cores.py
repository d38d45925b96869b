"""tools/cores.sh counts the available cores, on simulated systems."""

import os
import subprocess

import pytest


@pytest.fixture
def machine(tmp_path):
    """A simulated /proc and /sys: processors in the affinity mask, threads of cores, control groups, limits."""

    class Machine:
        def __init__(self):
            self.write("proc/self/cgroup", "0::/\n")

        def write(self, path, text):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

        def processors(self, allowed, siblings=()):
            self.write("proc/self/status", f"Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t{allowed}\n")
            for group in siblings:
                for processor in group:
                    self.write(
                        f"sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list",
                        ",".join(map(str, group)) + "\n",
                    )

    return Machine(), tmp_path


def cores(source, root):
    done = subprocess.run([source / "tools" / "cores.sh", root], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_only_the_affinity_mask_counts(source, machine):
    made, root = machine
    made.processors("0-2,7,9-10")
    assert cores(source, root) == 6


def test_two_threads_of_one_core_count_once(source, machine):
    made, root = machine
    made.processors("0-3,6", [(0, 4), (1, 5), (2, 6), (3, 7)])
    assert cores(source, root) == 4


@pytest.mark.parametrize(("limit", "expected"), [("200000 100000", 2), ("max 100000", 8), ("350000 100000", 3)])
def test_a_quota_of_control_groups_v2_counts_rounded_down(source, machine, limit, expected):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/a/b\n")
    made.write("sys/fs/cgroup/a/b/cpu.max", limit + "\n")
    assert cores(source, root) == expected


def test_a_quota_of_an_enclosing_group_counts(source, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/a/b\n")
    made.write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n")
    made.write("sys/fs/cgroup/a/cpu.max", "300000 100000\n")
    assert cores(source, root) == 3


@pytest.mark.parametrize(("quota", "expected"), [("250000", 5), ("-1", 8)])
def test_a_quota_of_control_groups_v1_counts(source, machine, quota, expected):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "3:cpu,cpuacct:/job\n2:cpuset:/\n")
    made.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", quota + "\n")
    made.write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "50000\n")
    assert cores(source, root) == expected


def test_a_quota_counts_in_a_container_that_sees_only_its_group(source, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "3:cpu,cpuacct:/docker/0123\n")
    made.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n")
    made.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
    assert cores(source, root) == 4


def test_less_than_one_core_counts_as_one(source, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/\n")
    made.write("sys/fs/cgroup/cpu.max", "50000 100000\n")
    assert cores(source, root) == 1


def test_taskset_counts_on_the_real_system(source):
    one = str(min(os.sched_getaffinity(0)))
    command = ["taskset", "-c", one, source / "tools" / "cores.sh"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1\n"
