"""L2 of a layer's outputs, λ/n Σa²."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from regkit import ActivityRegularizer, float64_sum
from regkit.array_libraries import in_float64

if TYPE_CHECKING:
    from regkit.array_types import Array


class ActivityL2(ActivityRegularizer):
    """λ/n Σa² over the outputs a of the n samples of a batch, without ½: no output grows large.

    The gradient of a² is 2a.

    Source: Merity, McCann & Socher (2017), *Revisiting activation regularization for language
    RNNs*.
    """

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 2
    minimum: ClassVar[float] = 0.0
    elementwise: ClassVar[bool] = True
    array_api: ClassVar[bool] = True

    def value(self, outputs: Array) -> Array:
        """Σa², accumulated in float64."""
        return float64_sum(in_float64(outputs) ** 2)

    def grad(self, outputs: Array) -> Array:
        """2a."""
        return 2.0 * outputs
