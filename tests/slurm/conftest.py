"""One cluster for all tests here."""

import importlib.util
import tempfile
from pathlib import Path

import pytest

specification = importlib.util.spec_from_file_location("cluster", Path(__file__).with_name("cluster.py"))
cluster = importlib.util.module_from_spec(specification)
specification.loader.exec_module(cluster)


@pytest.fixture(scope="session")
def slurm():
    # Its own short folder: sockets have short names only.
    with cluster.Cluster(tempfile.mkdtemp(prefix="ms-slurm.", dir="/tmp")) as started:
        yield started
