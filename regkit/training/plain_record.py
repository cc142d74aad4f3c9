"""The form of a record as plain data, by which one is read back and checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from regkit.nn.score import Score


@dataclass(frozen=True, kw_only=True)
class PlainEvaluation:
    """Data loss, and the score by its name."""

    data_loss: float
    accuracy: float | None = None
    r2: float | None = None

    def score(self) -> Score:
        """The score.

        Raises:
            ValueError: there is none, or there are two.
        """
        if self.accuracy is not None and self.r2 is None:
            return Score("accuracy", self.accuracy)
        if self.r2 is not None and self.accuracy is None:
            return Score("r2", self.r2)
        raise ValueError("there must be either an accuracy or an R²")


@dataclass(frozen=True, kw_only=True)
class PlainRecord(PlainEvaluation):
    """What `Record.as_dict` gives."""

    epoch: int
    loss: float
    penalty: float
    penalties: dict[str, float]
    layers: dict[str, dict[str, float]]
    lr: float
    validation: PlainEvaluation | None
    zeros: dict[str, float]
    gradient_norms: dict[str, float] | None
    factors: dict[str, float] = field(default_factory=dict)
