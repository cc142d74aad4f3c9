"""A loss with its penalties: the one place where penalties are added up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from regkit.nn.score import Score, Scored


@dataclass(frozen=True, kw_only=True)
class PenalizedLoss(Scored):
    """Data loss, score and penalties of a model on some data.

    Attributes:
        data_loss: the loss without any penalty.
        score: accuracy, or R² for regression.
        layers: each regularizer's penalty by its label, then by layer.
    """

    data_loss: float
    score: Score
    layers: Mapping[str, Mapping[str, float]]

    @property
    def penalties(self) -> dict[str, float]:
        """Each regularizer's penalty, over all layers, by its label."""
        return {label: math.fsum(by_layer.values()) for label, by_layer in self.layers.items()}

    @property
    def penalty(self) -> float:
        """The sum of all penalties."""
        return math.fsum(self.penalties.values())

    @property
    def loss(self) -> float:
        """Data loss plus penalty, which is what training minimizes."""
        return self.data_loss + self.penalty
