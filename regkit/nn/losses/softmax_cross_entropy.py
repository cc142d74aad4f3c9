"""Softmax and categorical cross-entropy, combined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.losses.loss import Loss
from regkit.nn.score import Score
from regkit.nn.workspace import Workspace


class SoftmaxCrossEntropy(Loss):
    """mean over samples of −log p[y], with p = softmax(outputs), for one of several classes.

    Computed as log Σexp(z − max z) − (z[y] − max z), which cannot overflow. The gradient with
    respect to the outputs is (p − one_hot(y)) / samples. Targets are class numbers (n,) or (n, 1),
    or one-hot rows (n, classes).

    Source: *Neural Networks from Scratch*, chapters 5 and 9.
    """

    def as_network_loss(self) -> str | None:
        """`softmax_cross_entropy`, unless a subclass computes something else."""
        return "softmax_cross_entropy" if type(self) is SoftmaxCrossEntropy else None

    def targets(self, y: ArrayLike, n_outputs: int, dtype: DTypeLike) -> Array:
        """Class numbers, (n,), as integers.

        Raises:
            InputError: they are not class numbers from 0 to n_outputs − 1.
        """
        given = np.asarray(y)
        if given.ndim == 2 and given.shape[1] == n_outputs > 1:
            given = given.argmax(axis=1)
        elif given.ndim == 2 and given.shape[1] == 1:
            given = given[:, 0]
        if given.ndim != 1:
            raise InputError(
                f"y has shape {given.shape}: expected (n,), (n, 1) or (n, {n_outputs})"
            )
        if given.dtype.kind not in "biuf" or not np.array_equal(given, np.trunc(given)):
            raise InputError(f"y must hold class numbers 0, 1, …, got {given.dtype}")
        if given.size and not 0 <= given.min() <= given.max() < n_outputs:
            raise InputError(
                f"y holds classes {given.min():g} to {given.max():g}, "
                f"but the model's {n_outputs} outputs stand for 0 to {n_outputs - 1}"
            )
        return given.astype(np.intp)

    def forward(self, outputs: Array, targets: Array, workspace: Workspace) -> None:
        """`exp(z − max z)` and its sum over the classes."""
        rows, classes = outputs.shape
        top = workspace.array("top", rows, 1)
        np.maximum.reduce(outputs, axis=1, keepdims=True, out=top)
        shifted = np.subtract(outputs, top, out=workspace.array("shifted", rows, classes))
        exponentials = np.exp(shifted, out=workspace.array("exponentials", rows, classes))
        total = workspace.array("total", rows, 1)
        np.add.reduce(exponentials, axis=1, keepdims=True, out=total)
        workspace.kept |= {"shifted": shifted, "exponentials": exponentials, "total": total}

    def sample_losses(self, targets: Array, workspace: Workspace) -> Array:
        """log Σexp(z − max z) − (z[y] − max z)."""
        losses = np.log(workspace.kept["total"][:, 0])
        losses -= workspace.kept["shifted"][np.arange(len(targets)), targets]
        return losses

    def backward(self, targets: Array, workspace: Workspace) -> Array:
        """(p − one_hot(y)) / samples."""
        samples, classes = workspace.kept["exponentials"].shape
        total = workspace.kept["total"]
        total *= samples
        doutputs = workspace.kept["exponentials"]
        doutputs /= total
        shares = workspace.array("shares", samples, classes)
        # With all rows in a batch the targets are the same object every time.
        if workspace.kept.get("targets") is not targets:
            # Comparing with every class is faster than indexing by (row, class), and allocates
            # nothing.
            right = workspace.array("right", samples, classes, np.bool_)
            np.equal(targets[:, np.newaxis], np.arange(classes), out=right)
            # (In the workspace's dtype: a Python float would make NumPy compute in float64.)
            np.multiply(right, workspace.dtype.type(1 / samples), out=shares)
            workspace.kept["targets"] = targets
        doutputs -= shares
        return doutputs

    def tally(self, targets: Array, workspace: Workspace) -> float:
        """The number of samples whose class has the largest output."""
        return float(np.count_nonzero(self.predict(workspace.kept["shifted"]) == targets))

    def score(self, tally: float, targets: Array) -> Score:
        """Accuracy: the fraction of samples whose class has the largest output."""
        return Score("accuracy", tally / len(targets))

    def predict(self, outputs: Array) -> Array:
        """The class with the largest output, (n,)."""
        top: Array = np.argmax(outputs, axis=1)
        return top

    def predict_proba(self, outputs: Array) -> Array:
        """`softmax(outputs)`, (n, classes)."""
        exponentials = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
        return probabilities
