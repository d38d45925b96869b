"""tools/launch.sh starts a program by the launcher of the program's MPI, and refuses to use another one."""

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

import shutil

import pytest

from lib import SOURCE, job_file, mpi, processes


def version_of(launcher):
    return processes.run(launcher, "--version").stdout


@pytest.fixture
def found(program):
    """Prints the launcher that find_mpirun of tools/mpirun.sh finds, without MOONSWEEP_MPIRUN."""

    def run(status=0, **env):
        script = f'. "{SOURCE / "tools" / "mpirun.sh"}"; find_mpirun "$1" && echo "$mpirun"'
        return processes.run(
            "bash", "-c", script, "launch.sh", program, env={"MOONSWEEP_MPIRUN": None, **env}, status=status
        )

    return run


@pytest.mark.other_mpis
def test_the_launcher_of_the_program_s_mpi_is_found_among_several(found, mpi_name):
    words = {mpi.OPEN_MPI_4: "(Open MPI) 4.", mpi.OPEN_MPI_5: "(Open MPI) 5.", mpi.MPICH: "HYDRA build details"}
    assert words[mpi_name] in version_of(found().stdout.strip())


@pytest.mark.other_mpis
def test_a_sweep_starts_with_the_launcher_that_is_found(moonsweep, tmp_path):
    job = job_file.write(tmp_path)
    done = moonsweep("run", job, "-o", tmp_path / "out.h5", ranks=2, env={"MOONSWEEP_MPIRUN": None})
    assert "on 2 ranks" in done.stderr


@pytest.fixture
def path_with(tmp_path):
    """A PATH with the shell's tools and one launcher of another MPI as mpirun."""

    def make(launcher):
        folder = tmp_path / "bin"
        folder.mkdir()
        for tool in ["awk", "basename", "bash", "ldd", "sed"]:
            (folder / tool).symlink_to(shutil.which(tool))
        (folder / "mpirun").symlink_to(shutil.which(launcher))
        return folder

    return make


@pytest.mark.other_mpis
def test_the_launcher_of_another_mpi_is_not_used(found, path_with, mpi_name):
    path = path_with("mpirun.openmpi" if mpi_name == mpi.MPICH else "mpiexec.mpich")
    if processes.run("bash", "-c", f"command -v {mpi.mpirun()}").stdout.startswith("/usr/bin/"):
        # Debian's libraries are not beside the launchers.
        errors = found(66, PATH=path).stderr
        assert f"there is no launcher (mpirun or mpiexec) of {mpi_name} on the PATH; MOONSWEEP_MPIRUN=" in errors
    else:
        assert version_of(found(PATH=path).stdout.strip()) == version_of(mpi.mpirun())


@pytest.mark.other_mpis
def test_a_launcher_that_does_not_exist_is_named(program):
    done = processes.run(program, "--version", ranks=2, env={"MOONSWEEP_MPIRUN": "/no/mpirun"}, status=66)
    assert done.stderr == "launch.sh: there is no launcher /no/mpirun, which MOONSWEEP_MPIRUN names\n"
