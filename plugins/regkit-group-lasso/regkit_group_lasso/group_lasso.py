"""The group lasso, λ √(group size) Σ‖group‖."""

from __future__ import annotations

from math import prod, sqrt
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from regkit_group_lasso.oriented import Oriented

if TYPE_CHECKING:
    from numpy.typing import NDArray


class GroupLasso(Oriented):
    """λ √(group size) Σ‖group‖: the sum of Euclidean norms, which empties whole groups at once.

    A group is the weights into one neuron (`groups="incoming"`, a column of (n_inputs, n_neurons))
    or the weights leaving one input (`"outgoing"`, a row). A layer's biases (1, n_neurons) are the
    weights that leave the constant input 1: incoming, each bias is a group of its own; outgoing,
    all of them are one group.

    The gradient is √(group size) · group / ‖group‖, and 0 for a group that is 0. The proximal
    operator is the block soft threshold.

    Source: Yuan & Lin (2006), *Model selection and estimation in regression with grouped
    variables*; Scardapane et al. (2017), *Group sparse regularization for deep neural networks*.
    """

    groups: Literal["incoming", "outgoing"] = "incoming"

    convex: ClassVar[bool] = True
    even: ClassVar[bool] = True
    homogeneous: ClassVar[int] = 1
    minimum: ClassVar[float] = 0.0
    sparsifying: ClassVar[bool] = True

    def value(self, w: NDArray[Any]) -> float:
        """√(group size) Σ‖group‖, accumulated in float64."""
        return self._weight(w) * float(np.sum(self._norms(w)))

    def grad(self, w: NDArray[Any]) -> NDArray[Any]:
        """√(group size) · group / ‖group‖, and 0 for a group that is 0."""
        norms = self._norms(w)
        return (w * (self._weight(w) / np.where(norms == 0, np.inf, norms))).astype(
            w.dtype, copy=False
        )

    def prox(self, w: NDArray[Any], step: float) -> NDArray[Any]:
        """Each group times max(1 − step √(group size) / ‖group‖, 0)."""
        norms = self._norms(w)
        kept = np.maximum(norms - step * self._weight(w), 0)
        return (w * (kept / np.where(norms == 0, np.inf, norms))).astype(w.dtype, copy=False)

    def _axes(self, w: NDArray[Any]) -> tuple[int, ...]:
        """The axes that run within a group."""
        return (w.ndim - 1,) if self.groups == "outgoing" else tuple(range(w.ndim - 1))

    def _weight(self, w: NDArray[Any]) -> float:
        return sqrt(prod(w.shape[axis] for axis in self._axes(w)))

    def _norms(self, w: NDArray[Any]) -> NDArray[np.float64]:
        """‖group‖ in float64, of a shape that broadcasts against w."""
        squares = np.square(w, dtype=np.float64)
        norms: NDArray[np.float64] = np.sqrt(np.sum(squares, axis=self._axes(w), keepdims=True))
        return norms
