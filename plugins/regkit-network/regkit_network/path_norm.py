"""The path norm of a network, λ Σ over paths of Π |w|ᵖ."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from regkit import ModelRegularizer, array_namespace, float64_sum
from regkit.array_libraries import in_float64
from regkit_network.chain import chain

if TYPE_CHECKING:
    from regkit.array_types import Array, ModelArrays


class PathNorm(ModelRegularizer):
    """λ Σ over paths of Π |w|ᵖ: a path takes one weight of each selected layer, input to output.

    It is the ℓp path norm to the power p, 1ᵀ |W₁|ᵖ |W₂|ᵖ … 1, with powers taken entry by entry. In
    a ReLU network it stays as it is where a neuron's incoming weights are multiplied by a factor
    and its outgoing ones divided by it, as the network's function does.

    The gradient by an entry of W is p |w|ᵖ⁻¹ sign(w), times the sum over the paths that lead to it,
    times that over the paths that go on from it. `on` selects the weights of consecutive layers;
    biases are ignored.

    Source: Neyshabur, Tomioka & Srebro (2015), *Norm-based capacity control in neural networks*,
    section 4; Neyshabur, Salakhutdinov & Srebro (2015), *Path-SGD*.

    Raises:
        FieldError: `p` is neither 1 nor 2; or, once it is used, the selected shapes do not chain.
    """

    p: Literal[1, 2] = 2

    even: ClassVar[bool] = True
    minimum: ClassVar[float] = 0.0
    consecutive: ClassVar[bool] = True
    array_api: ClassVar[bool] = True

    def value(self, params: ModelArrays) -> Array:
        """Σ over paths of Π |w|ᵖ, accumulated in float64."""
        first, *others = (self._powers(w) for w in chain(params, PathNorm.__name__).values())
        paths = array_namespace(first).sum(first, axis=0)
        for powers in others:
            paths = paths @ powers
        return float64_sum(paths)

    def grad(self, params: ModelArrays) -> ModelArrays:
        """p |w|ᵖ⁻¹ sign(w), times the paths that lead to w, times those that go on from it."""
        weights = chain(params, PathNorm.__name__)
        powers = [self._powers(w) for w in weights.values()]
        xp = array_namespace(powers[0])
        leading = [xp.ones_like(xp.sum(powers[0], axis=1))]
        for before in powers[:-1]:
            leading.append(leading[-1] @ before)
        going_on = [xp.ones_like(xp.sum(powers[-1], axis=0))]
        for after in reversed(powers[1:]):
            going_on.append(after @ going_on[-1])
        return {
            layer: {"weights": self._slopes(w, paths_to, paths_from)}
            for (layer, w), paths_to, paths_from in zip(
                weights.items(), leading, reversed(going_on), strict=True
            )
        }

    def _powers(self, w: Array) -> Array:
        """|w|ᵖ, in float64 where the library has it."""
        wide = in_float64(w)
        return abs(wide) if self.p == 1 else wide * wide

    def _slopes(self, w: Array, paths_to: Array, paths_from: Array) -> Array:
        """p |w|ᵖ⁻¹ sign(w) · paths_to by rows · paths_from by columns, in w's dtype."""
        xp = array_namespace(w)
        slopes = xp.sign(w) if self.p == 1 else w
        slopes = (self.p * paths_to)[:, None] * in_float64(slopes)
        slopes *= paths_from
        cast: Array = xp.astype(slopes, w.dtype, copy=False)
        return cast
