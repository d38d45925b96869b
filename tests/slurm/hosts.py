"""Where the daemons of the tests' cluster run: on one host, or on several that are connected by a network.

Both kinds of hosts have
    enter(place)    the words before a command that runs on a node, or on the controller (CONTROLLER)
    name(place)     its host name
    address(place)  its IP address
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import socket
import subprocess

from lib import processes, waiting

CONTROLLER = "controller"


class OneHost:
    """All on this host. Every node has a separate host name if this is permitted, because with a common one Open MPI
    treats two nodes as one."""

    def __init__(self):
        self.own_names = os.geteuid() == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def enter(self, place):
        if place == CONTROLLER or not self.own_names:
            return []
        return ["unshare", "--uts", "sh", "-c", f'hostname {place} && exec "$@"', "sh"]

    def name(self, place):
        return place if self.own_names and place != CONTROLLER else socket.gethostname().split(".")[0]

    def address(self, _):
        return "127.0.0.1"


class Networked:
    """Every node and the controller in a separate network namespace with a separate host name, connected by a bridge in
    that of the controller. A namespace exists as long as its process; nothing of this host's network is changed."""

    own_names = True

    def __init__(self, nodes):
        self.places = [CONTROLLER, *nodes]
        self.holders = {}

    def __enter__(self):
        try:
            self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for holder in self.holders.values():
            holder.kill()
            holder.wait()

    def enter(self, place):
        return ["nsenter", f"--target={self.holders[place].pid}", "--net", "--uts"]

    def name(self, place):
        return place

    def address(self, place):
        # An address that is used for examples, and nowhere else.
        return f"198.51.100.{1 + self.places.index(place)}"

    def connect(self, node, connected=True):
        """Connects a node with the network again, or cuts it off."""
        self._ip(CONTROLLER, "link", "set", f"to-{node}", "up" if connected else "down")

    def _connect(self):
        for place in self.places:
            command = ["unshare", "--net", "--uts", "sh", "-c", f"hostname {place} && exec sleep infinity"]
            self.holders[place] = subprocess.Popen(command)
            waiting.until(lambda place=place: self._is_named(place), "no namespace", running=self.holders[place])
            self._ip(place, "link", "set", "lo", "up")
        self._ip(CONTROLLER, "link", "add", "bridge", "type", "bridge")
        self._ip(CONTROLLER, "address", "add", f"{self.address(CONTROLLER)}/24", "dev", "bridge")
        self._ip(CONTROLLER, "link", "set", "bridge", "up")
        for node in self.places[1:]:
            peer = ["peer", "name", "eth0", "netns", self.holders[node].pid]
            self._ip(CONTROLLER, "link", "add", f"to-{node}", "type", "veth", *peer)
            self._ip(CONTROLLER, "link", "set", f"to-{node}", "master", "bridge", "up")
            self._ip(node, "address", "add", f"{self.address(node)}/24", "dev", "eth0")
            self._ip(node, "link", "set", "eth0", "up")

    def _is_named(self, place):
        return processes.run(*self.enter(place), "hostname").stdout.strip() == place

    def _ip(self, place, *words):
        processes.run(*self.enter(place), "ip", *words)


def why_not_networked(nodes):
    """Why this machine does not permit Networked hosts; None if it does."""
    try:
        with Networked(nodes):
            return None
    except (AssertionError, OSError) as error:
        return str(error)
