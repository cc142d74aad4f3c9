"""The class that authors subclass: value and gradient on arrays in, pluggy hooks out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from regkit.array_libraries import is_traced, number, number_sum
from regkit.errors import FieldError
from regkit.hookspecs import Layer, hookimpl
from regkit.kernels.entry_steps import EntrySteps
from regkit.regularizers.configured import Configured
from regkit.regularizers.projection import distance

if TYPE_CHECKING:
    from regkit.array_types import Array, Arrays
    from regkit.kernels.kernels import Kernels
    from regkit.kernels.root_steps import RootSteps


class Regularizer(Configured):
    """A penalty of parameters, one array at a time: a pluggy plugin instance.

    A subclass defines `value(w)` and `grad(w)` for strength 1, one whole parameter array at a
    time, and may define `prox(w, step)` = argmin over x of step·value(x) + ½‖x − w‖². It becomes
    a frozen, keyword-friendly dataclass with identity equality; its annotated names are fields,
    with defaults. Instances hold no state. The fields of every regularizer are documented by
    `regkit.regularizers.configured.Configured`.

    For in-place accumulation, a subclass may also define `grad_into(w, scale, out)`, which adds
    `scale` × gradient to the pre-filled, possibly strided `out` and allocates nothing large.

    A penalty that couples several arrays of a layer overrides `penalty` and `penalty_grad` instead,
    uses `self.selected(layer)`, and multiplies by `self.strength_for(layer)` itself.

    It may declare as `ClassVar` or property, and `regkit check` then tests:
    `convex`, `even`, `homogeneous` (degree), `minimum`, `elementwise`, `sparsifying`, `max_step`
    (largest legal step × strength of `prox`, for a single step), `array_step` (prox takes an array
    of steps: argmin over x of value(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ), which mode `prox` needs under an
    adaptive optimizer; `no_array_step` says why it cannot), `constraint` (the penalty is 0 or ∞ and
    `prox` its projection), `array_api`, `array_api_prox`, `shapes`, `only_shape` (the one shape of
    arrays that it applies to, such as a reference's), and the methods `domain(w)`, `dual_norm(g)`,
    `subgradient_distance(w, g)`.

    Args:
        strength: λ ≥ 0, finite; multiplies the whole penalty and nothing else.
        on: the selector or selectors of the parameters it applies to; kept as a tuple.
        mode: `"loss"`, `"prox"`, `"decoupled"`, or `"constraint"`.
        schedule: a factor on the strength by epoch, such as `"ramp:0:1000"`.
        scale: `"none"`, `"size"`, `"fan_in"` or `"sqrt_fan_in"`.
        label: its name in records.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    if TYPE_CHECKING:
        # A penalty that overrides the hooks has neither, so the class defines neither.
        def value(self, w: Array, /) -> float | Array:
            """The penalty of one array, for strength 1."""

        def grad(self, w: Array, /) -> Array:
            """The gradient of `value`, of w's shape and dtype."""

        def grad_into(self, w: Array, scale: float, out: Array, /) -> None:
            """Add `scale` × gradient to `out` (optional)."""

    def strength_for(self, layer: Layer, parameter: str | None = None) -> float:
        """The strength on a layer, as of this call: strength × schedule × scale.

        Hooks of one's own multiply by it, instead of by `strength`.

        Args:
            layer: what the hook was given; without an `epoch`, the schedule's factor is 1.
            parameter: one of the layer's parameters, for `scale="size"`; without it, the size is
                that of all that are selected.
        """
        strength = self.strength_at(getattr(layer, "epoch", None))
        return strength if self.scale == "none" else strength / self._divisor(layer, parameter)

    def _divisor(self, layer: Layer, parameter: str | None) -> float:
        if self.scale == "size":
            chosen = self.selected(layer)
            arrays = chosen.values() if parameter is None else (chosen[parameter],)
            return float(max(sum(math.prod(array.shape) for array in arrays), 1))
        if "weights" not in layer.params:
            raise FieldError(
                f"{type(self).__name__}: scale={self.scale!r} counts the rows of a layer's "
                f"weights, and {layer.name} has none: use scale='size'"
            )
        rows = float(max(layer.params["weights"].shape[0], 1))
        return rows if self.scale == "fan_in" else math.sqrt(rows)

    @hookimpl
    def penalty(self, layer: Layer) -> float | None:
        """The sum of strength × `value` over the selected arrays; None if there are none.

        A constraint is 0 where it holds to 1e-6 relative, else ∞. Of arrays that are traced, it is
        an array of no dimension.
        """
        chosen = self.selected(layer)
        if not chosen:
            return None
        if self.constraint:
            each = [distance(self._prox(array, 1.0), array) for array in chosen.values()]
        else:
            each = [
                self.strength_for(layer, name) * number(self.value(array))
                for name, array in chosen.items()
            ]
        total: float = number_sum(each)
        return total

    def answers(self, layer: Layer) -> bool | None:
        """Whether `penalty` returns a number for this layer; None if unknown before a call."""
        if type(self).penalty is not Regularizer.penalty:
            return None
        return bool(self.selected(layer))

    @hookimpl
    def penalty_grad(self, layer: Layer) -> Arrays | None:
        """Strength × `grad` of each selected array; None if there are none, or for a constraint.

        In training the host offers arrays to add to. If the class defines `grad_into`, the gradient
        is added to them, and None is returned.
        """
        chosen = {} if self.constraint else self.selected(layer)
        if not chosen:
            return None
        into = getattr(layer, "accumulation", None)
        if into is not None and self._adds_in_place(into.kernels):
            for name, array in chosen.items():
                strength = self.strength_for(layer, name)
                self._add_gradient(array, strength, into.sums[name], into.kernels)
            return None
        return {
            name: self.strength_for(layer, name) * self.grad(array)
            for name, array in chosen.items()
        }

    @hookimpl
    def penalty_prox(self, layer: Layer, step: float | Array | Arrays) -> Arrays | None:
        """`prox(w, step × strength)` of each selected array; None if there are none.

        `step` is a number, or {parameter: number or array}; one array serves where parameters of
        its shape are selected. A constraint ignores it.

        Raises:
            FieldError: the class has no `prox`, or step × strength exceeds its `max_step`.
        """
        chosen = self.selected(layer)
        if not chosen:
            return None
        if self.constraint:
            return {name: self._prox(array, 1.0) for name, array in chosen.items()}
        points = {}
        for name, array in chosen.items():
            strength = self.strength_for(layer, name)
            if strength and isinstance(step, EntrySteps):
                place, kernels = step.points[name], step.kernels
                if self._set_point(array, strength, step.uncomputed[name], place, kernels):
                    points[name] = place
                    continue
            own_step = step[name] if isinstance(step, Mapping) else step
            if not getattr(own_step, "ndim", 0) and not is_traced(own_step):
                self.require_legal(float(own_step) * strength)
            # Without a strength there is nothing to minimize but the distance.
            points[name] = self._prox(array, own_step * strength) if strength else array
        return points

    @property
    def sets_one_by_one(self) -> bool:
        """Whether `penalty_prox` sees nothing but one parameter at a time, which it sets."""
        cls = type(self)
        return (
            cls.penalty_prox is Regularizer.penalty_prox
            and cls.strength_for is Regularizer.strength_for
            and cls.selected is Regularizer.selected
        )

    def require_legal_step(self, step: float, layer: Layer, factor: float = 1.0) -> None:
        """Check step × factor × the strength on a layer against the declared `max_step`, if any.

        Raises:
            FieldError: it is larger, so that the proximal operator would be wrong.
        """
        for name in self.selected(layer):
            self.require_legal(step * factor * self.strength_for(layer, name))

    def _prox(self, w: Array, step: float | Array) -> Array:
        prox = getattr(self, "prox", None)
        if prox is None:
            raise FieldError(f"{type(self).__name__} defines no prox")
        point: Array = prox(w, step)
        return point

    def _adds_in_place(self, kernels: Kernels) -> bool:
        """Whether `_add_gradient` serves the arrays of a run with these kernels."""
        return kernels.of_numpy and callable(getattr(self, "grad_into", None))

    def _add_gradient(self, w: Array, scale: float, out: Array, kernels: Kernels) -> None:
        """Add `scale` × gradient to `out`; `kernels` are those of the run."""
        self.grad_into(w, scale, out)

    def _set_point(
        self, w: Array, strength: float, steps: RootSteps, out: Array, kernels: Kernels
    ) -> bool:
        """Set `out`, which may be w's memory, to the proximal point, by the kernels of the run.

        Returns False, with nothing done, where they have none for the penalty. A class whose `prox`
        is not the one that they compute must not inherit more than that.
        """
        return False
