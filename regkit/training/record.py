"""The record of a run at one epoch, and its form as plain data.

Files, JSON lines, rows and pictures are all made from `Record`, and read back into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from regkit.nn.score import Evaluation
from regkit.training.penalized_loss import PenalizedLoss


@dataclass(frozen=True, kw_only=True, repr=False)
class Record(PenalizedLoss):
    """A run at one epoch, before that epoch's last update, as the chapter prints it.

    Over mini-batches, data loss and score are the epoch's means, weighted by rows; penalties and
    validation are always those of the parameters at the epoch's last step.

    Attributes:
        epoch: from 0.
        data_loss: as in `PenalizedLoss`, on the training data.
        score: likewise.
        layers: likewise.
        lr: the learning rate of the epoch's last step.
        validation: data loss and score on the validation data, or None.
        zeros: the fraction of weights that are exactly 0, by layer.
        gradient_norms: Euclidean norms over all parameters: of the data loss's gradient at the
            epoch's last step under `data`, and of each penalty's by its label; None if not
            requested.
        factors: the factor of each regularizer's schedule at this epoch, by its label; only of
            those that have one.
    """

    epoch: int
    lr: float
    validation: Evaluation | None = None
    zeros: Mapping[str, float] = field(default_factory=dict)
    gradient_norms: Mapping[str, float] | None = None
    factors: Mapping[str, float] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Score and losses, such as `accuracy 0.903, loss 0.293 = data loss 0.243 + …`."""
        return (
            f"{self.score}, loss {self.loss:.3f} = data loss {self.data_loss:.3f} + penalty "
            f"{self.penalty:.3f}"
        )

    def __repr__(self) -> str:
        validation = "" if self.validation is None else f"; validation {self.validation.score}"
        return f"<Record of epoch {self.epoch}: {self.summary}{validation}>"

    def as_dict(self) -> dict[str, Any]:
        """The record as plain data: scores by their names, and sums as well as their parts."""
        validation = self.validation
        return {
            "epoch": self.epoch,
            **self.score.as_dict(),
            "loss": self.loss,
            "data_loss": self.data_loss,
            "penalty": self.penalty,
            "penalties": self.penalties,
            "layers": {label: dict(by_layer) for label, by_layer in self.layers.items()},
            "lr": self.lr,
            **({"factors": dict(self.factors)} if self.factors else {}),
            "gradient_norms": None if self.gradient_norms is None else dict(self.gradient_norms),
            "zeros": dict(self.zeros),
            "validation": None
            if validation is None
            else {**validation.score.as_dict(), "data_loss": validation.data_loss},
        }

    @classmethod
    def from_dict(cls, data: object) -> Record:
        """The record that `as_dict` wrote; sums are recomputed from their parts.

        Raises:
            ValueError: it is not a record.
        """
        import msgspec

        from regkit.training.plain_record import PlainRecord

        plain = msgspec.convert(data, PlainRecord)
        if list(plain.penalties) != list(plain.layers):
            raise ValueError("its penalties and its layers name different regularizers")
        return cls(
            epoch=plain.epoch,
            data_loss=plain.data_loss,
            score=plain.score(),
            layers=plain.layers,
            lr=plain.lr,
            validation=None
            if plain.validation is None
            else Evaluation(plain.validation.data_loss, plain.validation.score()),
            zeros=plain.zeros,
            gradient_norms=plain.gradient_norms,
            factors=plain.factors,
        )
