"""A Slurm cluster for the tests: a controller and three nodes on one host or several, in one temporary folder.

    with Cluster(folder) as slurm:
        slurm.run("srun", "-n", "4", "--mpi=pmix", program)
        job = slurm.submit(script, "job.yaml", "out.h5", options=["--nodes=2"])
        assert slurm.finished(job) == "COMPLETED"

It installs nothing and removes all its files. If the host belongs to another Slurm cluster, that is not affected.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

from lib import processes, waiting
from slurm import hosts
from slurm.hosts import CONTROLLER

NODES = ["n1", "n2", "n3"]
CORES_PER_NODE = 2

# The states of jobs that have not ended. Before Slurm requeues a job, its state may be CANCELLED or NODE_FAIL.
NOT_ENDED = ["PENDING", "CONFIGURING", "RUNNING", "SIGNALING", "COMPLETING"]

CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}({address})
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdSpoolDir={folder}/%n/spool
SlurmdPidFile={folder}/%n/slurmd.pid
SlurmdLogFile={folder}/%n/slurmd.log
# A separate folder for each node, so that steps of two nodes on one host do not find each other's files.
TmpFS={folder}/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/{task_plugin}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=pmix
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
# The configured number of cores is not that of the host.
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
KillWait=5
JobRequeue=1
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=2,bf_interval=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=grace Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=30
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
"""
NODE = (
    "NodeName={name} NodeHostname={hostname} NodeAddr={address} Port={port} CPUs={processors} CoresPerSocket={cores}"
    " ThreadsPerCore={threads} RealMemory=1000\n"
)


def free_ports(count):
    """Ports that are currently unused."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


class Cluster:
    def __init__(self, folder, where=None, cores=CORES_PER_NODE, threads=1):
        """where: the hosts, by default this one. cores: of each node. threads: of each core."""
        self.folder = Path(folder)
        self.cores = cores
        self.threads = threads
        self.hosts = where or hosts.OneHost()
        self.own_names = self.hosts.own_names
        # Every node has the same cores, those of this host with these numbers, to which it binds tasks.
        self.binds = threads == 1 and set(range(cores)) <= os.sched_getaffinity(0)
        self.daemons = []
        self.nodes = {}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "SBATCH"))},
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "OMPI_MCA_btl_vader_backing_directory": str(self.folder),
            "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
        }
        if not self.own_names:
            self.environment["OMPI_MCA_btl"] = "self,tcp"

    def __enter__(self):
        self.hosts.__enter__()
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self._stop()
        finally:
            self.hosts.__exit__()

    def _stop(self):
        if self.own_names:
            # What a failed test has left, or a node that was cut off: daemons of nodes do not end it.
            running = [(node, daemon.pid) for node, daemon in self.nodes.items() if daemon.poll() is None]
            processes.kill(pid for node, own in running for pid in self.processes_on(node) if pid != own)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        for name in ["munge", "state", *(f"{node}/spool" for node in NODES)]:
            (self.folder / name).mkdir(parents=True, mode=0o755)
        self._start_munge()
        controller_port, *ports = free_ports(1 + len(NODES))
        configuration = CONFIGURATION.format(
            host=self.hosts.name(CONTROLLER), address=self.hosts.address(CONTROLLER), controller_port=controller_port,
            user=_user_name(), folder=self.folder, task_plugin="affinity" if self.binds else "none",
        )  # fmt: skip
        for node, port in zip(NODES, ports, strict=True):
            configuration += NODE.format(
                name=node,
                hostname=self.hosts.name(node),
                address=self.hosts.address(node),
                port=port,
                cores=self.cores,
                threads=self.threads,
                processors=self.cores * self.threads,
            )
        (self.folder / "slurm.conf").write_text(configuration)
        self._daemon(*self.hosts.enter(CONTROLLER), "slurmctld", "-D", "-i")
        for node in NODES:
            self.start_node(node)
        waiting.until(self._idle, "the cluster did not start")

    def start_node(self, node):
        """Starts the daemon of a node."""
        self.nodes[node] = self._daemon(*self.hosts.enter(node), "slurmd", "-D", "-N", node)

    def processes_on(self, node):
        """The processes on a node that have not ended: those with its host name."""
        assert self.own_names
        name = os.readlink(f"/proc/{self.nodes[node].pid}/ns/uts")
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has ended
                if os.readlink(folder / "ns" / "uts") == name and not processes.is_gone(int(folder.name)):
                    yield int(folder.name)

    def kill_node(self, node):
        """Kills everything that runs on a node at once, and tells Slurm, which would notice after SlurmdTimeout."""
        pids = list(self.processes_on(node))
        processes.kill(pids)
        waiting.until(lambda: processes.are_gone(pids), f"{node} did not die")
        self.nodes[node].wait()
        self.run("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=killed")

    def restore_node(self, node):
        """Starts a node that was killed, and waits until it can be used."""
        self.start_node(node)
        waiting.until(self._idle, f"{node} did not return")

    def _start_munge(self):
        folder = self.folder / "munge"
        key = folder / "key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        self._daemon(
            "munged", "--foreground", "--force", "--num-threads=2", f"--key-file={key}",
            f"--socket={folder}/socket", f"--pid-file={folder}/pid", f"--log-file={folder}/log",
            f"--seed-file={folder}/seed",
        )  # fmt: skip
        waiting.until((folder / "socket").exists, "munged did not create its socket")

    def _daemon(self, *command):
        with (self.folder / "daemons.log").open("ab") as log:
            daemon = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        self.daemons.append(daemon)
        return daemon

    def _idle(self):
        states = self.run("sinfo", "--noheader", "--Node", "--partition=all", "--format=%T", status=None).stdout.split()
        return states == ["idle"] * len(NODES)

    def logs(self):
        """The ends of the daemons' logs, for the messages of failed tests."""
        return "\n".join(f"{log}:\n{log.read_text()[-2000:]}" for log in sorted(self.folder.rglob("*.log")))

    def run(self, *command, status=0, **options):
        """Runs a Slurm command and returns the finished process. status: the required exit status; None allows any."""
        words = [*self.hosts.enter(CONTROLLER), *processes.command(*command)]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, **options)
        if status is not None:
            assert done.returncode == status, f"{command}\n{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done

    def submit(self, script, *arguments, options=(), **run_options):
        """Submits a batch script and returns the job's number."""
        return self.run("sbatch", "--parsable", *options, script, *arguments, **run_options).stdout.strip()

    def show(self, job):
        """What Slurm knows about a job, as a dict."""
        shown = self.run("scontrol", "--oneliner", "show", "job", job).stdout
        return dict(word.partition("=")[::2] for word in shown.split())

    def finished(self, job):
        """Waits for a job's end and returns its state, e.g. COMPLETED. A job that is requeued has not ended."""

        def ended():
            state = self.show(job)["JobState"]
            return state if state not in NOT_ENDED else None

        return waiting.until(ended, f"job {job} did not end")


def _user_name():
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def log_of(folder, job):
    """The log of a job that was submitted in a folder."""
    return (folder / f"slurm-{job}.out").read_text()
