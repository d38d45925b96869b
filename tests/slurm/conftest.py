"""One cluster for all tests here."""

import tempfile

import pytest

from slurm import cluster


@pytest.fixture(scope="session")
def slurm():
    # Its own short folder: sockets have short names only.
    with cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp")) as started:
        yield started
