"""What the laws need of the arrays that a penalty is a function of, and of its hooks.

Laws draw and change named arrays (`Params`), whatever the penalty takes: the parameters of one
layer, those of several layers, or the outputs of a layer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from regkit.array_types import Array, Arrays
from regkit.hooks import LayerView
from regkit.hooks.hook_call import HookCall
from regkit.hooks.modes import Scope
from regkit.regularizers import Configured
from regkit.testing.params import Params

Shape = tuple[int, ...]
Shapes = dict[str, Shape]

LAYERS = 3
"""A penalty of the model is tested on this many layers, unless it is defined for others only."""


class Subject(ABC):
    """The arrays under test of one kind of penalty.

    Attributes:
        scope: the hooks.
        base: the class that authors of such penalties subclass.
        run_source: the registration in a run as Python source.
        parameters: the names of the parameters of a layer that the penalty is tested on.
        kind: the matrices that the penalty is defined for, as it declares them.
        only: the one shape that it is defined for, or None.
        layers: of how many layers a penalty of the model is tested.
    """

    scope: ClassVar[Scope]
    base: ClassVar[type[Configured]]
    run_source: ClassVar[str]

    def __init__(
        self,
        parameters: tuple[str, ...],
        kind: str = "any",
        only: Shape | None = None,
        layers: int | None = None,
    ) -> None:
        self.parameters = parameters
        self.kind = kind
        self.only = only
        self.layers = layers or LAYERS

    @property
    @abstractmethod
    def setup(self) -> str:
        """Python source that counterexamples need before the calls."""

    @property
    def on(self) -> tuple[str, ...]:
        """Selectors of exactly the arrays under test."""
        return self.parameters

    @abstractmethod
    def shapes(self, shape: Shape) -> Shapes:
        """The shapes of all arrays; the first has this one, or one like it that is allowed."""

    def fitted(self, shape: Shape) -> Shape:
        """A shape like this one that the penalty is defined for."""
        if self.only is not None:
            return self.only
        if self.kind == "square":
            side = int(np.ceil(np.sqrt(shape[0] * shape[1])))
            return (side, side)
        if self.kind == "wide":
            return (min(shape), max(shape))
        return (max(shape), min(shape)) if self.kind == "tall" else shape

    def samples(self, params: Params) -> int:
        """What the host's classes divide `value` by, beside the strength."""
        return 1

    @abstractmethod
    def views(self, params: Mapping[str, Array], epoch: int | None = None) -> list[LayerView]:
        """The layers that hooks are given, their parameters read-only as in a run."""

    def call(
        self, hook: str, params: Params, step: object = None, epoch: int | None = None
    ) -> HookCall:
        """The call of a hook; `step` is that of a hook of proximal points."""
        more = {} if step is None else {"step": dict(step) if isinstance(step, Params) else step}
        return HookCall(hook, self.shown(params, epoch), more)

    def shown(self, params: Params, epoch: int | None = None) -> list[LayerView]:
        """The views of arrays, made once without an epoch: a run's views serve all its calls."""
        if epoch is not None:
            return self.views(params, epoch)
        return params.kept(self, self.views)

    def writable(self, call: HookCall, params: Params) -> HookCall:
        """The call on the arrays themselves, which nothing protects from being written to."""
        views = self.views(params)
        for view in views:
            view.params = self.of_layer(view.name, params)
            view.selections.clear()
        return call.on(views)

    def of_layer(self, layer: str, params: Params) -> Arrays:
        """The arrays of one layer."""
        return dict(params)

    @abstractmethod
    def given(self, params: Params) -> Any:
        """What the author's own `value`, `grad` and `prox` take."""

    def answered(self, own: Any) -> Any:
        """What a hook would answer for a result of the author's own `grad` or `prox`."""
        return own

    @abstractmethod
    def flat(self, answer: Any) -> Mapping[str, Array]:
        """A hook's answer by the names of the arrays under test."""

    @abstractmethod
    def source(self, hook: str, params: str = "params", step: str = "step") -> str:
        """The call of a hook as Python source; arrays come under the names of `params`."""

    def writable_source(self, hook: str, step: str) -> str:
        """The call of a hook on the arrays themselves, as Python source."""
        return self.asked_source(hook, step, "params", "params")

    @abstractmethod
    def asked_source(self, hook: str, step: str, attribute: str, value: str) -> str:
        """The call of a hook on layers with another value of an attribute, as Python source."""

    @abstractmethod
    def given_source(self, params: str) -> str:
        """`given(params)` as Python source."""

    def steps_source(self, steps: str) -> str:
        """Steps by the names of the arrays, as a hook of proximal points takes them."""
        return steps
