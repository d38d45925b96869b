# moonsweep on Debian 12, for machines that are not Linux.
#
#   docker build -t moonsweep .
#   docker run --rm -it -v "$PWD:/work" moonsweep                       the article's sweep into ./moons420.h5
#   docker run --rm -it -v "$PWD:/work" moonsweep jobs/local.sh /work/JOB.yaml /work/OUT.h5
#   docker run --rm -it moonsweep tests/run.sh

# SPDX-FileCopyrightText: 2026 The moonsweep authors
# SPDX-License-Identifier: MIT

FROM debian:12

COPY . /moonsweep
WORKDIR /moonsweep

# Installs the packages from the common list, and builds what jobs/local.sh would build at its first call.
RUN tools/setup.sh build analysis \
    && git config --system --add safe.directory /moonsweep \
    && meson setup -Dtests=disabled build-local \
    && ninja -C build-local \
    && analysis/setup.sh \
    && rm -rf /var/lib/apt/lists/*

CMD ["jobs/local.sh", "jobs/moons420.yaml", "/work/moons420.h5"]
