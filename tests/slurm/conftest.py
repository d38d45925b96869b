"""One cluster for all tests here."""

import tempfile

import pytest

from slurm import cluster


@pytest.fixture(scope="session")
def slurm():
    # A folder with a short path, because the paths of sockets are limited.
    with cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp")) as started:
        yield started
