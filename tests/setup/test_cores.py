"""tools/cores.sh and the program count the available cores in the same way, on simulated systems and on this one."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os

import pytest

from lib import processes


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


@pytest.fixture(params=["tools/cores.sh", "the program"])
def counter(request, source, build):
    """The command that prints the number."""
    return source / "tools" / "cores.sh" if request.param == "tools/cores.sh" else build / "tests/setup/print_cores"


@pytest.fixture
def cores(counter):
    """The number of cores of a system, or of as many threads of each as are given."""

    def count(root, threads_per_core=None):
        variables = {} if threads_per_core is None else {"MOONSWEEP_THREADS_PER_CORE": threads_per_core}
        return int(processes.run(counter, root, env={**os.environ, **variables}).stdout)

    return count


def test_only_the_affinity_mask_counts(cores, machine):
    made, root = machine
    made.processors("0-2,7,9-10")
    assert cores(root) == 6


def test_two_threads_of_one_core_count_once(cores, machine):
    made, root = machine
    made.processors("0-3,6", [(0, 4), (1, 5), (2, 6), (3, 7)])
    assert cores(root) == 4
    assert cores(root, "1") == cores(root, "") == 4


@pytest.mark.parametrize(
    ("allowed", "siblings", "expected"),
    [
        ("0-3,6", [(0, 4), (1, 5), (2, 6), (3, 7)], 5),
        ("0-7", [(0, 4), (1, 5), (2, 6), (3, 7)], 8),
        ("0-7", [(0, 1, 2, 3), (4, 5, 6, 7)], 4),
        ("1-3,5", [(0, 1, 2, 3), (4, 5, 6, 7)], 3),
        ("0-3", [], 4),
    ],
)
def test_two_threads_of_each_core_count_if_they_are_asked_for(cores, machine, allowed, siblings, expected):
    made, root = machine
    made.processors(allowed, siblings)
    assert cores(root, "2") == expected


def test_a_quota_limits_two_threads_of_each_core(cores, machine):
    made, root = machine
    made.processors("0-7", [(0, 4), (1, 5), (2, 6), (3, 7)])
    made.write("sys/fs/cgroup/cpu.max", "500000 100000\n")
    assert cores(root, "2") == 5
    assert cores(root) == 4


@pytest.mark.parametrize("wrong", ["0", "3", "two", "02", "2 "])
def test_other_numbers_of_threads_are_refused(counter, wrong):
    refused = processes.run(counter, env={**os.environ, "MOONSWEEP_THREADS_PER_CORE": wrong}, status=64)
    assert f"MOONSWEEP_THREADS_PER_CORE is '{wrong}'; it must be 1 or 2" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(("limit", "expected"), [("200000 100000", 2), ("max 100000", 8), ("350000 100000", 3)])
def test_a_quota_of_control_groups_v2_counts_rounded_down(cores, machine, limit, expected):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/a/b\n")
    made.write("sys/fs/cgroup/a/b/cpu.max", limit + "\n")
    assert cores(root) == expected


def test_a_quota_of_an_enclosing_group_counts(cores, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/a/b\n")
    made.write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n")
    made.write("sys/fs/cgroup/a/cpu.max", "300000 100000\n")
    assert cores(root) == 3


@pytest.mark.parametrize(("quota", "expected"), [("250000", 5), ("-1", 8)])
def test_a_quota_of_control_groups_v1_counts(cores, machine, quota, expected):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "3:cpu,cpuacct:/job\n2:cpuset:/\n")
    made.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", quota + "\n")
    made.write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "50000\n")
    assert cores(root) == expected


def test_a_quota_counts_in_a_container_that_sees_only_its_group(cores, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "3:cpu,cpuacct:/docker/0123\n")
    made.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n")
    made.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
    assert cores(root) == 4


def test_less_than_one_core_counts_as_one(cores, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "0::/\n")
    made.write("sys/fs/cgroup/cpu.max", "50000 100000\n")
    assert cores(root) == 1


def test_the_controller_of_processor_time_is_not_confused_with_others(cores, machine):
    made, root = machine
    made.processors("0-7")
    made.write("proc/self/cgroup", "4:cpuset,cpuacct:/job\n3:cpuacct,cpu:/job\n")
    for controllers, quota in [("cpuset,cpuacct", "100000"), ("cpuacct,cpu", "300000")]:
        made.write(f"sys/fs/cgroup/{controllers}/job/cpu.cfs_quota_us", quota + "\n")
        made.write(f"sys/fs/cgroup/{controllers}/job/cpu.cfs_period_us", "100000\n")
    assert cores(root) == 3


def test_taskset_counts_on_the_real_system(counter):
    one = str(min(os.sched_getaffinity(0)))
    assert processes.run("taskset", "-c", one, counter).stdout == "1\n"


def test_both_agree_on_the_real_system(source, build):
    counted = [
        processes.run(source / "tools" / "cores.sh").stdout,
        processes.run(build / "tests/setup/print_cores").stdout,
    ]
    assert counted[0] == counted[1]
