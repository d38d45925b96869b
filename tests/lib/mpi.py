"""The MPI of the program under test. tests/run.sh chooses it: MOONSWEEP_BUILD is a build with that MPI, and
MOONSWEEP_MPIRUN its launcher."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import functools
import os
import re
import subprocess

OPEN_MPI_4, OPEN_MPI_5, MPICH = "Open MPI 4", "Open MPI 5", "MPICH"

# In a shell script: the rank of its process.
RANK = "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"

# What mpirun needs on test machines, where it may be run by root, and on more ranks than there are cores.
PERMISSIONS = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
}


@functools.cache
def name_of(program):
    """The name of a program's MPI: one of those above."""
    lines = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    name, major = re.search(r"^MPI (Open MPI|MPICH) v?(\d+)", lines, re.MULTILINE).groups()
    return name if name == MPICH else f"{name} {major}"


def mpirun():
    """The launcher under test."""
    return os.environ.get("MOONSWEEP_MPIRUN", "mpirun")
