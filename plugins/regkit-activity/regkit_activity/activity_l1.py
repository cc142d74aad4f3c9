"""L1 of a layer's outputs, λ/n Σ|a|."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from regkit import ActivityRegularizer, array_namespace, float64_sum

if TYPE_CHECKING:
    from regkit.array_types import Array


class ActivityL1(ActivityRegularizer):
    """λ/n Σ|a| over the outputs a of the n samples of a batch: few neurons speak for each sample.

    The gradient of |a| is sign(a), and 0 at 0, so that a silent ReLU stays silent.

    Source: Glorot, Bordes & Bengio (2011), *Deep sparse rectifier neural networks*, section 3.
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    array_api: ClassVar[bool] = True

    def value(self, outputs: Array) -> Array:
        """Σ|a|, accumulated in float64."""
        return float64_sum(array_namespace(outputs).abs(outputs))

    def grad(self, outputs: Array) -> Array:
        """sign(a)."""
        gradient: Array = array_namespace(outputs).sign(outputs)
        return gradient
