"""The parts of the result file's format (docs/file-format.md) that this package uses."""

from typing import Final

#: The newest format version that this package reads.
FORMAT_VERSION: Final = 1

#: Root attributes that every result file has, and hardly any other file.
SIGNATURE: Final = ("format_version", "job_hash", "numerics")

#: The values of ``status`` by position. All but pending are final.
STATUSES: Final = ("pending", "done", "diverged", "stopped", "dropped")
PENDING: Final = 0

#: The columns of ``train_outcomes`` and ``dev_outcomes`` by position.
OUTCOMES: Final = ("true_negatives", "false_positives", "false_negatives", "true_positives")

#: The variables that define a configuration, the outermost axis of the grid first.
PARAMETERS: Final = ("n_h", "activation", "learning_rate", "iterations", "seed", "init_scale")

#: Variables over ``config`` that are valid from the start. The others are results, valid if a row is final.
KNOWN_AT_START: Final = frozenset({"config", "config_trajectory", "config_dataset", "status", *PARAMETERS})

#: 64-bit patterns. They are not masked, because they would be rounded to float64.
BIT_PATTERNS: Final = frozenset({"checksum", "times_checksum"})
