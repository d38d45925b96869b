"""Terminals for tests: an interactive one, and one that only records."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import os
import pty
import select
import subprocess
import threading
import time

from lib import waiting


class Terminal:
    """Runs a command in a separate session, with a new terminal as its input, output and controlling terminal."""

    def __init__(self, command, **options):
        self.master, slave = pty.openpty()
        self.said = b""
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *map(str, command)], stdin=slave, stdout=slave, stderr=slave, **options
        )
        os.close(slave)

    def type(self, text):
        """Types text. Ctrl-C is "\\x03", Ctrl-Z "\\x1a"."""
        os.write(self.master, text.encode())

    def until(self, condition):
        """Waits until a condition is true, while reading the output, and returns the condition's value."""
        value = self.comes_true(condition, waiting.HANGING_S)
        assert value, self.said[-2000:].decode(errors="replace")
        return value

    def comes_true(self, condition, seconds):
        """The same, but returns the condition's last value after a time limit."""
        end = time.monotonic() + seconds
        while not (value := condition()) and time.monotonic() < end:
            self._read()
        return value

    def until_it_says(self, text):
        """Waits until the text is written once more."""
        before = self.said.count(text.encode())
        self.until(lambda: self.said.count(text.encode()) > before)

    def foreground(self):
        """The process group that gets the signals of Ctrl-C and Ctrl-Z."""
        return os.tcgetpgrp(self.master)

    def _read(self):
        if select.select([self.master], [], [], 0.05)[0]:
            try:
                self.said += os.read(self.master, 65536)
            except OSError:  # no process has the terminal open any more
                time.sleep(0.05)

    def close(self):
        """Closes the terminal: later reads and writes of the processes fail, and the session gets SIGHUP."""
        if self.master is not None:
            os.close(self.master)
            self.master = None


class Printer:
    """A terminal that only records what processes write to its `slave`; with `opened=os.pipe`, a pipe that does so."""

    def __init__(self, opened=pty.openpty):
        self.master, self.slave = opened()
        self.written = b""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        try:
            while part := os.read(self.master, 65536):
                self.written += part
        except OSError:  # the last writer has closed it
            pass

    def text(self):
        """All output with the programs' line ends, after every process has ended."""
        os.close(self.slave)
        self.reader.join()
        os.close(self.master)
        return self.written.decode().replace("\r\n", "\n")
