"""Peers as processes, which are started once and answer many requests.

    with PeerProcess(name, command, environment, log) as peer:
        answer = peer.train("tanh", 50, [0.1], 1000, 0.05)
        answer.seconds, answer.costs          # of one run, {learning rate: cost}

peers/peer.py and peer.h describe what a peer reads and writes.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import contextlib
import os
import subprocess
from pathlib import Path
from typing import NamedTuple


class PeerFailed(Exception):
    """A peer could not be started, or ended unexpectedly."""


class Answer(NamedTuple):
    runs: int
    seconds: float  # of one run, by the wall clock
    processor_seconds: float  # of processor time, of one run
    costs: dict  # {learning rate: the cost before the last update}


class PeerProcess:
    def __init__(self, name, command, environment, log):
        """Starts the peer. Its standard error is written to the file log."""
        self.name, self.log = name, log
        with open(log, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.description = self.read_line()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):  # the peer ended without reading a request
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def read_line(self):
        line = self.process.stdout.readline()
        if not line.endswith("\n"):
            self.process.wait()
            with open(self.log, encoding="utf-8", errors="replace") as errors:
                last = errors.read().strip().splitlines()[-20:]
            raise PeerFailed("\n".join([f"the peer {self.name} ended; {self.log} says:", *last]))
        return line.strip()

    def processor_seconds(self):
        """What the process has used so far, with those of its children that have ended."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")

    def train(self, activation, n_h, rates, iterations, seconds):
        """Trains the network repeatedly until the seconds have passed, but at least once."""
        with contextlib.suppress(BrokenPipeError):  # read_line reports the reason
            print(activation, n_h, ",".join(map(str, rates)), iterations, seconds, file=self.process.stdin, flush=True)
        runs, elapsed, processor, *costs = map(float, self.read_line().split())
        return Answer(int(runs), elapsed / runs, processor / runs, dict(zip(rates, costs)))
