"""The prepared data of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.data import Preparation, Table
from regkit.runs.config import Config

Pair = tuple[Array, Array]

DATA = "data"
VALIDATION = "validation"
TEST = "test"


@dataclass(frozen=True)
class RunData:
    """The data that a run is trained and evaluated on.

    Attributes:
        preparation: turns tables into X and y.
        training: X and y.
        held_out: likewise, under "validation" and "test" if there are any.
        files: the files that were read, under "data", "validation" and "test".
        summary: one line about the table, or None for synthetic data.
        decimal: the decimal separator that the text table was seen to have, or None.
        sample_weight: of the training rows, (rows,), of mean 1; None for equal weights.
    """

    preparation: Preparation
    training: Pair
    held_out: Mapping[str, Pair]
    files: Mapping[str, Path] = field(default_factory=dict)
    summary: str | None = None
    sample_weight: Array | None = None
    decimal: str | None = None

    @property
    def validation(self) -> Pair | None:
        """The validation data, or None."""
        return self.held_out.get(VALIDATION)


def pair(preparation: Preparation, table: Table, dtype: str = "float64") -> Pair:
    """X and y of a table."""
    return preparation.transform(table, dtype), preparation.targets(table)


def seed_of(config: Config, name: str) -> int:
    """The seed of this setting, or that of --seed.

    Raises:
        InputError: it is out of range.
    """
    given = getattr(config, name)
    return config.seed if given is None else checked_seed(given, name)
