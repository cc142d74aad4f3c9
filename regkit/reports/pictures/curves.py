"""What a run recorded, as arrays over its records: what curves are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.score import Evaluation, ScoreName
from regkit.training import Record


@dataclass(frozen=True)
class Measured:
    """Data loss and score, (records,) each."""

    data_loss: Array
    score: Array


@dataclass(frozen=True)
class Curves:
    """The records of `metrics.jsonl`, turned into arrays of shape (records,).

    Attributes:
        score_name: the name of the score.
        epochs: of the records.
        training: data loss and score.
        validation: likewise, or None where there is none.
        loss: data loss plus penalties.
        penalties: by the regularizer's label.
        gradient_norms: the data loss's as `data`, and each penalty's by its label.
        zeros: the fraction of weights that are exactly 0, by layer.
    """

    score_name: ScoreName
    epochs: Array
    training: Measured
    validation: Measured | None
    loss: Array
    penalties: Mapping[str, Array]
    gradient_norms: Mapping[str, Array]
    zeros: Mapping[str, Array]

    @classmethod
    def of(cls, records: Sequence[Record], source: Path) -> Self:
        """The curves of the records of a metrics file; at least one is required.

        Raises:
            InputError: a record has other entries than the first.
        """
        for number, record in enumerate(records, start=1):
            if _entries(record) != _entries(records[0]):
                raise InputError(f"{source}, line {number} has other entries than line 1")
        validations = [record.validation for record in records if record.validation is not None]
        return cls(
            records[0].score.name,
            np.array([record.epoch for record in records]),
            _measured(records),
            _measured(validations) if validations else None,
            np.array([record.loss for record in records]),
            _by_name([record.penalties for record in records]),
            _by_name([record.gradient_norms or {} for record in records]),
            _by_name([record.zeros for record in records]),
        )


def _entries(record: Record) -> tuple[object, ...]:
    """The entries that all records of a run have in common."""
    groups = (record.penalties, record.gradient_norms, record.zeros)
    validated = record.validation and record.validation.score.name
    return record.score.name, validated, *(group and list(group) for group in groups)


def _measured(found: Sequence[Record] | Sequence[Evaluation]) -> Measured:
    return Measured(
        np.array([one.data_loss for one in found]), np.array([one.score.value for one in found])
    )


def _by_name(groups: Sequence[Mapping[str, float]]) -> dict[str, Array]:
    return {name: np.array([group[name] for group in groups]) for name in groups[0]}
