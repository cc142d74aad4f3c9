"""The score of predictions: accuracy, or R² for regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScoreName = Literal["accuracy", "r2"]

TITLES: dict[ScoreName, str] = {"accuracy": "accuracy", "r2": "R²"}
"""The names for display."""


@dataclass(frozen=True)
class Score:
    """A named score; larger is better."""

    name: ScoreName
    value: float

    @property
    def title(self) -> str:
        """The name for display."""
        return TITLES[self.name]

    def value_of(self, name: ScoreName) -> float | None:
        """The value if this is the score of that name, else None."""
        return self.value if self.name == name else None

    def as_dict(self) -> dict[str, float]:
        """The value by the name, as plain data."""
        return {self.name: self.value}

    def __str__(self) -> str:
        return f"{self.title} {self.value:.3f}"


class Scored:
    """What has a score, with a shortcut to each kind of score."""

    score: Score

    @property
    def accuracy(self) -> float | None:
        """The score if it is the accuracy, else None."""
        return self.score.value_of("accuracy")

    @property
    def r2(self) -> float | None:
        """The score if it is R², else None."""
        return self.score.value_of("r2")


@dataclass(frozen=True)
class Evaluation(Scored):
    """The evaluation of a model on some data: the data loss (without penalties) and the score."""

    data_loss: float
    score: Score
