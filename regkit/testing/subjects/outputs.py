"""The outputs of one layer, for penalties of outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from regkit.array_types import Array
from regkit.hooks import LayerView
from regkit.hooks.hook_call import HookCall
from regkit.hooks.modes import OUTPUTS
from regkit.regularizers import ActivityRegularizer
from regkit.testing.params import Params
from regkit.testing.subjects.subject import Shape, Shapes, Subject

OUTPUTS_OF = "relu1"
"""The layer's name, as in the network of the law on training."""


class OutputsSubject(Subject):
    """The outputs of one layer, (samples, n_outputs)."""

    scope = OUTPUTS
    base = ActivityRegularizer
    run_source = "RunHooks([regularizer], [], others=[layer])"
    setup = f'from regkit.hooks import LayerView\nlayer = LayerView("{OUTPUTS_OF}", {{}})'

    @property
    def on(self) -> tuple[str, ...]:
        """The layer's name."""
        return (OUTPUTS_OF,)

    def shapes(self, shape: Shape) -> Shapes:
        """One array."""
        return {"outputs": self.fitted(shape)}

    def samples(self, params: Params) -> int:
        """The rows."""
        return max(len(params["outputs"]), 1)

    def views(self, params: Mapping[str, Array], epoch: int | None = None) -> list[LayerView]:
        """A layer without parameters."""
        return [LayerView(OUTPUTS_OF, {}, epoch=epoch)]

    def call(
        self, hook: str, params: Params, step: object = None, epoch: int | None = None
    ) -> HookCall:
        """With the outputs, read-only as in a run."""
        shown = params["outputs"].view()
        shown.flags.writeable = False
        return HookCall(hook, self.shown(params, epoch), {"outputs": shown})

    def given(self, params: Params) -> Array:
        """The outputs."""
        return params["outputs"]

    def flat(self, answer: Any) -> Mapping[str, Array]:
        """Under the name `outputs`."""
        return {} if answer is None else {"outputs": answer}

    def source(self, hook: str, params: str = "params", step: str = "step") -> str:
        """`regularizer.penalty_outputs(layer, params['outputs'])`."""
        call = f"regularizer.{hook}(layer, {params}['outputs'])"
        return call if hook == OUTPUTS.value else f"{{'outputs': {call}}}"

    def writable(self, call: HookCall, params: Params) -> HookCall:
        """With the array itself."""
        return replace(call, more={"outputs": params["outputs"]})

    def writable_source(self, hook: str, step: str) -> str:
        """With the array itself."""
        return self.source(hook)

    def asked_source(self, hook: str, step: str, attribute: str, value: str) -> str:
        """The layer."""
        return f"layer.{attribute} = {value}\n{self.source(hook)}"

    def given_source(self, params: str) -> str:
        """`params['outputs']`."""
        return f"{params}['outputs']"
