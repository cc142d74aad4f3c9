"""The number by which predictions are judged: accuracy, or R² for regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScoreName = Literal["accuracy", "r2"]

TITLES: dict[ScoreName, str] = {"accuracy": "accuracy", "r2": "R²"}
"""What people are shown."""


@dataclass(frozen=True)
class Score:
    """A score by its name: the larger, the better."""

    name: ScoreName
    value: float

    @property
    def title(self) -> str:
        """The name as people are shown it."""
        return TITLES[self.name]

    def value_of(self, name: ScoreName) -> float | None:
        """The value where the score is the one of that name, else None."""
        return self.value if self.name == name else None

    def as_dict(self) -> dict[str, float]:
        """The value by the name, as plain data hold it."""
        return {self.name: self.value}

    def __str__(self) -> str:
        return f"{self.title} {self.value:.3f}"


@dataclass(frozen=True)
class Evaluation:
    """How a model does on some data: the data loss (without penalties) and the score."""

    data_loss: float
    score: Score

    @property
    def accuracy(self) -> float | None:
        """The score where it is the accuracy, else None."""
        return self.score.value_of("accuracy")

    @property
    def r2(self) -> float | None:
        """The score where it is R², else None."""
        return self.score.value_of("r2")
