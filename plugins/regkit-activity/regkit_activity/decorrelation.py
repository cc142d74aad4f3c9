"""Decorrelation of a layer's outputs (DeCov)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from regkit import ActivityRegularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64

if TYPE_CHECKING:
    from regkit.array_types import Array


class Decorrelation(ActivityRegularizer):
    """λ/2 (‖C‖² − ‖diag C‖²), C = AᵀA/n the covariance of the outputs: neurons differ.

    A are the outputs of the n samples of a batch, less their mean over the batch; ‖·‖ is the
    Frobenius norm. The gradient is 2λ/n A (C − diag C).

    The penalty is a statistic of the batch and no sum over samples: `value` and `grad` are n times
    the above, since the hooks divide by n.

    Source: Cogswell, Ahmed, Girshick, Zitnick & Batra (2016), *Reducing overfitting in deep
    networks by decorrelating representations*, equation 1.
    """

    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 4
    minimum: ClassVar[float] = 0.0
    array_api: ClassVar[bool] = True

    def value(self, outputs: Array) -> Array:
        """n Σ C_ij² over the pairs i < j of neurons, in float64."""
        _, below = _centred(outputs)
        value: Array = outputs.shape[0] * float64_sum(below**2)
        return value

    def grad(self, outputs: Array) -> Array:
        """2 A (C − diag C)."""
        xp = array_namespace(outputs)
        centred, below = _centred(outputs)
        gradient = 2.0 * (centred @ (below + xp.matrix_transpose(below)))
        cast: Array = xp.astype(gradient, outputs.dtype, copy=False)
        return cast


def _centred(outputs: Array) -> tuple[Array, Array]:
    """A, and C below its diagonal with zeros elsewhere, in float64 where the library has it."""
    xp = array_namespace(outputs)
    # Less the first sample: a neuron that always says the same then has a covariance of exactly 0.
    wide = in_float64(outputs) - in_float64(outputs[:1, :])
    samples = max(outputs.shape[0], 1)
    centred = wide - xp.sum(wide, axis=0, keepdims=True) / samples
    # The diagonal is left out, not subtracted: the rest may be much smaller.
    return centred, xp.tril(xp.matrix_transpose(centred) @ centred / samples, k=-1)
