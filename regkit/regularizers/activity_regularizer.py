"""The class that authors of penalties of outputs subclass."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

from regkit.array_libraries import number
from regkit.hookspecs import Layer, hookimpl
from regkit.regularizers.configured import Configured
from regkit.regularizers.selectors import selects_layer

if TYPE_CHECKING:
    from regkit.array_types import Array


class ActivityRegularizer(Configured):
    """A penalty of a layer's outputs: a pluggy plugin instance.

    A subclass defines `value(outputs)`, a sum over samples for strength 1, and `grad(outputs)`, its
    gradient by the outputs. `outputs` is (samples, n_outputs), read-only, as the layer passes them
    on: those of a dropout layer are after dropout, those of the last layer before the softmax. The
    hooks divide by the number of samples in the batch. A statistic of the whole batch, such as a
    covariance, returns samples × its value.

    Fields are those of every regularizer. `on` is required, and selects layers of any kind by name,
    such as `"relu1"`. The mode is `"loss"`, and there is no `scale`.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    modes: ClassVar[tuple[str, ...]] = ("loss",)
    scales: ClassVar[tuple[str, ...]] = ("none",)

    on: str | tuple[str, ...] = dataclasses.field(kw_only=True)

    if TYPE_CHECKING:

        def value(self, outputs: Array, /) -> float | Array:
            """The penalty of the outputs of a batch, summed over samples, for strength 1."""

        def grad(self, outputs: Array, /) -> Array:
            """The gradient of `value`, of the outputs' shape and dtype."""

    def selects(self, layer: Layer) -> bool:
        """Whether it applies to the outputs of a layer, by the layer's name."""
        return selects_layer(self.selectors, layer.name)

    def strength_for(self, layer: Layer) -> float:
        """The strength on a layer, as of this call: strength × schedule."""
        return self.strength_at(getattr(layer, "epoch", None))

    @hookimpl
    def penalty_outputs(self, layer: Layer, outputs: Array) -> float | None:
        """Strength × `value` ÷ samples; None for layers that are not selected.

        Of outputs that are traced, it is an array of no dimension.
        """
        if not self.selects(layer):
            return None
        value: float = number(self.value(outputs))
        return self.strength_for(layer) * value / max(len(outputs), 1)

    @hookimpl
    def penalty_outputs_grad(self, layer: Layer, outputs: Array) -> Array | None:
        """Strength × `grad` ÷ samples; None for layers that are not selected."""
        if not self.selects(layer):
            return None
        return (self.strength_for(layer) / max(len(outputs), 1)) * self.grad(outputs)
