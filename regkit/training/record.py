"""What is known of a run at one epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from regkit.nn.model import Evaluation


@dataclass(frozen=True)
class Record:
    """A run at one epoch, before that epoch's last update, as the chapter prints it.

    Over mini-batches, data loss and score are the epoch's means, weighted by rows; penalties and
    validation are always those of the parameters at the epoch's last step.

    Attributes:
        epoch: from 0.
        data_loss: the loss without any penalty.
        layers: each regularizer's penalty by its label and, in that, by layer.
        lr: the learning rate of the epoch's last step.
        accuracy: the share of right answers, or None for regression.
        r2: the R² score, or None for classification.
        validation: data loss and score on the validation data, or None where there are none.
        zeros: the share of weights that are exactly 0, by layer.
        gradient_norms: Euclidean norms over all parameters: of the data loss's gradient at the
            epoch's last step under `data`, and of each penalty's by its label; None if not asked.
    """

    epoch: int
    data_loss: float
    layers: Mapping[str, Mapping[str, float]]
    lr: float
    accuracy: float | None = None
    r2: float | None = None
    validation: Evaluation | None = None
    zeros: Mapping[str, float] = field(default_factory=dict)
    gradient_norms: Mapping[str, float] | None = None

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
        """Data loss plus penalty: what training minimizes."""
        return self.data_loss + self.penalty
