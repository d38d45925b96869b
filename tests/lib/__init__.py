"""What several kinds of Python tests share: job files, processes, waiting, results, checksums, damage, terminals.

Every test imports from here by name: `from lib import job_file, processes`.
"""

from pathlib import Path

# The checkout.
SOURCE = Path(__file__).resolve().parents[2]
