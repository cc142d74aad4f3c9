"""One penalty through the hooks of a run of its own: its value and its gradient at an array."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from regkit.array_libraries import is_traced, zeros_like
from regkit.array_types import Array
from regkit.hooks import LayerView, RunHooks
from regkit.hooks.hook_call import HookCall
from regkit.hooks.layouts import Layout
from regkit.hooks.modes import LAYER, LOSS, OUTPUTS
from regkit.regularizers import Configured

NAME, WEIGHTS = "layer", "weights"
"""What hooks see as names: Keras does not say whose array it is."""

Bridge = Callable[[object], object]


class Hooked(ABC):
    """The hooks of one penalty.

    Args:
        penalty: whose hooks are called.
        bridge: to the arrays of Keras' backend; see `regkit.hooks.RunHooks`.
    """

    def __init__(self, penalty: Configured, bridge: Bridge) -> None:
        self._penalty = penalty
        self._bridge = bridge
        self._runs: dict[tuple[int, ...], RunHooks] = {}

    @abstractmethod
    def value(self, x: Any) -> Any:
        """What Keras is to be given: a float, or an array of no dimension where x is traced.

        Raises:
            RegkitError: a hook failed, or the penalty does not fit such an array.
        """

    @abstractmethod
    def gradient(self, x: Any) -> Any:
        """The gradient of `value`, like x.

        Raises:
            RegularizerError: a hook failed.
        """

    def _answers(self, call: HookCall, seen: Array) -> list[Any]:
        """A hook's answers, checked; the first time also whether the penalty fits the shape."""
        shape = tuple(seen.shape)
        if shape not in self._runs:
            # Of NumPy, since what is traced has no entries to try hooks on.
            views = [self._view(np.zeros(shape))]
            self._runs[shape] = RunHooks([self._penalty], views, bridge=self._bridge)
        finite = call.hook in (LAYER.value, OUTPUTS.value) and not is_traced(seen)
        return self._runs[shape].registry.answers(call, LOSS, finite=finite)

    def _view(self, seen: Array) -> LayerView:
        return LayerView(NAME, {WEIGHTS: seen})


class OfParameter(Hooked):
    """A penalty of a kernel, a bias or any other variable, which hooks see as `weights`.

    Args:
        penalty: whose hooks are called.
        bridge: to the arrays of Keras' backend.
        layout_of: the orientation of an array.
    """

    def __init__(
        self, penalty: Configured, bridge: Bridge, layout_of: Callable[[Any], Layout]
    ) -> None:
        super().__init__(penalty, bridge)
        self._layout_of = layout_of

    def value(self, x: Any) -> Any:
        """Strength × value."""
        seen = self._layout_of(x).see(x)
        return sum(self._answers(HookCall(LAYER.value, [self._view(seen)]), seen))

    def gradient(self, x: Any) -> Any:
        """Strength × gradient."""
        layout = self._layout_of(x)
        seen = layout.see(x)
        total = zeros_like(seen)
        for answer in self._answers(HookCall(LAYER.gradient, [self._view(seen)]), seen):
            total = total + answer.get(WEIGHTS, 0.0)
        return layout.put(total, x)


class OfOutputs(Hooked):
    """A penalty of what a layer returns: times the rows of the batch, by which Keras divides it."""

    def value(self, x: Any) -> Any:
        """Strength × value, summed over samples."""
        call, rows = self._call(OUTPUTS.value, x)
        return len(rows) * sum(self._answers(call, rows))

    def gradient(self, x: Any) -> Any:
        """Strength × gradient, summed over samples."""
        call, rows = self._call(OUTPUTS.gradient, x)
        total = zeros_like(rows)
        for answer in self._answers(call, rows):
            total = total + answer
        return (len(rows) * total).reshape(x.shape)

    def _call(self, hook: str, x: Any) -> tuple[HookCall, Any]:
        rows = x.reshape(x.shape[0], prod(x.shape[1:]))
        return HookCall(hook, [LayerView(NAME, {})], {"outputs": rows}), rows
