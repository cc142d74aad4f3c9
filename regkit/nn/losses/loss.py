"""The base class of losses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.described import described
from regkit.nn.score import Score
from regkit.nn.workspace import Workspace


class Loss(ABC):
    """The data loss: the mean over the samples of a distance between outputs and targets.

    `forward` is called first; `sample_losses`, `backward` and `tally` use its results. Outputs have
    shape (samples, n_outputs).
    """

    def __repr__(self) -> str:
        return described(self, self.settings())

    def settings(self) -> dict[str, Any]:
        """The arguments with which `type(loss)(**settings)` constructs a loss like this one.

        They are saved with a model, as JSON. A class whose constructor takes no arguments need not
        define it.
        """
        return {}

    def as_network_loss(self) -> str | None:
        """The name by which kernels can fuse it with the layers; None if they cannot.

        Only for a class that computes exactly what a kernel does: a subclass may not.
        """
        return None

    @abstractmethod
    def targets(self, y: ArrayLike, n_outputs: int, dtype: DTypeLike) -> Array:
        """The targets in the form this loss computes with.

        Raises:
            InputError: their shape or values do not fit the loss or the number of outputs.
        """

    @abstractmethod
    def forward(self, outputs: Array, targets: Array, workspace: Workspace) -> None:
        """Compute what the other methods need."""

    @abstractmethod
    def sample_losses(self, targets: Array, workspace: Workspace) -> Array:
        """The loss of each sample in the last forward pass, (samples,)."""

    @abstractmethod
    def backward(self, targets: Array, workspace: Workspace) -> Array:
        """The gradient of the mean of the samples' losses with respect to the outputs.

        It has shape (samples, n_outputs), and its row i depends on the loss of sample i alone, so
        that sample weights multiply it by rows. Called once after `forward`.
        """

    @abstractmethod
    def tally(self, targets: Array, workspace: Workspace) -> float:
        """What the score sums over batches: correct predictions, or squared errors."""

    @abstractmethod
    def score(self, tally: float, targets: Array) -> Score:
        """The score of all samples from the sum of their tallies."""

    @abstractmethod
    def predict(self, outputs: Array) -> Array:
        """Predictions from raw outputs."""

    def value(self, targets: Array, workspace: Workspace, weights: Array | None = None) -> float:
        """The data loss of the last forward pass, accumulated in float64.

        Args:
            targets: those of the forward pass.
            workspace: likewise.
            weights: (samples,), for the mean of weight · loss; None for the mean of the losses.
        """
        losses = self.sample_losses(targets, workspace)
        if weights is not None:
            losses = np.multiply(losses, weights, dtype=np.float64)
        return float(np.mean(losses, dtype=np.float64))

    def predict_proba(self, outputs: Array) -> Array:
        """Class probabilities from raw outputs.

        Raises:
            InputError: it is a regression loss.
        """
        raise InputError(f"{type(self).__name__} gives no probabilities: use predict")


def as_columns(y: ArrayLike, n_outputs: int, dtype: DTypeLike) -> Array:
    """Numeric targets (n,) or (n, n_outputs) as an array of shape (n, n_outputs).

    Raises:
        InputError: another shape, or something that is not a finite number.
    """
    given = np.asarray(y)
    columns = given.reshape(-1, 1) if given.ndim == 1 else given
    if columns.ndim != 2 or columns.shape[1] != n_outputs:
        raise InputError(
            f"y has shape {given.shape}, but the model has {n_outputs} output"
            f"{'s' if n_outputs != 1 else ''}: expected ({len(given)}, {n_outputs})"
        )
    if given.dtype.kind not in "biuf":
        raise InputError(f"y must hold numbers, got {given.dtype}")
    with np.errstate(over="ignore"):  # Values too large for the dtype are rejected below.
        targets = np.asfortranarray(columns, dtype=dtype)
    if not np.isfinite(targets).all():
        raise InputError(f"y holds values that are not finite in {targets.dtype}")
    return targets
