#!/usr/bin/env python3
"""Runs a command without the permission to access the memory of other processes, as container engines do.

    without_tracing.py COMMAND...

A seccomp filter makes process_vm_readv and process_vm_writev fail with EPERM.
"""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import ctypes
import errno
import os
import platform
import struct
import sys

CALLS = {"x86_64": (310, 311), "aarch64": (270, 271)}[platform.machine()]

# From linux/filter.h, linux/seccomp.h and linux/prctl.h.
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, DENY = 0x7FFF0000, 0x00050000 | errno.EPERM
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def main(command):
    code = (
        instruction(LOAD, 0)  # the number of the system call
        + instruction(JUMP_IF_EQUAL, CALLS[0], if_true=2)
        + instruction(JUMP_IF_EQUAL, CALLS[1], if_true=1)
        + instruction(RETURN, ALLOW)
        + instruction(RETURN, DENY)
    )
    program = Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        sys.exit(os.strerror(ctypes.get_errno()))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
