"""What a run recorded, as arrays over its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from regkit.errors import InputError

Array = NDArray[Any]
ScoreName = Literal["accuracy", "r2"]


@dataclass(frozen=True)
class Measured:
    """Data loss and score, (records,) each."""

    data_loss: Array
    score: Array


@dataclass(frozen=True)
class History:
    """The lines of `metrics.jsonl`, turned into arrays of shape (records,).

    Attributes:
        score_name: what the score is.
        epochs: of the records.
        training, validation: data loss and score; validation is None where there is none.
        loss: data loss plus penalties.
        penalties: by the regularizer's label.
        gradient_norms: the data loss's as `data`, and each penalty's by its label.
        zeros: the share of weights that are exactly 0, by layer.
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
    def of(cls, lines: Sequence[Mapping[str, Any]], source: Path) -> Self:
        """The history that the lines of a metrics file tell; there must be one at least.

        Raises:
            InputError: a line is not what regkit writes, or has other entries than the first.
        """
        records = [_record(line, source, number) for number, line in enumerate(lines, start=1)]
        for number, record in enumerate(records, start=1):
            if record.entries != records[0].entries:
                raise InputError(f"{source}, line {number} has other entries than line 1")
        validations = [record.validation for record in records if record.validation is not None]
        return cls(
            records[0].score_name,
            np.array([record.epoch for record in records]),
            _measured(records),
            _measured(validations) if validations else None,
            np.array([record.loss for record in records]),
            _by_name([record.penalties for record in records]),
            _by_name([record.gradient_norms or {} for record in records]),
            _by_name([record.zeros for record in records]),
        )


@dataclass(frozen=True, kw_only=True)
class _Scores:
    data_loss: float
    accuracy: float | None = None
    r2: float | None = None

    def __post_init__(self) -> None:
        if (self.accuracy is None) == (self.r2 is None):
            raise ValueError("there must be either an accuracy or an R²")

    @property
    def score_name(self) -> ScoreName:
        return "r2" if self.accuracy is None else "accuracy"

    @property
    def score(self) -> float:
        return float(getattr(self, self.score_name))


@dataclass(frozen=True, kw_only=True)
class _Record(_Scores):
    """What the pictures need of a line."""

    epoch: int
    loss: float
    penalties: dict[str, float]
    gradient_norms: dict[str, float] | None
    zeros: dict[str, float]
    validation: _Scores | None

    @property
    def entries(self) -> tuple[object, ...]:
        groups = (self.penalties, self.gradient_norms, self.zeros)
        validated = self.validation and self.validation.score_name
        return self.score_name, validated, *(group and list(group) for group in groups)


def _record(line: Mapping[str, Any], source: Path, number: int) -> _Record:
    import msgspec

    try:
        return msgspec.convert(line, _Record)
    except msgspec.ValidationError as error:
        raise InputError(f"{source}, line {number} is not a record: {error}") from error


def _measured(scores: Sequence[_Scores]) -> Measured:
    return Measured(
        np.array([one.data_loss for one in scores]), np.array([one.score for one in scores])
    )


def _by_name(groups: Sequence[Mapping[str, float]]) -> dict[str, Array]:
    return {name: np.array([group[name] for group in groups]) for name in groups[0]}
