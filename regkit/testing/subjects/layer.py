"""The parameters of one layer, for penalties of one array or of one layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regkit.array_types import Array
from regkit.hooks import LayerView
from regkit.hooks.modes import LAYER
from regkit.regularizers import Regularizer
from regkit.testing.params import Params
from regkit.testing.subjects.subject import Shape, Shapes, Subject

LAYER_NAMES = tuple(f"dense{number}" for number in range(1, 10))
"""Names of layers, as a network gives them."""

LAYER_NAME = LAYER_NAMES[0]
"""The layer's name, unless a raw plugin answers for others only."""


class LayerSubject(Subject):
    """The parameters of one layer."""

    scope = LAYER
    base = Regularizer
    run_source = "RunHooks([regularizer], [layer(params)])"
    name = LAYER_NAME

    @property
    def setup(self) -> str:
        """A function that makes the layer."""
        return (
            "from regkit.hooks import LayerView\n"
            "def layer(params):\n"
            f'    return LayerView("{self.name}", params)\n'
        )

    def shapes(self, shape: Shape) -> Shapes:
        """One shape for all, but a row for biases that come with weights."""
        shape = self.fitted(shape)
        row = (1, shape[-1]) if len(self.parameters) > 1 else shape
        return {name: row if name == "biases" else shape for name in self.parameters}

    def views(self, params: Mapping[str, Array], epoch: int | None = None) -> list[LayerView]:
        """One layer."""
        return [LayerView(self.name, params, epoch=epoch)]

    def given(self, params: Params) -> Array:
        """The first array, or the only one."""
        return next(iter(params.values()))

    def answered(self, own: Any) -> Any:
        """The array under its parameter's name."""
        return {self.parameters[0]: own}

    def flat(self, answer: Any) -> Mapping[str, Array]:
        """As it is."""
        return answer or {}

    def source(self, hook: str, params: str = "params", step: str = "step") -> str:
        """`regularizer.penalty(layer(params))`."""
        more = f", {step}" if hook == LAYER.point else ""
        return f"regularizer.{hook}(layer({params}){more})"

    def asked_source(self, hook: str, step: str, attribute: str, value: str) -> str:
        """One layer."""
        more = f", {step}" if hook == LAYER.point else ""
        return (
            f"asked = layer(params)\nasked.{attribute} = {value}\nregularizer.{hook}(asked{more})"
        )

    def given_source(self, params: str) -> str:
        """`params['weights']`."""
        return f"{params}[{self.parameters[0]!r}]"
