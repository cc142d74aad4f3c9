"""The mean squared error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from regkit.array_types import Array
from regkit.nn.losses.loss import Loss, as_columns
from regkit.nn.score import Score
from regkit.nn.workspace import Workspace


class MeanSquaredError(Loss):
    """mean over samples and outputs of (outputs − y)², for regression.

    The gradient with respect to the outputs is 2 (outputs − y) / (samples · n_outputs). Targets are
    numbers, (n,) or (n, n_outputs).

    Source: *Neural Networks from Scratch*, chapter 17.
    """

    def as_network_loss(self) -> str | None:
        """`mean_squared_error`, unless a subclass computes something else."""
        return "mean_squared_error" if type(self) is MeanSquaredError else None

    def targets(self, y: ArrayLike, n_outputs: int, dtype: DTypeLike) -> Array:
        """Numbers, (n, n_outputs)."""
        return as_columns(y, n_outputs, dtype)

    def forward(self, outputs: Array, targets: Array, workspace: Workspace) -> None:
        """`outputs` − y."""
        errors = workspace.array("errors", *outputs.shape)
        workspace.kept["errors"] = np.subtract(outputs, targets, out=errors)

    def sample_losses(self, targets: Array, workspace: Workspace) -> Array:
        """The mean over the outputs of (outputs − y)², in float64."""
        losses: Array = np.square(workspace.kept["errors"], dtype=np.float64).mean(axis=1)
        return losses

    def backward(self, targets: Array, workspace: Workspace) -> Array:
        """2 (outputs − y) / (samples · n_outputs)."""
        errors = workspace.kept["errors"]
        return np.multiply(errors, 2 / errors.size, out=workspace.array("doutputs", *errors.shape))

    def tally(self, targets: Array, workspace: Workspace) -> float:
        """The sum of squared errors."""
        return float(np.sum(np.square(workspace.kept["errors"], dtype=np.float64)))

    def score(self, tally: float, targets: Array) -> Score:
        """R² = 1 − Σ(outputs − y)² / Σ(y − mean y)²; for constant targets 1 if exact, else 0."""
        spread = np.asarray(targets, dtype=np.float64)
        total = float(np.sum(np.square(spread - spread.mean(axis=0))))
        if total == 0:
            return Score("r2", float(tally == 0))
        return Score("r2", 1 - tally / total)

    def predict(self, outputs: Array) -> Array:
        """The outputs: (n,) for one output, else (n, n_outputs)."""
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs
