"""One call of a hook: what it is given, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from regkit.array_libraries import is_traced, largest
from regkit.array_types import Array
from regkit.hooks.layer_view import LayerView
from regkit.hooks.modes import LAYER, MODEL, OUTPUTS
from regkit.hooks.results import (
    NONE,
    fault_of_array,
    fault_of_arrays,
    fault_of_model_arrays,
    fault_of_penalty,
)
from regkit.kernels.entry_steps import EntrySteps

LARGEST_SANE = 1e8
"""If no parameter exceeds this, a result that is not finite is the plugin's fault."""

MODEL_SCOPE = "model"
"""What stands in records for a layer's name where a penalty is of the whole model."""

_OF_MODEL = (MODEL.value, MODEL.gradient, MODEL.point)
_VALUES = (LAYER.value, MODEL.value, OUTPUTS.value)


def are_sane(layers: Sequence[LayerView], *others: Array) -> bool:
    """Whether no parameter of the layers, and no entry of other arrays, is too large to handle.

    Of what is traced that is not known, so that nothing can be demanded.
    """
    arrays = [*(w for layer in layers for w in layer.params.values()), *others]
    if any(map(is_traced, arrays)):
        return False
    return all(largest(abs(w)) <= LARGEST_SANE for w in arrays)


@dataclass(slots=True)  # Not frozen: one is made for every call of some hooks.
class HookCall:
    """A call of a hook on a layer, or on all of them.

    Attributes:
        hook: its name.
        layers: the layer, or all layers for a hook of the model.
        more: what it is given besides.
    """

    hook: str
    layers: Sequence[LayerView]
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def layer(self) -> LayerView | None:
        """The layer; None for a hook of the whole model."""
        return None if self.hook in _OF_MODEL else self.layers[0]

    @property
    def scope(self) -> str:
        """The layer's name, or `model`."""
        return MODEL_SCOPE if self.layer is None else self.layer.name

    @property
    def place(self) -> str:
        """`layer dense1`, or `the whole model`."""
        return "the whole model" if self.layer is None else f"layer {self.layer.name}"

    @property
    def arguments(self) -> dict[str, Any]:
        """What pluggy passes."""
        if self.hook in _OF_MODEL:
            return {"layers": self.layers, **self.more}
        return {"layer": self.layers[0], **self.more}

    def on(self, layers: Sequence[LayerView]) -> HookCall:
        """The same call on other views."""
        return replace(self, layers=layers)

    def fault(self, result: Any, *, finite: bool = False) -> str | None:
        """What is wrong with an answer that is not None; finiteness only if `finite`."""
        if self.hook in _VALUES:
            return fault_of_penalty(result, finite=finite)
        if self.layer is None:
            return fault_of_model_arrays(result, self.layers, finite=finite)
        if self.hook == OUTPUTS.gradient:
            return fault_of_array(result, self.more["outputs"], "the outputs", finite=finite)
        step = self.more.get("step")
        written = step.points if isinstance(step, EntrySteps) else NONE
        return fault_of_arrays(result, self.layer.params, finite=finite, by_kernels=written)

    @property
    def is_sane(self) -> bool:
        """Whether nothing that it is given exceeds what penalties must handle."""
        outputs = self.more.get("outputs")
        return are_sane(self.layers, *([] if outputs is None else [outputs]))
