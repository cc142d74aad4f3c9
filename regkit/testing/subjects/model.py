"""The parameters of several layers, for penalties of the whole model."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from regkit.array_types import Array, Arrays, ModelArrays
from regkit.hooks import LayerView
from regkit.hooks.hook_call import HookCall
from regkit.hooks.modes import MODEL
from regkit.regularizers import ModelRegularizer
from regkit.testing.params import Params
from regkit.testing.subjects.subject import Shape, Shapes, Subject


class ModelSubject(Subject):
    """The parameters of layers whose shapes chain; arrays are named `dense1.weights`."""

    scope = MODEL
    base = ModelRegularizer
    run_source = "RunHooks([regularizer], layers(params))"
    setup = "from regkit.testing.subjects.model import by_name, layers, nested"

    def shapes(self, shape: Shape) -> Shapes:
        """Such as (r, c), (c, r), (r, 2); where shapes are restricted, square ones follow."""
        n = self.layers
        rows, columns = self.fitted(shape)
        alternating = [(rows, columns)[index % 2] for index in range(n)]
        widths = [*alternating, 2] if self.kind == "any" else [rows, *[columns] * n]
        found: Shapes = {}
        for index, (n_in, n_out) in enumerate(pairwise(widths), 1):
            for name in self.parameters:
                found[f"dense{index}.{name}"] = (1 if name == "biases" else n_in, n_out)
        return found

    def views(self, params: Mapping[str, Array], epoch: int | None = None) -> list[LayerView]:
        """The layers, in order."""
        return layers(params, epoch)

    def call(
        self, hook: str, params: Params, step: object = None, epoch: int | None = None
    ) -> HookCall:
        """With steps by layer and parameter."""
        more = {} if step is None else {"steps": nested(step) if isinstance(step, Params) else step}
        return HookCall(hook, self.shown(params, epoch), more)

    def of_layer(self, layer: str, params: Params) -> Arrays:
        """By parameter."""
        return nested(params)[layer]

    def given(self, params: Params) -> ModelArrays:
        """{layer: {parameter: array}}."""
        return nested(params)

    def flat(self, answer: Any) -> Mapping[str, Array]:
        """By `dense1.weights`."""
        return by_name(answer or {})

    def source(self, hook: str, params: str = "params", step: str = "step") -> str:
        """`regularizer.penalty_model(layers(params))`."""
        if hook == MODEL.value:
            return f"regularizer.{hook}(layers({params}))"
        more = f", {step}" if hook == MODEL.point else ""
        return f"by_name(regularizer.{hook}(layers({params}){more}))"

    def writable_source(self, hook: str, step: str) -> str:
        """The arrays of each layer."""
        return self.asked_source(hook, step, "params", "nested(params)[one.name]")

    def asked_source(self, hook: str, step: str, attribute: str, value: str) -> str:
        """Each layer."""
        more = f", {step}" if hook == MODEL.point else ""
        return (
            "asked = layers(params)\n"
            f"for one in asked:\n    one.{attribute} = {value}\n\n"
            f"regularizer.{hook}(asked{more})"
        )

    def given_source(self, params: str) -> str:
        """`nested(params)`."""
        return f"nested({params})"

    def steps_source(self, steps: str) -> str:
        """`nested(steps)`."""
        return f"nested({steps})"


def layers(params: Mapping[str, Array], epoch: int | None = None) -> list[LayerView]:
    """The layers of arrays that are named `dense1.weights`, in order."""
    return [LayerView(name, arrays, epoch=epoch) for name, arrays in nested(params).items()]


def nested(params: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    """{layer: {parameter: array}} of arrays that are named `dense1.weights`."""
    found: dict[str, dict[str, Array]] = {}
    for name, array in params.items():
        layer, _, parameter = name.rpartition(".")
        found.setdefault(layer, {})[parameter] = array
    return found


def by_name(arrays: ModelArrays) -> dict[str, Array]:
    """Arrays by `dense1.weights`, of {layer: {parameter: array}}."""
    return {
        f"{layer}.{name}": array for layer, one in arrays.items() for name, array in one.items()
    }
