"""Sigmoid and binary cross-entropy, combined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.losses.loss import Loss, as_columns
from regkit.nn.score import Score
from regkit.nn.workspace import Workspace


class BinaryCrossEntropy(Loss):
    """mean over samples and outputs of −y log p − (1 − y) log(1 − p), with p = σ(outputs).

    Computed as max(z, 0) − z·y + log(1 + exp(−|z|)), which cannot overflow. The gradient with
    respect to the outputs is (p − y) / (samples · n_outputs). Targets are 0 or 1, (n,) or
    (n, n_outputs): each output is a separate binary label.

    Source: *Neural Networks from Scratch*, chapter 16.
    """

    def as_network_loss(self) -> str | None:
        """`binary_cross_entropy`, unless a subclass computes something else."""
        return "binary_cross_entropy" if type(self) is BinaryCrossEntropy else None

    def targets(self, y: ArrayLike, n_outputs: int, dtype: DTypeLike) -> Array:
        """Zeros and ones, (n, n_outputs).

        Raises:
            InputError: another shape or other values.
        """
        columns = as_columns(y, n_outputs, dtype)
        if not np.isin(columns, (0, 1)).all():
            raise InputError("y must hold 0 and 1 only for BinaryCrossEntropy")
        return columns

    def forward(self, outputs: Array, targets: Array, workspace: Workspace) -> None:
        """σ(outputs)."""
        probabilities = workspace.array("probabilities", *outputs.shape)
        np.multiply(outputs, 0.5, out=probabilities)
        np.tanh(probabilities, out=probabilities)
        probabilities += 1
        probabilities *= 0.5
        workspace.kept |= {"outputs": outputs, "probabilities": probabilities}

    def sample_losses(self, targets: Array, workspace: Workspace) -> Array:
        """The mean over the outputs of max(z, 0) − z·y + log(1 + exp(−|z|)), in float64."""
        z = workspace.kept["outputs"]
        losses = np.maximum(z, 0) - z * targets + np.log1p(np.exp(-np.abs(z)))
        means: Array = losses.mean(axis=1, dtype=np.float64)
        return means

    def backward(self, targets: Array, workspace: Workspace) -> Array:
        """(p − y) / (samples · n_outputs)."""
        doutputs = workspace.kept["probabilities"]
        doutputs -= targets
        doutputs /= doutputs.size
        return doutputs

    def tally(self, targets: Array, workspace: Workspace) -> float:
        """The number of correct samples, averaged over the outputs."""
        right = (workspace.kept["outputs"] > 0) == (targets > 0)
        return float(np.count_nonzero(right) / targets.shape[1])

    def score(self, tally: float, targets: Array) -> Score:
        """Accuracy: the fraction of correct predictions."""
        return Score("accuracy", tally / len(targets))

    def predict(self, outputs: Array) -> Array:
        """1 where the output is above 0, else 0: (n,) for one output, else (n, n_outputs)."""
        answers = (outputs > 0).astype(np.intp)
        return answers[:, 0] if answers.shape[1] == 1 else answers

    def predict_proba(self, outputs: Array) -> Array:
        """P(0) and P(1), (n, 2), for one output; else each output's P(1), (n, n_outputs)."""
        ones = 0.5 * (1 + np.tanh(0.5 * outputs))
        return np.hstack([1 - ones, ones]) if outputs.shape[1] == 1 else ones
