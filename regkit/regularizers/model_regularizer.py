"""The class that authors of penalties over several layers subclass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, ClassVar

from regkit.array_libraries import is_traced, number, number_sum
from regkit.errors import FieldError
from regkit.hookspecs import Layer, hookimpl
from regkit.regularizers.configured import Configured
from regkit.regularizers.projection import distance

if TYPE_CHECKING:
    from regkit.array_types import Array, ModelArrays


class ModelRegularizer(Configured):
    """A penalty of all selected parameters of a network at once: a pluggy plugin instance.

    A subclass defines `value(params)` and `grad(params)` for strength 1. `params` is {layer name:
    {parameter: array}} of what is selected, in the network's order; `grad` answers in the same
    form, and may leave out what it does not depend on. It may define `prox(params, steps)` =
    argmin over x of value(x) + Σ (xᵢ − wᵢ)²/(2 stepᵢ), with `steps` a number or, if the class
    declares `array_step`, arrays in the form of `params`.

    Declarations are those of `Regularizer`, and `consecutive` (the selected layers must follow each
    other in the network) and `only_layers` (how many layers it is checked on). So are the fields,
    but `scale` is `"none"` or `"size"`, the number of all selected entries.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    scales: ClassVar[tuple[str, ...]] = ("none", "size")

    if TYPE_CHECKING:

        def value(self, params: ModelArrays, /) -> float | Array:
            """The penalty of all selected arrays, for strength 1."""

        def grad(self, params: ModelArrays, /) -> ModelArrays:
            """The gradient of `value`, {layer name: {parameter: array}}."""

    def selected_of(self, layers: Sequence[Layer]) -> dict[str, dict[str, Array]]:
        """What is selected, of the layers that have some: {layer name: {parameter: array}}."""
        chosen = {layer.name: self.selected(layer) for layer in layers}
        return {name: arrays for name, arrays in chosen.items() if arrays}

    def strength_for(self, layers: Sequence[Layer] | Layer) -> float:
        """The strength as of this call: strength × schedule × scale.

        Hooks of one's own multiply by it, instead of by `strength`. `layers` is what they were
        given, or one of these layers, by whose selected entries `scale="size"` then goes.
        """
        layers = layers if isinstance(layers, Sequence) else [layers]
        epochs = [getattr(layer, "epoch", None) for layer in layers]
        strength = self.strength_at(epochs[0] if epochs else None)
        if self.scale == "none":
            return strength
        chosen = self.selected_of(layers).values()
        return strength / max(sum(prod(w.shape) for arrays in chosen for w in arrays.values()), 1)

    @hookimpl
    def penalty_model(self, layers: Sequence[Layer]) -> float | None:
        """Strength × `value` of what is selected; None if nothing is.

        A constraint is 0 where it holds to 1e-6 relative, else ∞. Of arrays that are traced, it is
        an array of no dimension.
        """
        chosen = self.selected_of(layers)
        if not chosen:
            return None
        if self.constraint:
            projected = self._prox(chosen, 1.0)
            total: float = number_sum(
                distance(projected[layer][name], array)
                for layer, arrays in chosen.items()
                for name, array in arrays.items()
            )
            return total
        value: float = number(self.value(chosen))
        return self.strength_for(layers) * value

    @hookimpl
    def penalty_model_grad(self, layers: Sequence[Layer]) -> ModelArrays | None:
        """Strength × `grad` of what is selected; None if nothing is, or for a constraint."""
        chosen = {} if self.constraint else self.selected_of(layers)
        if not chosen:
            return None
        strength = self.strength_for(layers)
        return {
            layer: {name: strength * array for name, array in arrays.items()}
            for layer, arrays in self.grad(chosen).items()
        }

    @hookimpl
    def penalty_model_prox(
        self, layers: Sequence[Layer], steps: float | ModelArrays
    ) -> ModelArrays | None:
        """`prox(params, steps × strength)` of what is selected; None if nothing is.

        Raises:
            FieldError: the class has no `prox`, or a step × strength exceeds its `max_step`.
        """
        chosen = self.selected_of(layers)
        if not chosen:
            return None
        if self.constraint:
            return self._prox(chosen, 1.0)
        strength = self.strength_for(layers)
        if not strength:
            return chosen
        if not isinstance(steps, Mapping):
            if not is_traced(steps):
                self.require_legal(steps * strength)
            return self._prox(chosen, steps * strength)
        scaled = {
            layer: {name: strength * steps[layer][name] for name in arrays}
            for layer, arrays in chosen.items()
        }
        return self._prox(chosen, scaled)

    def require_legal_step(self, step: float, layers: Sequence[Layer], factor: float = 1.0) -> None:
        """Check step × factor × strength against the declared `max_step`, if any.

        Raises:
            FieldError: it is larger, so that the proximal operator would be wrong.
        """
        self.require_legal(step * factor * self.strength_for(layers))

    def _prox(self, params: ModelArrays, steps: float | ModelArrays) -> ModelArrays:
        prox = getattr(self, "prox", None)
        if prox is None:
            raise FieldError(f"{type(self).__name__} defines no prox")
        point: ModelArrays = prox(params, steps)
        return point
